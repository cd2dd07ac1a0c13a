"""Regulated works before a stay: declarations in force, opinions and trainings of pupils, country sheets (R-TRAV, R-CONV-11).

Of an opinion, only the outcome and the date are kept, never a reason.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from core import audit
from pfmp import facts, rules
from pfmp.enums import MedicalOutcome, TrainingKind
from pfmp.models import CountrySheet, MedicalOpinion, Placement, Terms, Training, WorksDeclaration
from pfmp.rules import safety, works
from pfmp.rules.facts import MAJORITY
from schools.models import School, Student
from schools.services import hold_students

ABOUT_WORKS = ("R-TRAV-01", "R-TRAV-02", "R-TRAV-03", "R-TRAV-06", "R-TRAV-07", "R-TRAV-09", "R-TRAV-11", "R-TRAV-12")


def valid_until(declaration: WorksDeclaration) -> date:
    """The last day on which a declaration holds (R-TRAV-03); the eve of its withdrawal when it was withdrawn."""
    years = rules.parameters_on(declaration.sent_date).works_declaration_years
    end = safety.valid_until(declaration.sent_date, years)
    if declaration.withdrawn_date:
        return min(end, declaration.withdrawn_date - timedelta(days=1))
    return end


def state_of(declaration: WorksDeclaration, today: date) -> str:
    """A code of core.status: in force, to renew soon, or over."""
    end = valid_until(declaration)
    if end < today:
        return "declaration_echue"
    soon = rules.parameters_on(today).works_reminder_days
    return "declaration_a_renouveler" if (end - today).days <= soon else "declaration_valable"


def opinion_until(opinion: MedicalOpinion) -> date:
    """The last day on which an opinion holds (R-TRAV-07)."""
    return safety.valid_until(opinion.date, rules.parameters_on(opinion.date).medical_opinion_years)


def declarations_of(school: School | int) -> QuerySet[WorksDeclaration]:
    """The school's declarations, the newest first."""
    return WorksDeclaration.objects.in_school(school).select_related("partner").order_by("-sent_date", "-pk")


def to_renew(school_id: int, today: date) -> list[WorksDeclaration]:
    """Declarations that end within the reminder's days or ended as recently, unless a later one names their works."""
    parameters = rules.parameters_on(today)
    reach = timedelta(days=parameters.works_reminder_days)
    first = today - reach - timedelta(days=366 * parameters.works_declaration_years)
    found: defaultdict[int | None, list[WorksDeclaration]] = defaultdict(list)
    rows = (
        WorksDeclaration.objects.in_school(school_id)
        .filter(sent_date__gte=first, withdrawn_date=None)
        .select_related("partner", "school")
        .order_by("sent_date", "pk")
    )
    for row in rows:
        found[row.partner_id].append(row)
    return [
        row
        for rows_of in found.values()
        for number, row in enumerate(rows_of)
        if abs(valid_until(row) - today) <= reach
        and not set(row.works) <= {work for later in rows_of[number + 1 :] for work in later.works}
    ]


# --------------------------------------------------------------------------------------------------------- a whole class


@dataclass(frozen=True)
class PupilSafety:
    """A pupil of the grid: the last opinion and the last training of each kind."""

    student: Student
    opinion: MedicalOpinion | None
    trainings: Mapping[str, Training]


def grid(students: Sequence[Student], school: School) -> list[PupilSafety]:
    """What is known of each pupil, in the order given: two queries."""
    opinions: dict[int, MedicalOpinion] = {}
    for opinion in MedicalOpinion.objects.in_school(school).filter(student__in=students).order_by("date"):
        opinions[opinion.student_id] = opinion
    trainings: defaultdict[int, dict[str, Training]] = defaultdict(dict)
    for training in Training.objects.in_school(school).filter(student__in=students).order_by("date"):
        trainings[training.student_id][training.kind] = training
    return [PupilSafety(student, opinions.get(student.pk), trainings[student.pk]) for student in students]


