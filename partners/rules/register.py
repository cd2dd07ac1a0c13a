"""What the register of companies (Sirene) says, read with care and set beside what the school wrote. Pure functions.

The shape of answers: memo of the API Recherche d'entreprises (DINUM, July 2026). Any field may be missing, null or of another
type; whoever asked for partial diffusion (statut_diffusion « P », texts « [ND] », article A123-96 du code de commerce) is
never proposed.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from core import french, headcounts, naf, places
from core.siret import is_siret, spaced
from core.text import searchable
from partners.enums import Headcount

FICTITIOUS_BELOW = "000320000"
"""Numbers of demonstrations (core/data/entreprises_exemple.csv): held to be unassigned, never sent to the register."""
HIDDEN = "[ND]"
LONGEST = 200
SAME_PLACE_KM = 0.15
ANNUAIRE = "https://annuaire-entreprises.data.gouv.fr/entreprise/"

# Field of the partner → what it is called beside the register's value; in the order of the form.
FIELDS: dict[str, str] = {
    "name": "Raison sociale",
    "brand": "Enseigne",
    "naf": "Code NAF",
    "headcount": "Effectif",
    "address": "Adresse",
    "postal_code": "Code postal",
    "city": "Commune",
    "coordinates": "Place sur la carte",
    "closed_date": "Fermeture",
}


PLACE_FIELDS = ("address", "postal_code", "city")
PLACE = "place"
"""These three taken together, as a page shows them."""


def is_fictitious(siret: str) -> bool:
    return siret[:9] < FICTITIOUS_BELOW


def page_of(siret: str) -> str:
    """The company's page in the Annuaire des entreprises, by its SIREN; "" without a real SIRET."""
    return f"{ANNUAIRE}{siret[:9]}" if is_siret(siret) and not is_fictitious(siret) else ""


# ------------------------------------------------------------------------------------------------- capitals made readable

_SMALL = {
    "a", "à", "au", "aux", "avec", "chez", "d", "dans", "de", "des", "du", "en", "et", "fils", "l", "la", "le", "les", "ou", "par", "pour",
    "s", "sous", "sur", "un", "une",
}  # fmt: skip
_ACRONYMS = {
    "AMAP", "BTP", "CCAS", "CCI", "CEDEX", "CFA", "CHU", "CMA", "CUMA", "DDFPT", "EARL", "EHPAD", "EI", "EIRL", "EPIC", "ESAT",
    "EURL", "GAEC", "GIE", "GRETA", "IME", "MFR", "OGEC", "PME", "SA", "SARL", "SAS", "SASU", "SC", "SCEA", "SCI", "SCIC", "SCM",
    "SCOP", "SCP", "SELARL", "SELAS", "SEM", "SIVOM", "SNC", "TP", "UDAF", "USA", "ZA", "ZAC", "ZI",
}  # fmt: skip
_STREETS = {
    "allee": "allée", "allees": "allées", "avenue": "avenue", "av": "avenue", "bis": "bis", "boulevard": "boulevard", "bd": "boulevard",
    "chaussee": "chaussée", "chemin": "chemin", "che": "chemin", "cours": "cours", "faubourg": "faubourg", "hameau": "hameau",
    "impasse": "impasse", "imp": "impasse", "lieu": "lieu", "dit": "dit", "lieudit": "lieudit", "lotissement": "lotissement",
    "parc": "parc", "passage": "passage", "place": "place", "pl": "place", "quai": "quai", "residence": "résidence",
    "rond": "rond", "point": "point", "route": "route", "rte": "route", "rue": "rue", "sentier": "sentier", "square": "square",
    "ter": "ter", "zone": "zone", "artisanale": "artisanale", "industrielle": "industrielle", "commerciale": "commerciale",
}  # fmt: skip
_PIECES = re.compile(r"([^\W_]+(?:\.[^\W_]+)*\.?|[^\w\s]+|_+|\s+)")
_VOWELS = set("AEIOUYÀÂÄÉÈÊËÎÏÔÖÙÛÜŸ")


def readable(name: str) -> str:
    """`"SARL GARAGE DUPONT ET FILS"` → `"SARL Garage Dupont et Fils"`: a name all in capitals as one writes it.

    Acronyms stay: the known ones, those with points, digits or no vowel. A text that has a small letter is left as it is.
    """
    return _in_small(name, street=False)


def readable_street(line: str) -> str:
    """`"ZI DU CHAMP DU ROY 12 BD VOLTAIRE"` → `"ZI du Champ du Roy 12 boulevard Voltaire"`."""
    return _in_small(line, street=True)


