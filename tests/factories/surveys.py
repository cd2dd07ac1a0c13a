"""Surveys, their answers and what became of leavers."""

from datetime import date

from factory import SelfAttribute, Sequence, SubFactory

from surveys.models import LeaverOutcome, Survey, SurveyAnswer
from tests.factories.schools import OfSchool, StudentFactory


class SurveyFactory(OfSchool):
    class Meta:
        model = Survey

    audience = "eleve"
    title = Sequence(lambda n: f"Enquête {n}")
    opened_date = date(2026, 4, 1)


class AnswerFactory(OfSchool):
    class Meta:
        model = SurveyAnswer

    survey = SubFactory(SurveyFactory, school=SelfAttribute("..school"))
    audience = SelfAttribute("survey.audience")
    date = date(2026, 4, 10)
    grade = 3


class OutcomeFactory(OfSchool):
    class Meta:
        model = LeaverOutcome

    student = SubFactory(StudentFactory, school=SelfAttribute("..school"))
    leaving_year = "2024-2025"
    term_months = 6
    situation = "emploi"
