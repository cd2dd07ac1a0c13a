"""Surveys, their answers and what became of leavers."""

from datetime import UTC, date, datetime

from factory import SelfAttribute, Sequence, SubFactory

from core import tokens
from surveys.models import (
    FormerStudent,
    InserJeunesFigure,
    LeaverCall,
    LeaverCampaign,
    LeaverLink,
    LeaverOutcome,
    Survey,
    SurveyAnswer,
    SurveyLink,
    SurveyQuestion,
    SurveyReply,
    SurveyTemplate,
)
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


class SurveyTemplateFactory(OfSchool):
    class Meta:
        model = SurveyTemplate

    name = Sequence(lambda n: f"Modèle d’enquête {n}")
    audience = "eleve"
    questions = ["Êtes-vous satisfait ?", "Était-ce utile ?", "Était-ce clair ?"]


class SurveyQuestionFactory(OfSchool):
    class Meta:
        model = SurveyQuestion

    survey = SubFactory(SurveyFactory, school=SelfAttribute("..school"))
    position = 1
    text = "Êtes-vous satisfait ?"


class SurveyLinkFactory(OfSchool):
    class Meta:
        model = SurveyLink

    survey = SubFactory(SurveyFactory, school=SelfAttribute("..school"))
    is_open = True
    token_hash = Sequence(lambda n: tokens.hashed(f"survey-{n}"))
    expires_at = datetime(2099, 1, 1, tzinfo=UTC)


class SurveyReplyFactory(OfSchool):
    class Meta:
        model = SurveyReply

    answer = SubFactory(AnswerFactory, school=SelfAttribute("..school"))
    question = SubFactory(
        SurveyQuestionFactory, school=SelfAttribute("..school"), survey=SelfAttribute("..answer.survey")
    )
    grade = 3


class LeaverCampaignFactory(OfSchool):
    class Meta:
        model = LeaverCampaign
        django_get_or_create = ("school", "leaving_year", "term_months")

    leaving_year = "2024-2025"
    term_months = 6
    opened_date = date(2026, 2, 1)


class LeaverLinkFactory(OfSchool):
    class Meta:
        model = LeaverLink

    campaign = SubFactory(LeaverCampaignFactory, school=SelfAttribute("..school"))
    student = SubFactory(StudentFactory, school=SelfAttribute("..school"))
    token_hash = Sequence(lambda n: tokens.hashed(f"leaver-{n}"))
    expires_at = datetime(2099, 1, 1, tzinfo=UTC)


class LeaverCallFactory(OfSchool):
    class Meta:
        model = LeaverCall

    campaign = SubFactory(LeaverCampaignFactory, school=SelfAttribute("..school"))
    student = SubFactory(StudentFactory, school=SelfAttribute("..school"))
    called_at = datetime(2026, 2, 10, 17, 0, tzinfo=UTC)
    result = "absent"


class FormerStudentFactory(OfSchool):
    class Meta:
        model = FormerStudent

    first_name = "Lina"
    last_name = Sequence(lambda n: f"Ancienne {n}")
    leaving_year = "2024-2025"
    consent_date = date(2026, 2, 10)


class InserJeunesFactory(OfSchool):
    class Meta:
        model = InserJeunesFigure

    vintage = "sortants 2023 et 2024"
    formation = Sequence(lambda n: f"Formation {n}")
    measure = "emploi_salarie"
    term_months = 6
    percent = 52
    source = "InserJeunes, fichier par établissement"