@transaction.atomic
def note_opinions(school: School, said: Mapping[Student, tuple[date, MedicalOutcome]], *, by: Any) -> int:
    """Write the opinions of several pupils; one already there that day takes the outcome said. The number written."""
    hold_students(school, said)
    known = MedicalOpinion.objects.in_school(school).filter(student__in=said)
    return _note(MedicalOpinion, known, "outcome", said, {"school": school}, by=by)


@transaction.atomic
def note_trainings(school: School, kind: TrainingKind, said: Mapping[Student, tuple[date, str]], *, by: Any) -> int:
    """Write a training of several pupils; one already there that day takes the level said. The number written."""
    hold_students(school, said)
    known = Training.objects.in_school(school).filter(student__in=said, kind=kind)
    return _note(Training, known, "level", said, {"school": school, "kind": kind}, by=by)


def _note(
    model: type[MedicalOpinion] | type[Training], known: QuerySet[Any], name: str, said: Mapping[Student, tuple[date, str]],
    common: Mapping[str, Any], *, by: Any,
) -> int:  # fmt: skip
    """One row a pupil and day; `name`: the field that says what came of it. Set-based, audited row by row."""
    there = {(row.student_id, row.date): row for row in known}
    created: list[Any] = []
    changed: list[Any] = []
    for student, (day, value) in said.items():
        row = there.get((student.pk, day))
        if row is None:
            created.append(model(student=student, date=day, created_by=by, updated_by=by, **common, **{name: value}))
        elif getattr(row, name) != value:
            setattr(row, name, value)
            row.updated_by = by
            row.version += 1
            changed.append(row)
    model.objects.bulk_create(created)
    model.objects.bulk_update(changed, [name, "updated_by", "version"])
    for verb, rows in (("created", created), ("changed", changed)):
        audit.record_each(
            f"pfmp.{model._meta.model_name}.{verb}",
            model,
            [row.public_id for row in rows],
            by=by,
            scope=common["school"].uai,
        )
    return len(created) + len(changed)


# ---------------------------------------------------------------------------------------------------------- one placement


@dataclass(frozen=True)
class Point:
    """A line of the checklist before regulated works: a code of core.status, what it is, what is known."""

    code: str
    label: str
    text: str


@dataclass(frozen=True)
class WorksBox:
    """« Travaux réglementés » of one placement: the works named, what is there and what is missing."""

    works: list[works.Work]
    electrical_level: str
    points: list[Point]
    is_minor: bool

    @property
    def is_empty(self) -> bool:
        return not self.works and not self.electrical_level


def works_box(placement: Placement, terms: Terms | None) -> WorksBox:
    """What the box of a placement's « Préparation » shows: include `pfmp/partials/safety_works.html` with it as `box`.

    Opinions show their outcome and date only.
    """
    if terms is None or not (terms.regulated_works or terms.electrical_level):
        return WorksBox([], "", [], False)
    named = works.works_of(terms.regulated_works)
    checked = facts.check_placement(placement)
    told = {problem.rule: problem for problem in checked.problems}
    gaps = {gap.rule: gap for gap in checked.unchecked}
    points = []
    for rule_id in ABOUT_WORKS:
        title = rules.RULES[rule_id].title
        if problem := told.get(rule_id):
            code = "bloquant" if problem.level is rules.Level.BLOCKING else "a_justifier"
            points.append(Point(code, title, problem.message))
        elif gap := gaps.get(rule_id):
            points.append(Point("non_controlable", title, gap.message))
    born = placement.student.birth_date
    is_minor = born is None or rules.age_on(born, placement.start_date) < MAJORITY
    return WorksBox(named, terms.electrical_level, points, is_minor)


def country_texts(school: School | int, countries: Iterable[str]) -> dict[str, str]:
    """The sheets of these countries, to annex to the conventions of stays abroad (R-CONV-11); no query without a country."""
    wanted = {country for country in countries if country}
    if not wanted:
        return {}
    return dict(CountrySheet.objects.in_school(school).filter(country__in=wanted).values_list("country", "text"))
