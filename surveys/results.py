"""What a survey says: grades counted question by question, the rate of answer, comments when they may be read (P-20)."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count
from django.utils.safestring import SafeString

from core import charts, french
from surveys import answering, asking
from surveys.enums import Grade
from surveys.models import Survey, SurveyAnswer, SurveyReply
from surveys.rules import surveys as rules

WIDTH = 420
TONES = {Grade.FULLY: "now", Grade.RATHER: "before", Grade.RATHER_NOT: "other", Grade.NOT_AT_ALL: "late"}
"""From the best to the worst; each value is written besides."""


@dataclass(frozen=True)
class Line:
    """One question: how many gave each grade, how many had no opinion."""

    position: int
    text: str
    counts: Mapping[int, int]
    without: int

    @property
    def given(self) -> int:
        return sum(self.counts.values())

    @property
    def satisfied(self) -> Decimal | None:
        """The share of grades 3 and 4; None without any grade."""
        return Decimal(self.counts.get(3, 0) + self.counts.get(4, 0)) / self.given if self.given else None

    @property
    def mean(self) -> Decimal | None:
        """The mean grade, from five grades on (P-20)."""
        if self.given < rules.ENOUGH:
            return None
        return Decimal(sum(grade * count for grade, count in self.counts.items())) / self.given

    @property
    def cells(self) -> list[int]:
        """How many gave 4, 3, 2, 1: the columns of the table."""
        return [self.counts.get(grade, 0) for grade in TONES]

    @property
    def bar(self) -> SafeString:
        """The same counts as one bar."""
        parts = [charts.Part(grade.label, self.counts.get(grade, 0), tone) for grade, tone in TONES.items()]
        return charts.stacked(parts, label=self.text, width=WIDTH, key=False)


@dataclass(frozen=True)
class Comment:
    """A comment; `who` only when the survey is not anonymous."""

    text: str
    who: str = ""


@dataclass(frozen=True)
class Results:
    """The page of a survey."""

    count: int
    asked: int | None
    lines: list[Line]
    comments: list[Comment]
    held_back: str  # why comments are not shown, "" when they are or when there is none

    @property
    def rate(self) -> Decimal | None:
        """Answers among the people asked; None while these are not known."""
        return Decimal(self.count) / self.asked if self.asked else None


def of(survey: Survey, ways: asking.Ways, today: date) -> Results:
    """All that may be read today of a survey, in four queries."""
    answers = SurveyAnswer.objects.in_school(survey.school_id).filter(survey=survey)
    overall: Counter[int] = Counter(dict(answers.values_list("grade").annotate(n=Count("pk")).order_by()))
    count = overall.total()
    by_question: dict[int, Counter[int | None]] = defaultdict(Counter)
    replies = SurveyReply.objects.in_school(survey.school_id).filter(answer__survey=survey)
    for question, grade, times in replies.values_list("question", "grade").annotate(n=Count("pk")).order_by():
        by_question[question][grade] = times
    lines = []
    for asked in answering.questions_of(survey):
        said: Counter[int | None] = Counter(overall) if asked.position == 1 else by_question[asked.pk or 0]
        counts = {grade: times for grade, times in said.items() if grade is not None}
        lines.append(Line(asked.position, asked.text, counts, count - sum(counts.values())))
    problem = comments_problem(survey, ways, count, today)
    return Results(
        count,
        survey.asked_count,
        lines,
        [] if problem else comments(survey),
        problem if problem and answers.exclude(comment="").exists() else "",
    )


def comments_problem(survey: Survey, ways: asking.Ways, count: int, today: date) -> str:
    """Why the comments of a survey may not be read today; "" when they may."""
    return rules.comments_problem(
        answers=count,
        is_anonymous=survey.is_anonymous,
        is_asked_by_link=ways.is_by_link,
        now=asking.state(survey, ways, today),
    )


def comments(survey: Survey) -> list[Comment]:
    """What was written, without grade nor day; of an anonymous survey, in an order that says nothing of who came first."""
    rows = (
        SurveyAnswer.objects.in_school(survey.school_id)
        .filter(survey=survey)
        .exclude(comment="")
        .values_list("public_id", "comment", "partner__name")
    )
    shuffled = sorted(rows, key=lambda row: hashlib.sha256(row[0].bytes).digest())
    return [Comment(text, "" if survey.is_anonymous else (partner or "")) for _, text, partner in shuffled]


def withheld(surveys: Sequence[Survey], today: date) -> set[int]:
    """Among these surveys, those of which no answer's own comment is shown beside its grade and day.

    All the anonymous ones that people answered by themselves, behind a link; and any other below five answers.
    """
    if not surveys:
        return set()
    school = surveys[0].school_id
    keys = [one.pk for one in surveys]
    answers = SurveyAnswer.objects.in_school(school).filter(survey__in=keys)
    counts = dict(answers.values_list("survey").annotate(n=Count("pk")).order_by())
    by_link = set(answers.exclude(link=None).values_list("survey", flat=True))
    mailed = set(
        asking.SurveyLink.objects.in_school(school).filter(survey__in=keys).values_list("survey", flat=True).distinct()
    )
    return {
        one.pk
        for one in surveys
        if counts.get(one.pk, 0) < rules.ENOUGH or (one.is_anonymous and one.pk in by_link | mailed)
    }


def rate_in_words(results: Results) -> str:
    """« 18 réponses sur 30, soit 60 % »; without the number asked, the answers alone."""
    said = french.plural(results.count, "réponse")
    if results.rate is None:
        return said
    return f"{said} sur {results.asked}, soit {french.percent(results.rate, 0)}"
