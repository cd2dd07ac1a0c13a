"""The weekly timetable of a placement: reading and writing the dossier's text (G-10 to G-12), and saying it in French.

A text that is not of the form is kept by whoever holds it and read as `UnreadableTimetable`: never guessed.
"""

import itertools
import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Final

from core import typography
from pfmp.rules import wording

DAY_CODES: Final = ("lun", "mar", "mer", "jeu", "ven", "sam", "dim")
DAY: Final = 24 * 60
EXCEPT_HOLIDAYS: Final = "sauf fériés"

_RANGE = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])-([01][0-9]|2[0-4]):([0-5][0-9])")


@dataclass(frozen=True, order=True)
class Range:
    """Work without a break, in minutes since the midnight that opens the day it starts on; `end` may pass 24 h (G-11)."""

    start: int
    end: int

    @property
    def minutes(self) -> int:
        return self.end - self.start


@dataclass(frozen=True)
class Timetable:
    """The ranges of each weekday, Monday first, in order; `except_holidays`: legal holidays are not worked (G-12)."""

    days: tuple[tuple[Range, ...], ...]
    except_holidays: bool = False

    @cached_property
    def minutes_by_weekday(self) -> tuple[int, ...]:
        """Minutes of each weekday, counted on the day where the range starts (G-11)."""
        return tuple(sum(part.minutes for part in ranges) for ranges in self.days)

    @property
    def weekly_minutes(self) -> int:
        """Minutes of a whole week without a holiday."""
        return sum(self.minutes_by_weekday)


@dataclass(frozen=True)
class UnreadableTimetable:
    """A text that does not tell the hours: empty, or not of the form."""

    text: str
    reason: str

    @property
    def missing(self) -> str:
        """The French name of the missing datum."""
        return "horaires illisibles" if self.text else "horaires"


@lru_cache(maxsize=4096)
def parse_timetable(text: str) -> Timetable | UnreadableTimetable:
    """Read `lun 08:00-12:00 13:00-16:00; mar 08:00-12:00; sauf fériés`.

    Days may come in any order and a day may come twice (its ranges add up); ranges of one day that overlap contradict
    each other, so the text is unreadable. A final `;` is harmless.
    """
    text = unicodedata.normalize("NFC", text).strip()
    if not text:
        return UnreadableTimetable("", "Les horaires ne sont pas renseignés.")
    parts = [" ".join(part.split()) for part in text.removesuffix(";").split(";")]
    except_holidays = parts[-1] == EXCEPT_HOLIDAYS
    if except_holidays:
        parts.pop()
    if not parts:
        return UnreadableTimetable(text, "Aucun jour n’est indiqué.")
    days: list[list[Range]] = [[] for _ in DAY_CODES]
    for part in parts:
        code, *ranges = part.split(" ")
        if code not in DAY_CODES:
            return UnreadableTimetable(text, wording.sentence(f"« {part} » ne commence pas par un jour (lun, mar…)."))
        if not ranges:
            return UnreadableTimetable(text, wording.sentence(f"« {part} » n’indique aucune plage horaire."))
        for written in ranges:
            read = _parse_range(written)
            if read is None:
                return UnreadableTimetable(text, wording.sentence(f"« {written} » n’est pas une plage HH:MM-HH:MM."))
            days[DAY_CODES.index(code)].append(read)
    for number, found in enumerate(days):
        found.sort()
        if any(after.start < before.end for before, after in itertools.pairwise(found)):
            return UnreadableTimetable(text, f"Deux plages du {typography.WEEKDAYS[number]} se chevauchent.")
    return Timetable(tuple(tuple(found) for found in days), except_holidays)


def _parse_range(written: str) -> Range | None:
    match = _RANGE.fullmatch(written)
    if match is None:
        return None
    hour, minute, end_hour, end_minute = (int(number) for number in match.groups())
    start, end = hour * 60 + minute, end_hour * 60 + end_minute
    if end > DAY:
        return None
    return Range(start, end if end > start else end + DAY)


def write_timetable(timetable: Timetable) -> str:
    """The dossier's text of a timetable; reading it back gives the same timetable."""
    parts = [
        " ".join([code, *(f"{_write_clock(part.start)}-{_write_end(part)}" for part in ranges)])
        for code, ranges in zip(DAY_CODES, timetable.days, strict=False)
        if ranges
    ]
    return "; ".join([*parts, EXCEPT_HOLIDAYS] if timetable.except_holidays else parts)


def _write_end(part: Range) -> str:
    return _write_clock(part.end if part.end <= DAY else part.end - DAY)


def _write_clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def describe_day(ranges: tuple[Range, ...]) -> str:
    """The ranges of a day in French: « 8 h – 12 h, 13 h – 17 h », « 22 h – 2 h (le lendemain) »; none: « repos »."""
    return ", ".join(_describe_range(part) for part in ranges) or "repos"


def _describe_range(part: Range) -> str:
    tomorrow = " (le lendemain)" if part.end > DAY else ""
    return f"{wording.clock(part.start)} – {wording.clock(part.end)}{tomorrow}"


def describe_timetable(timetable: Timetable) -> list[str]:
    """One line for each day of work, then the holidays: « lundi 8 h – 12 h, 13 h – 17 h »."""
    lines = [
        f"{typography.WEEKDAYS[number]} {describe_day(ranges)}"
        for number, ranges in enumerate(timetable.days)
        if ranges
    ]
    return [*lines, "jours fériés non travaillés"] if timetable.except_holidays else lines


def week_in_words(timetable: Timetable) -> list[str]:
    """Days of the same hours on one line: « lundi à vendredi : 8 h – 12 h, 13 h – 16 h »."""
    lines = []
    days = [
        (name, describe_day(ranges)) for name, ranges in zip(typography.WEEKDAYS, timetable.days, strict=True) if ranges
    ]
    for hours, group in itertools.groupby(days, key=lambda day: day[1]):
        names = [name for name, _ in group]
        lines.append(f"{names[0]}{f' à {names[-1]}' if len(names) > 1 else ''} : {hours}")
    return [*lines, "jours fériés non travaillés"] if timetable.except_holidays else lines


def hours_in_words(text: str) -> list[str]:
    """The hours of a placement, line by line; as they were typed when no rule can read them; nothing without a text."""
    timetable = parse_timetable(text)
    return week_in_words(timetable) if isinstance(timetable, Timetable) else [text] if text else []
