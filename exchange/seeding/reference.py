"""The reference tables that the demo lycées draw on (`core/data/`, sources in its README)."""

import csv
from functools import cache
from pathlib import Path

import core

DATA = Path(core.__file__).parent / "data"


@cache
def table(name: str) -> tuple[dict[str, str], ...]:
    """The rows of `core/data/<name>.csv`, all text."""
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


@cache
def diplomas() -> dict[str, dict[str, str]]:
    """Diplomas by code."""
    return {row["code_formation_diplome"]: row for row in table("diplomes_pro") if row["code_formation_diplome"]}
