"""The dossiers of the definitions' 22 cases come in as they are, and a second time change nothing."""

from pathlib import Path

import pytest

from tests.exchange.commands import import_dossier, written

CASES = Path(__file__).parent.parent / "data" / "cases"
DOSSIERS = sorted(path.parent for path in CASES.glob("*/*/etablissements.csv"))


def test_the_cases_are_there() -> None:
    assert len(DOSSIERS) >= 21


@pytest.mark.parametrize("dossier", DOSSIERS, ids=lambda path: f"{path.parent.name}/{path.name}")
@pytest.mark.django_db
def test_a_case_is_imported_whole(dossier: Path) -> None:
    first = import_dossier(dossier)
    assert first["errors"] == []
    lines = {path.stem: len(path.read_text("utf-8-sig").strip().splitlines()) - 1 for path in dossier.glob("*.csv")}
    assert {name: counts["created"] for name, counts in first["resources"].items() if name in lines} == lines
    second = import_dossier(dossier)
    assert {name: counts["unchanged"] for name, counts in second["resources"].items() if name in lines} == lines
    assert written(second) == 0
