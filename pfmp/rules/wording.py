"""How the messages of the rules are worded; spaces and dates are those of core.typography."""

from collections.abc import Sequence
from datetime import date

from core import typography


def sentence(text: str) -> str:
    """A message ready to show: capital letter first, French spaces."""
    return typography.french(text[:1].upper() + text[1:])


def clock(minutes: int) -> str:
    """A time of day from minutes since midnight: 480 gives « 8 h », 1470 (the next day) « 0 h 30 », 1440 « 24 h »."""
    return typography.hours(minutes if minutes <= 24 * 60 else minutes - 24 * 60)


def day(value: date) -> str:
    """« mardi 3 mars 2026 »."""
    return typography.long_date(value, weekday=True)


def week(monday: date) -> str:
    """« semaine du lundi 2 mars 2026 »."""
    return f"semaine du {day(monday)}"


def span(start: date, end: date) -> str:
    """« du 2 mars 2026 au 20 mars 2026 », or « le 2 mars 2026 »."""
    if start == end:
        return f"le {typography.long_date(start)}"
    return f"du {typography.long_date(start)} au {typography.long_date(end)}"


def enumeration(parts: Sequence[str]) -> str:
    """« a, b et c »."""
    return " et ".join(filter(None, [", ".join(parts[:-1]), *parts[-1:]]))


def and_more(count: int, one: str, several: str) -> str:
    """What follows a first example: nothing, « (et 1 autre jour) », « (et 3 autres jours) »."""
    if count <= 0:
        return ""
    return f" (et {count} {one if count == 1 else several})"
