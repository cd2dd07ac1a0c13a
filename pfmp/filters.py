"""Filters of periods, placements and visits."""

from typing import Any

import django_filters
from django.db.models import Q, QuerySet

from core.text import searchable
from pfmp import hosting
from pfmp.enums import (
    ApproachMaker,
    ApproachState,
    ExemptionReason,
    IncidentKind,
    PlacementOrigin,
    PlacementStatus,
    VisitMode,
)
from pfmp.models import Approach, Exemption, HostCapacity, HostIncident, HostReview, Period, Placement, Visit
from schools.enums import Niveau
from schools.filters import SearchFilter, classes_of_year
from schools.forms import DateInput


class PeriodFilters(django_filters.FilterSet):
    classe = django_filters.ModelChoiceFilter(label="Classe", queryset=classes_of_year, field_name="school_class")
    niveau = django_filters.ChoiceFilter(label="Niveau", choices=Niveau.choices, field_name="school_class__niveau")

    class Meta:
        model = Period
        fields: list[str] = []


class ExemptionFilters(django_filters.FilterSet):
    q = SearchFilter(label="Élève", fields=("student__search_text",))
    motif = django_filters.ChoiceFilter(label="Motif", field_name="reason", choices=ExemptionReason.choices)

    class Meta:
        model = Exemption
        fields: list[str] = []


class PlacementFilters(django_filters.FilterSet):
    q = django_filters.CharFilter(label="Élève ou entreprise", method="search", max_length=100)
    classe = django_filters.ModelChoiceFilter(
        label="Classe", queryset=classes_of_year, field_name="period__school_class"
    )
    statut = django_filters.ChoiceFilter(label="Étape", field_name="status", choices=PlacementStatus.choices)
    referent = django_filters.CharFilter(
        label="Référent (courriel)", field_name="referent_email", lookup_expr="icontains", max_length=100
    )
    origine = django_filters.ChoiceFilter(label="Trouvé par", field_name="origin", choices=PlacementOrigin.choices)
    present_le = django_filters.DateFilter(label="En entreprise le", method="present_on", widget=DateInput)

    class Meta:
        model = Placement
        fields: list[str] = []

    def search(self, qs: QuerySet[Placement], name: str, value: str) -> QuerySet[Placement]:
        for word in searchable(value).split()[:8]:
            qs = qs.filter(Q(student__search_text__contains=word) | Q(partner__search_text__contains=word))
        return qs

    def present_on(self, qs: QuerySet[Placement], name: str, value: object) -> QuerySet[Placement]:
        return qs.filter(start_date__lte=value, end_date__gte=value).not_cancelled()


class ApproachFilters(django_filters.FilterSet):
    q = django_filters.CharFilter(label="Élève ou entreprise", method="search", max_length=100)
    etat = django_filters.ChoiceFilter(label="Où cela en est", field_name="state", choices=ApproachState.choices)
    classe = django_filters.ModelChoiceFilter(
        label="Classe", queryset=classes_of_year, field_name="period__school_class"
    )
    par = django_filters.ChoiceFilter(label="Par", field_name="made_by", choices=ApproachMaker.choices)
    depuis = django_filters.DateFilter(label="Depuis le", field_name="date", lookup_expr="gte", widget=DateInput)

    class Meta:
        model = Approach
        fields: list[str] = []

    def search(self, qs: QuerySet[Approach], name: str, value: str) -> QuerySet[Approach]:
        for word in searchable(value).split()[:8]:
            qs = qs.filter(
                Q(student__search_text__contains=word)
                | Q(partner__search_text__contains=word)
                | Q(company__icontains=word)
            )
        return qs


class VisitFilters(django_filters.FilterSet):
    q = django_filters.CharFilter(label="Élève ou entreprise", method="search", max_length=100)
    mode = django_filters.ChoiceFilter(label="Mode", choices=VisitMode.choices)
    depuis = django_filters.DateFilter(label="Depuis le", field_name="date", lookup_expr="gte", widget=DateInput)
    alerte = django_filters.ChoiceFilter(
        label="Alerte", choices=[("a_traiter", "À traiter"), ("traitee", "Traitée")], method="alerts"
    )

    class Meta:
        model = Visit
        fields: list[str] = []

    def alerts(self, qs: QuerySet[Visit], name: str, value: str) -> QuerySet[Visit]:
        return qs.filter(alert_level__gt=0, alert_closed_date__isnull=value == "a_traiter")

    def search(self, qs: QuerySet[Visit], name: str, value: str) -> QuerySet[Visit]:
        for word in searchable(value).split()[:8]:
            qs = qs.filter(
                Q(placement__student__search_text__contains=word) | Q(placement__partner__search_text__contains=word)
            )
        return qs


class CapacityFilters(django_filters.FilterSet):
    q = SearchFilter(label="Entreprise ou commune", fields=("partner__search_text",))
    formation = django_filters.ChoiceFilter(label="Formation", choices=())

    class Meta:
        model = HostCapacity
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.request is not None:
            known = hosting.formations(self.request.school, self.request.school_year.code)
            self.filters["formation"].extra["choices"] = [(one, one) for one in known]


class ReviewFilters(django_filters.FilterSet):
    q = SearchFilter(
        label="Entreprise ou élève", fields=("placement__partner__search_text", "placement__student__search_text")
    )
    a_reprendre = django_filters.BooleanFilter(
        label="À reprendre", field_name="take_again", widget=django_filters.widgets.BooleanWidget
    )

    class Meta:
        model = HostReview
        fields: list[str] = []


class IncidentFilters(django_filters.FilterSet):
    q = SearchFilter(label="Entreprise", fields=("partner__search_text",))
    nature = django_filters.ChoiceFilter(label="Nature", field_name="kind", choices=IncidentKind.choices)

    class Meta:
        model = HostIncident
        fields: list[str] = []
