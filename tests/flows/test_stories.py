"""The three stories of the platform, walked in a browser on the demo school with its worker, at a desk and on a phone."""

import io
import re
from collections.abc import Callable

import pypdf
import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.flows.walk import Walk
from tests.servers import Platform

pytestmark = [pytest.mark.browser, pytest.mark.once]
SIZES = ("wide", pytest.param("narrow", marks=pytest.mark.slow))
ON_A_PHONE = ("narrow", pytest.param("wide", marks=pytest.mark.slow))


def downloaded(page: Page, link: str | re.Pattern[str]) -> str:
    """The text of the PDF behind a link."""
    with page.expect_download() as waiting:
        page.get_by_role("link", name=link).first.click()
    content = waiting.value.path().read_bytes()
    assert content.startswith(b"%PDF-")
    return "\n".join(sheet.extract_text() for sheet in pypdf.PdfReader(io.BytesIO(content)).pages)


@pytest.fixture
def walk(
    platform: Platform, open_page: Callable[..., Page], request: pytest.FixtureRequest
) -> Callable[[str, str], Walk]:
    def begin(role: str, size: str) -> Walk:
        walker = Walk(open_page(size), platform, f"{role}-{size}")
        walker.sign_in(role)
        return walker

    return begin


@pytest.mark.parametrize("size", SIZES)
def test_the_bureau_finds_a_company_and_keeps_in_touch(walk: Callable[[str, str], Walk], size: str):
    """Finds by name, town and trade; opens the page; adds a contact and an exchange; sees the placements."""
    walker = walk("bde", size)
    page = walker.page
    walker.look("accueil")

    walker.go("pfmp/placements/")
    walker.look("placements")
    company = page.locator("tbody tr td a[href*='/partenaires/']").first
    name = company.inner_text().strip()
    company_url = company.get_attribute("href")

    walker.go("partenaires/")
    walker.look("partenaires")
    page.goto(page.url + "?" + "q=" + name.split()[0])
    expect(page.locator("tbody")).to_contain_text(name.split()[0])
    walker.go("recherche/?q=" + name)
    expect(page.locator("main")).to_contain_text(name)
    walker.look("recherche par nom")

    page.goto(walker.platform.address + str(company_url))
    expect(page.locator("h1")).to_contain_text(name)
    walker.look("fiche")
    facts = {
        word.inner_text().strip(): page.locator("dd").nth(rank).inner_text().strip()
        for rank, word in enumerate(page.locator("dt").all())
    }
    town = re.sub(r"^\d+\s+", "", facts["Adresse"].splitlines()[-1])
    trade = facts["Métier"].partition(", ")[2]
    for words in (town, trade):
        walker.go("partenaires/?q=" + words)
        expect(page.locator("tbody tr").first).to_be_visible()
        walker.go(f"partenaires/?q={words} {name}")
        expect(page.locator("tbody")).to_contain_text(name)

    page.goto(walker.platform.address + str(company_url))
    page.locator("a[href*='/contacts/nouveau/']").first.click()
    page.get_by_role("button", name="Enregistrer le contact").click()
    walker.look("contact incomplet")
    page.locator("#id_last_name").fill(f"Vermeersch-{size}")
    page.locator("#id_first_name").fill("Odile")
    page.get_by_role("button", name="Enregistrer le contact").click()
    expect(page.locator("main")).to_contain_text(f"Vermeersch-{size}")

    # One line on the page; without a word it is refused and what was chosen stays
    page.locator("#note_channel").select_option("rendez_vous")
    page.get_by_role("button", name="Enregistrer l’échange").click()
    expect(page.locator("[data-error-summary]")).to_be_focused()
    expect(page.locator("#note_channel")).to_have_value("rendez_vous")
    walker.look("échange sans un mot")
    page.locator("#note_subject").fill(f"Deux places en mars, vu sur {size}")
    page.locator("#note_call_again_date").fill(timezone.localdate().isoformat())
    page.get_by_role("button", name="Enregistrer l’échange").click()
    expect(page.locator(".messages")).to_contain_text("Échange noté. Rappel prévu")
    expect(page.locator(".story")).to_contain_text(f"Deux places en mars, vu sur {size}")
    expect(page.locator(".note-wait")).to_contain_text("Prochaine étape")
    walker.look("fiche après l’échange")

    page.locator(".kinds").get_by_role("link", name="Échanges").click()
    expect(page.locator(".kinds [aria-current]")).to_have_text("Échanges")
    walker.look("ses échanges")
    page.get_by_role("button", name="C’est fait").click()
    expect(page.locator("main")).not_to_contain_text("Prochaine étape")
    walker.look("rappel fait")

    if size == "narrow":
        page.locator(".menu-tabs > summary").click()
        walker.look("menu de la fiche")
        page.locator(".menu-tabs").get_by_role("link", name="Placements").click()
    else:
        page.locator(".tabs").get_by_role("link", name="Placements").click()
    expect(page.locator("main table tbody tr").first).to_be_visible()
    walker.look("placements du partenaire")
    for tab in ("echanges", "offres", "taxe", "documents", "histoire"):
        page.goto(f"{walker.platform.address}{company_url}{tab}/")
        walker.look(tab)

    # From anywhere: the partner by its name
    walker.go("echanges/noter/")
    page.locator("#note_partner").fill(name)
    page.locator("#note_subject").fill("Passe au forum")
    walker.look("échange de partout")
    page.get_by_role("button", name="Enregistrer l’échange").click()
    expect(page.locator("h1")).to_contain_text(name)
    expect(page.locator(".story")).to_contain_text("Passe au forum")
    walker.done()


