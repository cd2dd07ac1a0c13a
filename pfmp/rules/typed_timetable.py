"""Hours as people type them in one line: « du lundi au vendredi 9h à 12h30 et 13h30-17h », read or asked again.

Never guessed: without days, with a day said twice, with words that are not of the sentence, what is missing is asked for.
What is read is a `Timetable` of the dossier, which whoever asked shows back in words before keeping it.
"""

import itertools
import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from core import typography
from pfmp.rules import wording
from pfmp.rules.timetable import DAY_CODES, Range, Timetable

LONGEST: Final = 500
EXAMPLE: Final = "du lundi au vendredi 8h-12h 13h-16h"

_NAMES: Final = {
    name: number
    for number, (day, code) in enumerate(zip(typography.WEEKDAYS, DAY_CODES, strict=True))
    for name in (day, f"{day}s", code)
}
_SMALL_WORDS: Final = frozenset({"le", "la", "les", "l", "de", "du", "d", "des", "et", "puis", "au", "horaires"})
_HALVES: Final = frozenset({"matin", "matins", "matinee", "apres-midi", "midis"})

_DAY = "|".join(sorted(_NAMES, key=len, reverse=True))
_TIME = r"(?:\d{1,2}\s*(?:h|:)\s*\d{2}(?!\d|\s*[h:])|\d{1,2}\s*h(?:eures?)?\b|midi\b|\d{1,2}(?=\s*(?:-|a\s)))"
_END = r"(?:\d{1,2}\s*(?:h|:)\s*\d{2}(?!\d|\s*(?:[h:-]|a\b))|\d{1,2}\s*h(?:eures?)?\b|midi\b|\d{1,2}\b)"
_TOKEN: Final = re.compile(
    rf"""(?P<holidays>(?:(?:sauf|hors)\s+(?:les\s+)?(?:jours\s+)?feries?)|(?:jours\s+feries?\s+non\s+travailles))\b
    |(?P<but>\b(?:sauf|hors|excepte)\b)
    |(?P<days>\b(?P<first>{_DAY})\b\.?(?:\s*(?:-|\bau\b|\ba\b)\s*(?P<last>{_DAY})\b\.?)?)
    |(?P<range>(?P<start>{_TIME})\s*(?:-|\ba\b|\bjusqu'?\s*a\b)\s*(?P<end>{_END}))
    |(?P<word>[^\W_]+(?:[-'][^\W\d_]+)*)
    |(?P<mark>[,;/+&.:()'\n-])
    |(?P<other>\S)""",
    re.VERBOSE,
)


@dataclass(frozen=True)
class Unclear:
    """A line that does not say the hours without a doubt; `question` asks for what is missing."""

    question: str


def read(text: str) -> Timetable | Unclear:
    """The timetable that a line says, or the question to ask. Nights that pass midnight are left to the table of hours."""
    plain = _plain(text)
    if not plain:
        return Unclear(wording.sentence(f"Écrivez les jours et les heures, par exemple « {EXAMPLE} »."))
    if len(text) > LONGEST:
        return Unclear("C’est trop long pour une ligne : remplissez le tableau des horaires.")
    found = _Reading()
    for match in _TOKEN.finditer(plain):
        if (question := found.take(match)) is not None:
            return Unclear(wording.sentence(question))
    return found.result()


def write(timetable: Timetable) -> str:
    """A line that people could have typed; `read` gives the same timetable back."""
    groups: list[tuple[list[int], tuple[Range, ...]]] = []
    for number, ranges in enumerate(timetable.days):
        if not ranges:
            continue
        if groups and groups[-1][1] == ranges and groups[-1][0][-1] == number - 1:
            groups[-1][0].append(number)
        else:
            groups.append(([number], ranges))
    parts = []
    for days, ranges in groups:
        first, last = typography.WEEKDAYS[days[0]], typography.WEEKDAYS[days[-1]]
        named = first if len(days) == 1 else f"du {first} au {last}"
        parts.append(f"{named} {' '.join(f'{_clock(part.start)}-{_clock(part.end)}' for part in ranges)}")
    return " ; ".join([*parts, "sauf fériés"] if timetable.except_holidays else parts)


