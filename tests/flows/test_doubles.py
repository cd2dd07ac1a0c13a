"""Two records of one company: proposed while one types, found in the list, compared, made one, and two again."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.flows.walk import Walk
from tests.servers import Platform

pytestmark = [pytest.mark.browser, pytest.mark.once]

PAIRS = "partenaires/doublons/"


@pytest.mark.parametrize("size", ["wide", pytest.param("narrow", marks=pytest.mark.slow)])
def test_doubles_from_the_list_to_a_merge_and_back(platform: Platform, open_page: Callable[..., Page], size: str):
    walker = Walk(open_page(size), platform, f"doublons-{size}")
    page = walker.page
    walker.sign_in("bde")
    walker.go("partenaires/")
    page.get_by_role("link", name=re.compile("Doublons probables")).first.click()
    expect(page.locator("h1")).to_have_text("Doublons probables")
    walker.look("liste")
    row = page.locator("tbody tr").filter(has_text="Même nom, même code postal").first
    names = [name.strip() for name in row.locator("a.quiet").all_inner_texts()]
    link = row.get_by_role("link", name=re.compile("Comparer et fusionner"))
    same = f'tbody tr:has(a[href="{link.get_attribute("href")}"])'
    link.click()
    expect(page.locator("h1")).to_have_text("Comparer et fusionner")
    walker.look("côte à côte")
    page.get_by_role("button", name="Fusionner les deux fiches").click()
    expect(page.locator(".messages")).to_contain_text("ne font plus qu’une fiche")
    assert any(name in page.locator("h1").inner_text() for name in names)
    walker.look("fusionné")
    page.locator(".messages").get_by_role("button", name="Annuler").click()
    expect(page.locator(".messages")).to_contain_text("a retrouvé sa fiche")
    walker.go(PAIRS)
    expect(page.locator(same)).to_have_count(1)

    # Two companies after all, and not
    page.locator(same).get_by_role("button", name=re.compile("Ce sont deux entreprises")).click()
    expect(page.locator(".messages")).to_contain_text("sont deux entreprises")
    walker.look("deux entreprises")
    page.locator(".messages").get_by_role("button", name="Annuler").click()
    expect(page.locator(".messages")).to_contain_text("de nouveau proposée")

    # A new one that is there already: proposed while one types, refused once, then its record is opened
    walker.go("partenaires/nouveau/")
    page.get_by_label("Raison sociale").fill(names[0])
    expect(page.locator("#doublons")).to_contain_text("peut-être déjà là")
    walker.look("proposé pendant la saisie")
    page.get_by_role("button", name="Enregistrer le partenaire").click()
    expect(page.locator(".error-summary")).to_contain_text("peut-être déjà là")
    expect(page.get_by_label("Raison sociale")).to_have_value(names[0])
    walker.look("proposé à l’enregistrement")
    page.locator("#doublons").get_by_role("link", name=re.compile("C’est elle")).first.click()
    expect(page.locator("h1")).to_be_visible()
    walker.done()


def test_a_merge_and_its_undoing_need_no_script(platform: Platform, open_page: Callable[..., Page]):
    walker = Walk(open_page("narrow", java_script_enabled=False), platform, "doublons-sans-script")
    page = walker.page
    walker.sign_in("ddfpt")
    walker.go(PAIRS)
    page.get_by_role("link", name=re.compile("Comparer et fusionner")).first.click()
    page.locator("input[name=garder][value=b]").check()
    page.get_by_role("button", name="Fusionner les deux fiches").click()
    expect(page.locator(".messages")).to_contain_text("ne font plus qu’une fiche")
    walker.go(PAIRS)
    page.get_by_role("button", name=re.compile("Défaire")).first.click()
    expect(page.locator(".messages")).to_contain_text("a retrouvé sa fiche")
    walker.go("partenaires/nouveau/")
    page.get_by_label("Raison sociale").fill(page_name := "Atelier sans script")
    page.get_by_role("button", name="Enregistrer le partenaire").click()
    walker.go("partenaires/nouveau/")
    page.get_by_label("Raison sociale").fill(f"{page_name} SARL")
    page.get_by_role("button", name="Enregistrer le partenaire").click()
    expect(page.locator(".error-summary")).to_contain_text("peut-être déjà là")
    page.get_by_role("button", name="Créer quand même").click()
    expect(page.locator("h1")).to_contain_text(f"{page_name} SARL")