def _in_small(text: str, *, street: bool) -> str:
    text = " ".join(text.split())
    if text != text.upper():
        return text
    pieces = _PIECES.findall(text)
    words = [index for index, piece in enumerate(pieces) if piece[0].isalnum()]
    for index in words:
        first = index == words[0]
        before = pieces[index - 1] if index else ""
        after = pieces[index + 1] if index + 1 < len(pieces) else ""
        pieces[index] = _word(pieces[index], first=first, street=street, before=before, after=after)
    return "".join(pieces)


def _word(word: str, *, first: bool, street: bool, before: str, after: str) -> str:
    small = word.lower()
    elided = after[:1] in ("'", "’") and small in ("d", "l", "s", "c", "j", "n", "m", "qu")
    if street and small in _STREETS and (small == "dit" or not before.endswith(("-", "'"))):
        return _STREETS[small]
    if elided:
        return word if first else small
    if word in _ACRONYMS or "." in word or any(character.isdigit() for character in word):
        return small if re.fullmatch(r"\d+(er|e|eme)", small) else word
    if small in _SMALL and not first and len(word) > 1:
        return small
    if len(word) == 1 or (len(word) <= 5 and not _VOWELS & set(word)):
        return small if small in ("à", "y") and not first else word
    return word[0] + small[1:]


def town(postal_code: str, name: str) -> str:
    """The commune as it is written (« Évreux »), by the table of communes; else the name made readable."""
    commune = places.find(postal_code, name)
    if commune is not None and searchable(commune.name) == searchable(name):
        return commune.name
    return readable(name)


# -------------------------------------------------------------------------------------------------------- codes and lines


def normal_naf(code: str) -> str:
    """`"4520a"` → `"45.20A"`, "" for what is not the code of a sub-class."""
    code = code.strip().upper().replace(".", "")
    written = f"{code[:2]}.{code[2:]}"
    return written if naf.label(written) else ""


def headcount_of(band: str) -> str:
    """The INSEE's band as the dossier's: `"12"` → `"20-49"`; "" when unknown. Source: tranches d'effectif salarié, INSEE."""
    least = headcounts.least(band)
    if least is None:
        return ""
    steps = (
        (250, Headcount.OVER_250),
        (50, Headcount.UNDER_250),
        (20, Headcount.UNDER_50),
        (10, Headcount.UNDER_20),
        (1, Headcount.UNDER_10),
    )
    return str(next((value for floor, value in steps if least >= floor), Headcount.NONE))


def street_of(line: str, postal_code: str, city: str) -> str:
    """The line of an address without its postal code and town: `"3 RUE DE LA GARE 02100 SAINT-QUENTIN"` → `"3 rue de la Gare"`."""
    line = " ".join(line.split())
    if postal_code and (found := line.rfind(f" {postal_code}")) >= 0:
        line = line[:found]
    elif postal_code and line.startswith(postal_code):
        line = ""
    elif city and line.upper().endswith(f" {city.upper()}"):
        line = re.sub(r"\s+\d{5}$", "", line[: -len(city) - 1])
    return readable_street(line)


# ---------------------------------------------------------------------------------------------------------- establishments


@dataclass(frozen=True)
class Establishment:
    """An establishment as the register tells it, in our words. Nobody's name, birth date or role is read (P-02).

    `name`: the legal unit's; `brand`: the sign on the door, else the usual or commercial name. Empty texts: not said.
    """

    siret: str
    name: str = ""
    brand: str = ""
    address: str = ""
    postal_code: str = ""
    city: str = ""
    naf: str = ""
    headcount: str = ""
    latitude: float | None = None
    longitude: float | None = None
    is_open: bool = True
    opened_date: date | None = None
    closed_date: date | None = None
    is_hidden: bool = False
    is_head_office: bool = False

    @property
    def usual_name(self) -> str:
        """What people call it: enseigne, else usual or commercial name, else legal name."""
        return self.brand or self.name

    @property
    def trade(self) -> str:
        return naf.label(self.naf)

    @property
    def siret_spaced(self) -> str:
        return spaced(self.siret)

    @property
    def place(self) -> str:
        return f"{self.postal_code} {self.city}".strip()

    def value(self, field: str) -> Any:
        """The value for a field of `FIELDS`; "" or None when the register does not say, or must not be repeated."""
        if self.is_hidden and field != "closed_date":
            return ""
        if field == "coordinates":
            return None if self.latitude is None or self.longitude is None else (self.latitude, self.longitude)
        return getattr(self, field)

    def kept(self) -> dict[str, Any]:
        """As JSON, for `Partner.register_data`: only what is used."""
        return {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in vars(self).items()
            if value not in ("", None)
        }

    @classmethod
    def from_kept(cls, data: object) -> "Establishment | None":
        """Read back from `kept`; None when it is not one."""
        if not isinstance(data, dict) or not is_siret(_text(data.get("siret"))):
            return None
        known: dict[str, Any] = {}
        for name in cls.__dataclass_fields__:
            value = data.get(name)
            if name.endswith("_date"):
                known[name] = _day(value)
            elif name in ("latitude", "longitude"):
                known[name] = _number(value)
            elif name.startswith("is_"):
                known[name] = bool(value) if name in data else name == "is_open"
            else:
                known[name] = _text(value)
        return cls(**known)


