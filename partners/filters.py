"""Filters of partners, contacts, exchanges, offers and contributions."""

import django_filters
from django.db.models import Q, QuerySet
from django.utils import timezone

from core import status
from partners import finding, nearby
from partners.enums import (
    Channel,
    ContactRole,
    ContributionNature,
    Initiative,
    OfferType,
    TaxIntention,
)
from partners.models import (
    Contact,
    Contribution,
    Interaction,
    Offer,
    Partner,
    PartnerQuerySet,
    TaxApproach,
    TaxTransfer,
)
from partners.rules.offers import OfferState
from partners.rules.taxe import COOL_DOWN
from schools.communes import Around, AroundField
from schools.filters import OfSchoolFilter, OfSchoolFilters, SearchFilter, classes_of_year
from schools.forms import DateInput
from schools.roles import Permission


class DistanceFilter(django_filters.Filter):
    """« À moins de 15 km de Laon »: also gives each partner its `distance` (partners.nearby)."""

    field_class = AroundField

    @property
    def field(self) -> AroundField:
        field: AroundField = super().field
        if self.parent.request is not None:
            field.around(self.parent.request.school)
        return field

    def filter(self, qs: PartnerQuerySet, value: Around | None) -> PartnerQuerySet:
        return nearby.within(qs, value.commune.centre, value.km) if value else qs


class PartnerFilters(OfSchoolFilters):
    """Most useful first: those past `PartnerPages.filters_shown` stand under « Plus de filtres ». Apps above add theirs."""

    q = django_filters.CharFilter(label="Nom, contact, SIRET", max_length=100, method="holding")
    commune = django_filters.CharFilter(label="Commune", max_length=100, method="in_town")
    secteur = OfSchoolFilter(label="Métier", offered=finding.trades, method="of_trade")
    statut = OfSchoolFilter(label="Statut", field_name="status", offered=finding.statuses)
    echange = django_filters.ChoiceFilter(label="Dernier échange", choices=finding.LAST_CONTACT, method="last_contact")
    suivi = OfSchoolFilter(label="Suivi par", offered=finding.owners, method="of_owner")
    etiquette = OfSchoolFilter(label="Étiquette", offered=finding.tags, method="with_tag")
    distance = DistanceFilter(label="À moins de")
    type = OfSchoolFilter(label="Type", offered=finding.types)
    effectif = OfSchoolFilter(label="Effectif", field_name="headcount", offered=finding.sizes)
    taxe = OfSchoolFilter(label="Taxe", offered=finding.taxe_choices, method="of_taxe", permission=Permission.VIEW_TAXE)
    ferme = OfSchoolFilter(
        label="Établissement fermé", offered=finding.yes_if_any("closed", "Fermé"), method="is_closed"
    )
    eviter = OfSchoolFilter(
        label="À éviter",
        offered=finding.yes_if_any("avoid", "À éviter"),
        method="is_avoided",
        permission=Permission.VIEW_HOST_QUALITY,
    )

    class Meta:
        model = Partner
        fields: list[str] = []

    def holding(self, qs: QuerySet[Partner], name: str, value: str) -> QuerySet[Partner]:
        return finding.holding(qs, value, self.request.membership)

    def in_town(self, qs: QuerySet[Partner], name: str, value: str) -> QuerySet[Partner]:
        return finding.in_town(qs, value)

    def of_trade(self, qs: QuerySet[Partner], name: str, value: str) -> QuerySet[Partner]:
        return finding.of_trade(qs, value)

    def last_contact(self, qs: QuerySet[Partner], name: str, value: str) -> QuerySet[Partner]:
        return finding.last_contact(qs, value, school=self.request.school, today=timezone.localdate())

    def of_owner(self, qs: QuerySet[Partner], name: str, value: str) -> QuerySet[Partner]:
        return finding.of_owner(qs, value, self.request.membership)

    def with_tag(self, qs: QuerySet[Partner], name: str, value: str) -> QuerySet[Partner]:
        return finding.with_tag(qs, value, school=self.request.school)

    def of_taxe(self, qs: QuerySet[Partner], name: str, value: str) -> QuerySet[Partner]:
        return finding.of_taxe(qs, value, school=self.request.school)

    def is_closed(self, qs: QuerySet[Partner], name: str, value: str) -> QuerySet[Partner]:
        return qs.filter(closed_date__isnull=value != "oui")

    def is_avoided(self, qs: QuerySet[Partner], name: str, value: str) -> QuerySet[Partner]:
        return qs.filter(avoid_since__isnull=value != "oui")


class ContactFilters(django_filters.FilterSet):
    q = SearchFilter(label="Nom, téléphone, adresse")
    role = django_filters.ChoiceFilter(label="Rôle", choices=ContactRole.choices)

    class Meta:
        model = Contact
        fields: list[str] = []


