"""A colleague's spreadsheet brought in, with its worker: columns, dry run, doubles, import, undo; at a desk, on a phone, bare."""

import io
import re
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from tests.flows.walk import Walk
from tests.servers import Platform

pytestmark = [pytest.mark.browser, pytest.mark.once]


def spreadsheet(known: str, mark: str) -> bytes:
    """A title, groups over columns, a name with a double, lost zeros, an odd name, a line without a name, a total."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet["A1"] = "Entreprises du lycée"
    sheet.merge_cells("A1:F1")
    sheet.append([])
    sheet.append(["Entreprise", None, None, None, "Maître de stage"])
    sheet.merge_cells("A3:D3")
    sheet.append(["Nom", "CP", "Ville", "Tél", "Nom et prénom"])
    name, code, town = known.split("|")
    sheet.append([f"{name} et fils", code, town, "", "Anne EXEMPLE"])
    sheet.append([f"Menuiserie {mark}", 2000, "Laon", 323000000, "Paul ESSAI"])
    sheet.append([f"<script>{mark}</script>", "02000", "Laon", "", ""])
    sheet.append(["", "02000", "Laon", "0323000001", ""])
    sheet.append(["Total", 4])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def a_known_partner(page: Page) -> str:
    """« Nom|code|ville » of the first partner with a name of its own and a town."""
    page.locator("tbody tr th a").first.click()
    name = page.locator("h1").inner_text().strip()
    place = re.search(r"(\d{5}) ([^\n·]+)", page.locator("main").inner_text())
    assert place
    return f"{name}|{place[1]}|{place[2].strip()}"


@pytest.mark.parametrize(
    ("size", "bare"), [("wide", False), pytest.param("narrow", False, marks=pytest.mark.slow), ("wide", True)]
)
def test_a_spreadsheet_comes_in_and_goes_out(
    platform: Platform, open_page: Callable[..., Page], tmp_path: Path, size: str, bare: bool
) -> None:
    options = {"java_script_enabled": False} if bare else {}
    page = open_page(size, **options)
    walker = Walk(page, platform, f"tableau-{size}{'-bare' if bare else ''}")
    walker.sign_in("bde")

    def look(what: str) -> None:
        if not bare:
            walker.look(what)

    def wait_for(button: str) -> None:
        """The worker works; with a script the page follows by itself, without one reloads it."""
        for _ in range(40):
            if page.get_by_role("button", name=button, exact=True).count():
                return
            page.wait_for_timeout(500)
            if bare:
                page.reload()
        expect(page.get_by_role("button", name=button, exact=True)).to_be_visible()

    walker.go("partenaires/")
    known = a_known_partner(page)
    mark = f"Vermeersch{size}{bare:d}"
    file = tmp_path / f"{mark}.xlsx"
    file.write_bytes(spreadsheet(known, mark))

    walker.go("partenaires/")
    page.get_by_role("link", name="Importer", exact=True).click()
    look("fichier")
    page.get_by_label("Tableau").set_input_files(file)
    page.get_by_role("button", name="Lire le fichier").click()
    wait_for("Contrôler les lignes")
    expect(page.get_by_label("Raison sociale")).to_have_value("0")
    expect(page.get_by_label("Tuteur ou maître de stage")).to_have_value("4")
    look("colonnes")
    page.get_by_role("button", name="Contrôler les lignes").click()
    wait_for("Importer")
    expect(page.locator("main")).to_contain_text("1 doublon à décider")
    expect(page.locator("main")).to_contain_text("Le zéro perdu par le tableur est remis : 02000.")
    expect(page.locator("main")).to_contain_text(f"<script>{mark}</script>")
    expect(page.locator("main")).to_contain_text("ni raison sociale ni SIRET")
    look("contrôle")
    page.locator(".sums a", has_text="Doublon probable").click()
    page.locator("select[name^='ligne-']").select_option(index=1)
    look("doublons")
    page.get_by_role("button", name="Garder ces choix").click()
    expect(page.locator("main")).not_to_contain_text("à décider.")
    page.get_by_role("button", name="Importer", exact=True).click()
    wait_for("Annuler cet import")
    expect(page.locator("main")).to_contain_text("2 nouvelles fiches")
    look("importé")
    page.get_by_role("link", name=re.compile(f"Menuiserie {mark}")).click()
    expect(page.locator("main")).to_contain_text("03 23 00 00 00")
    expect(page.locator("main")).to_contain_text("Paul ESSAI")

    walker.go("imports/")
    look("liste")
    page.get_by_role("link", name=f"{mark}.xlsx").first.click()
    page.get_by_role("button", name="Annuler cet import").click()
    for _ in range(40):
        if page.get_by_text("Import annulé.").count():
            break
        page.wait_for_timeout(500)
        if bare:
            page.reload()
    expect(page.locator("main")).to_contain_text("Import annulé.")
    look("annulé")
    walker.go(f"partenaires/?q={mark}")
    expect(page.locator("tbody")).not_to_contain_text(f"Menuiserie {mark}")
    walker.done()
