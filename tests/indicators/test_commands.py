"""`indicators`: what it prints, what it refuses, and a whole dossier in by one command and out as figures by another."""

import csv
import hashlib
from datetime import date
from pathlib import Path

import pytest
from django.core.management import CommandError
from pypdf import PdfReader

from core import french
from exchange.definitions import RESOURCES
from indicators.models import Snapshot
from tests.exchange.commands import answer, import_dossier
from tests.indicators import naive
from tests.indicators.random_dossiers import UAIS, YEARS, Dossier, Draw
from tests.indicators.story import UAI, Story
from tests.indicators.test_naive import differences, places

pytestmark = pytest.mark.django_db


def write(dossier: Dossier, folder: Path) -> None:
    """The CSV files of a dossier, as another program would write them."""
    for name, rows in dossier.items():
        columns = [column.name for column in RESOURCES[name].columns]
        with (folder / RESOURCES[name].file).open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns, delimiter=";", restval="")
            writer.writeheader()
            writer.writerows(rows)


@pytest.mark.parametrize("seed", [101, 102, 103])
def test_a_dossier_in_its_figures_out(seed: int, tmp_path: Path) -> None:
    draw = Draw(seed)
    dossier, asked = draw.everything(), draw.asked()
    write(dossier, tmp_path)
    assert import_dossier(tmp_path)["errors"] == []
    for uai in UAIS:
        said = answer("indicators", uai, YEARS[1], "--date", asked.isoformat())
        assert said.pop("code") == 0
        assert not differences(places(said), naive.compute(dossier, uai, YEARS[1], asked))


@pytest.mark.parametrize("seed", [104])
def test_a_dossier_in_its_report_out(seed: int, tmp_path: Path) -> None:
    """Import, figures, report: what the paper prints is what the naive computation finds."""
    draw = Draw(seed)
    dossier, asked = draw.everything(), draw.asked()
    write(dossier, tmp_path)
    assert import_dossier(tmp_path)["errors"] == []
    for uai in UAIS:
        out = tmp_path / f"{uai}.pdf"
        said = answer("yearly_report", uai, YEARS[1], str(out), "--date", asked.isoformat())
        assert (said["ok"], said["sha256"]) == (True, hashlib.sha256(out.read_bytes()).hexdigest())
        assert 8 <= said["pages"] <= 14
        printed = words("".join(page.extract_text() for page in PdfReader(out).pages))
        meant = naive.compute(dossier, uai, YEARS[1], asked)
        for code in ("I1.2", "I2.1", "I4.1", "I4.2", "I5.1", "I7.1", "I8.1"):
            cell = meant[(code, None, None)]
            if cell["statut"] == "calcule":
                assert words(french.percent(cell["valeur"])) in printed, code
                assert words(french.ratio(cell["n"], cell["d"])) in printed, code
        assert words(french.number(meant[("I3.1", None, None)]["valeur"])) in printed


def words(text: str) -> str:
    """The text with any run of spaces, narrow and no-break ones included, as one."""
    return " ".join(text.split())


def test_the_report_is_refused_where_it_cannot_be_written(tmp_path: Path) -> None:
    uai = Story().pupils("e1").school().uai
    said = answer("yearly_report", uai, "2025-2026", str(tmp_path / "nowhere" / "r.pdf"))
    assert (said["code"], said["ok"]) == (1, False)
    assert "ne peut pas être écrit" in said["motif"]
    assert answer("yearly_report", "0000000X", "2025-2026", str(tmp_path / "r.pdf"))["code"] == 1


def test_the_answer_is_the_promised_form() -> None:
    story = Story().pupils("e1").action("a", "2025-10-06", came="e1")
    uai = story.school().uai
    said = answer("indicators", uai, "2025-2026", "--date", "2026-03-01")
    assert said.pop("code") == 0
    assert {name: said[name] for name in ("etablissement", "annee", "arrete", "provisoire", "definitions")} == {
        "etablissement": uai,
        "annee": "2025-2026",
        "arrete": "2026-03-01",
        "provisoire": True,
        "definitions": "1",
    }
    (entry,) = [entry for entry in said["indicateurs"] if entry["code"] == "I4.1"]
    cell = {"axe": "classe", "cle": "X", "statut": "calcule", "valeur": 1.0, "n": 1, "d": 1}
    assert entry == {
        "code": "I4.1",
        "rubrique": 4,
        "libelle": "Taux d'élèves bénéficiaires",
        "unite": "taux",
        "statut": "calcule",
        "valeur": 1.0,
        "n": 1,
        "d": 1,
        "renseignement": None,
        "motif": None,
        "ventilations": [
            cell,
            {**cell, "axe": "niveau", "cle": "1re_pro"},
            {**cell, "axe": "type_action", "cle": "visite_entreprise"},
        ],
    }
    assert not Snapshot.objects.in_school(story.school()).exists()


@pytest.mark.parametrize(
    ("uai", "year", "day", "reason"),
    [
        ("9999999Z", "2025-2026", "2026-03-01", "UAI"),
        (UAI, "2025-2027", "2026-03-01", "année scolaire"),
        (UAI, "2025", "2026-03-01", "année scolaire"),
        (UAI, "2025-2026", "2025-08-31", "commence le 01/09/2025"),
    ],
)
def test_refusals_say_why_with_code_1(uai: str, year: str, day: str, reason: str) -> None:
    story = Story()
    said = answer("indicators", story.school().uai if uai == UAI else uai, year, "--date", day, "--save")
    assert (said["code"], said["ok"]) == (1, False)
    assert reason in said["motif"]
    assert not Snapshot.objects.across_schools(why="nothing may be kept").exists()


@pytest.mark.parametrize("day", ["31/08/2026", "2026-02-30", "20260831", "demain"])
def test_a_day_that_is_none_is_a_wrong_usage(day: str) -> None:
    with pytest.raises(CommandError, match="n’est pas une date"):
        answer("indicators", Story().school().uai, "2025-2026", "--date", day)


def test_save_keeps_what_is_printed() -> None:
    school = Story().action("a", "2025-10-06").school()
    said = answer("indicators", school.uai, "2025-2026", "--date", "2026-12-01", "--save")
    assert said.pop("code") == 0
    (kept,) = Snapshot.objects.in_school(school)
    assert (kept.figures, kept.year, kept.as_of) == (said, "2025-2026", date(2026, 8, 31))
