"""Filters of partners, contacts, exchanges, offers and contributions."""

import django_filters
from django.db.models import Q, QuerySet
from django.utils import timezone

from core import naf, status
from partners import nearby
from partners.enums import (
    Channel,
    ContactRole,
    ContributionNature,
    Headcount,
    Initiative,
    OfferType,
    PartnerStatus,
    PartnerType,
)
from partners.models import Contact, Contribution, Interaction, Offer, Partner, PartnerQuerySet
from partners.rules.offers import OfferState
from schools.communes import Around, AroundField
from schools.filters import SearchFilter, classes_of_year
from schools.forms import DateInput

SECTIONS = naf.section_choices()


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


class PartnerFilters(django_filters.FilterSet):
    q = SearchFilter(label="Nom, commune, métier, SIRET")
    statut = django_filters.ChoiceFilter(label="Statut", field_name="status", choices=PartnerStatus.choices)
    type = django_filters.ChoiceFilter(label="Type", choices=PartnerType.choices)
    secteur = django_filters.ChoiceFilter(label="Secteur", choices=SECTIONS, method="of_section")
    effectif = django_filters.ChoiceFilter(label="Effectif", field_name="headcount", choices=Headcount.choices)
    commune = SearchFilter(label="Commune")
    distance = DistanceFilter(label="À moins de")

    class Meta:
        model = Partner
        fields: list[str] = []

    def of_section(self, qs: QuerySet[Partner], name: str, value: str) -> QuerySet[Partner]:
        """A section is a set of divisions: the first two digits of the code."""
        wanted = Q()
        for division in naf.divisions_of(value):
            wanted |= Q(naf__startswith=division)
        return qs.filter(wanted)


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

    class Meta:
        model = Contribution
        fields: list[str] = []
