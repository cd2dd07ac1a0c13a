"""The figures against a second, naive computation of the same definitions, on dossiers drawn at random."""

import json
import os
from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from core.school_year import SchoolYear
from indicators import figures
from tests.indicators import dossiers, naive
from tests.indicators.random_dossiers import UAIS, YEARS, Draw

DRAWS = int(os.environ.get("INDICATOR_DRAWS", "24"))


def answers(school: Any, year: str, asked: date) -> dict[naive.Place, dict[str, Any]]:
    """What the platform says, by (code, axis, key)."""
    return places(json.loads(json.dumps(figures.compute(school, SchoolYear.parse(year), asked).as_json())))


def places(answer: Mapping[str, Any]) -> dict[naive.Place, dict[str, Any]]:
    """The entries and breakdowns of an answer, by (code, axis, key)."""
    found: dict[naive.Place, dict[str, Any]] = {}
    for entry in answer["indicateurs"]:
        found[entry["code"], None, None] = entry
        for cell in entry["ventilations"]:
            found[entry["code"], cell["axe"], cell["cle"]] = cell
    return found


def differences(said: Mapping[naive.Place, Any], meant: Mapping[naive.Place, Any]) -> list[str]:
    """One line for each value that is missing, too many, or not the same."""
    lines = [f"{place}: only one side has it" for place in said.keys() ^ meant.keys()]
    for place in said.keys() & meant.keys():
        for name, wanted in meant[place].items():
            got = said[place][name]
            exact = name == "statut" or wanted is None or isinstance(wanted, (bool, str))
            if got is None or exact:
                same = got == wanted and type(got) is type(wanted)
            else:
                same = not isinstance(got, bool) and abs(got - float(wanted)) <= 1e-9
            if not same:
                lines.append(f"{place} {name}: {got}, not {wanted}")
    return sorted(lines)


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(DRAWS))
def test_same_as_the_naive_computation(seed: int) -> None:
    draw = Draw(seed)
    dossier = draw.everything()
    schools = dossiers.load(dossier)
    for uai in UAIS:
        for year, asked in ((YEARS[1], draw.asked()), (YEARS[1], draw.asked()), (YEARS[2], date(2026, 12, 15))):
            found = differences(answers(schools[uai], year, asked), naive.compute(dossier, uai, year, asked))
            assert not found, f"{uai} {year} {asked}"
