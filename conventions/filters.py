"""Filters of agreements and networks."""

import django_filters

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

    class Meta:
        model = Network
        fields: list[str] = []
