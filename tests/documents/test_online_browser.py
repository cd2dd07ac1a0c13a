"""The whole path behind a link as people walk it: an old phone without JavaScript, a computer by keyboard."""

from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from core.models import OutboxMessage
from documents import services as papers
from documents.models import Document
from pfmp import services
from tests.documents.signing import PDF, last_code, link, row
from tests.pfmp.conftest import february, scene  # noqa: F401  the scene of a placement
from tests.servers import Browse, look

pytestmark = [pytest.mark.browser, pytest.mark.once]


@pytest.fixture
def paper(transactional_db: None, scene: Any) -> Document:  # noqa: F811
    """The convention of a placement, with a leader of the company and its tutor to write to."""
    document = services.issue_convention(scene.placement(), by=scene.teacher.user, now=timezone.now())
    papers.store(document, PDF)
    for role in ("organisme_accueil", "tuteur"):
        signature = row(document, role)
        signature.email = f"{role}@exemple.fr"
        signature.save()
    document.refresh_from_db()
    return document


def test_a_company_signs_on_an_old_phone_without_javascript(browse: Browse, paper: Document):
    page = browse(size="narrow", java_script_enabled=False)
    page.goto(link(row(paper, "organisme_accueil")))
    look(page, "signer-sans-js-1-lien", script=False)
    page.get_by_role("button", name="Recevoir mon code").click()
    expect(page.locator("main")).to_contain_text("o…@e….fr")
    page.get_by_label("Votre code à six chiffres").fill(last_code())
    page.get_by_role("button", name="Ouvrir le document").click()
    expect(page.locator("h1")).to_have_text("Qui signe ?")
    look(page, "signer-sans-js-2-qui", script=False)
    page.get_by_label("C’est moi").check()
    if page.get_by_label("Votre nom").is_visible():
        page.get_by_label("Votre nom").fill("Martin")
        page.get_by_label("Votre prénom").fill("Paule")
        page.get_by_label("Votre fonction").fill("gérante")
    page.get_by_role("button", name="Continuer").click()
    expect(page.locator("h1")).to_have_text("Qui est le tuteur ?")
    page.get_by_label("C’est bien").check()
    page.get_by_role("button", name="Continuer").click()
    expect(page.locator("main")).to_contain_text("Dispositions générales")
    look(page, "signer-sans-js-3-document", script=False)
    page.get_by_label("J’ai lu ce document").check()
    page.get_by_role("button", name="Je signe").click()
    expect(page.locator("h1")).to_have_text("C’est signé")
    look(page, "signer-sans-js-4-fait", script=False)
    assert row(paper, "organisme_accueil").status == "signee_en_ligne"


def test_a_tutor_signs_by_keyboard(browse: Browse, paper: Document):
    page = browse(size="narrow")
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.goto(link(row(paper, "tuteur")))
    look(page, "signer-1-lien")
    page.get_by_role("button", name="Recevoir mon code").press("Enter")
    field = page.get_by_label("Votre code à six chiffres")
    field.fill("12")
    field.press("Enter")
    expect(page.locator("main")).to_contain_text("Le code a six chiffres.")
    look(page, "signer-2-code")
    field.fill(last_code())
    field.press("Enter")
    expect(page.locator("#signer-titre")).to_be_visible()
    look(page, "signer-3-document")
    page.get_by_role("button", name="Je signe").press("Enter")
    expect(page.locator("main")).to_contain_text("Cochez la case")
    page.get_by_label("J’ai lu ce document").press("Space")
    page.get_by_role("button", name="Je signe").press("Enter")
    expect(page.locator("h1")).to_have_text("C’est signé")
    look(page, "signer-4-fait")
    assert row(paper, "tuteur").status == "signee_en_ligne"
    assert OutboxMessage.objects.filter(key__startswith="signing-code").count() == 1
    assert not [line for line in said if "422" not in line and "404" not in line]
