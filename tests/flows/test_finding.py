"""Finding companies and acting on several: filters, columns, a view kept, owners, a message; at both sizes, then without script."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.flows.walk import Walk
from tests.servers import Platform

pytestmark = [pytest.mark.browser, pytest.mark.once]


def find_keep_and_assign(walker: Walk, label: str, *, script: bool) -> None:
    """From the whole list to three companies given to someone, with the list as it was at the end."""
    page = walker.page
    walker.go("partenaires/?vue=tout")
    if script:
        walker.look("liste")
    page.locator("#id_statut").select_option("actif")
    if not script:
        page.get_by_role("button", name="Appliquer").click()
    expect(page.locator(".active-filters")).to_contain_text("Statut : Actif")
    page.locator(".list-tools summary", has_text="Colonnes").click()
    page.get_by_label("Téléphone").check()
    page.get_by_role("button", name="Montrer ces colonnes").click()
    expect(page.locator("thead")).to_contain_text("Téléphone")
    page.locator(".list-tools summary", has_text="Garder la vue").click()
    page.get_by_label("Nom de la vue").fill(label)
    if script:
        walker.look("vue à garder")
    page.get_by_role("button", name="Garder la vue").click()
    expect(page.locator(".views [aria-current]", has_text=label)).to_be_visible()
    page.locator("tbody th a").first.click()
    page.get_by_label("Fil d’Ariane").get_by_role("link", name="Partenaires").click()  # the list as it was
    expect(page.locator(".active-filters")).to_contain_text("Statut : Actif")
    expect(page.locator("thead")).to_contain_text("Téléphone")
    for rank in range(3):
        page.locator("tbody .pick input").nth(rank).check()
    if script:
        walker.look("trois cochés")
    page.get_by_role("button", name="Confier à quelqu’un").click()
    if script:
        walker.look("à qui")
    page.get_by_role("button", name=re.compile("^Confier")).click()
    expect(page.locator("main")).to_contain_text("3 partenaires")
    expect(page.locator(".active-filters")).to_contain_text("Statut : Actif")


@pytest.mark.parametrize("size", ["wide", pytest.param("narrow", marks=pytest.mark.slow)])
def test_companies_are_found_and_shared_out(platform: Platform, open_page: Callable[..., Page], size: str):
    walker = Walk(open_page(size), platform, f"trouver-{size}")
    walker.sign_in("bde")
    find_keep_and_assign(walker, f"Actifs {size}", script=True)
    walker.done()


def test_the_same_without_javascript(platform: Platform, open_page: Callable[..., Page]):
    walker = Walk(open_page("wide", java_script_enabled=False), platform, "trouver-sans-js")
    walker.sign_in("bde")
    find_keep_and_assign(walker, "Actifs sans script", script=False)


def test_a_message_to_several_is_read_before_it_leaves(platform: Platform, open_page: Callable[..., Page]):
    walker = Walk(open_page("narrow"), platform, "courriel-groupe")
    page = walker.page
    walker.sign_in("bde")
    walker.go("partenaires/?vue=tout&statut=actif")
    for rank in range(4):
        page.locator("tbody .pick input").nth(rank).check()
    page.get_by_role("button", name="Écrire").click()
    page.get_by_label("Objet").fill("Forum des métiers")
    page.get_by_label("Message").fill("Bonjour {prenom} {nom},\n\nNous attendons {entreprise} le 12 mars.")
    walker.look("message")
    page.get_by_role("button", name="Voir l’aperçu").click()
    expect(page.locator("main")).not_to_contain_text("{prenom}")
    walker.look("aperçu")
    page.get_by_role("button", name=re.compile("^Envoyer à")).click()
    expect(page.locator("h1")).to_have_text("Forum des métiers")
    walker.look("courriel parti")
    walker.done()
