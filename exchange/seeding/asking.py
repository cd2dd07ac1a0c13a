"""The questions of the year's surveys, what was answered to each, and a model that the bureau made for itself."""

from collections import defaultdict

from exchange.seeding.world import World
from surveys import templates
from surveys.enums import Audience, Grade
from surveys.models import Survey, SurveyAnswer, SurveyQuestion, SurveyReply, SurveyTemplate
from surveys.templates import Model

AROUND = {
    1: {1: 5, 2: 3, 3: 1, None: 1},
    2: {1: 2, 2: 5, 3: 3, None: 1},
    3: {2: 2, 3: 5, 4: 3, None: 1},
    4: {3: 3, 4: 6, None: 1},
}
"""What somebody answers to the other questions, from their overall grade; None is « sans avis »."""


def put_questions(world: World) -> None:
    """Surveys of this year ask the questions of the models that ship; an anonymous one names no partner nor placement."""
    draw = world.draw("survey-questions")
    answers: dict[str, list[SurveyAnswer]] = defaultdict(list)
    for answer in world.all(SurveyAnswer):
        if answer.survey is not None:
            answers[answer.survey.dossier_id].append(answer)
    for survey in world.all(Survey):
        given = answers[survey.dossier_id]
        survey.is_anonymous = survey.audience != Audience.PARTNERS
        if survey.is_anonymous:
            for answer in given:
                answer.placement = answer.partner = None
        if not world.year.start <= survey.opened_date <= world.year.end:
            continue
        model = _model(survey)
        survey.introduction = model.introduction
        questions = [
            world.add(SurveyQuestion, survey=survey, position=rank, text=text)
            for rank, text in enumerate(model.questions, 1)
        ]
        for answer in given:
            for question in questions[1:]:
                grade = draw.one_of(AROUND[answer.grade])
                world.add(
                    SurveyReply, answer=answer, question=question, grade=Grade(grade) if grade is not None else None
                )
    world.add(
        SurveyTemplate,
        name="Visite d’entreprise : l’avis de la classe",
        audience=Audience.STUDENTS,
        introduction="Trois questions, dans le car du retour.",
        questions=[
            "Es-tu satisfait de la visite ?",
            "As-tu compris ce que font les gens qui y travaillent ?",
            "Aimerais-tu y faire un stage ?",
        ],
    )


def _model(survey: Survey) -> Model:
    about = "period" if survey.period else "action" if survey.action else "year"
    return next(one for one in templates.shipped() if one.audience == survey.audience and one.about == about)
