"""AvenirPro: the four workshops of each final-year pupil (R-AVP-01), who lacks which, counted as E20 counts them."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import QuerySet

from core.school_year import SchoolYear
from events.enums import ActionStatus, ActionType, Workshop
from events.models import Action, Participation
from schools.enums import Niveau
from schools.models import School, SchoolClass, Schooling, Student

FINAL_YEARS = (Niveau.CAP2, Niveau.TERMINALE_PRO)
"""A-122."""
ENOUGH = 4
NUMBERS = tuple(Workshop.values)


@dataclass
class Pupil:
    """What a final-year pupil followed. `stays`: their days in the school this year, in any class."""

    student: Student
    left_date: date | None
    stays: list[tuple[date, date]]
    followed: dict[int, int | None] = field(default_factory=dict)
    """The workshops attended, by action, with the number of each when it has one."""
    expected: dict[int, int | None] = field(default_factory=dict)
    """The workshops to come where they are expected, likewise."""
    unsaid: int = 0
    """Workshops done where nobody said whether they came."""

    @property
    def count(self) -> int:
        return len(self.followed)

    @property
    def is_complete(self) -> bool:
        return self.count >= ENOUGH

    @property
    def cells(self) -> list[str]:
        """For each of the four: "oui", "prevu" or "". Those without a number, or of one already taken, fill the first free places."""
        places: dict[int, str] = {}
        for word, found in (("oui", self.followed), ("prevu", self.expected)):
            spare = 0
            for number in found.values():
                if number in NUMBERS and number not in places:
                    places[number] = word
                else:
                    spare += 1
            for number in NUMBERS:
                if spare and number not in places:
                    places[number] = word
                    spare -= 1
        return [places.get(number, "") for number in NUMBERS]

    @property
    def missing(self) -> list[int]:
        """The workshops still to follow; none once four were followed, whatever their numbers (E20)."""
        return [number for number, word in zip(NUMBERS, self.cells, strict=True) if word != "oui"]

    @property
    def unplanned(self) -> list[int]:
        """Those of them that nothing is planned for."""
        return [number for number, word in zip(NUMBERS, self.cells, strict=True) if not word]

    def is_here(self, first: date, last: date) -> bool:
        """Enrolled on one of these days (C-09)."""
        return any(entry <= last and first <= leaving for entry, leaving in self.stays)


@dataclass
class Group:
    """A final-year class: its pupils, and its workshops still to come."""

    school_class: SchoolClass
    pupils: list[Pupil]

    @property
    def complete(self) -> int:
        return sum(pupil.is_complete for pupil in self.pupils)

    @property
    def lacking(self) -> list[Pupil]:
        return [pupil for pupil in self.pupils if not pupil.is_complete and pupil.left_date is None]

    @property
    def next_number(self) -> int | None:
        """The workshop to prepare now: the one that most pupils here lack and that is not planned, the first of equals."""
        lack: dict[int, int] = defaultdict(int)
        for pupil in self.lacking:
            for number in pupil.unplanned:
                lack[number] += 1
        return min(lack, key=lambda number: (-lack[number], number)) if lack else None


def groups(school: School, year: SchoolYear, as_of: date, pupils: QuerySet[Student]) -> list[Group]:
    """The final-year classes with those of `pupils` who were there this year, by class and name: four queries.

    A pupil who changed final-year class stands in the last one. Workshops done after `as_of` do not count yet.
    """
    stays = list(
        Schooling.objects.in_school(school)
        .filter(year=year.code, entry_date__lte=min(as_of, year.end), student__in=pupils.values("pk"))
        .select_related("student", "school_class")
        .order_by("entry_date", "school_class__code")
    )
    days: dict[int, list[tuple[date, date]]] = defaultdict(list)
    final: dict[int, Schooling] = {}
    for stay in stays:
        days[stay.student_id].append((stay.entry_date, min(stay.exit_date or year.end, year.end)))
        if stay.school_class.niveau in FINAL_YEARS:
            final[stay.student_id] = stay
    found = {key: Pupil(_in(stay.student, school), _left(stay, as_of), days[key]) for key, stay in final.items()}
    _attend(school, year, as_of, found)
    by_class: dict[int, Group] = {}
    for key, stay in final.items():
        by_class.setdefault(stay.school_class_id, Group(stay.school_class, [])).pupils.append(found[key])
    for group in by_class.values():
        group.school_class.school = school
        group.pupils.sort(key=lambda pupil: pupil.student.search_text)
    return sorted(by_class.values(), key=lambda group: group.school_class.code)


def _attend(school: School, year: SchoolYear, as_of: date, pupils: dict[int, Pupil]) -> None:
    """Write on each pupil the workshops they followed and those where they are expected."""
    rows = (
        Participation.objects.in_school(school)
        .filter(
            action__type=ActionType.AVENIRPRO,
            action__start_date__range=(year.start, year.end),
            student__in=list(pupils),
        )
        .exclude(action__status=ActionStatus.CANCELLED)
        .values_list(
            "student",
            "present",
            "action",
            "action__status",
            "action__start_date",
            "action__end_date",
            "action__workshop",
        )
        .order_by("action__start_date", "pk")
    )
    for student, present, action, status, start, end, number in rows:
        pupil = pupils[student]
        if status == ActionStatus.PLANNED:
            if (end or start) >= as_of:
                pupil.expected[action] = number
        elif start <= as_of and pupil.is_here(start, min(end or start, as_of)):
            if present:
                pupil.followed[action] = number
            elif present is None:
                pupil.unsaid += 1


def _in(student: Student, school: School) -> Student:
    student.school = school
    return student


def _left(stay: Schooling, as_of: date) -> date | None:
    return stay.exit_date if stay.exit_date is not None and stay.exit_date < as_of else None


def totals(found: Iterable[Group]) -> tuple[int, int]:
    """(pupils with their four workshops, pupils): the n and the d of E20."""
    listed = list(found)
    return sum(group.complete for group in listed), sum(len(group.pupils) for group in listed)


def coming(school: School, today: date) -> list[Action]:
    """The workshops that are planned, the nearest first."""
    rows = Action.objects.in_school(school).filter(
        type=ActionType.AVENIRPRO, status=ActionStatus.PLANNED, start_date__gte=today
    )
    return list(rows.select_related("school").order_by("start_date", "pk")[:8])
