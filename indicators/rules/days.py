"""Days: the bounds of a school year, intervals in force, what they cover."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from core.school_year import SchoolYear, one_year_before

DAYS_PER_MONTH = Fraction(304375, 10000)
"""Mean length of a month in the frequency of actions (I3.5)."""


class TooEarly(ValueError):
    """The figures of a year were asked for on a day before it begins (A-02)."""


@dataclass(frozen=True)
class Bounds:
    """The days that count: from the first of the school year to `as_of`, both included (C-01, A-02).

    `today` is the day asked for, even after the year: the taxe d'apprentissage alone looks at it (A-87).
    """

    start: date
    end: date
    as_of: date
    today: date

    @property
    def is_provisional(self) -> bool:
        """A-03."""
        return self.as_of < self.end

    @property
    def days(self) -> int:
        """Days elapsed, both ends included (A-70)."""
        return (self.as_of - self.start).days + 1

    @property
    def months(self) -> Fraction | None:
        """Months elapsed: twelve for a whole year, None before the first is over (A-70)."""
        if not self.is_provisional:
            return Fraction(12)
        return self.days / DAYS_PER_MONTH if self.days >= DAYS_PER_MONTH else None

    @property
    def calendar_months(self) -> int:
        """Calendar months touched, the one begun included (A-71)."""
        return 12 * (self.as_of.year - self.start.year) + self.as_of.month - self.start.month + 1

    @property
    def dormant_from(self) -> date:
        """First day of the twelve months that end on `as_of` (A-132)."""
        return one_year_before(self.as_of)

    def hold(self, day: date | None) -> bool:
        return day is not None and self.start <= day <= self.as_of


def bounds(year: SchoolYear, today: date) -> Bounds:
    """The days that count on `today`. Raises TooEarly before the year begins (A-02)."""
    if today < year.start:
        raise TooEarly(
            f"L’année {year.code} commence le {year.start:%d/%m/%Y} : choisissez une date à partir de ce jour."
        )
    return Bounds(start=year.start, end=year.end, as_of=min(today, year.end), today=today)


def years_to_refresh(night: date) -> list[SchoolYear]:
    """School years whose figures still move: the current one, and the last one until the taxe is in, in November (I5.9)."""
    current = SchoolYear.on(night)
    return [current.previous, current] if 9 <= night.month <= 11 else [current]


def sealed_from(year: SchoolYear) -> date:
    """First day on which the figures of a year may be sealed: once the nights no longer refresh it (`years_to_refresh`)."""
    return date(year.end.year, 12, 1)


def day_to_compare(year: SchoolYear, as_of: date) -> date:
    """The day of last year that figures of `as_of` are compared with: the same day, or the end when the year is over (C-01)."""
    return one_year_before(as_of) if as_of < year.end else year.previous.end


def in_force_interval(
    *, signed: date | None, start: date | None, end: date | None, tacit: bool | None, terminated: date | None
) -> tuple[date, date] | None:
    """First and last day an agreement holds, None when it never does (§ 1, A-50, A-55)."""
    if signed is None:
        return None
    first = max(signed, start) if start else signed
    last = date.max
    if end and not tacit:
        last = end
    if terminated:
        last = min(last, terminated - timedelta(days=1))
    return (first, last) if first <= last else None


def weekdays(first: date, last: date) -> int:
    """Mondays to Fridays, both ends included; public holidays are not taken off (A-143)."""
    if last < first:
        return 0
    weeks, rest = divmod((last - first).days + 1, 7)
    return 5 * weeks + sum((first.weekday() + extra) % 7 < 5 for extra in range(rest))


def most_at_once(intervals: Iterable[tuple[date, date]]) -> int:
    """The greatest number of intervals that hold the same day (A-147)."""
    pairs = list(intervals)
    ends = sorted(last for _, last in pairs)
    most = over = 0
    for begun, first in enumerate(sorted(first for first, _ in pairs), 1):
        while ends[over] < first:
            over += 1
        most = max(most, begun - over)
    return most
