"""A company fills the pre-convention on a telephone without scripts; a teacher validates it; each page looked at by axe."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from core.school_year import SchoolYear
from pfmp import preparing
from pfmp.models import Placement, PreConvention
from tests import factories
from tests.conftest import Cast
from tests.pfmp.conftest import token_of
from tests.servers import Browse, look

pytestmark = [pytest.mark.browser, pytest.mark.once]

WEEK = ("lun", "mar", "mer", "jeu", "ven")


def lead_of(cast: Cast) -> Placement:
    """A lead of a class whose formation has its annex."""
    school = cast.school
    start = timezone.localdate() + timedelta(days=40)
    start -= timedelta(days=start.weekday())
    year = SchoolYear.on(start)
    klass = factories.ClassFactory(school=school, diploma="CAP Menuisier", year=year.code)
    period = factories.PeriodFactory(
        school=school, school_class=klass, year=year.code, start_date=start, end_date=start + timedelta(days=25)
    )
    student = factories.StudentFactory(school=school, birth_date=start - timedelta(days=16 * 365))
    factories.SchoolingFactory(
        school=school, student=student, school_class=klass, year=year.code, entry_date=year.start
    )
    annex = factories.AnnexFactory(
        school=school, formation="CAP Menuisier", tasks="Poser une fenêtre\nDébiter un panneau"
    )
    factories.SkillFactory(school=school, annex=annex, code="C1", label="Préparer le chantier")
    placement: Placement = factories.PlacementFactory(
        school=school, period=period, student=student, status="pressenti", start_date=start,
        end_date=start + timedelta(days=25), partner=factories.PartnerFactory(school=school, name="Menuiserie Roux"),
    )  # fmt: skip
    return placement


def next_page(page: Page, name: str) -> None:
    """The page holds at 320 px; its button leads to the next."""
    look(page, f"entreprise-{name}", script=False)
    box = page.locator("body").bounding_box()
    assert box is not None
    assert box["width"] <= 320
    page.locator("main form .btn-primary").click()
    expect(page.locator("h1")).to_be_visible()


def test_a_company_on_a_phone_without_scripts_then_a_teacher(transactional_db: None, cast: Cast, browse: Browse):
    placement = lead_of(cast)
    pre = preparing.opened(placement, by=cast.bde.user)
    url = preparing.hand_link(pre, name="Mme Roux", by=cast.bde.user, now=timezone.now())
    door = reverse("link_start", args=[token_of(url)])

    phone = browse(None, "narrow", java_script_enabled=False)
    phone.goto(door)
    phone.get_by_role("button", name="Commencer").click()
    phone.get_by_role("link", name="Commencer").click()
    signs = phone.get_by_role("group", name="Qui signe la convention pour l’entreprise")
    signs.get_by_label("Nom", exact=True).fill("Roux")
    phone.get_by_role("button", name="Enregistrer et continuer").click()
    expect(phone.locator(".error-summary")).to_contain_text("prénom")
    expect(signs.get_by_label("Nom", exact=True)).to_have_value("Roux")
    signs.get_by_label("Prénom").fill("Claire")
    signs.get_by_label("Fonction").fill("Gérante")
    phone.get_by_label("Cette personne est aussi le tuteur").check()
    next_page(phone, "personnes")
    for label, value in (("Adresse", "1 rue du Four"), ("Code postal", "02000"), ("Commune", "Laon")):
        phone.get_by_label(label, exact=True).fill(value)
    next_page(phone, "entreprise")
    phone.get_by_text("Écrire les horaires en une ligne").click()
    phone.get_by_label("Horaires en une ligne").fill("du lundi au vendredi 8h-12h 13h-16h")
    next_page(phone, "horaires")
    expect(phone.get_by_text("Nous avons lu").first).to_be_visible()
    next_page(phone, "horaires-lus")
    phone.get_by_label("Poser une fenêtre").check()
    next_page(phone, "activites")
    next_page(phone, "securite")
    phone.get_by_label("Assureur, responsabilité civile").fill("MAIF")
    next_page(phone, "pratique")
    phone.get_by_label("L’élève ne remplace personne").check()
    phone.get_by_label("Votre nom").fill("Claire Roux")
    next_page(phone, "verification")
    expect(phone.locator("h1")).to_have_text("Merci, vos réponses sont au lycée")

    pre = PreConvention.objects.in_school(cast.school).select_related("placement__partner").get()
    assert pre.state == "remplie"
    for size in ("narrow", "wide"):
        page = browse(cast.bde.user, size)
        for name in ("placement_preparation", "pre_convention_review", "pre_convention_type", "placement_terms"):
            page.goto(reverse(f"pfmp:{name}", args=[cast.school.uai, placement.public_id]))
            look(page, f"{name}-{size}")
        for name in ("pre_convention_list", "annex_list", "annex_new"):
            page.goto(reverse(f"pfmp:{name}", args=[cast.school.uai]))
            look(page, f"{name}-{size}")

    page.goto(reverse("pfmp:pre_convention_review", args=[cast.school.uai, placement.public_id]))
    page.get_by_label("Ce qu’il faut corriger").fill("Le tuteur est-il présent le vendredi ?")
    page.get_by_role("button", name="Renvoyer à l’entreprise").click()
    company = browse(None, "narrow")  # the same pages for axe, which is a script
    company.goto(door)
    company.get_by_role("button", name="Commencer").click()
    home = company.url
    expect(company.get_by_text("Le tuteur est-il présent le vendredi ?")).to_be_visible()
    for path in ("", *(f"{code}/" for code, _ in preparing.STEPS), "renoncer/"):
        company.goto(home + path)
        look(company, f"entreprise-axe-{path}")
    company.goto(f"{home}horaires/")
    company.get_by_label("Lundi après-midi, à").fill("20:00")
    company.keyboard.press("Tab")
    expect(company.get_by_text("À changer pour cet élève")).to_be_visible()
