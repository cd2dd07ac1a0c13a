"""Heading 8: satisfaction of the team, the pupils and the partners."""

from collections import Counter

from indicators.definitions.register import Figure, Split, divided, fraction, grouped, indicator, ratio
from indicators.definitions.year_data import AnswerRow, YearData
from surveys.enums import Audience, Grade

AUDIENCES = tuple(Audience.values)
NO_ANSWER = "Aucune réponse dans l’année."
NO_ANSWER_HERE = "Aucune réponse de ce public dans l’année."


def _by_audience(rows: list[AnswerRow]) -> dict[str, list[int]]:
    return grouped((row.audience, row.pk) for row in rows)


@indicator(
    "I8.1",
    rows="surveys.SurveyAnswer",
    definition="Réponses « plutôt satisfait » ou « tout à fait satisfait » (3 ou 4) sur les réponses de l’année, pour chaque public. La valeur "
    "d’ensemble additionne les réponses : ce n’est pas la moyenne des trois taux.",
)
def satisfied(data: YearData) -> Figure:
    """I8.1, A-114, A-117."""
    happy = [row for row in data.answers if row.grade >= Grade.RATHER]
    return ratio(
        [row.pk for row in happy],
        [row.pk for row in data.answers],
        NO_ANSWER,
        public=Split(_by_audience(happy), _by_audience(data.answers), closed=AUDIENCES, empty=NO_ANSWER_HERE),
    )


@indicator(
    "I8.2",
    rows="surveys.SurveyAnswer",
    definition="Moyenne des notes de 1 (pas du tout satisfait) à 4 (tout à fait satisfait) des réponses de l’année. Une note n’est jamais convertie "
    "en pourcentage.",
)
def mean_grade(data: YearData) -> Figure:
    """I8.2, A-20, A-114, A-117."""
    grades: Counter[str] = Counter()
    for row in data.answers:
        grades[row.audience] += row.grade
    pks = _by_audience(data.answers)
    everyone = [row.pk for row in data.answers]
    return Figure(
        divided(grades.total(), len(everyone), NO_ANSWER, everyone, everyone),
        axes={
            "public": {
                key: divided(grades[key], len(pks.get(key, ())), NO_ANSWER_HERE, pks.get(key, ()), pks.get(key, ()))
                for key in AUDIENCES
            }
        },
    )


@indicator(
    "I8.3",
    rows="surveys.SurveyAnswer",
    definition="Réponses sur personnes sollicitées, pour les enquêtes ouvertes dans l’année dont le nombre de personnes sollicitées est connu.",
)
def survey_reply(data: YearData) -> Figure:
    """I8.3, A-115, A-117: by the audience of the survey."""
    measured = {row.pk: row for row in data.surveys if row.asked is not None}
    asked: Counter[str] = Counter()
    for row in measured.values():
        asked[row.audience] += row.asked or 0
    answers = grouped(
        (measured[answer.survey].audience, answer.pk) for answer in data.answers if answer.survey in measured
    )
    everyone = [pk for pks in answers.values() for pk in pks]
    return Figure(
        divided(
            len(everyone),
            asked.total(),
            "Aucune enquête de l’année ne dit combien de personnes sont sollicitées.",
            everyone,
        ),
        fraction(len(measured), len(data.surveys)),
        {
            "public": {
                key: divided(
                    len(answers.get(key, ())),
                    asked[key],
                    "Aucune enquête de l’année ne dit combien de personnes de ce public sont sollicitées.",
                    answers.get(key, ()),
                )
                for key in AUDIENCES
            }
        },
    )
