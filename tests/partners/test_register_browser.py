"""« Chercher dans Sirene » as people do it: typing, choosing, comparing, taking; with JavaScript and without, wide and narrow."""

import re
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
from django.core.cache import caches
from django.urls import reverse
from playwright.sync_api import expect

from partners.models import Partner
from schools.models import School
from tests import factories, outside_services
from tests.conftest import Cast
from tests.outside_services import StandIn
from tests.servers import Browse, look

pytestmark = [pytest.mark.browser, pytest.mark.once]

WORKSHOP = "99991201700020"
SAVING = 20_000  # milliseconds: a save and the page behind it, on a machine that does other things


@pytest.fixture
def standin(settings: Any) -> Iterator[StandIn]:
    caches["outside"].clear()
    with outside_services.running() as found:
        settings.SIRENE_URL = found.sirene
        yield found
    caches["outside"].clear()


@pytest.fixture
def school(transactional_db: None, cast: Cast) -> School:
    cast.school.postal_code = "02000"
    cast.school.save()
    return cast.school


@pytest.fixture
def signed_in(browse: Browse, cast: Cast) -> Browse:
    """A page of the bureau's lead, in a size, with JavaScript or without."""
    return partial(browse, cast.bde.user)


@pytest.mark.parametrize("size", ["wide", pytest.param("narrow", marks=pytest.mark.slow)])
def test_typing_a_name_leads_to_the_official_record(signed_in: Browse, standin: StandIn, school: School, size: str):
    page = signed_in(size)
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.goto(reverse("partners:partner_new", args=[school.uai]))
    page.locator("#id_notes").fill("Demander Élodie")
    page.locator("#id_name").press_sequentially("garage dupont", delay=15)
    box = page.locator("#sirene")
    expect(box).to_contain_text("Auto Service du Plateau")
    look(page, f"sirene-{size}-liste")
    assert len(standin.calls) == 1, "asked once for a whole name, not at each letter"
    box.get_by_role(
        "radio", name=re.compile("Auto Service du Plateau")
    ).click()  # gone once chosen: no state to wait for
    expect(box).to_contain_text("Reprendre ce qui est coché")
    look(page, f"sirene-{size}-comparaison")
    box.get_by_role("checkbox", name=re.compile("Effectif")).uncheck()
    box.get_by_role("button", name="Reprendre ce qui est coché").click()
    expect(page.locator("#id_siret")).to_have_value(WORKSHOP)
    expect(page.locator("#id_brand")).to_have_value("Auto Service du Plateau")
    expect(page.locator("#id_headcount")).to_have_value("")
    expect(page.locator("#id_notes")).to_have_value("Demander Élodie")
    look(page, f"sirene-{size}-repris")
    page.get_by_role("button", name="Enregistrer le partenaire").click()
    expect(page.locator("h1")).to_contain_text("Garage Dupont et fils", timeout=SAVING)
    expect(page.locator("main")).to_contain_text("Ouvert depuis le")
    look(page, f"sirene-{size}-fiche")
    assert complaints == []


@pytest.mark.parametrize("size", ["wide", pytest.param("narrow", marks=pytest.mark.slow)])
def test_without_javascript(signed_in: Browse, standin: StandIn, school: School, size: str):
    page = signed_in(size, java_script_enabled=False)
    page.goto(reverse("partners:partner_new", args=[school.uai]))
    page.locator("#id_name").fill("garage dupont")
    page.locator("#id_notes").fill("Demander Élodie")
    page.get_by_role("button", name="Chercher dans Sirene").click()
    page.get_by_role("radio", name=re.compile("Auto Service du Plateau")).check()
    look(page, f"sirene-sans-js-{size}-liste", script=False)
    page.get_by_role("button", name="Comparer avec ma fiche").click()
    look(page, f"sirene-sans-js-{size}-comparaison", script=False)
    page.get_by_role("button", name="Reprendre ce qui est coché").click()
    expect(page.locator("#id_siret")).to_have_value(WORKSHOP)
    expect(page.locator("#id_notes")).to_have_value("Demander Élodie")
    page.get_by_role("button", name="Enregistrer le partenaire").click()
    expect(page.locator("h1")).to_contain_text("Garage Dupont et fils", timeout=SAVING)
    partner = Partner.objects.in_school(school).get()
    assert (partner.siret, partner.city, partner.naf) == (WORKSHOP, "Laon", "45.20A")


def test_by_keyboard_alone(signed_in: Browse, standin: StandIn, school: School):
    page = signed_in("wide")
    page.goto(reverse("partners:partner_new", args=[school.uai]))
    page.locator("#id_siret").focus()
    page.keyboard.type(WORKSHOP)
    expect(page.locator("#sirene")).to_contain_text("Reprendre ce qui est coché")
    expect(page.locator("#id_siret")).to_be_focused()
    button = page.get_by_role("button", name="Reprendre ce qui est coché")
    for _ in range(14):
        page.keyboard.press("Tab")
        if button.evaluate("one => one === document.activeElement"):
            break
    expect(button).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#id_brand")).to_have_value("Auto Service du Plateau")
    page.locator("#id_phone").focus()
    page.keyboard.press("Enter")  # in a field, Enter saves
    expect(page.locator("h1")).to_contain_text("Garage Dupont et fils", timeout=SAVING)


def test_no_answer_is_a_sentence_and_the_hand_goes_on(signed_in: Browse, standin: StandIn, school: School):
    standin.plays = "broken"
    page = signed_in("narrow")
    page.goto(reverse("partners:partner_new", args=[school.uai]))
    page.locator("#id_name").press_sequentially("garage dupont", delay=15)
    expect(page.locator("#sirene")).to_contain_text("Le répertoire Sirene ne répond pas.")
    look(page, "sirene-narrow-panne")
    page.get_by_role("button", name="Enregistrer le partenaire").click()
    expect(page.locator("h1")).to_contain_text("garage dupont", timeout=SAVING)


@pytest.mark.parametrize("size", ["wide", pytest.param("narrow", marks=pytest.mark.slow)])
def test_what_differs_is_taken_on_the_page(signed_in: Browse, standin: StandIn, school: School, size: str):
    partner = factories.PartnerFactory(school=school, siret=WORKSHOP, name="Garage Dupont et fils", naf="45.20A")
    page = signed_in(size)
    page.goto(partner.get_absolute_url())
    page.get_by_role("button", name="Vérifier maintenant").click()
    expect(page.locator("main")).to_contain_text("Sirene dit autrement")
    look(page, f"sirene-{size}-ecarts")
    page.get_by_role("button", name="Reprendre : Enseigne").click()
    expect(page.locator("main")).to_contain_text("Repris de Sirene : enseigne.")
    standin.changed[WORKSHOP] = {"etat_administratif": "F", "date_fermeture": "2026-10-31"}
    page.get_by_role("button", name="Vérifier maintenant").click()
    expect(page.locator("main")).to_contain_text("Sirene dit que cet établissement est fermé")
    look(page, f"sirene-{size}-fermee")
