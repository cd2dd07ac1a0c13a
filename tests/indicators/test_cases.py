"""The 22 cases of § 10 of the definitions, with the values written by hand."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from core.school_year import SchoolYear
from indicators import figures
from tests.indicators import dossiers
from tests.indicators.test_naive import places

CASES = Path(__file__).parents[1] / "data" / "cases"


def _runs() -> list[Any]:
    return [
        pytest.param(file.parent, run, id=f"{file.parent.name}-{number}")
        for file in sorted(CASES.rglob("runs.json"))
        for number, run in enumerate(json.loads(file.read_text(encoding="utf-8")), 1)
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(("folder", "run"), _runs())
def test_case(folder: Path, run: dict[str, str]) -> None:
    schools = dossiers.load(dossiers.read(folder / run["dossier"]))
    answer = figures.compute(schools[run["uai"]], SchoolYear.parse(run["annee"]), date.fromisoformat(run["date"]))
    found = places(json.loads(json.dumps(answer.as_json())))
    for expected in json.loads((folder / run["expected"]).read_text(encoding="utf-8")):
        place = (expected["code"], expected.get("axe"), expected.get("cle"))
        if expected.get("absent"):
            assert place not in found
            continue
        for name in ("statut", "n", "d", "valeur", "renseignement"):
            if name in expected:
                wanted, got = expected[name], found[place][name]
                assert got == (pytest.approx(wanted, abs=1e-9) if isinstance(wanted, float) else wanted), (place, name)
