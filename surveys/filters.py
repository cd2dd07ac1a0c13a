"""Filters of surveys, answers and leavers."""

from typing import Any

import django_filters

from schools.filters import SearchFilter
from surveys.enums import Audience, Grade, InserJeunesMeasure, Situation, Term
from surveys.models import FormerStudent, InserJeunesFigure, LeaverOutcome, Survey, SurveyAnswer


class SurveyFilters(django_filters.FilterSet):
    q = SearchFilter(label="Titre")
    public = django_filters.ChoiceFilter(label="Public", field_name="audience", choices=Audience.choices)

    class Meta:
        model = Survey
        fields: list[str] = []


class AnswerFilters(django_filters.FilterSet):
    public = django_filters.ChoiceFilter(label="Public", field_name="audience", choices=Audience.choices)
    note = django_filters.ChoiceFilter(label="Note", field_name="grade", choices=Grade.choices)

    class Meta:
        model = SurveyAnswer
        fields: list[str] = []


class OutcomeFilters(django_filters.FilterSet):
    q = SearchFilter(label="Élève", fields=("student__search_text",))
    annee = django_filters.CharFilter(label="Année de sortie", field_name="leaving_year", max_length=9)
    echeance = django_filters.ChoiceFilter(label="Échéance", field_name="term_months", choices=Term.choices)
    situation = django_filters.ChoiceFilter(label="Situation", choices=Situation.choices)

    class Meta:
        model = LeaverOutcome
        fields: list[str] = []


class FormerFilters(django_filters.FilterSet):
    q = SearchFilter(label="Nom, formation ou métier")
    annee = django_filters.CharFilter(label="Sorti en", field_name="leaving_year", max_length=9)
    formation = django_filters.CharFilter(label="Formation", lookup_expr="icontains", max_length=100)
    propose = django_filters.ChoiceFilter(
        label="Propose",
        choices=[("temoigner", "De venir témoigner"), ("accueillir", "D’accueillir un élève")],
        method="offering",
    )
    accord = django_filters.ChoiceFilter(label="Accord", choices=[("retire", "Retiré")], method="agreed")

    class Meta:
        model = FormerStudent
        fields: list[str] = []

    def offering(self, rows: Any, name: str, value: str) -> Any:
        return rows.filter(**{"offers_talk" if value == "temoigner" else "offers_hosting": True})

    def agreed(self, rows: Any, name: str, value: str) -> Any:
        return rows.filter(revoked_date__isnull=False)


class InserJeunesFilters(django_filters.FilterSet):
    q = SearchFilter(label="Formation ou millésime")
    mesure = django_filters.ChoiceFilter(label="Mesure", field_name="measure", choices=InserJeunesMeasure.choices)
    echeance = django_filters.ChoiceFilter(label="Échéance", field_name="term_months", choices=Term.choices)

    class Meta:
        model = InserJeunesFigure
        fields: list[str] = []
