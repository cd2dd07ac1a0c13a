"""When someone who has to sign is written to again: pure rules on days, that the clock, pages and tests read.

A reminder leaves on a day of the school's timetable, never on a public holiday (code du travail, L3133-1) nor on a day when
the school is closed. Delays count business days: Monday to Friday, less the public holidays; companies work in the holidays.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from core import holidays_fr

COOL_DOWN = timedelta(hours=48)
"""Between two messages about one signature, when a person asks for the second (S-23)."""
FRIDAY = 4
FARTHEST = 120
"""Days looked ahead for an open one: more than the longest row of closed days that a timetable can make."""


@dataclass(frozen=True)
class Timetable:
    """A school's habits: `first_after` business days after the link, then `every`, at most `most`, on these week days."""

    reminds: bool
    first_after: int
    every: int
    most: int
    weekdays: frozenset[int]  # 0 for Monday
    alsace_moselle: bool = False
    closed: frozenset[date] = frozenset()  # school holidays and closures, from today on

    def is_open(self, day: date) -> bool:
        """May an automatic message leave that day?"""
        if day.weekday() not in self.weekdays or day in self.closed:
            return False
        return not is_public_holiday(day, alsace_moselle=self.alsace_moselle)


def is_public_holiday(day: date, *, alsace_moselle: bool = False) -> bool:
    return day in holidays_fr.legal_holidays(day.year, alsace_moselle=alsace_moselle)


def is_business_day(day: date, *, alsace_moselle: bool = False) -> bool:
    """Monday to Friday, less the public holidays."""
    return day.weekday() <= FRIDAY and not is_public_holiday(day, alsace_moselle=alsace_moselle)


def business_day_after(start: date, count: int, *, alsace_moselle: bool = False) -> date:
    """The `count`-th business day after `start`; `start` itself is not counted. ValueError under 1."""
    if count < 1:
        raise ValueError("count must be at least 1")
    day = start
    while count:
        day += timedelta(days=1)
        count -= is_business_day(day, alsace_moselle=alsace_moselle)
    return day


def open_day_from(day: date, timetable: Timetable) -> date | None:
    """The first day, this one included, when a message may leave; None for a timetable without week days."""
    days = (day + timedelta(days=ahead) for ahead in range(FARTHEST))
    return next((one for one in days if timetable.is_open(one)), None)


def next_reminder(timetable: Timetable, *, last: date, reminded: bool, automatic: int) -> date | None:
    """The day of the next automatic reminder; None when there is none to come.

    `last`: the day of the last message about the signature, whoever asked for it. `reminded`: was it a reminder, or the
    first message? `automatic`: how many automatic reminders have left.
    """
    if not timetable.reminds or automatic >= timetable.most:
        return None
    wait = timetable.every if reminded else timetable.first_after
    return open_day_from(business_day_after(last, wait, alsace_moselle=timetable.alsace_moselle), timetable)


def reminders_after(timetable: Timetable, first: date) -> Iterator[date]:
    """Every automatic reminder of someone who never answers, from the day of the first message."""
    last, automatic = first, 0
    while (day := next_reminder(timetable, last=last, reminded=automatic > 0, automatic=automatic)) is not None:
        yield day
        last, automatic = day, automatic + 1


def again_from(last: datetime | None) -> datetime | None:
    """The moment from which a person may ask for another message; None when none was sent."""
    return None if last is None else last + COOL_DOWN


def is_cooling(last: datetime | None, now: datetime) -> bool:
    """Is it too soon for another message about this signature?"""
    return last is not None and now < last + COOL_DOWN


def weekdays_problem(weekdays: Collection[int], *, reminds: bool) -> str:
    """Why these days cannot be a timetable, "" when they can."""
    if reminds and not weekdays:
        return "Cochez au moins un jour, ou décochez « Relancer automatiquement »."
    return ""
