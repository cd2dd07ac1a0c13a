"""One page of each kind, whatever its subject: axe, width, title and heading at both sizes, then without JavaScript, then by
keyboard alone (A-02 to A-09)."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.flows.walk import Walk
from tests.servers import Platform

pytestmark = [pytest.mark.browser, pytest.mark.once]


@pytest.mark.parametrize("size", ["wide", pytest.param("narrow", marks=pytest.mark.slow)])
def test_each_kind_of_page(platform: Platform, open_page: Callable[..., Page], size: str):
    walker = Walk(open_page(size), platform, f"pages-{size}")
    page = walker.page
    walker.sign_in("bde")
    walker.go("offres/")
    walker.look("liste")
    page.locator("tbody th a").first.click()
    walker.look("fiche")
    record = page.url
    page.goto(f"{record}supprimer/")
    walker.look("suppression")
    page.goto(f"{record}modifier/")
    walker.look("formulaire")
    stale = page.context.new_page()
    stale.goto(f"{record}modifier/")
    stale.locator("#id_title").fill(f"Monteuse {size} b")
    page.locator("#id_title").fill(f"Monteuse {size} a")
    page.locator("main form button.btn-primary").first.click()
    stale.locator("main form button.btn-primary").first.click()
    expect(stale.locator("h1")).to_be_visible()
    walker.page = stale
    walker.look("conflit")
    walker.page = page
    walker.go("offres/nouveau/")
    page.locator("main form button.btn-primary").first.click()
    expect(page).to_have_title(re.compile("^Erreur"))
    walker.look("formulaire avec erreurs")
    walker.go("rien-ici/")
    walker.look("404")
    walker.go("echange-de-donnees/")
    walker.look("échange de données")
    walker.go("pfmp/")
    walker.look("tableau")
    walker.done()


def test_a_refusal_says_who_may(platform: Platform, open_page: Callable[..., Page]):
    walker = Walk(open_page("narrow"), platform, "pages-refus")
    walker.sign_in("enseignant")
    walker.go("taxe-apprentissage/versements/")
    expect(walker.page.locator("main")).to_contain_text("bureau des entreprises")
    walker.look("403")
    walker.done()


def test_without_javascript(platform: Platform, open_page: Callable[..., Page]):
    """Lists, a search, a form refused and its errors: everything answers (A-09)."""
    walker = Walk(open_page("wide", java_script_enabled=False), platform, "sans-js")
    page = walker.page
    walker.sign_in("bde")
    for path in (
        "partenaires/?q=laon",
        "pfmp/",
        "pfmp/placements/",
        "eleves/",
        "actions/",
        "indicateurs/",
        "documents/",
    ):
        walker.go(path)
        expect(page.locator("main h1")).to_be_visible()
        assert len(page.locator("main").inner_text()) > 100
    walker.go("offres/nouveau/")
    page.locator("#id_title").fill("Électricienne")
    page.locator("main form button.btn-primary").first.click()
    expect(page.locator("#id_title")).to_have_value("Électricienne")
    expect(page).to_have_title(re.compile("^Erreur"))


def test_by_keyboard_alone(platform: Platform, open_page: Callable[..., Page]):
    """The skip link comes first, focus is always seen, a form is filled and sent without a mouse (A-03)."""
    walker = Walk(open_page("wide"), platform, "clavier")
    page = walker.page
    walker.sign_in("bde")
    walker.go("offres/nouveau/")
    page.keyboard.press("Tab")
    expect(page.locator("a.skip")).to_be_focused()
    page.keyboard.press("Enter")
    reached = set()
    for _ in range(30):
        page.keyboard.press("Tab")
        name, outlined = page.evaluate(
            """() => { const at = document.activeElement, style = getComputedStyle(at);
            return [at.id || at.textContent.trim().slice(0, 40),
                parseFloat(style.outlineWidth) >= 2 && style.outlineStyle !== 'none' || style.boxShadow !== 'none']; }"""
        )
        # a date has further stops inside, which the browser outlines by itself
        assert outlined or name in reached, f"{name}: the focus is not seen"
        reached.add(name)
        if name == "id_title":
            page.keyboard.type("Électricienne")
        if page.evaluate("document.activeElement.matches('main form button.btn-primary')"):
            page.keyboard.press("Enter")
            break
    assert {"id_title", "id_partner", "id_received_date"} <= reached
    expect(page).to_have_title(re.compile("^Erreur"))
    expect(page.locator("#id_title")).to_have_value("Électricienne")