@pytest.mark.parametrize("size", ON_A_PHONE)
def test_a_teacher_places_a_pupil_and_opens_the_convention(walk: Callable[[str, str], Walk], size: str):
    """Who has no place yet; a placement with a known company, one with a company typed once; the rules; the paper."""
    walker = walk("enseignant", size)
    page = walker.page
    walker.look("accueil")
    walker.go("eleves/")
    expect(page.locator("tbody tr").first).to_be_visible()
    walker.look("élèves")
    walker.go("pfmp/")
    walker.look("qui part")

    # a known company
    begin(page)
    walker.look("placement")
    known = first_company(walker)
    page.locator("#id_partner").fill(known)
    page.locator(".lookup-option input").first.check()
    fill_placement(page, tutor=f"Delattre-{size}")
    page.get_by_role("button", name="Enregistrer et éditer la convention").click()
    take_convention(walker, "Convention")

    # a company typed once, and hours that ask for a reason
    walker.go("pfmp/")
    begin(page)
    page.locator("#id_start_date").evaluate(LATER)  # one day late: an alert, not a refusal
    page.locator("[data-new-partner] summary").click()
    page.locator("#id_new_name").fill(f"Atelier Quennehen {size}")
    page.locator("#id_new_postal_code").fill("02000")
    page.locator("#id_new_city").fill("Laon")
    page.locator("#id_new_address").fill("3 rue des Forges")
    page.locator("#id_signer_last_name").fill("Quennehen")
    page.locator("#id_signer_first_name").fill("Lise")
    fill_placement(page, tutor="Quennehen")
    page.get_by_role("button", name="Enregistrer et éditer la convention").click()
    if page.locator(".verdict-reason textarea").count():
        walker.look("raison demandée")
        for reason in page.locator(".verdict-reason textarea").all():
            reason.fill("Accord du chef d’établissement, à la demande de l’entreprise.")
        page.get_by_role("button", name="Enregistrer et éditer la convention").click()
    take_convention(walker, f"Atelier Quennehen {size}")
    walker.done()


LATER = """field => { const day = new Date(field.value); day.setUTCDate(day.getUTCDate() + 1);
    field.value = day.toISOString().slice(0, 10); field.dispatchEvent(new Event('change', {bubbles: true})); }"""


def begin(page: Page) -> None:
    """From the board, the first pupil without a place."""
    page.locator("td.names a[href*='eleve=']").first.click()
    expect(page.locator("#id_start_date")).to_be_visible()


def first_company(walker: Walk) -> str:
    """A company of the school, by its name, in another tab."""
    other = walker.page.context.new_page()
    other.goto(walker.school_url + "partenaires/?statut=actif")
    name = other.locator("tbody th a").first.inner_text().strip()
    other.close()
    return name


def fill_placement(page: Page, *, tutor: str) -> None:
    if page.locator("#id_tutor").count():
        page.locator("#id_tutor").select_option("")
    page.locator("#id_tutor_last_name").fill(tutor)
    page.locator("#id_tutor_first_name").fill("Gaël")
    page.locator("#id_tutor_position").fill("Chef d’équipe")
    page.locator("[data-timetable-typical]").click()
    page.locator("#id_tasks").fill("Préparer le poste de travail\nMonter un tableau électrique")
    expect(page.locator("#regles")).to_contain_text(re.compile(r"R-|règles"))


def take_convention(walker: Walk, words: str) -> None:
    """The page of the placement, then its PDF a few seconds later."""
    page = walker.page
    if page.locator(".error-summary, [data-error-summary]").count():
        walker.look("refus")
        pytest.fail(page.locator("main").inner_text()[:3000])
    link = page.get_by_role("link", name=re.compile("Télécharger le PDF")).first
    expect(link).to_be_visible(timeout=60_000)
    walker.look("placement et convention")
    text = downloaded(page, re.compile("Télécharger le PDF"))
    assert words in re.sub(r"\s+", " ", text)


@pytest.mark.parametrize("size", SIZES)
def test_the_head_reads_the_indicators_and_takes_the_report(walk: Callable[[str, str], Walk], size: str):
    """Numerator, denominator and what is missing; the yearly report asked for, followed, taken."""
    walker = walk("direction", size)
    page = walker.page
    walker.look("accueil")
    walker.go("indicateurs/")
    if page.get_by_role("button", name=re.compile("^Calculer")).count():  # no figures yet on a new installation
        page.get_by_role("button", name=re.compile("^Calculer")).first.click()
        walker.look("indicateurs en cours de calcul")
        expect(page.locator("main a[href$='/indicateurs/I4.1/']").first).to_be_visible(timeout=60_000)
    expect(page.locator("main")).to_contain_text(re.compile(r"\d+\s/\s\d+"))
    expect(page.locator("main")).to_contain_text("renseigné à")
    walker.look("indicateurs")
    page.locator("main a[href$='/indicateurs/I4.1/']").first.click()
    walker.look("un indicateur")
    page.locator("main a[href*='/indicateurs/lignes/']").first.click()
    walker.look("lignes d’un indicateur")
    walker.go("indicateurs/a-completer/")
    walker.look("à compléter")

    walker.go("indicateurs/rapport/")
    page.get_by_role("button", name="Préparer le rapport").click()
    walker.look("rapport en cours")
    link = page.get_by_role("link", name=re.compile("^Télécharger")).first
    expect(link).to_be_visible(timeout=90_000)
    walker.look("rapport prêt")
    text = downloaded(page, re.compile("^Télécharger"))
    assert "Rapport annuel" in text
    assert "Définitions" in text or "définitions" in text
    walker.done()
