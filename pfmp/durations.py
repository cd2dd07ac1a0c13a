"""Weeks over the cycle, pupil by pupil: what the years before gave, what this one gives, what the diploma asks.

A handful of queries for a class or for the whole school; the arithmetic is in `pfmp.rules.cycle`.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from core import holidays_fr
from core.school_year import SchoolYear
from pfmp import rules
from pfmp.enums import SOLUTION, ExemptionReason, InterruptionOutcome, PeriodKind, PlacementStatus
from pfmp.models import Exemption, FormationDuration, Period, Placement
from pfmp.rules import cycle
from pfmp.rules.cycle import Balance, OwnDuration, Requirement, Stay
from schools.enums import Niveau
from schools.models import School, SchoolClass, Schooling, Student

OVER = (PlacementStatus.FINISHED, PlacementStatus.INTERRUPTED)
_LATEST_ENTRY = date.min


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


def of_classes(
    school: School, classes: Iterable[SchoolClass], today: date, *, students: Iterable[int] | None = None
) -> list[ClassDurations]:
    """The weeks of every pupil of these classes of one year; classes without PFMP are left out. Seven queries.

    `students` limits to the pupils that one may see.
    """
    own = own_durations(school)
    asked = {one.pk: (one, found) for one in classes if (found := requirement_of(one, own)) is not None}
    if not asked:
        return []
    stays_in = list(
        Schooling.objects.in_school(school)
        .filter(school_class__in=list(asked))
        .values_list("student_id", "school_class_id", "entry_date", "exit_date")
    )
    seen = None if students is None else set(students)
    latest: dict[int, tuple[date, int]] = {}
    for pupil, school_class, entry, leaving in stays_in:
        if (seen is not None and pupil not in seen) or (
            leaving is not None and leaving < min(today, _end(asked[school_class][0]))
        ):
            continue
        latest[pupil] = max(latest.get(pupil, (_LATEST_ENTRY, 0)), (entry, school_class))
    class_of = {pupil: school_class for pupil, (_, school_class) in latest.items()}
    pupils = {
        pupil.pk: pupil
        for pupil in Student.objects.in_school(school).filter(pk__in=list(class_of)).select_related("school")
    }
    levels: dict[int, set[str]] = defaultdict(set)
    for pupil, level in (
        Schooling.objects.in_school(school)
        .filter(student__in=list(pupils))
        .values_list("student_id", "school_class__niveau")
    ):
        levels[pupil].add(level)
    placements = _placements(school, list(pupils))
    periods: dict[int, list[Period]] = defaultdict(list)
    for period in Period.objects.in_school(school).counted().filter(school_class__in=list(asked), counts_for_exam=True):
        periods[period.school_class_id].append(period)
    exempted: dict[int, set[int]] = defaultdict(set)
    reasons: dict[int, set[str]] = defaultdict(set)
    for pupil, period_id, reason in (
        Exemption.objects.in_school(school)
        .filter(student__in=list(pupils))
        .values_list("student_id", "period_id", "reason")
    ):
        exempted[pupil].add(period_id)
        reasons[pupil].add(reason)
    by_class: dict[int, list[Line]] = defaultdict(list)
    for pk, pupil in pupils.items():
        school_class, requirement = asked[class_of[pk]]
        own_levels = cycle.LEVELS[requirement.cycle]
        mine = [one for one in placements[pk] if one.period.school_class.niveau in own_levels]
        placed = {one.period_id for one in mine if one.status in SOLUTION}
        before = own_levels[: own_levels.index(school_class.niveau)] if school_class.niveau in own_levels else ()
        if requirement.cycle is cycle.Cycle.CAP_ONE_YEAR:
            before = ()
        found = cycle.balance(
            requirement,
            [_stay(one, school) for one in mine if one.status in SOLUTION],
            today,
            level=school_class.niveau,
            year=SchoolYear.parse(school_class.year),
            to_come=[
                (period.start_date, period.end_date)
                for period in periods[school_class.pk]
                if period.end_date >= today and period.pk not in placed and period.pk not in exempted[pk]
            ],
            unknown_levels=[str(Niveau(level).label) for level in before if level not in levels[pk]],
            is_reduced=ExemptionReason.SHORTENED in reasons[pk],
            was_apprentice=ExemptionReason.APPRENTICE in reasons[pk],
        )
        by_class[school_class.pk].append(Line(pupil, school_class, found))
    return [
        ClassDurations(
            school_class,
            requirement,
            tuple(sorted(by_class[pk], key=lambda line: (line.student.search_text, line.student.pk))),
        )
        for pk, (school_class, requirement) in asked.items()
    ]


def _end(school_class: SchoolClass) -> date:
    return SchoolYear.parse(school_class.year).end


def _placements(school: School, pupils: Sequence[int]) -> dict[int, list[Placement]]:
    """The placements of these pupils in all years, observation left out, with their period and its class."""
    found: dict[int, list[Placement]] = defaultdict(list)
    rows = (
        Placement.objects.in_school(school)
        .not_cancelled()
        .filter(student__in=pupils, period__kind__in=(PeriodKind.PFMP, PeriodKind.BTS))
        .select_related("period__school_class")
        .order_by("start_date", "pk")
    )
    for one in rows:
        found[one.student_id].append(one)
    return found


def _stay(placement: Placement, school: School) -> Stay:
    """What the arithmetic needs of a placement. The timetable is read only when the days attested are to be compared with it."""
    scheduled = None
    if placement.days_done is not None:
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
        is_over=placement.status in OVER,
        is_validated=placement.interruption_outcome == InterruptionOutcome.VALIDATED
        and placement.status == PlacementStatus.INTERRUPTED,
    )
