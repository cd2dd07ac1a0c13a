"""When pupils are at school: an approximation of the national calendar, close enough for a demonstration.

Winter and spring holidays are those of one zone, the same every year; the ministry moves each by a week or so.
"""

from datetime import date, timedelta

from core.holidays_fr import holidays_between
from core.school_year import SchoolYear

WEEK = timedelta(days=7)


def _saturday_from(day: date) -> date:
    return day + timedelta(days=(5 - day.weekday()) % 7)


def breaks(year: SchoolYear) -> list[tuple[date, date]]:
    """The school holidays of a year, first and last day included: Toussaint, Noël, winter, spring, summer."""
    autumn = _saturday_from(date(year.first, 10, 17))
    christmas = _saturday_from(date(year.first, 12, 18))
    winter = _saturday_from(date(year.first + 1, 2, 8))
    spring = winter + 8 * WEEK
    fortnight = timedelta(days=15)
    return [(start, start + fortnight) for start in (autumn, christmas, winter, spring)] + [
        (_saturday_from(date(year.first + 1, 7, 3)), year.end)
    ]


def is_school_day(day: date, year: SchoolYear) -> bool:
    """Monday to Friday, neither a holiday nor in the school holidays."""
    if day.weekday() > 4 or day < year.start or holidays_between(day, day):
        return False
    return not any(start <= day <= end for start, end in breaks(year))


def next_school_day(day: date, year: SchoolYear) -> date:
    """That day or the first school day after it, `day` itself when the year has none left."""
    later = day
    while later <= year.end:
        if is_school_day(later, year):
            return later
        later += timedelta(days=1)
    return day


def school_mondays(year: SchoolYear) -> list[date]:
    """The Mondays of the weeks with school, from the first whole week of September."""
    first = date(year.first, 9, 1)
    monday = first + timedelta(days=(7 - first.weekday()) % 7)
    mondays = []
    closed = breaks(year)
    while monday <= year.end:
        if not any(start <= monday <= end for start, end in closed):
            mondays.append(monday)
        monday += WEEK
    return mondays


def stretch(year: SchoolYear, week: int, weeks: int) -> tuple[date, date]:
    """From the Monday of the `week`-th school week to a Friday, `weeks` civil weeks later, without a holiday inside.

    When the stretch would run into holidays, it starts a little earlier, or after them.
    """
    mondays = school_mondays(year)
    for shift in (0, -1, 1, -2, 2, -3, 3, 4, 5):
        index = min(max(week + shift, 0), len(mondays) - weeks)
        first = mondays[index]
        if mondays[index + weeks - 1] == first + (weeks - 1) * WEEK:
            return first, first + weeks * WEEK - timedelta(days=3)
    first = mondays[min(week, len(mondays) - weeks)]
    return first, first + weeks * WEEK - timedelta(days=3)


def soon(today: date, year: SchoolYear, *, after: int, weeks: int) -> tuple[date, date]:
    """A stretch that starts `after` days from today at the earliest, in the next weeks if school allows.

    Three weeks are better than four that start in two months. In the last weeks of a school year none is left: the
    stretch then lies in the summer, as a catch-up does.
    """
    mondays = set(school_mondays(year))
    earliest = today + timedelta(days=after)
    monday = earliest + timedelta(days=(7 - earliest.weekday()) % 7)
    candidates = [monday + n * WEEK for n in range(7)]
    for length, delay in ((weeks, 3), (3, 3), (weeks, 6), (3, 6)):
        for first in candidates[: delay + 1]:
            if all(first + n * WEEK in mondays for n in range(length)):
                return first, first + length * WEEK - timedelta(days=3)
    return monday, min(monday + 3 * WEEK - timedelta(days=3), year.end)
