"""The school holidays of the three zones of metropolitan France, read from the ministry's calendars (core/data/README.md).

Corse and overseas have calendars of their own, decided on the spot: none is known here. Zones: décret n° 2015-1617 (2016).
"""

import csv
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

from core.text import searchable

_DATA = Path(__file__).parent / "data"

OWN: Final = "propre"
"""The zone of académies that decide their own calendar."""

ZONES: Final = MappingProxyType(
    {
        "A": ("Besançon", "Bordeaux", "Clermont-Ferrand", "Dijon", "Grenoble", "Limoges", "Lyon", "Poitiers"),
        "B": (
            "Aix-Marseille", "Amiens", "Caen", "Lille", "Nancy-Metz", "Nantes", "Nice", "Normandie", "Orléans-Tours", "Reims",
            "Rennes", "Rouen", "Strasbourg",
        ),
        "C": ("Créteil", "Montpellier", "Paris", "Toulouse", "Versailles"),
        OWN: (
            "Corse", "Guadeloupe", "Guyane", "La Réunion", "Martinique", "Mayotte", "Nouvelle-Calédonie",
            "Polynésie française", "Saint-Pierre-et-Miquelon", "Wallis-et-Futuna",
        ),
    }
)  # fmt: skip


@dataclass(frozen=True, order=True)
class Holidays:
    """Days without lessons in a row: first and last day, both included, and what they are called."""

    start: date
    end: date
    label: str

    def touches(self, start: date, end: date) -> bool:
        return self.start <= end and self.end >= start


@cache
def _academies() -> dict[str, str]:
    return {searchable(name): zone for zone, names in ZONES.items() for name in names}


@cache
def _departments() -> dict[str, str]:
    """Code of a département ("02", "2A", "974") → its académie."""
    with (_DATA / "departements.csv").open(encoding="utf-8", newline="") as file:
        return {row["code"]: row["academie"] for row in csv.DictReader(file)}


@cache
def _zones() -> dict[str, tuple[Holidays, ...]]:
    with (_DATA / "vacances_scolaires.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    found: dict[str, list[Holidays]] = {}
    for row in rows:
        one = Holidays(date.fromisoformat(row["debut"]), date.fromisoformat(row["fin"]), row["libelle"])
        for zone in row["zones"].split(";"):
            found.setdefault(zone, []).append(one)
    return {zone: tuple(sorted(periods)) for zone, periods in found.items()}


def zone_of_academy(academy: str) -> str:
    """`"Amiens"` or `"Académie d’Amiens"` → "B"; "" for a name that is no académie."""
    name = searchable(academy)
    for prefix in ("academie de la ", "academie de ", "academie d ", "academie "):
        name = name.removeprefix(prefix)
    return _academies().get(name, "") or _academies().get(f"la {name}", "")


def zone_of_postal_code(postal_code: str) -> str:
    """`"02000"` → "B", `"20090"` (Corse) → "propre"; "" for what is no French postal code."""
    code = postal_code.strip()
    if code.startswith("20"):
        return OWN
    academy = _departments().get(code[:3]) or _departments().get(code[:2]) or ""
    return zone_of_academy(academy) or (OWN if code.startswith(("97", "98")) else "")


def known_until(zone: str) -> date | None:
    """The last day that the calendar of a zone covers; None when none is known."""
    periods = _zones().get(zone, ())
    return periods[-1].end if periods else None


def known_from(zone: str) -> date | None:
    """The first day that the calendar of a zone covers; None when none is known."""
    return date(2018, 9, 1) if _zones().get(zone) else None


def holidays_between(zone: str, start: date, end: date) -> list[Holidays]:
    """The holidays of a zone with a day from `start` to `end`, both included; none for a zone without calendar."""
    return [one for one in _zones().get(zone, ()) if one.touches(start, end)]
