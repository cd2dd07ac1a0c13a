"""The year at a glance: which class is out when, in whose holidays, how many pupils a week, and for how many places."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property

from django.db.models import QuerySet

from core import national_events
from core.national_events import NationalEvent
from core.school_year import SchoolYear
from core.typography import MONTHS
from pfmp import permissions, selectors
from pfmp.enums import PeriodKind
from pfmp.models import HostCapacity, Period
from pfmp.rules import cycle
from schools import calendar
from schools.calendar import DaysOff, SchoolCalendar
from schools.enums import DayOffKind, Niveau
from schools.models import Membership, School, SchoolClass
from schools.permissions import allows, is_own_only
from schools.roles import Permission

WEEK = timedelta(days=7)
WITH_PERIODS = frozenset(
    {Niveau.CAP1, Niveau.CAP2, Niveau.SECONDE_PRO, Niveau.PREMIERE_PRO, Niveau.TERMINALE_PRO, Niveau.CS, Niveau.BTS1, Niveau.BTS2}
)  # fmt: skip
"""Levels whose classes are shown even before they have a period."""
LAST_DAY_OF_LESSONS = (7, 11)
"""The calendar is drawn to the week of this day of July, further when a period goes further."""


@dataclass(frozen=True)
class Outing:
    """A period of a class on the calendar, with how many pupils are expected and the days of holidays in it."""

    period: Period
    pupils: int
    holidays: tuple[tuple[str, int], ...]  # label, days from Monday to Friday

    @property
    def weeks(self) -> Decimal:
        return cycle.weeks_between(self.period.start_date, self.period.end_date)

    @property
    def kind(self) -> PeriodKind:
        return PeriodKind(self.period.kind)

    @property
    def kind_label(self) -> str:
        """What it is when it is no PFMP for the exam; "" for what is usual."""
        if self.kind is not PeriodKind.PFMP:
            return str(self.kind.label)
        return "" if self.period.counts_for_exam else "hors examen"


@dataclass(frozen=True)
class Lane:
    """A class and its periods, in order of date."""

    school_class: SchoolClass
    outings: tuple[Outing, ...]


@dataclass(frozen=True)
class Load:
    """A civil week: its Monday, how many pupils are out."""

    monday: date
    out: int

    @property
    def number(self) -> int:
        return self.monday.isocalendar().week


@dataclass(frozen=True)
class Crowd:
    """Weeks in a row when several classes of one trade are out, with the places that hosts declared for them."""

    trade: str
    start: date
    end: date
    classes: tuple[str, ...]
    pupils: int
    places: int

    @property
    def is_short(self) -> bool:
        return self.places > 0 and self.pupils > self.places


@dataclass(frozen=True)
class YearPlan:
    """All that the calendar of a school year shows."""

    year: SchoolYear
    first: date  # a Monday
    last: date  # a Sunday
    lanes: tuple[Lane, ...]
    calendar: SchoolCalendar
    events: tuple[NationalEvent, ...]
    crowds: tuple[Crowd, ...]
    loads: tuple[Load, ...]

    @cached_property
    def levels(self) -> list[tuple[str, list[Lane]]]:
        """The lanes under the name of their level, in the order of the levels."""
        order = [level.value for level in Niveau]
        grouped: dict[str, list[Lane]] = defaultdict(list)
        for lane in self.lanes:
            grouped[lane.school_class.niveau].append(lane)
        return [(str(Niveau(code).label), grouped[code]) for code in sorted(grouped, key=order.index)]

    @cached_property
    def outings(self) -> list[Outing]:
        """Every period, by date."""
        found = [outing for lane in self.lanes for outing in lane.outings]
        return sorted(found, key=lambda one: (one.period.start_date, one.period.school_class.code))

    @cached_property
    def months(self) -> list[tuple[str, list[Outing]]]:
        """The periods by the month they begin in: « janvier 2027 »."""
        grouped: dict[tuple[int, int], list[Outing]] = defaultdict(list)
        for one in self.outings:
            grouped[one.period.start_date.year, one.period.start_date.month].append(one)
        return [(f"{MONTHS[month - 1]} {year}", found) for (year, month), found in grouped.items()]

    @property
    def holidays(self) -> list[DaysOff]:
        return [one for one in self.calendar.periods if one.touches(self.first, self.last)]

    @property
    def short_crowds(self) -> list[Crowd]:
        return [crowd for crowd in self.crowds if crowd.is_short]

    @property
    def other_crowds(self) -> list[Crowd]:
        return [crowd for crowd in self.crowds if not crowd.is_short]

    @property
    def peak(self) -> Load | None:
        """The week with most pupils out."""
        return (
            max(self.loads, key=lambda load: load.out, default=None) if any(load.out for load in self.loads) else None
        )


def classes_of(membership: Membership, year: str = "") -> QuerySet[SchoolClass]:
    """The classes of a year, or of all, that this person may see on the calendar; a teacher the classes they teach."""
    classes = SchoolClass.objects.in_school(membership.school_id)
    if year:
        classes = classes.filter(year=year)
    if not allows(membership, Permission.VIEW_PLACEMENTS):
        return classes.none()
    if is_own_only(membership):
        classes = classes.filter(pk__in=membership.assignments.values("school_class"))
    return classes


def mondays(first: date, last: date) -> list[date]:
    """The Monday of each civil week from `first` to `last`."""
    monday = cycle.monday_of(first)
    found = []
    while monday <= last:
        found.append(monday)
        monday += WEEK
    return found


def plan(
    membership: Membership,
    year: SchoolYear,
    today: date,
    *,
    niveau: str = "",
    class_code: str = "",
) -> YearPlan:
    """What a person sees of a school year: a dozen queries whatever the number of classes.

    `niveau` and `class_code` keep one level or one class; the load then is that of what is shown.
    """
    school = membership.school
    classes = {one.pk: one for one in classes_of(membership, year.code).order_by("code")}
    periods = list(
        permissions.visible_periods(membership)
        .filter(year=year.code)
        .select_related("school_class", "school")
        .order_by("start_date", "pk")
        .distinct()
    )
    for period in periods:
        classes.setdefault(period.school_class_id, period.school_class)
    having = {period.school_class_id for period in periods}
    shown = [
        one
        for one in classes.values()
        if (one.pk in having or one.niveau in WITH_PERIODS)
        and niveau in ("", one.niveau)
        and class_code in ("", one.code)
    ]
    kept = {one.pk for one in shown}
    periods = [period for period in periods if period.school_class_id in kept]
    first, last = bounds(year, periods)
    known = calendar.calendar_of(school, min(first, year.start), max(last, year.end))
    expected = selectors.expected_students(periods, today)
    outings: dict[int, list[Outing]] = defaultdict(list)
    for period in periods:
        found = holidays_in(known, period.start_date, period.end_date)
        outings[period.school_class_id].append(Outing(period, len(expected[period.pk]), found))
    lanes = tuple(Lane(one, tuple(outings[one.pk])) for one in sorted(shown, key=lambda one: (one.niveau, one.code)))
    everyone = [outing for lane in lanes for outing in lane.outings]
    return YearPlan(
        year=year,
        first=first,
        last=last,
        lanes=lanes,
        calendar=known,
        events=tuple(national_events.events_of(year)),
        crowds=tuple(crowds_of(school, year.code, everyone, first, last)),
        loads=tuple(loads_of(everyone, first, last)),
    )


def bounds(year: SchoolYear, periods: Iterable[Period]) -> tuple[date, date]:
    """The Monday and the Sunday between which a year is drawn: its periods are inside, as far as a year before and after."""
    earliest, latest = year.previous.start, year.next.end
    starts = [max(period.start_date, earliest) for period in periods]
    ends = [min(period.end_date, latest) for period in periods]
    first = min([year.start, *starts])
    last = max([date(year.first + 1, *LAST_DAY_OF_LESSONS), *ends])
    return cycle.monday_of(first), cycle.monday_of(last) + timedelta(days=6)


def holidays_in(known: SchoolCalendar, start: date, end: date) -> tuple[tuple[str, int], ...]:
    """The school holidays and closures inside these dates, with how many of their days run from Monday to Friday."""
    found = []
    for one in known.periods:
        if one.kind == DayOffKind.EXAM:
            continue
        days = cycle.weekdays_between(max(one.start, start), min(one.end, end))
        if days:
            found.append((one.label, days))
    return tuple(found)


def loads_of(outings: Sequence[Outing], first: date, last: date) -> list[Load]:
    """How many pupils are out each week, in which at least one of their days falls."""
    return [
        Load(
            monday,
            sum(
                one.pupils
                for one in outings
                if one.period.start_date <= monday + timedelta(days=6) and one.period.end_date >= monday
            ),
        )
        for monday in mondays(first, last)
    ]


def trade_of(school_class: SchoolClass) -> str:
    """What puts classes before the same hosts: the family of trades, else the diploma."""
    return school_class.filiere or school_class.diploma


def crowds_of(school: School, year: str, outings: Sequence[Outing], first: date, last: date) -> list[Crowd]:
    """Weeks when two classes of one trade or more are out together, one line for the weeks that are alike."""
    by_trade: dict[str, list[Outing]] = defaultdict(list)
    for one in outings:
        if trade := trade_of(one.period.school_class):
            by_trade[trade].append(one)
    by_trade = {
        trade: found for trade, found in by_trade.items() if len({one.period.school_class_id for one in found}) > 1
    }
    if not by_trade:
        return []
    capacities = list(
        HostCapacity.objects.in_school(school)
        .filter(
            year=year,
            formation__in={one.period.school_class.diploma for found in by_trade.values() for one in found},
        )
        .values_list("partner", "formation", "period", "places")
    )
    crowds: list[Crowd] = []
    for trade, found in sorted(by_trade.items()):
        before: Crowd | None = None
        for monday in mondays(first, last):
            friday = monday + timedelta(days=4)
            out = [one for one in found if one.period.start_date <= friday and one.period.end_date >= monday]
            classes = tuple(sorted({one.period.school_class.label for one in out}))
            if len(classes) < 2:
                before = None
                continue
            now = Crowd(trade, monday, friday, classes, sum(one.pupils for one in out), _places(capacities, out))
            if before and (before.classes, before.pupils, before.places) == (now.classes, now.pupils, now.places):
                now = Crowd(trade, before.start, friday, classes, now.pupils, now.places)
                crowds.pop()
            crowds.append(now)
            before = now
    return sorted(crowds, key=lambda crowd: (not crowd.is_short, crowd.start, crowd.trade))


def _places(capacities: Iterable[tuple[int, str, int | None, int]], out: Sequence[Outing]) -> int:
    """The places that hosts declare for what is out together: what is said of a period replaces what is said of the year."""
    formations = {one.period.school_class.diploma for one in out}
    periods = {one.period.pk for one in out}
    whole: dict[tuple[int, str], int] = {}
    own: dict[tuple[int, str], int] = defaultdict(int)
    for partner, formation, period, places in capacities:
        if formation not in formations:
            continue
        if period is None:
            whole[partner, formation] = places
        elif period in periods:
            own[partner, formation] += places
    return sum((whole | own).values())
