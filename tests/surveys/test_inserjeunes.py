"""InserJeunes: by form and by spreadsheet, and never beside ours in one table."""

from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from schools.importing import Refused
from surveys import inserjeunes
from surveys.models import InserJeunesFigure
from tests.conftest import Cast
from tests.factories import InserJeunesFactory
from tests.importing import Traveller
from tests.surveys.leavers_scene import every

HEADER = [
    "UAI",
    "Libellé de la formation",
    "Année",
    "Taux d’emploi 6 mois après la sortie",
    "Taux de poursuite d’études",
]


@pytest.mark.parametrize(
    ("cell", "value"),
    [("52", Decimal(52)), ("52,4 %", Decimal("52.4")), ("+3", Decimal(3)), ("n.d.", "nd"), ("-", "nd")],
)
def test_official_cells(cell: str, value: object) -> None:
    assert inserjeunes.percent(cell) == value


@pytest.mark.parametrize("cell", ["140", "abc", "=cmd()", "NaN"])
def test_cells_that_are_no_percentage(cell: str) -> None:
    with pytest.raises(Refused):
        inserjeunes.percent(cell)


def test_the_ministry_s_file_comes_in_for_this_lycee_only_and_once(as_bde: Client, cast: Cast) -> None:
    rows = [
        HEADER,
        [cast.school.uai, "Métiers de l’électricité", "2023-2024", "52,5", "nd"],
        [cast.school.uai, "Commerce", "2023-2024", "140", "30"],
        ["0000001A", "Commerce", "2023-2024", "60", "30"],
    ]
    traveller = Traveller(as_bde, cast.school, "inserjeunes")
    traveller.send(rows).columns(source="data.education.gouv.fr").apply()
    found = {(row.formation, row.measure): row.percent for row in every(InserJeunesFigure)}
    assert found == {
        ("Métiers de l’électricité", "emploi_salarie"): Decimal("52.50"),
        ("Métiers de l’électricité", "poursuite"): None,
        ("Commerce", "poursuite"): Decimal("30.00"),
    }
    again = Traveller(as_bde, cast.school, "inserjeunes")
    again.send(rows).columns(source="data.education.gouv.fr")
    assert again.counts["unchanged"] == 2
    traveller.undo()
    assert not every(InserJeunesFigure).exists()


def test_a_form_refuses_what_cannot_be(as_bde: Client, cast: Cast) -> None:
    said = {"vintage": "sortants 2024", "measure": "emploi_salarie", "term_months": "0", "percent": "-5", "source": "x"}
    answer = as_bde.post(reverse("surveys:inserjeunes_new", args=[cast.school.uai]), said)
    assert answer.status_code == 422
    assert {"percent", "term_months"} <= set(answer.context["form"].errors)


def test_the_box_says_what_the_figures_are_and_why_they_stand_apart(as_bde: Client, cast: Cast) -> None:
    InserJeunesFactory(
        school=cast.school, formation="", vintage="sortants 2023 et 2024", percent=52, source="Fichier public"
    )
    page = as_bde.get(reverse("indicators:leaver_figures", args=[cast.school.uai]))
    text = page.content.decode()
    for words in ("Sortants 2023 et 2024", "Fichier public", inserjeunes.WHY_APART, "emploi salarié"):
        assert words in text
    file = as_bde.get(reverse("indicators:leaver_figures", args=[cast.school.uai]) + "?format=csv").content.decode(
        "utf-8-sig"
    )
    assert "InserJeunes" not in file
    assert "52" not in file
