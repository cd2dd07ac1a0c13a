"""Every nature of the typology has its contract type and its model, or the page where it is entered."""

import csv

import pytest
from django.test import Client
from django.urls import reverse

from core import national_events
from core.school_year import SchoolYear
from events import catalogue, letters
from events.enums import ActionType, Occasion
from tests.conftest import Cast

CODES = [row["code"] for row in csv.DictReader(catalogue.NATURES.read_text(encoding="utf-8").splitlines())]


def test_the_table_maps_the_typology_line_by_line():
    lines = (catalogue.HERE / "kinds.csv").read_text(encoding="utf-8").splitlines()
    ours = [row["code"] for row in csv.DictReader(lines)]
    assert ours == CODES == list(catalogue.kinds())
    assert len(CODES) == len(set(CODES)) == 91


@pytest.mark.parametrize("code", CODES)
def test_a_nature_is_an_action_with_a_model_or_says_where_it_is_entered(code: str):
    found = catalogue.kind(code)
    assert found is not None and found.label and found.family
    if found.is_action:
        assert found.type in ActionType and found.model in catalogue.models() and not found.page
        assert catalogue.model_for(code).steps
    else:
        assert reverse(found.page, args=["0750655E"]) and found.advice.endswith(".")
        assert not found.model
    if found.event:
        assert found.event in {one.name for one in national_events.events_of(SchoolYear(2026))}


def test_every_contract_type_can_be_chosen_and_has_a_model():
    by_type = {one.type for one in catalogue.kinds().values() if one.is_action}
    assert by_type == set(ActionType)
    assert {code for _, group in catalogue.choices() for code, _ in group} == {
        code for code in CODES if catalogue.kinds()[code].is_action
    }
    assert catalogue.model_for_type(ActionType.FORUM).slug == "forum"
    assert catalogue.model_for_type("autre") == catalogue.model_for("INCONNU") == catalogue.models()["general"]


@pytest.mark.parametrize("slug", list(catalogue.models()))
def test_a_model_counts_its_days_in_order_and_its_letters_can_leave(slug: str):
    model = catalogue.models()[slug]
    days = [step.days for step in model.steps]
    assert days == sorted(days) and days[0] < 0 < days[-1] and len(model.steps) >= 6
    assert catalogue.kind(model.kind).model == slug
    assert 0 < model.hours <= 50
    for occasion, letter in model.letters.items():
        assert occasion in Occasion
        assert not letters.subject_problems(letter.subject) and not letters.body_problems(letter.body)
        assert occasion is not Occasion.INVITATION or "{lien}" in letter.body


def test_choosing_shows_models_first_and_finds_by_words(as_bde: Client, cast: Cast):
    choose = reverse("events:action_choose", args=[cast.school.uai])
    page = as_bde.get(choose).content.decode()
    assert page.index("Les plus courantes") < page.index("Toutes les natures")
    assert all(catalogue.models()[slug].name in page for slug in ("forum", "visite", "avenirpro"))
    found = as_bde.get(choose, {"q": "taxe apprentissage"}).content.decode()
    assert reverse("partners:contribution_list", args=[cast.school.uai]) in found
    assert "nature=TAXE_APP" not in found and "nature=FORUM_METIERS" not in found
    assert "Aucune nature" in as_bde.get(choose, {"q": "<script>alert(1)</script>"}).content.decode()
