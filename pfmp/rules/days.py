"""How long a placement lasted: days of presence for the allowance and, apart, hours that make days of 7 h.

Two quantities, never one for the other (R-ATT-04). *Days of presence* are whole (R-ALLOC-09) and are what ApLyPro pays; *effective
hours* make days of 7 h and months of 22 days, which L124-5 and L124-6 count (D124-6, R-DECOMPTE-01). Both come from the same
arithmetic: the days of the timetable, minus legal holidays, what follows an interruption and absences, plus days caught up.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from functools import cached_property

from pfmp.rules import hours, wording
from pfmp.rules.timetable import Range, Timetable, UnreadableTimetable, parse_timetable

MINUTES_A_DAY = 7 * 60
DAYS_A_MONTH = 22
LONGEST = timedelta(days=3652)
"""A mistyped year does not take a page down: days are looked at one by one."""

_UNKNOWN_HOURS = ((Range(0, 0),),) * 5 + ((),) * 2
WEEKDAYS = Timetable(_UNKNOWN_HOURS)
"""Monday to Friday, hours unknown: what may be proposed, and said, when the timetable cannot be read."""


@dataclass(frozen=True)
class Missed:
    """A day on which the pupil was not there (`minutes` None), or `minutes` late: being late removes no day."""

    day: date
    late_minutes: int | None = None
    is_late: bool = False


@dataclass(frozen=True)
class CaughtUp:
    """A day worked besides the timetable (R-ABS-02)."""

    day: date
    minutes: int


@dataclass(frozen=True)
class Stay:
    """What the arithmetic needs of a placement. `interrupted_on`: its last day, when it was interrupted (included, G-13)."""

    start: date
    end: date
    timetable_text: str = ""
    alsace_moselle: bool = False
    interrupted_on: date | None = None
    missed: tuple[Missed, ...] = ()
    caught_up: tuple[CaughtUp, ...] = ()

    @property
    def last_day(self) -> date:
        return min(self.end, self.interrupted_on) if self.interrupted_on else self.end

    @cached_property
    def timetable(self) -> Timetable | UnreadableTimetable:
        return parse_timetable(self.timetable_text)


class LineCode(StrEnum):
    """The lines of the arithmetic, in order."""

    PLANNED = "prevus"
    HOLIDAYS = "feries"
    AFTER = "apres_interruption"
    MISSED = "absences"
    LATE = "retards"
    CAUGHT_UP = "rattrapages"


LABELS: Mapping[LineCode, str] = {
    LineCode.PLANNED: "Jours de l’horaire",
    LineCode.HOLIDAYS: "Jours fériés",
    LineCode.AFTER: "Après l’interruption",
    LineCode.MISSED: "Absences",
    LineCode.LATE: "Retards",
    LineCode.CAUGHT_UP: "Jours rattrapés",
}


@dataclass(frozen=True)
class Line:
    """One line: its days and minutes, negative when they are taken away; the dates it speaks of."""

    code: LineCode
    days: int
    minutes: int
    dates: tuple[date, ...] = ()

    @property
    def label(self) -> str:
        return LABELS[self.code]


@dataclass(frozen=True)
class Count:
    """The arithmetic of a placement. `is_assumed`: Monday to Friday was supposed, hours are not known."""

    lines: tuple[Line, ...]
    worked: frozenset[date]
    is_assumed: bool = False

    def _sum(self, *codes: LineCode) -> tuple[int, int]:
        kept = [line for line in self.lines if not codes or line.code in codes]
        return sum(line.days for line in kept), sum(line.minutes for line in kept)

    @property
    def days(self) -> int:
        """Days of presence, whole (R-ALLOC-09)."""
        return self._sum()[0]

    @property
    def minutes(self) -> int | None:
        """Effective minutes; None when the hours are only supposed."""
        return None if self.is_assumed else self._sum()[1]

    @property
    def planned_days(self) -> int:
        """Days that the convention plans: the timetable's, legal holidays left out (R-DECOMPTE-02)."""
        return self._sum(LineCode.PLANNED, LineCode.HOLIDAYS)[0]

    @property
    def planned_minutes(self) -> int | None:
        return None if self.is_assumed else self._sum(LineCode.PLANNED, LineCode.HOLIDAYS)[1]

    @property
    def missed_days(self) -> int:
        return -self._sum(LineCode.MISSED)[0]

    @property
    def to_catch_up(self) -> int:
        """« Jours à rattraper »: missed and not caught up (R-ABS-02)."""
        return max(0, self.missed_days - self._sum(LineCode.CAUGHT_UP)[0])

    @property
    def days_of_7h(self) -> int | None:
        """Each slice of at least 7 h of presence, in a row or not, is one day (D124-6)."""
        return days_of_7h(self.minutes)

    @property
    def months(self) -> int | None:
        """Each slice of at least 22 days is one month (D124-6)."""
        whole = self.days_of_7h
        return None if whole is None else whole // DAYS_A_MONTH


