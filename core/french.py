"""Numbers and dates as French readers write them: 1 234,5 · 62,3 % · 18 450 € · + 3,2 pts · lundi 3 mars 2026.

Every function takes `None` and gives an empty string: an absent value is an empty cell, never a zero.
"""

from datetime import date, datetime, time
from decimal import Decimal

from django.utils import timezone

from core import typography
from core.typography import MONTHS, NARROW, NO_BREAK

Number = int | float | Decimal

SHORT_MONTHS = ("janv.", "févr.", "mars", "avril", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc.")
MINUS = "−"


def number(value: Number | None, digits: int | None = None) -> str:
    """`1234.5` → « 1 234,5 ». Without `digits`, a whole number has none and any other has one."""
    if value is None:
        return ""
    if digits is None:
        digits = 0 if value == int(value) else 1
    text = typography.number(value, digits)
    return text.removeprefix(MINUS) if not any(c in "123456789" for c in text) else text


def percent(value: Number | None, digits: int = 1) -> str:
    """A share out of one: `0.623` → « 62,3 % »."""
    return "" if value is None else f"{number(Decimal(str(value)) * 100, digits)}{NARROW}%"


def euros(value: Number | None) -> str:
    """`18450` → « 18 450 € »; cents only when there are some."""
    if value is None:
        return ""
    return f"{number(value, 0 if value == int(value) else 2)}{NO_BREAK}€"


def signed(value: Number | None, digits: int | None = None) -> str:
    """`3` → « + 3 », `-2.2` → « − 2,2 », `0` → « 0 »."""
    if value is None:
        return ""
    text = number(-value if value < 0 else value, digits)
    if not any(c in "123456789" for c in text):
        return text
    return f"{'+' if value > 0 else MINUS}{NARROW}{text}"


def points(value: Number | None) -> str:
    """A gap between two shares out of one, in points: `0.032` → « + 3,2 pts », `0.005` → « + 0,5 pt »."""
    if value is None:
        return ""
    in_points = Decimal(str(value)) * 100
    unit = "pts" if abs(in_points) >= 2 else "pt"
    return f"{signed(in_points, 1)}{NO_BREAK}{unit}"


def ratio(numerator: Number | None, denominator: Number | None) -> str:
    """`374, 600` → « 374 / 600 »."""
    if numerator is None or denominator is None:
        return ""
    return f"{number(numerator)}{NO_BREAK}/{NO_BREAK}{number(denominator)}"


def plural(count: int, singular: str, several: str = "") -> str:
    """`3, "élève"` → « 3 élèves »; `0` and `1` take the singular, as French does."""
    return f"{number(count)}{NO_BREAK}{singular if abs(count) < 2 else several or singular + 's'}"


def both(noun: str) -> tuple[str, str]:
    """A noun and its plural, given after a comma when it is not in -s: `"travail,travaux"`, `"fiche"` → fiche, fiches."""
    singular, _, several = noun.partition(",")
    return singular, several or f"{singular}s"


def _local(value: datetime) -> datetime:
    return timezone.localtime(value) if value.tzinfo else value


def _as_day(value: date) -> date:
    return _local(value).date() if isinstance(value, datetime) else value


def day(value: date | None, *, weekday: bool = False) -> str:
    """« 3 mars 2026 », or « mardi 3 mars 2026 »."""
    return "" if value is None else typography.long_date(_as_day(value), weekday=weekday)


def short_day(value: date | None, *, year: bool = False) -> str:
    """« 3 mars », « 1er nov. »; with the year for what is far."""
    if value is None:
        return ""
    value = _as_day(value)
    text = f"{'1er' if value.day == 1 else value.day}{NO_BREAK}{SHORT_MONTHS[value.month - 1]}"
    return f"{text}{NO_BREAK}{value.year}" if year else text


def period(start: date | None, end: date | None) -> str:
    """« du 30 novembre au 18 décembre 2026 »: the month and the year are said once when they are the same."""
    if start is None or end is None:
        return ""
    start, end = _as_day(start), _as_day(end)
    if start == end:
        return f"le {day(start)}"
    first = "1er" if start.day == 1 else str(start.day)
    if start.year != end.year:
        first = day(start)
    elif start.month != end.month:
        first = f"{first}{NO_BREAK}{MONTHS[start.month - 1]}"
    return f"du {first} au {day(end)}"


def clock(value: time | datetime | None) -> str:
    """« 9 h 42 », « 14 h »."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = _local(value)
    return f"{value.hour}{NO_BREAK}h" + (f"{NO_BREAK}{value.minute:02d}" if value.minute else "")


def moment(value: datetime | None) -> str:
    """« 3 mars 2026 à 9 h 42 »."""
    return "" if value is None else f"{day(value)} à {clock(value)}"


def _long(days: int) -> str:
    """A number of days as one says it: exact while it is short."""
    if days >= 365:
        return "plus d’un an"
    return plural(days, "jour") if days < 60 else f"{days // 30}{NO_BREAK}mois"


def lateness(days: int) -> str:
    """What the margin says of a day that is `days` ahead of today; negative when it is past.

    `-3` → « en retard de 3 jours », `-100` → « en retard de 3 mois », `0` → « aujourd’hui », `11` → « dans 11 jours ».
    """
    if days < 0:
        return f"en retard de {_long(-days)}"
    if days == 0:
        return "aujourd’hui"
    return "demain" if days == 1 else f"dans {_long(days)}"
