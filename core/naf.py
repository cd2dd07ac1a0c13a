"""The NAF (rév. 2, INSEE, Licence Ouverte): sections, divisions, labels."""

import csv
import re
from functools import cache
from pathlib import Path

_DIVISION = re.compile(r"(\d{2})[\d.]*[A-Za-z]?")


@cache
def _table() -> dict[str, dict[str, str]]:
    with (Path(__file__).parent / "data" / "naf.csv").open(encoding="utf-8", newline="") as file:
        return {row["code"]: row for row in csv.DictReader(file)}


@cache
def _sections() -> dict[str, str]:
    """Division ("43") → section letter ("F")."""
    return {code: row["section"] for code, row in _table().items() if row["niveau"] == "division"}


@cache
def section(code: str) -> str:
    """`"43.21A"` or `"4321A"` → `"F"`; "" when empty, unreadable or of no known division (A-43)."""
    match = _DIVISION.fullmatch(code.strip())
    return _sections().get(match[1], "") if match else ""


def section_label(letter: str) -> str:
    """`"F"` → `"Construction"`, "" for another text."""
    row = _table().get(letter)
    return row["libelle"] if row else ""


def label(code: str) -> str:
    """`"43.21A"` or `"4321A"` → the label of the sub-class, "" when unknown."""
    code = code.strip().upper()
    if len(code) == 5 and code[:4].isdigit():
        code = f"{code[:2]}.{code[2:]}"
    row = _table().get(code)
    return row["libelle"] if row else ""


def section_choices() -> list[tuple[str, str]]:
    """The 21 sections, for filters and headings."""
    return [(code, row["libelle"]) for code, row in _table().items() if row["niveau"] == "section"]


def divisions_of(letter: str) -> list[str]:
    """`"F"` → `["41", "42", "43"]`; empty for an unknown letter."""
    return [division for division, found in _sections().items() if found == letter]
