"""Communes of France and where they are: the centre (town hall) of each, for distances when no address is geocoded."""

import csv
import math
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from core.text import searchable

EARTH_KM = 6371.0
KM_PER_DEGREE = 111.2


@dataclass(frozen=True)
class Commune:
    """A commune or an arrondissement: INSEE code, name, postal codes, centre in WGS 84 degrees."""

    code: str
    name: str
    postal_codes: tuple[str, ...]
    latitude: float
    longitude: float


@cache
def _by_postal_code() -> dict[str, tuple[Commune, ...]]:
    found: dict[str, list[Commune]] = {}
    with (Path(__file__).parent / "data" / "communes.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            codes = tuple(row["codes_postaux"].split())
            commune = Commune(row["code"], row["nom"], codes, float(row["latitude"]), float(row["longitude"]))
            for code in codes or ("",):
                found.setdefault(code, []).append(commune)
    return {code: tuple(communes) for code, communes in found.items()}


@cache
def _by_name() -> dict[str, tuple[Commune, ...]]:
    found: dict[str, dict[str, Commune]] = {}
    for communes in _by_postal_code().values():
        for commune in communes:
            found.setdefault(_plain(commune.name), {})[commune.code] = commune
    return {name: tuple(sorted(communes.values(), key=lambda one: one.code)) for name, communes in found.items()}


def _plain(name: str) -> str:
    """`"ST-QUENTIN CEDEX 2"` → `"saint quentin"`: as two spellings of one commune are compared."""
    words = searchable(name).split()
    if "cedex" in words:
        words = words[: words.index("cedex")]
    return " ".join({"st": "saint", "ste": "sainte"}.get(word, word) for word in words)


def find(postal_code: str, city: str) -> Commune | None:
    """The commune of an address: by postal code, the name choosing among several; by name alone when one commune only bears
    it; None when nothing tells."""
    wanted = _plain(city)
    here = _by_postal_code().get(postal_code.strip(), ()) if postal_code.strip() else ()
    for commune in here:
        if _plain(commune.name) == wanted:
            return commune
    if here and (not wanted or len(here) == 1):
        return here[0]
    named = _by_name().get(wanted, ()) if wanted else ()
    department = postal_code.strip()[:2]
    close = [commune for commune in named if not department or commune.code.startswith(department)]
    if len(close) == 1:
        return close[0]
    return here[0] if here else None


def centre(postal_code: str, city: str) -> tuple[float, float] | None:
    """(latitude, longitude) of the commune of an address, None when it is not known."""
    commune = find(postal_code, city)
    return (commune.latitude, commune.longitude) if commune else None


def kilometres(first: tuple[float, float], second: tuple[float, float]) -> float:
    """The great-circle distance between two (latitude, longitude) in degrees, in kilometres."""
    lat1, lon1, lat2, lon2 = map(math.radians, (*first, *second))
    half = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH_KM * math.asin(min(1.0, math.sqrt(half)))


def box(centre: tuple[float, float], km: float) -> tuple[float, float, float, float]:
    """(south, north, west, east) in degrees around a point: what an index can filter before distances are computed."""
    latitude, longitude = centre
    high = km / KM_PER_DEGREE
    wide = km / (KM_PER_DEGREE * max(0.01, math.cos(math.radians(latitude))))
    return latitude - high, latitude + high, longitude - wide, longitude + wide
