"""A national agreement on its way in a browser: declined, voted, signed by the partner online and by the head on paper, renewed."""

import re
from datetime import timedelta

import pikepdf
import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from conventions.models import Agreement, Frame
from documents.models import Document
from tests import factories
from tests.conftest import Cast
from tests.flows.browsing import answer_as_oneself, mailed_link, open_mailed, sign_here, work
from tests.servers import Browse, look

pytestmark = [pytest.mark.browser, pytest.mark.once]
SLOW = 20_000  # milliseconds: a paper drawn and the page behind it, on a machine that does other things


@pytest.mark.parametrize("size", ["wide", pytest.param("narrow", marks=pytest.mark.slow)])
def test_a_national_agreement_is_declined_voted_signed_and_renewed(
    transactional_db: None, cast: Cast, browse: Browse, size: str
):
    school = cast.school
    school.head_name = "Nadia Lefèvre"
    school.save()
    partner = factories.PartnerFactory(school=school, name="Engie", city="Laon", postal_code="02000")
    contact = factories.ContactFactory(
        school=school, partner=partner, first_name="Inès", last_name="Vasseur", email="ines@vasseur.example"
    )
    frame = Frame.objects.filter(partner_name="Engie").first()
    assert frame is not None, "the catalogue is shipped"
    page = browse(cast.bde.user, size)

    # Two clicks: « Décliner », then what is proposed is created
    page.goto(reverse("conventions:frame_list", args=[school.uai]) + "?q=engie")
    look(page, f"convention-{size}-catalogue")
    page.get_by_role("link", name=re.compile("^Décliner")).first.click()
    look(page, f"convention-{size}-decliner")
    page.get_by_label("Interlocuteur chez le partenaire").select_option(str(contact.pk))
    page.get_by_role("button", name="Créer le projet de convention").click()
    expect(page.locator("h1")).to_contain_text("Engie")
    look(page, f"convention-{size}-projet")
    agreement = Agreement.objects.in_school(school).local().get()
    assert agreement.parent is not None and agreement.frame == frame

    # A promise, then the way to the board and its vote
    page.locator("summary", has_text="Ajouter un engagement").click()
    page.get_by_label("Engagement", exact=True).fill("Recevoir une classe en visite chaque trimestre")
    page.get_by_role("radio", name="Le partenaire").check()
    page.get_by_label("Sur quoi").select_option("actions:visite_entreprise")
    page.get_by_label("Objectif").fill("6")
    page.get_by_role("button", name=re.compile("Ajouter l’engagement|Enregistrer l’engagement|^Ajouter$")).click()
    expect(page.locator("main")).to_contain_text("Recevoir une classe en visite chaque trimestre")
    page.get_by_role("button", name="Ouvrir la négociation").click()
    page.get_by_role("button", name="Soumettre au conseil d’administration").click()
    expect(page.locator("h1")).to_be_visible()
    page.get_by_role("link", name="Noter le vote").click()
    today = timezone.localdate()
    page.get_by_label("Date de la délibération").fill((today - timedelta(days=3)).isoformat())
    look(page, f"convention-{size}-vote")
    page.get_by_role("button", name="Noter le vote").click()
    page.get_by_role("button", name="Éditer la convention").click(timeout=SLOW)
    expect(page.locator("table.parties")).to_contain_text("Inès Vasseur", timeout=SLOW)
    work()
    page.reload()
    look(page, f"convention-{size}-editee")

    # The partner signs online
    document = Document.objects.in_school(school).get(type="convention_partenariat")
    page.goto(reverse("documents:signature_links", args=[school.uai, document.public_id, "partenaire"]))
    look(page, f"convention-{size}-liens")
    page.get_by_role("button", name=re.compile("Envoyer le lien|Envoyer un lien|Envoyer par courriel")).first.click()
    expect(page.locator("main")).to_contain_text(re.compile("ines@|envoyé|parti"))
    theirs = browse(size=size)
    theirs.goto(mailed_link("ines@vasseur.example"))
    expect(theirs.locator("main")).not_to_contain_text("Vasseur")
    look(theirs, f"convention-{size}-lien")
    open_mailed(theirs, "ines@vasseur.example")
    answer_as_oneself(theirs)
    expect(theirs.locator("main")).to_contain_text("Engie")
    look(theirs, f"convention-{size}-a-signer")
    sign_here(theirs)
    look(theirs, f"convention-{size}-signee")

    # The head signs on paper: the bureau notes it; the paper is complete, then sealed
    page.goto(document.get_absolute_url())
    row = page.locator("tr", has_text="Chef d’établissement")
    row.locator("summary", has_text="Signée").click()
    row.get_by_role("button", name="Noter la signature").click()
    expect(page.locator("main")).to_contain_text("Preuve intacte")
    work()
    page.reload()
    look(page, f"convention-{size}-complete")
    with page.expect_download() as waiting:
        page.get_by_role("link", name=re.compile("Télécharger le PDF scellé")).click()
    with pikepdf.open(waiting.value.path()) as sealed:
        assert "original.pdf" in sealed.attachments
    agreement.refresh_from_db()
    assert agreement.signed_date == today
    page.goto(agreement.get_absolute_url())
    expect(page.locator("main")).to_contain_text("En vigueur")
    expect(page.locator("main")).to_contain_text(re.compile(r"promis 6"))
    look(page, f"convention-{size}-en-vigueur")

    # Near its end, it is renewed: a new project that follows on this one
    Agreement.objects.in_school(school).filter(pk=agreement.pk).update(end_date=today + timedelta(days=60))
    page.reload()
    expect(page.locator("main")).to_contain_text("À renouveler")
    page.get_by_role("button", name="Préparer le renouvellement").click()
    expect(page.locator("main")).to_contain_text("Elle renouvelle")
    expect(page.locator("main")).to_contain_text("Recevoir une classe en visite chaque trimestre")
    look(page, f"convention-{size}-renouvelee")
    following = Agreement.objects.in_school(school).get(renews=agreement)
    assert (following.stage, following.parent) == ("projet", agreement.parent)
