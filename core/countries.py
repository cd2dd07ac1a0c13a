"""Countries by their ISO 3166-1 code, with their French name (core/data/pays.csv, after CLDR); France is left out."""

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType


@cache
def names() -> Mapping[str, str]:
    """Code → French name, in alphabetical order of names."""
    with (Path(__file__).parent / "data" / "pays.csv").open(encoding="utf-8", newline="") as file:
        return MappingProxyType({row["code"]: row["nom"] for row in csv.DictReader(file)})


def name_of(code: str) -> str:
    """« Belgique » for BE; the code itself when it is unknown, "" for France."""
    return names().get(code, code)


def choices(nothing: str) -> list[tuple[str, str]]:
    """What a form offers, `nothing` first."""
    return [("", nothing), *names().items()]
