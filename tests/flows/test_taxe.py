"""A campaign of the taxe d'apprentissage, from the spreadsheet of a transfer to the letters of thanks."""

import io
import re
from collections.abc import Callable
from datetime import timedelta

import pypdf
import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from core.spreadsheets import as_csv
from tests.flows.walk import Walk
from tests.servers import Platform

pytestmark = [pytest.mark.browser, pytest.mark.once]


def wait_for(page: Page, what: str) -> None:
    """A job's page or panel until it says so, as someone who looks again."""
    for _ in range(40):
        if page.locator("main").get_by_text(what).first.is_visible():
            return
        page.wait_for_timeout(500)
        page.reload()
    expect(page.locator("main")).to_contain_text(what)


@pytest.mark.parametrize("size", ["wide", pytest.param("narrow", marks=pytest.mark.slow)])
def test_a_campaign_from_import_to_thanks(platform: Platform, open_page: Callable[..., Page], size: str):
    walker = Walk(open_page(size), platform, f"taxe-{size}")
    page = walker.page
    walker.sign_in("bde")
    walker.go("taxe-apprentissage/")
    expect(page.locator("h1")).to_have_text(re.compile("Campagne"))
    walker.look("campagne")
    campaign_url = page.url
    year = timezone.localdate().year

    walker.go(f"taxe-apprentissage/suivi/?campagne={year}&reponse=demande")
    walker.look("suivi")
    # the phone's walk comes after the desk's, on the same platform
    asked = [name.strip() for name in page.locator("tbody th[scope=row] a").all_inner_texts()]
    rank = 0 if size == "wide" else 2
    payer, other = asked[rank], asked[rank + 1]

    # One says yes on the phone
    page.locator("tbody th[scope=row] a").nth(rank).click()
    expect(page.locator("h1")).to_contain_text(payer)
    walker.look("un partenaire")
    page.get_by_label("Réponse", exact=True).select_option("promet")
    page.get_by_label("Montant promis").fill("1 000 €")
    page.get_by_label("Par", exact=True).select_option("appel")
    page.get_by_role("button", name="Noter la réponse").click()
    expect(page.locator(".messages")).to_contain_text("Réponse notée")
    walker.look("promesse")

    # The transfer's spreadsheet
    today = timezone.localdate() - timedelta(days=rank)  # a transfer of its own for each walk
    unknown = f"Zibeline Conseil {size}"
    rows = [
        [payer, "900,50", f"{today:%d/%m/%Y}", str(year)],
        [other, "300", f"{today:%d/%m/%Y}", str(year)],
        [unknown, "45,10", f"{today:%d/%m/%Y}", str(year)],
        ["Total", "1 245,60", "", ""],
    ]
    content = as_csv(["Employeur", "Montant", "Date", "Campagne"], rows)
    walker.go("imports/taxe/nouveau/")
    page.locator("input[type=file]").set_input_files(
        {"name": f"virement-{size}.csv", "mimeType": "text/csv", "buffer": content}
    )
    page.get_by_role("button", name="Lire le fichier").click()
    wait_for(page, "Contrôler les lignes")
    walker.look("colonnes")
    page.get_by_label("Libellé du virement").fill(f"Virement de l’essai {size}")
    page.get_by_role("button", name="Contrôler les lignes").click()
    wait_for(page, "lignes lues")
    walker.look("contrôle")
    if page.locator("a[href*='voir=double']").count():
        page.locator("a[href*='voir=double']").first.click()
        walker.look("employeurs à reconnaître")
        page.get_by_role("button", name="Tout le reste : nouvelle fiche").click()
    page.get_by_role("button", name="Importer", exact=True).click()
    wait_for(page, "Import terminé")
    walker.look("importé")
    page.get_by_role("link", name="Voir les fiches").click()
    walker.look("virements")
    page.get_by_role("link", name=f"Virement de l’essai {size}").click()
    expect(page.locator("main")).to_contain_text("Les lignes font le virement")
    expect(page.locator("main")).to_contain_text(unknown)
    walker.look("un virement")
    page.get_by_role("link", name=payer).click()
    expect(page.locator("main")).to_contain_text("Avait été promis")
    walker.look("un versement")

    # What the money is for, then thanks
    page.goto(campaign_url)
    page.get_by_label("Écrire sur ces versements").fill("Un banc d’essai pour l’atelier")
    page.get_by_role("button", name="Écrire l’emploi des fonds").click()
    expect(page.locator("main")).to_contain_text("Un banc d’essai pour l’atelier")
    page.get_by_role("link", name="Remercier", exact=True).click()
    expect(page.locator("main")).to_contain_text(payer)
    walker.look("à remercier")
    page.get_by_role("checkbox", name=f"Choisir {payer}").check()
    page.get_by_role("button", name="Imprimer les lettres").click()
    expect(page.locator(".messages")).to_contain_text("lettre se prépare")
    wait_for(page, "Télécharger les lettres")
    walker.look("lettre prête")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Télécharger les lettres").click()
    letter = pypdf.PdfReader(io.BytesIO(waiting.value.path().read_bytes()))
    text = letter.pages[0].extract_text().replace("\xa0", " ").replace("\u202f", " ")
    assert payer in text.replace("\n", " ")
    assert "900,50 €" in text
    assert "banc d’essai" in text
    page.get_by_role("button", name="Annuler ces remerciements").click()
    expect(page.locator(".messages")).to_contain_text("de nouveau un remerciement")

    # Or by mail: the text, the words that are replaced, what the first one reads
    page.get_by_role("checkbox", name=f"Choisir {payer}").check()
    page.get_by_role("button", name="Remercier par courriel").click()
    expect(page.locator("main")).to_contain_text("Ce que lira le premier")
    expect(page.locator("main")).to_contain_text("900,50")
    walker.look("courriel de remerciement")
    page.get_by_role("button", name="Envoyer 1 message").click()
    expect(page.locator(".messages")).to_contain_text("message part")
    walker.look("remercié")

    page.goto(campaign_url + "ajouter/")
    walker.look("ajouter à la campagne")
    walker.go(f"taxe-apprentissage/suivi/ecrire/?campagne={year}&action=relancer")
    walker.look("relancer")
    walker.go(f"taxe-apprentissage/versements/nouveau/?campagne={year}")
    walker.look("noter un versement")
    walker.go(f"taxe-apprentissage/versements/?campagne={year}")
    walker.look("versements et dons")
    walker.done()
