"""Filters of surveys, answers and leavers."""

import django_filters

from schools.filters import SearchFilter
from surveys.enums import Audience, Grade, Situation, Term
from surveys.models import LeaverOutcome, Survey, SurveyAnswer


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
