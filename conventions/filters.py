"""Filters of agreements and networks."""

import django_filters
from django.db.models import Q, QuerySet

from conventions.enums import AgreementLevel, NetworkType
from conventions.models import Agreement, Network


class AgreementFilters(django_filters.FilterSet):
    q = django_filters.CharFilter(label="Titre ou partenaire", method="search", max_length=100)
    niveau = django_filters.ChoiceFilter(label="Niveau", field_name="level", choices=AgreementLevel.choices)
    signee = django_filters.BooleanFilter(
        label="Signée", field_name="signed_date", lookup_expr="isnull", exclude=True,
        widget=django_filters.widgets.BooleanWidget,
    )  # fmt: skip

    class Meta:
        model = Agreement
        fields: list[str] = []

    def search(self, qs: QuerySet[Agreement], name: str, value: str) -> QuerySet[Agreement]:
        return qs.filter(Q(title__icontains=value) | Q(partner__name__icontains=value) | Q(signatory__icontains=value))


class NetworkFilters(django_filters.FilterSet):
    q = django_filters.CharFilter(label="Nom", field_name="name", lookup_expr="icontains", max_length=100)
    type = django_filters.ChoiceFilter(label="Type", choices=NetworkType.choices)

    class Meta:
        model = Network
        fields: list[str] = []
