"""Filters of actions."""

import django_filters
from django.db.models import Q, QuerySet
from django.utils import timezone

from events.enums import ActionStatus, ActionType, InvitationReply
from events.models import Action, ActionPartner, ImageConsent, Invitation, Participation
from partners.enums import Initiative
from schools.filters import SearchFilter
from schools.forms import DateInput

LACKS = [
    ("partenaire", "Aucun partenaire"),
    ("duree", "Durée inconnue"),
    ("eleves", "Aucun élève ni public"),
    ("bilan", "Réalisée sans bilan"),
]


class ActionFilters(django_filters.FilterSet):
    q = SearchFilter(label="Intitulé, lieu, événement")
    type = django_filters.ChoiceFilter(label="Type", choices=ActionType.choices)
    statut = django_filters.ChoiceFilter(
        label="Statut", choices=[*ActionStatus.choices, ("a_cloturer", "À clôturer")], method="of_status"
    )
    manque = django_filters.ChoiceFilter(label="Ce qui manque", choices=LACKS, method="lacking")
    initiative = django_filters.ChoiceFilter(label="À l’initiative de", choices=Initiative.choices)
    depuis = django_filters.DateFilter(label="Depuis le", field_name="start_date", lookup_expr="gte", widget=DateInput)
    jusqu_au = django_filters.DateFilter(label="Jusqu’au", field_name="start_date", lookup_expr="lte", widget=DateInput)

    class Meta:
        model = Action
        fields: list[str] = []

    def of_status(self, qs: QuerySet[Action], name: str, value: str) -> QuerySet[Action]:
        """A planned action whose last day is past is to close (C-13); it stays among the planned ones too."""
        if value != "a_cloturer":
            return qs.filter(status=value)
        today = timezone.localdate()
        past = Q(end_date__lt=today) | Q(end_date=None, start_date__lt=today)
        return qs.filter(past, status=ActionStatus.PLANNED)

    def lacking(self, qs: QuerySet[Action], name: str, value: str) -> QuerySet[Action]:
        """Those that count less for want of a datum; a cancelled one lacks nothing."""
        qs = qs.exclude(status=ActionStatus.CANCELLED)
        school = self.request.school
        match value:
            case "partenaire":
                return qs.exclude(pk__in=ActionPartner.objects.in_school(school).values("action"))
            case "duree":
                return qs.filter(hours=None)
            case "eleves":
                none = Q(outside_public=None) | Q(outside_public=0)
                return qs.filter(none).exclude(pk__in=Participation.objects.in_school(school).values("action"))
            case _:
                return qs.filter(status=ActionStatus.DONE, review="")


class InvitationFilters(django_filters.FilterSet):
    q = SearchFilter(label="Partenaire", fields=("partner__search_text",))
    reponse = django_filters.ChoiceFilter(
        label="Réponse", choices=[*InvitationReply.choices, ("aucune", "Sans réponse")], method="of_reply"
    )

    class Meta:
        model = Invitation
        fields: list[str] = []

    def of_reply(self, qs: QuerySet[Invitation], name: str, value: str) -> QuerySet[Invitation]:
        return qs.filter(reply="" if value == "aucune" else value)


class ParticipationFilters(django_filters.FilterSet):
    q = SearchFilter(label="Élève", fields=("student__search_text",))

    class Meta:
        model = Participation
        fields: list[str] = []


class ConsentFilters(django_filters.FilterSet):
    q = SearchFilter(label="Élève", fields=("student__search_text",))
    etat = django_filters.ChoiceFilter(
        label="État",
        choices=[("valable", "Valables"), ("expiree", "Expirées"), ("retiree", "Retirées")],
        method="of_state",
    )

    class Meta:
        model = ImageConsent
        fields: list[str] = []

    def of_state(self, rows: QuerySet[ImageConsent], name: str, value: str) -> QuerySet[ImageConsent]:
        if value == "retiree":
            return rows.filter(revoked_date__isnull=False)
        over = Q(until_date__lt=timezone.localdate())
        return rows.filter(over if value == "expiree" else ~over, revoked_date=None)
