"""French legal holidays, computed: a regulation of the past or of the far future must not wait for a table.

Sources: code du travail L3133-1 (the eleven days), L3134-13 (two more days in Alsace and Moselle).
"""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import lru_cache
from types import MappingProxyType
from typing import Final

ALSACE_MOSELLE_PREFIXES: Final = ("57", "67", "68")


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (anonymous algorithm of Meeus)."""
    century, year_of_century = divmod(year, 100)
    golden = year % 19
    skipped_leaps, century_rest = divmod(century, 4)
    correction = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * golden + century - skipped_leaps - correction + 15) % 30
    weekday = (32 + 2 * century_rest + 2 * (year_of_century // 4) - epact - year_of_century % 4) % 7
    late = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)


def is_alsace_moselle(postal_code: str) -> bool:
    """Whether the postal code lies in Moselle (57), Bas-Rhin (67) or Haut-Rhin (68)."""
    return postal_code.strip().startswith(ALSACE_MOSELLE_PREFIXES)


@lru_cache(maxsize=256)
def legal_holidays(year: int, *, alsace_moselle: bool = False) -> Mapping[date, str]:
    """The legal holidays of a civil year with their French names, in order of date.

    Two holidays of the same day (1er mai and Ascension in 2008) make one entry with both names.
    """
    sunday = easter(year)
    days = [
        (date(year, 1, 1), "jour de l’An"),
        (sunday + timedelta(days=1), "lundi de Pâques"),
        (date(year, 5, 1), "1er mai"),
        (date(year, 5, 8), "8 mai"),
        (sunday + timedelta(days=39), "Ascension"),
        (sunday + timedelta(days=50), "lundi de Pentecôte"),
        (date(year, 7, 14), "14 juillet"),
        (date(year, 8, 15), "15 août"),
        (date(year, 11, 1), "Toussaint"),
        (date(year, 11, 11), "11 novembre"),
        (date(year, 12, 25), "Noël"),
    ]
    if alsace_moselle:
        days += [(sunday - timedelta(days=2), "Vendredi saint"), (date(year, 12, 26), "26 décembre")]
    named: dict[date, str] = {}
    for day, name in sorted(days):
        named[day] = f"{named[day]} et {name}" if day in named else name
    return MappingProxyType(named)


def holidays_between(start: date, end: date, *, alsace_moselle: bool = False) -> dict[date, str]:
    """The legal holidays from `start` to `end`, both included; none when the end comes first."""
    return {
        day: name
        for year in range(start.year, end.year + 1)
        for day, name in legal_holidays(year, alsace_moselle=alsace_moselle).items()
        if start <= day <= end
    }
