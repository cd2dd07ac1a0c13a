"""Cells: from the text of a dossier to a value, and back (B-10, B-23). A value survives exactly, or is refused."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from core.school_year import SchoolYear
from exchange.definitions import Column

PARIS = ZoneInfo("Europe/Paris")
MAX_CELL = 100_000
MAX_INTEGER = 2_147_483_647  # of the integer columns of PostgreSQL
ROUNDED = ("latitude", "longitude")  # beyond the model's decimals they mean nothing: rounded, and said (ADR 0020)

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_MOMENT = re.compile(
    r"(\d{4}-\d\d-\d\dT\d\d:\d\d)(:\d\d)?(?:[.,](\d{1,6}))?(Z|[+-]\d\d(?::?\d\d(?::\d\d)?)?)", re.ASCII
)
_INTEGER = re.compile(r"[+-]?\d+", re.ASCII)
_NUMBER = re.compile(r"[+-]?(\d+([.,]\d+)?|[.,]\d+)", re.ASCII)
_BOOLEANS = {"true": True, "oui": True, "1": True, "false": False, "non": False, "0": False}


class Rounded(ValueError):
    """The value was accepted with fewer decimals: a warning, not an error."""

    def __init__(self, value: Decimal, message: str) -> None:
        super().__init__(message)
        self.value = value


def _date(text: str) -> date:
    if not _DATE.fullmatch(text):
        raise ValueError("Cette date n’est pas écrite AAAA-MM-JJ : écrivez par exemple 2026-09-01.")
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError("Ce jour n’existe pas dans le calendrier : corrigez la date.") from None


def _moment(text: str) -> datetime:
    match = _MOMENT.fullmatch(text)
    if not match:
        raise ValueError(
            "Ce moment n’est pas écrit avec date, heure et décalage : écrivez par exemple 2026-09-01T08:30:00+02:00."
        )
    day, seconds, fraction, offset = match.groups()
    if seconds is None and fraction is not None:
        raise ValueError("Ce moment a des décimales sans secondes : écrivez par exemple 2026-09-01T08:30:00+02:00.")
    try:
        moment = datetime.fromisoformat(f"{day}{seconds or ':00'}.{(fraction or '0').ljust(6, '0')}{offset}")
        moment.astimezone(PARIS)
        return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError("Ce jour, cette heure ou ce décalage n’existe pas : corrigez le moment.") from None


def _boolean(text: str) -> bool:
    try:
        return _BOOLEANS[text.lower()]
    except KeyError:
        raise ValueError("Cette colonne attend « true » ou « false » (ou « oui », « non », « 1 », « 0 »).") from None


def _check_range(value: int | Decimal, column: Column) -> None:
    if column.minimum is not None and value < column.minimum:
        raise ValueError(f"Cette valeur est trop petite : le minimum est {column.minimum}.")
    if column.maximum is not None and value > column.maximum:
        raise ValueError(f"Cette valeur est trop grande : le maximum est {column.maximum}.")


def _integer(column: Column) -> Callable[[str], int]:
    def parse(text: str) -> int:
        if not _INTEGER.fullmatch(text):
            raise ValueError(
                "Cette colonne attend un nombre entier, sans virgule, espace ni unité : écrivez par exemple 12."
            )
        if len(text.lstrip("+-0")) > 10 or abs(int(text)) > MAX_INTEGER:
            raise ValueError("Ce nombre est trop grand pour être enregistré : vérifiez-le.")
        value = int(text)
        _check_range(value, column)
        return value

    return parse


def _number(column: Column) -> Callable[[str], Decimal]:
    assert column.decimals
    whole, places = column.decimals

    def parse(text: str) -> Decimal:
        if not _NUMBER.fullmatch(text):
            raise ValueError(
                "Cette colonne attend un nombre décimal, sans espace, exposant ni unité : écrivez par exemple 12.5."
            )
        sign = "-" if text.startswith("-") else ""
        units, _, decimals = text.lstrip("+-").replace(",", ".").partition(".")
        units, decimals = units.lstrip("0"), decimals.rstrip("0")
        if len(units) > whole:
            raise ValueError(f"Ce nombre est trop grand : au plus {whole} chiffres avant la virgule sont conservés.")
        value = Decimal(f"{sign}{units or '0'}.{decimals[:places] or '0'}")
        if len(decimals) > places:
            if column.name not in ROUNDED:
                raise ValueError(
                    f"Ce nombre a trop de décimales pour être conservé exactement : écrivez-en {places} au plus."
                )
            value = round(Decimal(f"{sign}{units or '0'}.{decimals[: places + 2]}"), places)
            raise Rounded(value + 0, f"Cette coordonnée est arrondie à {places} décimales : {value}.")
        value += 0  # no negative zero
        _check_range(value, column)
        return value

    return parse


def _text(column: Column) -> Callable[[str], str]:
    longest, pattern = column.max_length, column.pattern
    allowed = frozenset(column.enum)

    def parse(text: str) -> str:
        if allowed and text not in allowed:
            raise ValueError(f"Cette valeur n’est pas dans la liste : écrivez {', '.join(column.enum)}.")
        if pattern and not pattern.fullmatch(text):
            raise ValueError(_SHAPES.get(column.name, "Cette valeur n’a pas la forme attendue : vérifiez-la."))
        if column.name in _YEARS and not _is_year(text):
            raise ValueError(
                "Les deux millésimes de l’année scolaire ne se suivent pas : écrivez par exemple 2025-2026."
            )
        if longest and len(text) > longest:
            raise ValueError(f"Ce texte a {len(text)} caractères : cette colonne en accepte {longest} au plus.")
        return text

    return parse


def _is_year(text: str) -> bool:
    try:
        SchoolYear.parse(text)
    except ValueError:
        return False
    return True


_YEARS = ("annee", "annee_sortie")
_YEAR = "Cette année scolaire n’est pas écrite AAAA-AAAA : écrivez par exemple 2025-2026."
_SHAPES = {
    "uai": "Un numéro UAI a sept chiffres et une lettre majuscule : écrivez par exemple 0755890V.",
    "annee": _YEAR,
    "annee_sortie": _YEAR,
    "siret": "Un SIRET a 14 chiffres, sans espace : vérifiez-le, ou laissez la cellule vide.",
    "sha256": "Une empreinte SHA-256 a 64 caractères, chiffres ou lettres de a à f en minuscules.",
}


def parser(column: Column) -> Callable[[str], Any]:
    """A function from the stripped, non-empty text of a cell to its value.

    It raises ValueError with a French sentence, or Rounded with the value kept. An enumeration of a text column keeps the
    dossier's own value.
    """
    match column.type:
        case "date":
            return _date
        case "datetime":
            return _moment
        case "boolean":
            return _boolean
        case "integer":
            return _integer(column)
        case "number":
            return _number(column)
        case _:
            return _text(column)


def as_text(value: Any) -> str:
    """A value as the export writes it: B-23. None and "" are an empty cell; edge spaces go, as on the way in."""
    match value:
        case None:
            return ""
        case str():
            return value.strip()
        case bool():
            return "true" if value else "false"
        case datetime():
            return value.astimezone(PARIS).isoformat()
        case date():
            return value.isoformat()
        case Decimal():
            text = format(value, "f")
            return (text.rstrip("0").rstrip(".") if "." in text else text) if value else "0"
        case _:
            return str(value)