class InteractionFilters(django_filters.FilterSet):
    q = SearchFilter(label="Objet ou partenaire", fields=("search_text", "partner__search_text"))
    par = django_filters.ChoiceFilter(label="Par", field_name="channel", choices=Channel.choices)
    initiative = django_filters.ChoiceFilter(label="À l’initiative de", choices=Initiative.choices)
    depuis = django_filters.DateFilter(label="Depuis le", field_name="date", lookup_expr="gte", widget=DateInput)
    a_rappeler = django_filters.BooleanFilter(
        label="À rappeler", method="to_call_again", widget=django_filters.widgets.BooleanWidget
    )

    class Meta:
        model = Interaction
        fields: list[str] = []

    def to_call_again(self, qs: QuerySet[Interaction], name: str, value: bool) -> QuerySet[Interaction]:
        waiting = Q(call_again_date__isnull=False) & ~Q(called_again=True)
        return qs.filter(waiting) if value else qs.exclude(waiting)


class OfferFilters(django_filters.FilterSet):
    q = SearchFilter(label="Intitulé ou partenaire", fields=("search_text", "partner__search_text"))
    type = django_filters.ChoiceFilter(label="Type", choices=OfferType.choices)
    etat = django_filters.ChoiceFilter(
        label="État",
        choices=[(state.value, status.word(state, "offer")) for state in OfferState],
        method="of_state",
    )
    classe = django_filters.ModelChoiceFilter(
        label="Montrée à la classe", queryset=classes_of_year, field_name="classes__school_class", distinct=True
    )

    class Meta:
        model = Offer
        fields: list[str] = []

    def of_state(self, qs: QuerySet[Offer], name: str, value: str) -> QuerySet[Offer]:
        """As partners.rules.offers.state, said to the database."""
        still = Q(filled_date=None, withdrawn_date=None)
        over = Q(closing_date__lt=timezone.localdate())
        return qs.filter(
            {
                OfferState.WITHDRAWN: Q(withdrawn_date__isnull=False),
                OfferState.FILLED: Q(withdrawn_date=None, filled_date__isnull=False),
                OfferState.CLOSED: still & over,
                OfferState.PUBLISHED: still & ~over & Q(published_date__isnull=False),
                OfferState.TO_PUBLISH: still & ~over & Q(published_date=None),
            }[OfferState(value)]
        )


class ContributionFilters(django_filters.FilterSet):
    q = SearchFilter(label="Partenaire", fields=("partner__search_text",))
    campagne = django_filters.NumberFilter(label="Campagne", field_name="campaign", min_value=2000, max_value=2100)
    nature = django_filters.ChoiceFilter(label="Nature", choices=ContributionNature.choices)
    recu = django_filters.BooleanFilter(
        label="Reçu",
        field_name="received_date",
        lookup_expr="isnull",
        exclude=True,
        widget=django_filters.widgets.BooleanWidget,
    )

    a_remercier = django_filters.BooleanFilter(
        label="À remercier", method="to_thank", widget=django_filters.widgets.BooleanWidget
    )
    sans_acceptation = django_filters.BooleanFilter(
        label="Don sans acceptation du conseil", method="without_board", widget=django_filters.widgets.BooleanWidget
    )

    class Meta:
        model = Contribution
        fields: list[str] = []

    def to_thank(self, qs: QuerySet[Contribution], name: str, value: bool) -> QuerySet[Contribution]:
        waiting = Q(received_date__isnull=False, thanked_date=None)
        return qs.filter(waiting) if value else qs.exclude(waiting)

    def without_board(self, qs: QuerySet[Contribution], name: str, value: bool) -> QuerySet[Contribution]:
        silent = Q(received_date__isnull=False, board_date=None) & ~Q(nature=ContributionNature.TAXE)
        return qs.filter(silent) if value else qs.exclude(silent)


class ApproachFilters(django_filters.FilterSet):
    """Of the campaign in view: the page chooses it, so that `campagne` is kept in the address and filters nothing here."""

    q = SearchFilter(label="Partenaire", fields=("partner__search_text",))
    reponse = django_filters.ChoiceFilter(label="Réponse", field_name="intention", choices=TaxIntention.choices)
    suivi = django_filters.ChoiceFilter(
        label="Relance", choices=[("possible", "Possible aujourd’hui"), ("attente", "Trop tôt")], method="of_turn"
    )

    class Meta:
        model = TaxApproach
        fields: list[str] = []

    def of_turn(self, qs: QuerySet[TaxApproach], name: str, value: str) -> QuerySet[TaxApproach]:
        """As partners.rules.taxe.may_remind, said to the database."""
        limit = timezone.localdate() - COOL_DOWN
        waiting = qs.filter(intention__in=(TaxIntention.ASKED, TaxIntention.PROMISED))
        late = Q(asked_date__lte=limit) | Q(asked_date=None, intention=TaxIntention.PROMISED)
        possible = late & (Q(reminded_date=None) | Q(reminded_date__lte=limit))
        return waiting.filter(possible) if value == "possible" else waiting.exclude(possible)


class TransferFilters(django_filters.FilterSet):
    campagne = django_filters.NumberFilter(label="Campagne", field_name="campaign", min_value=2000, max_value=2100)

    class Meta:
        model = TaxTransfer
        fields: list[str] = []
