"""National weeks that schools plan around: the editions whose dates were read, and the usual month of the others."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from core.school_year import SchoolYear

MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip
_DAY = rf"(\d{{1,2}})(?:er)?(?: ({'|'.join(MONTHS)}))?"
_EDITION = re.compile(rf"(20\d\d) : {_DAY}(?:-{_DAY})?")


@dataclass(frozen=True)
class NationalEvent:
    """A national week in a school year. Without known dates, `start` and `end` are None and `usual` says when it usually is."""

    name: str
    organiser: str
    usual: str
    start: date | None = None
    end: date | None = None


@cache
def _rows() -> tuple[dict[str, str], ...]:
    path = Path(__file__).parent / "data" / "evenements_nationaux.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


def editions(text: str) -> Iterator[tuple[date, date]]:
    """`"2024 : 18-24 novembre (13e); 2023 : 27 novembre-1er décembre"` → both weeks; what is not so written is left out."""
    for year, first, month, last, last_month in _EDITION.findall(text):
        end_month = last_month or month
        if not end_month:
            continue
        try:
            start = date(int(year), MONTHS.index(month or end_month) + 1, int(first))
            end = date(int(year), MONTHS.index(end_month) + 1, int(last or first))
        except ValueError:
            continue
        if start <= end:
            yield start, end


def events_of(year: SchoolYear) -> list[NationalEvent]:
    """The events that have had dated editions, in order of the school year: with the dates of this one where they are known."""
    found = []
    for row in _rows():
        known = list(editions(row["editions_relevees"]))
        if not known:
            continue
        held = next(((start, end) for start, end in known if SchoolYear.on(start) == year), (None, None))
        month = int(row["mois_debut"])
        event = NationalEvent(row["nom"], row["organisateur"], row["periode_habituelle"], *held)
        found.append(((month - 9) % 12, event))
    return [event for _, event in sorted(found, key=lambda pair: (pair[0], pair[1].start or date.max))]
