"""Filters of agreements and networks."""

from datetime import timedelta
from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.utils import timezone

from conventions.enums import AgreementLevel, AgreementState, NetworkType
from conventions.models import Agreement, Network
from schools.filters import OfSchoolFilter, OfSchoolFilters, SearchFilter
from schools.models import Membership


def _referents(request: Any) -> list[tuple[str, str]]:
    """The colleagues who follow an agreement."""
    following = Agreement.objects.in_school(request.school).filter(referent__isnull=False).values("referent")
    found = Membership.objects.in_school(request.school).filter(pk__in=following).order_by("search_text")
    return [(str(one.public_id), str(one)) for one in found]


class AgreementFilters(OfSchoolFilters):
    q = SearchFilter(label="Titre ou partenaire", fields=("search_text", "partner__search_text"))
    etat = django_filters.ChoiceFilter(label="État", choices=AgreementState.choices, method="of_state")
    echeance = django_filters.ChoiceFilter(
        label="Finit", choices=[("30", "dans 30 jours"), ("90", "dans 90 jours"), ("180", "dans 6 mois")],
        method="ending_within",
    )  # fmt: skip
    referent = OfSchoolFilter(label="Suivie par", field_name="referent__public_id", offered=_referents)
    niveau = django_filters.ChoiceFilter(label="Niveau", field_name="level", choices=AgreementLevel.choices)

    class Meta:
        model = Agreement
        fields: list[str] = []

    def of_state(self, qs: Any, name: str, value: str) -> QuerySet[Agreement]:
        """The states of Agreement.state_on."""
        found: QuerySet[Agreement] = qs.in_state(AgreementState(value), timezone.localdate())
        return found

    def ending_within(self, qs: QuerySet[Agreement], name: str, value: str) -> QuerySet[Agreement]:
        """In force, and over within so many days unless somebody renews them."""
        today = timezone.localdate()
        running: Any = qs
        last = today + timedelta(days=int(value))
        return running.in_force(today).filter(end_date__lte=last).exclude(tacit_renewal=True)


class NetworkFilters(django_filters.FilterSet):
    q = SearchFilter(label="Nom")
    type = django_filters.ChoiceFilter(label="Type", choices=NetworkType.choices)
    adhesion = django_filters.ChoiceFilter(
        label="Adhésion",
        choices=[("en_cours", "En cours"), ("a_venir", "À venir"), ("quitte", "Quittés")],
        method="of_membership",
    )
    acte = django_filters.ChoiceFilter(
        label="Acte", choices=[("signe", "Formalisés"), ("a_signer", "À formaliser")], method="of_act"
    )

    class Meta:
        model = Network
        fields: list[str] = []

    def of_membership(self, qs: QuerySet[Network], name: str, value: str) -> QuerySet[Network]:
        """The days of conventions.rules.network_state."""
        today = timezone.localdate()
        left = Q(left_date__lt=today)
        return qs.filter(
            {"a_venir": Q(joined_date__gt=today), "quitte": left}.get(value, Q(joined_date__lte=today) & ~left)
        )

    def of_act(self, qs: QuerySet[Network], name: str, value: str) -> QuerySet[Network]:
        done = Q(formalised_date__isnull=False, formalised_date__lte=timezone.localdate())
        return qs.filter(done if value == "signe" else ~done)