def days_of_7h(minutes: int | None) -> int | None:
    """Whole slices of 7 h in minutes of presence (D124-6, R-DECOMPTE-01)."""
    return None if minutes is None else minutes // MINUTES_A_DAY


def count(stay: Stay, *, assume_weekdays: bool = False) -> Count | UnreadableTimetable:
    """The arithmetic of a stay, or why it cannot be done: an unreadable timetable is never guessed (G-10).

    `assume_weekdays`: Monday to Friday in its place, said by `is_assumed`; hours stay unknown. Never more days than the calendar.
    """
    timetable = stay.timetable
    is_assumed = isinstance(timetable, UnreadableTimetable)
    if isinstance(timetable, UnreadableTimetable):
        if not assume_weekdays:
            return timetable
        timetable = WEEKDAYS
    end = min(stay.end, stay.start + LONGEST)
    every = hours.planned_days(
        replace(timetable, except_holidays=False), stay.start, end, alsace_moselle=stay.alsace_moselle
    )
    holidays = [one for one in every if one.holiday]
    planned = [one for one in every if not one.holiday]
    after = [one for one in planned if one.day > stay.last_day]
    there = {one.day: one.minutes for one in planned if one.day <= stay.last_day}
    absent = {one.day for one in stay.missed if not one.is_late and one.day in there}
    late = {
        one.day: min(one.late_minutes, there[one.day])
        for one in stay.missed
        if one.is_late and one.late_minutes and one.day in there and one.day not in absent
    }
    caught_up = {
        one.day: one.minutes
        for one in stay.caught_up
        if stay.start <= one.day <= stay.last_day and one.day not in there
    }
    lines = (
        Line(LineCode.PLANNED, len(every), _minutes(every), tuple(one.day for one in every)),
        Line(LineCode.HOLIDAYS, -len(holidays), -_minutes(holidays), tuple(one.day for one in holidays)),
        Line(LineCode.AFTER, -len(after), -_minutes(after), tuple(one.day for one in after)),
        Line(LineCode.MISSED, -len(absent), -sum(there[day] for day in absent), tuple(sorted(absent))),
        Line(LineCode.LATE, 0, -sum(late.values()), tuple(sorted(late))),
        Line(LineCode.CAUGHT_UP, len(caught_up), sum(caught_up.values()), tuple(sorted(caught_up))),
    )
    shown = tuple(line for line in lines if line.dates or line.code is LineCode.PLANNED)
    return Count(shown, frozenset((there.keys() - absent) | caught_up.keys()), is_assumed)


def _minutes(days: Iterable[hours.WorkedDay]) -> int:
    return sum(one.minutes for one in days)


def worked_by_timetable(stay: Stay) -> dict[date, int]:
    """The days of presence that the timetable plans, holidays out, up to the interruption: their minutes. Supposed when unreadable."""
    timetable = stay.timetable
    if isinstance(timetable, UnreadableTimetable):
        timetable = WEEKDAYS
    last = min(stay.last_day, stay.start + LONGEST)
    found = hours.planned_days(
        replace(timetable, except_holidays=False), stay.start, last, alsace_moselle=stay.alsace_moselle
    )
    return {one.day: one.minutes for one in found if not one.holiday}


def recovery_problem(stay: Stay, day: date, minutes: int | None) -> str:
    """Why this day cannot be one caught up; "" when it can. A day of the timetable counts already; outside the dates nobody is
    covered by the convention: it must be prolonged first (R-ABS-02)."""
    if not stay.start <= day <= stay.last_day:
        return wording.sentence(
            f"Le {wording.day(day)} est hors des dates de la convention : prolongez-la d’abord par un avenant."
        )
    if day in worked_by_timetable(stay):
        return wording.sentence(
            f"Le {wording.day(day)} est déjà un jour de l’horaire : s’il a été travaillé, retirez l’absence de ce jour."
        )
    if minutes is not None and not 0 < minutes <= 12 * 60:
        return "La durée d’un jour rattrapé va de 1 minute à 12 heures."
    return ""


def absence_problem(stay: Stay, day: date, *, minutes: int | None = None, is_late: bool = False) -> str:
    """Why nobody could be absent or late that day; "" when it can be noted."""
    if not stay.start <= day <= stay.last_day:
        return wording.sentence(f"Le {wording.day(day)} est hors des dates du placement.")
    if isinstance(stay.timetable, Timetable) and day not in worked_by_timetable(stay):
        return wording.sentence(f"Le {wording.day(day)} n’est pas un jour travaillé : rien à signaler.")
    if is_late and minutes is not None and not 0 < minutes <= 12 * 60:
        return "Un retard va de 1 minute à 12 heures."
    return ""
