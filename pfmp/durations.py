"""Weeks over the cycle, pupil by pupil: what the years before gave, what this one gives, what the diploma asks.

A handful of queries for a class or for the whole school; the arithmetic is in `pfmp.rules.cycle`.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from core import holidays_fr
from core.school_year import SchoolYear
from pfmp import rules
from pfmp.enums import ENDED, ExemptionReason, InterruptionOutcome, PeriodKind, PlacementStatus
from pfmp.models import Exemption, FormationDuration, Period, Placement
from pfmp.rules import cycle
from pfmp.rules.cycle import Balance, OwnDuration, Requirement, Stay
from schools.enums import Niveau
from schools.models import School, SchoolClass, Schooling, Student

A_YEAR = timedelta(days=366)
"""Longer, the dates of an imported dossier are absurd: no timetable is unrolled over them."""
LEVELS = [level.value for level in Niveau]


@dataclass(frozen=True)
class Line:
    """A pupil of a class, with the weeks over the cycle."""

    student: Student
    school_class: SchoolClass
    balance: Balance

    @property
    def is_at_risk(self) -> bool:
        return self.balance.state in cycle.AT_RISK


@dataclass(frozen=True)
class ClassDurations:
    """A class, what its diploma asks, its pupils by name."""

    school_class: SchoolClass
    requirement: Requirement
    lines: tuple[Line, ...]

    @property
    def at_risk(self) -> int:
        return sum(line.is_at_risk for line in self.lines)

    @property
    def to_verify(self) -> int:
        return sum(line.balance.state is cycle.State.TO_VERIFY for line in self.lines)

    @property
    def complete(self) -> int:
        return sum(line.balance.state is cycle.State.DONE for line in self.lines)


def own_durations(school: School) -> list[OwnDuration]:
    """What the school entered for its formations; one query."""
    rows = FormationDuration.objects.in_school(school).values_list(
        "formation", "weeks", "minimum_block", "since", "source"
    )
    return [OwnDuration(*row) for row in rows]


def requirement_of(school_class: SchoolClass, own: Iterable[OwnDuration]) -> Requirement | None:
    return cycle.requirement_of(school_class.niveau, school_class.diploma, SchoolYear.parse(school_class.year), own)


@dataclass(frozen=True)
class _Known:
    """What the school knows of these pupils, whatever the year: levels gone through, placements, exemptions."""

    levels: dict[int, set[str]]
    placements: dict[int, list[Placement]]
    exempted: dict[int, set[int]]  # periods
    reasons: dict[int, set[str]]
    periods: dict[int, list[Period]]  # of each class, for the exam


def of_classes(
    school: School, classes: Iterable[SchoolClass], today: date, *, students: Iterable[int] | None = None
) -> list[ClassDurations]:
    """The weeks of every pupil of these classes of one year; classes without PFMP are left out. Seven queries, then by level.

    `students` limits to the pupils that one may see.
    """
    own = own_durations(school)
    asked = {one.pk: (one, found) for one in classes if (found := requirement_of(one, own)) is not None}
    if not asked:
        return []
    class_of = _latest_classes(school, {pk: one for pk, (one, _) in asked.items()}, today)
    if students is not None:
        seen = set(students)
        class_of = {pupil: klass for pupil, klass in class_of.items() if pupil in seen}
    pupils = list(Student.objects.in_school(school).filter(pk__in=list(class_of)).select_related("school"))
    known = _known(school, [pupil.pk for pupil in pupils], list(asked))
    lines: dict[int, list[Line]] = defaultdict(list)
    for pupil in sorted(pupils, key=lambda one: (one.search_text, one.pk)):
        school_class, requirement = asked[class_of[pupil.pk]]
        lines[school_class.pk].append(_line(pupil, school_class, requirement, known, school, today))
    every = [ClassDurations(one, requirement, tuple(lines[pk])) for pk, (one, requirement) in asked.items()]
    return sorted(every, key=lambda line: (LEVELS.index(line.school_class.niveau), line.school_class.code))


def _latest_classes(school: School, classes: dict[int, SchoolClass], today: date) -> dict[int, int]:
    """The class of each pupil who is still there, or was there at the end of a year that is over: the latest entry wins."""
    rows = (
        Schooling.objects.in_school(school)
        .filter(school_class__in=list(classes))
        .values_list("student_id", "school_class_id", "entry_date", "exit_date")
    )
    latest: dict[int, tuple[date, int]] = {}
    for pupil, klass, entry, leaving in rows:
        if leaving is None or leaving >= min(today, SchoolYear.parse(classes[klass].year).end):
            latest[pupil] = max(latest.get(pupil, (date.min, 0)), (entry, klass))
    return {pupil: klass for pupil, (_, klass) in latest.items()}


def _known(school: School, pupils: Sequence[int], classes: Sequence[int]) -> _Known:
    known = _Known(defaultdict(set), defaultdict(list), defaultdict(set), defaultdict(set), defaultdict(list))
    schoolings = Schooling.objects.in_school(school).filter(student__in=pupils)
    for pupil, level in schoolings.values_list("student_id", "school_class__niveau"):
        known.levels[pupil].add(level)
    exemptions = Exemption.objects.in_school(school).filter(student__in=pupils)
    for pupil, period_id, reason in exemptions.values_list("student_id", "period_id", "reason"):
        known.exempted[pupil].add(period_id)
        known.reasons[pupil].add(reason)
    for period in Period.objects.in_school(school).counted().filter(school_class__in=classes, counts_for_exam=True):
        known.periods[period.school_class_id].append(period)
    placements = (
        Placement.objects.in_school(school)
        .solutions()
        .filter(student__in=pupils, period__kind__in=(PeriodKind.PFMP, PeriodKind.BTS))
        .select_related("period__school_class")
        .order_by("start_date", "pk")
    )
    for placement in placements:
        known.placements[placement.student_id].append(placement)
    return known


def _line(
    pupil: Student, school_class: SchoolClass, requirement: Requirement, known: _Known, school: School, today: date
) -> Line:
    levels, level = cycle.LEVELS[requirement.cycle], school_class.niveau
    placements = [one for one in known.placements[pupil.pk] if one.period.school_class.niveau in levels]
    placed = {one.period_id for one in placements}
    before = () if requirement.cycle is cycle.Cycle.CAP_ONE_YEAR else levels[: levels.index(level)]
    reasons = known.reasons[pupil.pk]
    found = cycle.balance(
        requirement,
        [_stay(one, school) for one in placements],
        today,
        level=level,
        year=SchoolYear.parse(school_class.year),
        to_come=[
            (period.start_date, period.end_date)
            for period in known.periods[school_class.pk]
            if period.end_date >= today and period.pk not in placed | known.exempted[pupil.pk]
        ],
        unknown_levels=[str(Niveau(one).label) for one in before if one not in known.levels[pupil.pk]],
        is_reduced=ExemptionReason.SHORTENED in reasons,
        was_apprentice=ExemptionReason.APPRENTICE in reasons,
    )
    return Line(pupil, school_class, found)


def _stay(placement: Placement, school: School) -> Stay:
    """What the arithmetic needs of a placement. The timetable is read only when the days attested are to be compared with it."""
    scheduled = None
    if placement.days_done is not None and placement.end_date - placement.start_date < A_YEAR:
        alsace_moselle = holidays_fr.is_alsace_moselle(school.postal_code)
        read = rules.parse_timetable(placement.timetable)
        if isinstance(read, rules.Timetable):
            planned = rules.planned_days(read, placement.start_date, placement.end_date, alsace_moselle=alsace_moselle)
            scheduled = sum(not day.holiday for day in planned)
        else:
            holidays = holidays_fr.holidays_between(
                placement.start_date, placement.end_date, alsace_moselle=alsace_moselle
            )
            scheduled = cycle.weekdays_between(placement.start_date, placement.end_date) - sum(
                day.weekday() < 5 for day in holidays
            )
    return Stay(
        placement.start_date,
        placement.end_date,
        counts=placement.period.counts_for_exam,
        days_done=placement.days_done,
        scheduled=scheduled,
        interrupted_on=placement.interrupted_date if placement.status == PlacementStatus.INTERRUPTED else None,
        is_over=placement.status in ENDED,
        is_validated=placement.interruption_outcome == InterruptionOutcome.VALIDATED
        and placement.status == PlacementStatus.INTERRUPTED,
    )
