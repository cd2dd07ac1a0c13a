"""Communes of France and where they are: the centre (town hall) of each, for distances when no address is geocoded.

The table is read on first need: 35,000 communes take some 90 ms and 17 MB of a process, their names as much time again.
"""

import csv
import difflib
import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from core.text import searchable

EARTH_KM = 6371.0
ALIKE = 0.75
"""From which likeness a misspelt name is taken for one of the few communes of its postal code."""

Point = tuple[float, float]
"""(latitude, longitude) in WGS 84 degrees."""

_LABEL = re.compile(r"(.+?)\s*\((\d\d|2[AB]|9[78]\d)\)\s*", re.IGNORECASE)
_CONTRACTED = re.compile(r"(Les?) ")
_ARTICLE_LAST = re.compile(r"(.+?)\s*\((l['’]|la|le|les)\)\s*", re.IGNORECASE)
_ARRONDISSEMENT = re.compile(r"(paris|lyon|marseille) 0*(\d{1,2})(?:er|e|eme|ieme)?(?: arr(?:ondissement)?)?(?= |$)")
_ARTICLES = ("l", "la", "le", "les")
_ABBREVIATIONS = {"st": "saint", "ste": "sainte", "sts": "saints", "stes": "saintes", "s": "sur"}


@dataclass(frozen=True, slots=True)
class Commune:
    """A commune or an arrondissement: INSEE code, name, postal codes, centre in WGS 84 degrees."""

    code: str
    name: str
    postal_codes: tuple[str, ...]
    latitude: float
    longitude: float

    @property
    def department(self) -> str:
        return self.code[: 3 if self.code.startswith(("97", "98")) else 2]

    @property
    def label(self) -> str:
        """« Laon (02) »: no two communes of a département share a name, so a label names one commune."""
        return f"{self.name} ({self.department})"

    @property
    def of(self) -> str:
        """« de Laon », « d’Angers », « du Mans », « des Ulis »."""
        if article := _CONTRACTED.match(self.name):
            return f"{'du' if article[1] == 'Le' else 'des'} {self.name[article.end() :]}"
        return f"d’{self.name}" if searchable(self.name)[:1] in "aeiouyh" else f"de {self.name}"

    @property
    def centre(self) -> Point:
        return self.latitude, self.longitude

    def __str__(self) -> str:
        return self.label


# ------------------------------------------------------------------------------------------------------------ the table


@cache
def _communes() -> tuple[Commune, ...]:
    with (Path(__file__).parent / "data" / "communes.csv").open(encoding="utf-8", newline="") as file:
        lines = csv.reader(file)
        next(lines)
        return tuple(
            Commune(code, name, tuple(codes.split()), float(latitude), float(longitude))
            for code, name, codes, latitude, longitude in lines
        )


@cache
def _by_postal_code() -> dict[str, tuple[Commune, ...]]:
    found: dict[str, list[Commune]] = {}
    for commune in _communes():
        for code in commune.postal_codes:
            found.setdefault(code, []).append(commune)
    return {code: tuple(communes) for code, communes in found.items()}


@cache
def _by_name() -> dict[str, tuple[Commune, ...]]:
    found: dict[str, list[Commune]] = {}
    for commune in _communes():
        found.setdefault(_plain(commune.name), []).append(commune)
    return {name: tuple(communes) for name, communes in found.items()}


@cache
def _by_name_without_article() -> dict[str, tuple[Commune, ...]]:
    found: dict[str, list[Commune]] = {}
    for name, communes in _by_name().items():
        article, _, rest = name.partition(" ")
        if article in _ARTICLES:
            found.setdefault(rest, []).extend(communes)
    return {name: tuple(communes) for name, communes in found.items()}


def _plain(name: str) -> str:
    """`"ST-QUENTIN CEDEX 2"` → `"saint quentin"`: as two spellings of one commune are compared."""
    if match := _ARTICLE_LAST.fullmatch(name.strip()):
        name = f"{match[2]} {match[1]}"
    words = searchable(name).split()
    if "cedex" in words:
        words = words[: words.index("cedex")]
    text = " ".join(_ABBREVIATIONS.get(word, word) for word in words if not re.fullmatch(r"\d{5}", word))
    return _ARRONDISSEMENT.sub(r"\1 \2", text, count=1) if text.startswith(("paris", "lyon", "marseille")) else text


def _named(plain: str) -> tuple[Commune, ...]:
    """The communes of this comparable name, its article or not."""
    if not plain:
        return ()
    return _by_name().get(plain) or _by_name_without_article().get(plain, ())


def _departments(postal_code: str) -> tuple[str, ...]:
    """The départements that a postal code may belong to, by its first digits."""
    if postal_code.startswith(("97", "98")):
        return (postal_code[:3],)
    return ("2A", "2B") if postal_code.startswith("20") else (postal_code[:2],)


# --------------------------------------------------------------------------------------------------- the one of an address


