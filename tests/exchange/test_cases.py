"""The dossiers of the definitions' 22 cases come in as they are, and a second time change nothing."""

import contextlib
import io
import json
from pathlib import Path

import pytest
from django.core.management import call_command

CASES = Path(__file__).parent.parent / "data" / "cases"
DOSSIERS = sorted(path.parent for path in CASES.glob("*/*/etablissements.csv"))


def import_dossier(path: Path, *options: str) -> dict:
    """The answer of the command, whatever its exit code."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.suppress(SystemExit):
        call_command("import_dossier", str(path), *options, stdout=out, stderr=err)
    return json.loads(out.getvalue().splitlines()[-1])


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
    assert sum(counts["created"] + counts["updated"] for counts in second["resources"].values()) == 0
