"""Headcount bands of the INSEE (tranches d'effectif salarié, Licence Ouverte): what each code means."""

import csv
from functools import cache
from pathlib import Path


@cache
def _table() -> dict[str, int]:
    with (Path(__file__).parent / "data" / "tranches_effectif.csv").open(encoding="utf-8", newline="") as file:
        return {row["code"]: int(row["minimum"]) for row in csv.DictReader(file)}


def least(code: str) -> int | None:
    """`"12"` → 20: the smallest headcount of the band; None for a code that the table does not have."""
    return _table().get(code)