def find(postal_code: str, city: str) -> Commune | None:
    """The commune of an address, None when nothing tells.

    The name chooses among the communes of the postal code; a name of the same département mends a mistaken code or one that
    a CEDEX invents; a name nobody knows (a hamlet, a former commune) leaves the middle one of the code. Without a known code
    the name alone says it, when one commune only bears it.
    """
    code = "".join(character for character in postal_code if character.isalnum())
    if not code and (typed := re.search(r"\b\d{5}\b", city)):
        code = typed[0]
    wanted = _plain(city)
    named = _named(wanted)
    if re.fullmatch(r"\d{4}", code):  # a spreadsheet ate the first zero: the name has to agree
        return next((commune for commune in _by_postal_code().get(f"0{code}", ()) if commune in named), None)
    here = _by_postal_code().get(code, ())
    if both := [commune for commune in here if commune in named]:
        return both[0]
    if wanted and (begun := [commune for commune in here if _one_begins_the_other(_plain(commune.name), wanted)]):
        return begun[0]
    near = [commune for commune in named if commune.department in _departments(code)]
    if code and len(near) == 1:
        return near[0]
    if here:
        return _most_alike(here, wanted) or _middle(here)
    return named[0] if len(named) == 1 else None


def _one_begins_the_other(one: str, other: str) -> bool:
    """« Paris » and « Paris 12 », « Laon » and « Laon Plateau »."""
    return one.startswith(f"{other} ") or other.startswith(f"{one} ")


def _most_alike(communes: tuple[Commune, ...], wanted: str) -> Commune | None:
    names = {_plain(commune.name): commune for commune in communes}
    alike = difflib.get_close_matches(wanted, names, n=1, cutoff=ALIKE) if wanted else []
    return names[alike[0]] if alike else None


def _middle(communes: tuple[Commune, ...]) -> Commune:
    """The one that is nearest to all the others."""
    return min(communes, key=lambda one: (sum(kilometres(one.centre, other.centre) for other in communes), one.code))


def centre(postal_code: str, city: str) -> Point | None:
    """(latitude, longitude) of the commune of an address, None when it is not known."""
    commune = find(postal_code, city)
    return commune.centre if commune else None


# -------------------------------------------------------------------------------------------------------- typed by someone


def meant(text: str, *, near: Point | None = None, most: int = 8) -> list[Commune]:
    """The communes that a typed text may mean, the nearest to `near` first: one when the text tells, several to choose from.

    Takes a name, its beginning, a postal code, both, or a label (« Laon (02) »). A whole name hides those it begins.
    """
    label = _LABEL.fullmatch(text.strip())
    department = label[2].upper() if label else ""
    wanted = _plain(label[1] if label else text)
    typed = re.search(r"\b\d{5}\b", text)
    found: Iterable[Commune]
    if typed:
        found = _by_postal_code().get(typed[0], ())
        if wanted:
            only = find(typed[0], wanted)
            found = (only,) if only else ()
    else:
        found = _named(wanted)
        if department:
            found = [commune for commune in found if commune.department == department]
    return list(_nearest(found, near))[:most] or beginning(text, near=near, most=most)


def beginning(text: str, *, near: Point | None = None, most: int = 8) -> list[Commune]:
    """Communes to suggest while one types: those that the text names or begins, then those that hold a word it begins."""
    typed = text.strip()
    if re.fullmatch(r"\d{2,5}", typed):
        by_code = (one for code, ones in _by_postal_code().items() if code.startswith(typed) for one in ones)
        return list(dict.fromkeys(_nearest(by_code, near)))[:most]
    wanted = _plain(typed)
    if len(wanted) < 2:
        return []
    first: list[Commune] = []
    second: list[Commune] = []
    for name, communes in _by_name().items():
        if name.startswith(wanted):
            first += communes
        elif f" {wanted}" in name:
            second += communes
    whole = _named(wanted)
    ranked = [*_nearest(whole, near), *_nearest(first, near), *_nearest(second, near)]
    return list(dict.fromkeys(ranked))[:most]


def _nearest(communes: Iterable[Commune], near: Point | None) -> list[Commune]:
    if near is None:
        return sorted(communes, key=lambda one: (len(one.name), one.name, one.code))
    return sorted(communes, key=lambda one: (kilometres(near, one.centre), one.code))


# ------------------------------------------------------------------------------------------------------------- geometry


def kilometres(first: Point, second: Point) -> float:
    """The great-circle distance between two (latitude, longitude) in degrees, in kilometres."""
    lat1, lon1, lat2, lon2 = map(math.radians, (*first, *second))
    half = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH_KM * math.asin(min(1.0, math.sqrt(half)))


def box(centre: Point, km: float) -> tuple[float, float, float, float]:
    """(south, north, west, east) in degrees: holds every point within `km`, so that an index filters before distances are
    computed. Around a pole or across the 180th meridian it is wider than needed, never narrower."""
    latitude, longitude = centre
    angle = km / EARTH_KM
    high = math.degrees(angle) + 1e-9
    reach = math.sin(angle) / max(1e-12, math.cos(math.radians(latitude))) if angle < math.pi / 2 else 1.0
    wide = math.degrees(math.asin(reach)) + 1e-9 if reach < 1 and abs(longitude) < 179 else 360.0
    if abs(longitude) + wide > 180:
        wide = 360.0
    return latitude - high, latitude + high, longitude - wide, longitude + wide
