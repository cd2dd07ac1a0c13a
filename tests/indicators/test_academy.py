"""The reader of an académie: counts of its lycées, hidden where they are small, added up, in the order of the alphabet."""

import io
import json
from datetime import date
from typing import Any

import openpyxl
import pytest
from django.core.management import call_command
from django.urls import reverse

from core.school_year import SchoolYear
from indicators import academy
from indicators.academy import Academy, Number
from schools import academy_readers
from tests.conftest import Cast
from tests.factories import PublicationFactory, SchoolFactory
from tests.indicators.story import YEAR

HIDDEN = "n.d. (effectif < 5)"


def entry(code: str, n: int | None, d: int | None, cells: dict[str, tuple[int, int]] | None = None) -> dict[str, Any]:
    said = n is not None
    return {
        "code": code, "rubrique": 4, "libelle": code, "unite": "taux" if d or not said else "nombre",
        "statut": "calcule" if said else "non_calculable", "valeur": (n / d if d else n) if said else None,
        "n": n, "d": d, "renseignement": None, "motif": None if said else HIDDEN,
        "ventilations": [
            {"axe": "secteur", "cle": key, "statut": "calcule", "valeur": a / b, "n": a, "d": b}
            for key, (a, b) in (cells or {}).items()
        ],
    }  # fmt: skip


def lycee(name: str, *entries: dict[str, Any], type: str = "lp", academy: str = "Amiens", year: str = YEAR) -> Any:
    school = SchoolFactory(name=name, academy=academy, type=type)
    figures = {"annee": year, "arrete": "2026-01-10", "indicateurs": list(entries)}
    PublicationFactory(school=school, year=year, as_of=date(2026, 1, 10), figures=figures)
    return school


@pytest.fixture
def reader(db, client):
    client.force_login(academy_readers.give("reader@rectorat.test", "Amiens").user)
    return client


def home(**query: str) -> str:
    return reverse("academy_home", query={"annee": YEAR, **query})


def plain(response: Any) -> str:
    return response.content.decode().replace("\u00a0", " ").replace("\u202f", " ")


def test_lycees_by_name_hidden_where_small_and_added_up(reader):
    lycee("Zola", entry("I4.1", 30, 60), entry("I7.1", 5, 10, {"C": (3, 6), "F": (2, 4)}))
    lycee("Éluard", entry("I4.1", 10, 40), type="lpo")
    lycee("Brel", entry("I4.1", None, None))
    lycee("Ailleurs", entry("I4.1", 99, 100), academy="Lille")
    page = plain(reader.get(home()))
    assert page.index("Brel") < page.index("Éluard") < page.index("Zola") and "Ailleurs" not in page
    assert "40 / 100" in page and "2 sur 3 lycées" in page
    assert "n.d." in page and HIDDEN not in page.replace("&lt;", "<"), "the reason is on the page of the indicator"
    one = plain(reader.get(reverse("academy_figure", args=["I4.1"], query={"annee": YEAR})))
    assert HIDDEN in one.replace("&lt;", "<")
    assert "30 / 60" in one and "10 / 40" in one and "1 sur 2" in one
    sectors = plain(reader.get(reverse("academy_figure", args=["I7.1"], query={"annee": YEAR})))
    assert "3 / 6" in sectors and "tri=" not in sectors, "no sorting: no ranking"


def test_a_sum_gives_nothing_that_is_not_shown():
    shown, hidden = Number(0.5, 5, 10, "taux"), Number(None, None, None, "taux", HIDDEN)
    total = academy.added("I4.1", [shown, hidden])
    assert (total.number.n, total.number.d, total.shown, total.schools) == (5, 10, 1, 2)
    assert not academy.added("I4.1", [hidden]).number.is_shown
    assert not academy.added("E12", [Number(3, None, None, "nombre")] * 2).number.is_shown, "medians do not add up"


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_files_hold_the_definitions(reader, kind):
    lycee("Zola", entry("I4.1", 30, 60))
    answer = reader.get(home(format=kind))
    if kind == "csv":
        text = answer.content.decode("utf-8-sig")
    else:
        sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
        text = "\n".join(";".join(str(cell) for cell in row) for row in sheet.iter_rows(values_only=True))
    assert "Zola" in text and "Élèves distincts présents à au moins une action" in text


def test_only_readers_and_only_their_academie(reader, client, cast: Cast):
    lycee("Zola", entry("I4.1", 30, 60), academy="Lille")
    assert reader.get(home(academie="Lille")).status_code == 404
    assert reader.get(home(annee="2025")).status_code == 404
    assert reader.get(reverse("academy_figure", args=["I99"])).status_code == 404
    assert reader.get(cast.school.get_absolute_url()).status_code == 404, "no page of a lycée"
    assert reader.get("/").url == reverse("academy_home")
    academy_readers.remove("reader@rectorat.test", "Amiens")
    assert reader.get(home()).status_code == 404, "at once"
    client.force_login(cast.head.user)
    assert client.get(home()).status_code == 404


def test_the_command_gives_and_takes_the_role(db, capsys):
    SchoolFactory(academy="Amiens")
    call_command("academie", "new@rectorat.test", "Amiens")
    given = json.loads(capsys.readouterr().out)
    assert (given["ok"], given["ouvert"], given["lycees"]) == (True, True, 1) and given["url"].startswith("http")
    call_command("academie", "new@rectorat.test", "Amiens", "--retirer")
    assert json.loads(capsys.readouterr().out)["ouvert"] is False
    for arguments in (
        ("new@rectorat.test", "Atlantide"),
        ("no address", "Amiens"),
        ("new@rectorat.test", "Amiens", "--retirer"),
    ):
        with pytest.raises(SystemExit):
            call_command("academie", *arguments)
        assert json.loads(capsys.readouterr().out)["ok"] is False


def test_a_hundred_lycees_cost_as_many_queries_as_two(reader, django_assert_num_queries):
    def made(number: int) -> None:
        for n in range(number):
            lycee(f"Lycée {n}", entry("I4.1", 30, 60))

    made(2)
    with django_assert_num_queries(2):
        assert len(Academy("Amiens", SchoolYear.parse(YEAR)).lycees) == 2
    made(18)
    with django_assert_num_queries(2):
        assert len(Academy("Amiens", SchoolYear.parse(YEAR)).lycees) == 20
