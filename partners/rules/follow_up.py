"""When a call-back is due, seen from a day; to when it may be put off. No clock, no database."""

from calendar import monthrange
from datetime import date, timedelta
from enum import StrEnum

FURTHEST = timedelta(days=731)
"""Beyond two years, a date of call-back is a slip of the keyboard."""


class Due(StrEnum):
    """Where a call-back stands, as a status code (core.status); in the order of time."""

    LATE = "en_retard"
    TODAY = "aujourdhui"
    WEEK = "cette_semaine"
    LATER = "plus_tard"


class Delay(StrEnum):
    """To when one puts off."""

    DAY = "jour"
    WEEK = "semaine"
    MONTH = "mois"
    DATE = "date"


def days_of(due: Due, today: date) -> tuple[date, date]:
    """First and last day of a part of time, both included.

    The week ends on Sunday; at the weekend, it is the one that comes. The four parts share all days between them.
    """
    weekday = today.weekday()
    sunday = today + timedelta(days=6 - weekday if weekday < 5 else 13 - weekday)
    match due:
        case Due.LATE:
            return date.min, today - timedelta(days=1)
        case Due.TODAY:
            return today, today
        case Due.WEEK:
            return today + timedelta(days=1), sunday
        case _:
            return sunday + timedelta(days=1), date.max


def due_on(day: date, today: date) -> Due:
    """The part of time that holds a day."""
    return next(due for due in Due if days_of(due, today)[0] <= day <= days_of(due, today)[1])


def working_day(day: date) -> date:
    """The day itself, or the Monday after a weekend: nobody answers on a Sunday."""
    return day + timedelta(days=max(7 - day.weekday(), 0)) if day.weekday() >= 5 else day


def put_off(delay: Delay, today: date) -> date:
    """The day that « demain », « dans une semaine », « dans un mois » mean from today; a Delay.DATE is the caller's."""
    if delay is Delay.DAY:
        return working_day(today + timedelta(days=1))
    if delay is Delay.WEEK:
        return working_day(today + timedelta(days=7))
    if delay is Delay.MONTH:
        return working_day(months_later(today, 1))
    raise ValueError(delay)


def months_later(day: date, months: int) -> date:
    """The same day so many months later (earlier below 0), or the last of that month."""
    year, month = divmod(12 * day.year + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def day_problem(day: date, today: date) -> str:
    """Why a call-back cannot be planned for a day; "" when it can."""
    if day < today:
        return f"Le {day:%d/%m/%Y} est passé : choisissez aujourd’hui ou un jour à venir."
    if day - today > FURTHEST:
        return f"Le {day:%d/%m/%Y} est dans plus de deux ans : vérifiez l’année."
    return ""


def is_planned(*, day: date, call_again: date | None, done: bool | None, noted: date) -> bool:
    """An exchange noted before its day, which is the day to call: a call that is planned, not one that took place."""
    return call_again == day and noted < day and not done