class _Reading:
    """Groups of days and hours as they come: days first (« lundi 8h-12h »), or hours first (« 8h-12h le lundi »)."""

    def __init__(self) -> None:
        self.groups: list[tuple[set[int], list[Range]]] = []
        self.days: set[int] = set()
        self.ranges: list[Range] = []
        self.days_first: bool | None = None
        self.excluding = False
        self.excluded: set[int] = set()
        self.except_holidays = False
        self.previous = ""
        self.half = ""

    def take(self, match: re.Match[str]) -> str | None:
        """Read one word; the question to ask when it leaves a doubt."""
        kind = match.lastgroup or ""
        for name in ("holidays", "but", "days", "range", "word", "mark", "other"):
            if match.group(name) is not None:
                kind = name
                break
        if kind == "mark" or (kind == "word" and match.group() in _SMALL_WORDS):
            return None
        question = {
            "holidays": self._holidays,
            "but": self._but,
            "days": self._days,
            "range": self._range,
        }.get(kind, self._unknown)(match)
        if kind == "word" and match.group() in _HALVES:
            kind = "half"
        if self.half and kind != "range":
            return f"Dites de quelle heure à quelle heure : « {self.half} » ne suffit pas."
        if kind == "half" and self.previous != "range":
            self.half = match.group()
        elif kind == "range":
            self.half = ""
        self.previous = kind
        return question

    def _holidays(self, match: re.Match[str]) -> None:
        self.except_holidays = True

    def _but(self, match: re.Match[str]) -> None:
        self.excluding = True

    def _days(self, match: re.Match[str]) -> str | None:
        first, last = _NAMES[match["first"]], _NAMES[match["last"] or match["first"]]
        if last < first:
            return f"« {match.group()} » : le dernier jour vient avant le premier."
        named = set(range(first, last + 1))
        if self.excluding:
            self.excluded |= named
            return None
        if self.days_first is None:
            self.days_first = not self.ranges
        if self.days_first and self.ranges:
            self._close()
        self.days |= named
        return None

    def _range(self, match: re.Match[str]) -> str | None:
        if "h" not in match.group() and ":" not in match.group() and "midi" not in match.group():
            return f"« {match.group()} » : écrivez les heures avec un h, par exemple 8h-12h."
        start, end = _minutes(match["start"]), _minutes(match["end"])
        if start is None or end is None:
            return f"« {match.group()} » n’est pas une plage horaire."
        if end <= start:
            return (
                f"« {match.group()} » finit avant de commencer. Si c’est la nuit, remplissez le tableau des horaires."
            )
        if self.excluding and self.ranges:
            return (
                f"« sauf … {match.group()} » se lit de deux façons : écrivez chaque jour avec ses heures, "
                "par exemple « lundi 8h-12h ; mardi 8h-17h »."
            )
        if self.excluding and self.days_first:
            self.excluding = False
        if self.days_first is False and self.days:
            self._close()
        self.ranges.append(Range(start, end))
        return None

    def _unknown(self, match: re.Match[str]) -> str | None:
        word = match.group()
        if word in _HALVES:
            if self.excluding:
                return f"« sauf … {word} » : écrivez les heures de ce jour, par exemple « mercredi 8h-12h »."
            return None
        return f"« {word} » ne se comprend pas ici. Écrivez par exemple « {EXAMPLE} », ou remplissez le tableau."

    def _close(self) -> None:
        self.groups.append((self.days - self.excluded, self.ranges))
        self.days, self.ranges, self.excluded, self.excluding = set(), [], set(), False

    def result(self) -> Timetable | Unclear:
        if self.half:
            return Unclear(wording.sentence(f"Dites de quelle heure à quelle heure : « {self.half} » ne suffit pas."))
        if self.days or self.ranges:
            self._close()
        for days, ranges in self.groups:
            if not days:
                return Unclear(wording.sentence(f"Quels jours ? Écrivez-les, par exemple « {EXAMPLE} »."))
            if not ranges:
                named = wording.enumeration([typography.WEEKDAYS[day] for day in sorted(days)])
                return Unclear(wording.sentence(f"{named} : de quelle heure à quelle heure ?"))
        if not self.groups:
            return Unclear(wording.sentence(f"Écrivez les jours et les heures, par exemple « {EXAMPLE} »."))
        week: list[tuple[Range, ...]] = [()] * len(DAY_CODES)
        for days, ranges in self.groups:
            ordered = tuple(sorted(ranges))
            if any(after.start < before.end for before, after in itertools.pairwise(ordered)):
                return Unclear("Deux plages du même jour se chevauchent : vérifiez les heures.")
            for day in days:
                if week[day]:
                    return Unclear(
                        wording.sentence(
                            f"{typography.WEEKDAYS[day]} est dit deux fois : écrivez chaque jour une fois."
                        )
                    )
                week[day] = ordered
        return Timetable(tuple(week), self.except_holidays)


def _plain(text: str) -> str:
    """Small letters without accents, one kind of dash and of space."""
    folded = unicodedata.normalize("NFKD", text.casefold())
    folded = "".join(sign for sign in folded if not unicodedata.combining(sign))
    folded = re.sub("[\u2010-\u2015\u2192]", "-", folded)
    folded = re.sub("['\u2019]", " ", folded)
    return " ".join(folded.replace("apres midi", "apres-midi").split())


def _minutes(written: str) -> int | None:
    """Minutes since midnight of « 8h », « 8 h 30 », « 08:30 », « 8 », « midi »; None for an hour that does not exist."""
    if written == "midi":
        return 12 * 60
    hour, *rest = (int(number) for number in re.findall(r"\d+", written))
    minute = rest[0] if rest else 0
    minutes = hour * 60 + minute
    return minutes if minute < 60 and minutes <= 24 * 60 else None


def _clock(minutes: int) -> str:
    hour, minute = divmod(minutes, 60)
    return f"{hour}h{minute:02d}" if minute else f"{hour}h"
