"""Hours worked between two dates: by day, by week and in total, in exact minutes.

Two countings, on purpose. *Planned* days follow the timetable, holidays included unless it says « sauf fériés » (G-12):
that is what the rules on minors look at. *Counted* hours always leave legal holidays out (G-13, R-DECOMPTE-02): that is
what L124-5 and L124-6 of the code de l'éducation add up.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from core import holidays_fr
from pfmp.rules.timetable import Range, Timetable


@dataclass(frozen=True)
class WorkedDay:
    """A day of the placement on which a range of the timetable starts."""

    day: date
    ranges: tuple[Range, ...]
    holiday: str = ""

    @property
    def minutes(self) -> int:
        return sum(part.minutes for part in self.ranges)

    @property
    def start(self) -> int:
        return self.ranges[0].start

    @property
    def end(self) -> int:
        """When the last work ends, in minutes since the midnight that opens this day."""
        return self.ranges[-1].end

    def range_outside(self, opening: int, closing: int) -> Range | None:
        """The first range that starts before `opening` or ends after `closing`, if any."""
        return next((part for part in self.ranges if part.start < opening or part.end > closing), None)


def monday_of(day: date) -> date:
    """The Monday of that day's civil week (G-16)."""
    return date.fromordinal(day.toordinal() - day.weekday())


def days_between(start: date, end: date) -> Iterator[date]:
    """Each day from `start` to `end`, both included; none when the end comes first."""
    return map(date.fromordinal, range(start.toordinal(), end.toordinal() + 1))


def planned_days(timetable: Timetable, start: date, end: date, *, alsace_moselle: bool) -> list[WorkedDay]:
    """The days worked from `start` to `end` as the timetable plans them (G-12), in order."""
    holidays = holidays_fr.holidays_between(start, end, alsace_moselle=alsace_moselle)
    return [
        WorkedDay(day, ranges, holidays.get(day, ""))
        for day in days_between(start, end)
        if (ranges := timetable.days[day.weekday()]) and not (timetable.except_holidays and day in holidays)
    ]


def minutes_by_week(days: list[WorkedDay]) -> dict[date, int]:
    """Minutes of each civil week, by its Monday; only the days given count (G-16)."""
    weeks: dict[date, int] = {}
    for worked in days:
        monday = monday_of(worked.day)
        weeks[monday] = weeks.get(monday, 0) + worked.minutes
    return weeks


def counted_minutes(timetable: Timetable, start: date, end: date, *, alsace_moselle: bool) -> int:
    """Minutes of presence from `start` to `end`, legal holidays always excluded (G-13)."""
    length = (end - start).days + 1
    if length <= 0:
        return 0
    weeks, rest = divmod(length, 7)
    by_weekday = timetable.minutes_by_weekday
    total = weeks * timetable.weekly_minutes
    total += sum(by_weekday[(start.weekday() + offset) % 7] for offset in range(rest))
    holidays = holidays_fr.holidays_between(start, end, alsace_moselle=alsace_moselle)
    return total - sum(by_weekday[day.weekday()] for day in holidays)


def longest_possible_minutes(start: date, end: date, *, alsace_moselle: bool) -> int:
    """What no timetable can pass between those dates: 24 h a day, holidays excluded (G-42)."""
    length = max(0, (end - start).days + 1)
    holidays = holidays_fr.holidays_between(start, end, alsace_moselle=alsace_moselle)
    return (length - len(holidays)) * 24 * 60


@dataclass(frozen=True)
class Presence:
    """A duration of presence as the convention and the certificate say it (R-DECOMPTE-01, R-DECOMPTE-02).

    Days of 7 h and months of 22 days of D124-6: another quantity than the days of presence that the allowance pays (R-ATT-04).
    """

    minutes: int
    days: int
    months: int


def presence_of(minutes: int, *, day_minutes: int, month_days: int) -> Presence:
    """Each whole slice of `day_minutes` is a day, each whole slice of `month_days` days a month.

    Source: code de l'éducation L124-18, D124-6. Confidence: code of 2015.
    """
    days = minutes // day_minutes
    return Presence(minutes, days, days // month_days)
