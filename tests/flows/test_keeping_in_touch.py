"""Keeping in touch, in a browser, at a desk and on a phone: a call made and noted, calls planned, the post handed over."""

import re
from collections.abc import Callable
from pathlib import Path

import pypdf
import pytest
from playwright.sync_api import Page, expect

from tests.flows.walk import Walk
from tests.servers import Platform

pytestmark = [pytest.mark.browser, pytest.mark.once]
SIZES = ("wide", pytest.param("narrow", marks=pytest.mark.slow))


@pytest.fixture
def walk(platform: Platform, open_page: Callable[..., Page]) -> Callable[..., Walk]:
    def begin(role: str, size: str, **options: bool) -> Walk:
        walker = Walk(open_page(size, **options), platform, f"contact-{role}-{size}")
        walker.sign_in(role)
        return walker

    return begin


def waiting(page: Page) -> int:
    """How many calls the page says wait."""
    return int(page.locator(".sums-lead b").inner_text().replace("\u202f", ""))


@pytest.mark.parametrize("size", SIZES)
def test_a_call_is_made_then_noted_then_another_put_off(walk: Callable[..., Walk], size: str):
    walker = walk("bde", size)
    page = walker.page
    walker.go("a-relancer/")
    walker.look("à relancer")
    before = waiting(page)
    line = page.locator(".marge > li").first
    company = line.locator(".marge-title").inner_text().strip()
    expect(line.locator("a[href^='tel:']")).to_be_visible()
    line.get_by_role("button", name=re.compile("C’est fait")).click()
    expect(page.locator("#messages")).to_contain_text(f"Rappel fait : {company}")
    walker.look("rappel fait")
    assert waiting(page) == before - 1

    page.get_by_role("button", name="Noter l’échange").click()
    walker.look("rien n’est dit")
    page.get_by_role("textbox", name=re.compile("Ce qui s’est dit")).fill(f"Deux places promises, vu sur {size}")
    page.get_by_role("button", name="Noter l’échange").click()
    expect(page.locator("main")).to_contain_text("Échange noté.")
    page.get_by_role("searchbox", name=re.compile("Partenaire ou objet")).or_(
        page.get_by_label("Partenaire ou objet")
    ).fill("introuvable ici")
    page.get_by_role("button", name="Appliquer").click()
    expect(page.locator("#lignes")).to_contain_text("Aucun rappel ne répond")
    walker.look("rien trouvé")

    walker.go("a-relancer/")
    page.locator("details.menu summary", has_text="Reporter").first.click()
    walker.look("menu ouvert")
    page.locator("details[open] button", has_text="Dans une semaine").click()
    expect(page.locator("main")).to_contain_text("reporté au")

    walker.go(f"recherche/?q={company}")
    page.locator("main").get_by_role("link", name=company).first.click()
    expect(page.locator("main")).to_contain_text(f"Deux places promises, vu sur {size}")
    walker.done()


@pytest.mark.parametrize("size", SIZES)
def test_calls_to_dormant_partners_are_planned(walk: Callable[..., Walk], size: str):
    walker = walk("bde", size)
    page = walker.page
    walker.go("a-relancer/")
    page.get_by_role("link", name="Partenaires dormants").click()
    walker.look("dormants")
    boxes = page.locator("input[name=choisi]")
    names = [page.locator("tbody th a").nth(rank).inner_text().strip() for rank in (0, 1)]
    boxes.nth(0).check()
    boxes.nth(1).check()
    walker.look("deux choisis")
    page.get_by_role("button", name="Planifier un rappel", exact=True).click()
    expect(page.locator("main")).to_contain_text(re.compile(r"rappels? prévu"))
    walker.go("a-relancer/?quand=plus_tard")
    walker.go(f"a-relancer/?q={names[0].split()[0]}")
    expect(page.locator("#lignes")).to_contain_text("Rappel planifié")
    walker.done()


@pytest.mark.parametrize("size", SIZES)
def test_the_post_is_handed_over(walk: Callable[..., Walk], size: str, tmp_path: Path):
    walker = walk("ddfpt", size)
    page = walker.page
    walker.go("a-relancer/passation/")
    walker.look("passation")
    for part in (
        "Rappels promis",
        "Places de PFMP à trouver",
        "Actions prévues",
        "Réseaux",
        "Les personnes à connaître",
    ):
        expect(page.get_by_role("heading", name=re.compile(part))).to_be_visible()
    if size == "wide":
        page.pdf(path=tmp_path / "passation.pdf", format="A4")
        text = "\n".join(sheet.extract_text() for sheet in pypdf.PdfReader(tmp_path / "passation.pdf").pages)
        assert "Rappels promis" in text and "Qui suit les partenaires" in text
        assert "Confier" not in text and "Chaque jour" not in text, "paper has no button and no menu"
    page.get_by_role("button", name="Confier ces partenaires").click()
    walker.look("à qui")
    page.get_by_label("Les partenaires suivis par").select_option(index=1)
    page.get_by_label("seront suivis par").select_option(index=2 if size == "wide" else 3)
    page.get_by_role("button", name="Confier ces partenaires").click()
    expect(page.locator("main")).to_contain_text("désormais")
    walker.done()


@pytest.mark.parametrize("size", SIZES)
def test_someone_joins_a_network(walk: Callable[..., Walk], size: str):
    walker = walk("bde", size)
    page = walker.page
    walker.go("reseaux/")
    walker.look("réseaux")
    page.locator("tbody th a").nth(1).click()
    walker.look("réseau")
    page.get_by_role("button", name="Ajouter au réseau").click()
    walker.look("membre sans nom")
    page.get_by_label(re.compile("personnel du lycée")).select_option(index=3)
    page.get_by_label(re.compile("Rôle")).fill(f"Représentante, vue sur {size}")
    page.get_by_role("button", name="Enregistrer le membre").click()
    expect(page.locator("main")).to_contain_text(f"Représentante, vue sur {size}")
    page.get_by_role("link", name=re.compile("^Modifier .")).last.click()
    walker.look("modifier un membre")
    walker.done()


def test_without_javascript(walk: Callable[..., Walk]):
    """Done, put off on a page of its own, planned: everything answers."""
    walker = walk("bde", "wide", java_script_enabled=False)
    page = walker.page
    walker.go("a-relancer/")
    before = waiting(page)
    page.get_by_role("button", name=re.compile("C’est fait")).first.click()
    assert waiting(page) == before - 1
    page.locator("details.menu summary", has_text="Reporter").first.click()
    page.locator("details[open] button", has_text="Reporter à ce jour").click()
    expect(page.locator("main")).to_contain_text("Dites quel jour rappeler")
    page.get_by_role("button", name=re.compile("Dans un mois")).click()
    expect(page.locator("main")).to_contain_text("reporté au")
    walker.go("a-relancer/dormants/")
    page.get_by_role("button", name=re.compile("^Planifier un rappel à")).first.click()
    expect(page.locator("main")).to_contain_text("1\u00a0rappel prévu")