def _text(value: object) -> str:
    """A text of at most `LONGEST` characters without control characters; "" for what is not a text or is hidden."""
    if not isinstance(value, str) or HIDDEN in value:
        return ""
    return " ".join("".join(c if c.isprintable() else " " for c in value).split())[:LONGEST]


def _day(value: object) -> date | None:
    try:
        return date.fromisoformat(value[:10]) if isinstance(value, str) else None
    except ValueError:
        return None


def _number(value: object) -> float | None:
    try:
        number = float(value) if isinstance(value, (str, int, float)) and not isinstance(value, bool) else None
    except ValueError:
        return None
    return number if number is not None and abs(number) <= 180 else None


def _texts(value: object) -> list[str]:
    return [text for one in value if (text := _text(one))] if isinstance(value, list) else []


def establishments(answer: object) -> list[Establishment]:
    """Those of an answer, in its order: the ones that match the question, else the head office.

    Raises ValueError when the answer is of another shape altogether.
    """
    results = answer.get("results") if isinstance(answer, dict) else None
    if not isinstance(results, list):
        raise ValueError("no results")
    units = [unit for unit in results if isinstance(unit, dict)]
    found: dict[str, Establishment] = {}
    for unit in units:
        listed = unit.get("matching_etablissements")
        places_ = [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
        head = unit.get("siege")
        for place in places_ or ([head] if isinstance(head, dict) else []):
            if one := _establishment(unit, place):
                found.setdefault(one.siret, one)
    if results and not found:
        raise ValueError("no establishment")
    return list(found.values())


def _establishment(unit: Mapping[str, Any], place: Mapping[str, Any]) -> Establishment | None:
    siret = _text(place.get("siret")).replace(" ", "")
    if not is_siret(siret):
        return None
    full = _text(unit.get("nom_complet"))
    name = _text(unit.get("nom_raison_sociale")) or re.sub(r"\s*\(.*\)$", "", full)
    signs = [*_texts(place.get("liste_enseignes")), _text(place.get("nom_commercial"))]
    brand = next((sign for sign in signs if sign and searchable(sign) != searchable(name)), "")
    postal_code, city = _text(place.get("code_postal")), _text(place.get("libelle_commune"))
    latitude, longitude = _number(place.get("latitude")), _number(place.get("longitude"))
    if latitude is None or longitude is None or abs(latitude) > 90:
        latitude = longitude = None
    is_open = place.get("etat_administratif") != "F" and unit.get("etat_administratif") != "C"
    closed = _day(place.get("date_fermeture")) or _day(unit.get("date_fermeture"))
    hidden = "P" in (unit.get("statut_diffusion"), place.get("statut_diffusion_etablissement"))
    hidden = hidden or any(
        HIDDEN in str(source.get(key)) for source, key in ((unit, "nom_complet"), (place, "adresse"))
    )
    return Establishment(
        siret=siret,
        name=readable(name),
        brand=readable(brand),
        address=street_of(_text(place.get("adresse")), postal_code, city),
        postal_code=postal_code,
        city=town(postal_code, city),
        naf=normal_naf(_text(place.get("activite_principale")) or _text(unit.get("activite_principale"))),
        headcount=headcount_of(_text(place.get("tranche_effectif_salarie"))),
        latitude=latitude,
        longitude=longitude,
        is_open=is_open,
        opened_date=_day(place.get("date_debut_activite")) or _day(place.get("date_creation")),
        closed_date=None if is_open else closed,
        is_hidden=hidden,
        is_head_office=place.get("est_siege") is True,
    )


# ------------------------------------------------------------------------------------------------------------ side by side


@dataclass(frozen=True)
class Row:
    """A field as the school wrote it and as the register says it. `is_new`: we have nothing, so it can be taken at once."""

    field: str
    label: str
    ours: Any
    official: Any
    is_new: bool


def differences(ours: Mapping[str, Any], found: Establishment, *, name_locked: bool = False) -> list[Row]:
    """What the register says otherwise, or what we do not have; spelling, capitals and accents alone are no difference.

    `ours` holds the fields of `FIELDS`. Nothing is proposed for whoever asked for partial diffusion but the closure; a locked
    name is never proposed.
    """
    rows = []
    for field, label in FIELDS.items():
        official, mine = found.value(field), ours.get(field)
        if not official or (field == "name" and name_locked):
            continue
        if mine not in (None, "") and is_same(field, mine, official, ours, found):
            continue
        rows.append(Row(field, label, mine or "", official, is_new=mine in (None, "")))
    return rows


def is_same(field: str, ours: Any, official: Any, all_ours: Mapping[str, Any], found: Establishment) -> bool:
    """True when both say one thing."""
    if field == "coordinates":
        return places.kilometres(ours, official) <= SAME_PLACE_KM
    if field in ("name", "brand"):
        # The sign written as a name, or the name as a sign, is no mistake to be told each time.
        return _bare(ours) in {_bare(found.name), _bare(found.brand)}
    if field == "naf":
        return normal_naf(str(ours)) == official
    if field == "city":
        mine = places.find(str(all_ours.get("postal_code") or ""), str(ours))
        theirs = places.find(found.postal_code, str(official))
        return searchable(str(ours)) == searchable(str(official)) or (mine is not None and mine == theirs)
    if field == "address":
        return _bare_street(str(ours)) == _bare_street(str(official))
    return str(ours).strip() == str(official)


def _bare(name: str) -> str:
    """A name to compare: no legal form, « et » for « & »."""
    words = searchable(name.replace("&", " et ")).split()
    forms = {"sarl", "sas", "sasu", "eurl", "sa", "snc", "scop", "sci", "ei", "eirl", "selarl", "gie"}
    return " ".join(word for word in words if word not in forms)


def _bare_street(line: str) -> str:
    words = searchable(line).split()
    return " ".join(searchable(_STREETS[word]) if word in _STREETS else word for word in words)


@dataclass(frozen=True)
class Line:
    """A field side by side, in words."""

    field: str
    label: str
    ours: str
    official: str
    ticked: bool


def shown(name: str, value: Any) -> str:
    """A field's value in words."""
    if value in (None, ""):
        return ""
    if name == "headcount":
        return str(Headcount(value).label) if value in Headcount.values else str(value)
    if name == "naf":
        label = naf.label(str(value))
        return f"{value} · {label}" if label else str(value)
    if isinstance(value, date):
        return f"fermé depuis le {french.day(value)}" if name == "closed_date" else french.day(value)
    return str(value)


def line_of(row: Row, *, ticked: bool = False) -> Line:
    if row.field == "coordinates":
        away = french.number(places.kilometres(row.ours, row.official), 1) if row.ours else ""
        away = f"un point à {away} km" if away else ""
        return Line(row.field, row.label, away, "le point de cette adresse", ticked)
    return Line(row.field, row.label, shown(row.field, row.ours), shown(row.field, row.official), ticked)


def page_lines(rows: list[Row], ours: Mapping[str, Any], found: Establishment) -> list[Line]:
    """The rows as a partner's page tells them: an address is one thing, and its place on the map follows it."""
    moved = [row for row in rows if row.field in PLACE_FIELDS]
    lines = []
    for row in rows:
        if row.field in PLACE_FIELDS:
            if row is moved[0]:
                written = [
                    ", ".join(part for part in (address, f"{postal_code} {city}".strip()) if part)
                    for address, postal_code, city in (
                        [ours[name] or "" for name in PLACE_FIELDS],
                        [found.value(name) or ours[name] or "" for name in PLACE_FIELDS],
                    )
                ]
                lines.append(Line(PLACE, FIELDS["address"], written[0], written[1], ticked=False))
        elif row.field != "coordinates" or not moved:
            lines.append(line_of(row))
    return lines


def is_begun(typed: str, found: Establishment) -> bool:
    """True when what was typed is only the words that led to this establishment, hence no name that someone chose."""
    return set(searchable(typed).split()) <= set(searchable(found.name, found.brand).split())
