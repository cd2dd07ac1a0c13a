"""Filters of agreements and networks."""

import django_filters
from django.db.models import Q, QuerySet
from django.utils import timezone

from conventions.enums import AgreementLevel, NetworkType
from conventions.models import Agreement, Network
from schools.filters import SearchFilter


class AgreementFilters(django_filters.FilterSet):
    q = SearchFilter(label="Titre ou partenaire", fields=("search_text", "partner__search_text"))
    niveau = django_filters.ChoiceFilter(label="Niveau", field_name="level", choices=AgreementLevel.choices)
    signee = django_filters.BooleanFilter(
        label="Signée", field_name="signed_date", lookup_expr="isnull", exclude=True,
        widget=django_filters.widgets.BooleanWidget,
    )  # fmt: skip

    class Meta:
        model = Agreement
        fields: list[str] = []


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
