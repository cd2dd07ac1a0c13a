"""A pupil on a telephone without scripts finds a place; the bureau confirms it; every page looked at by axe, at 320 px and wide."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from core.school_year import SchoolYear
from pfmp import links
from pfmp.enums import LinkPurpose
from pfmp.models import Approach, PreConvention
from tests import factories
from tests.conftest import Cast
from tests.pfmp.conftest import token_of
from tests.servers import Browse, look

pytestmark = [pytest.mark.browser, pytest.mark.once]


def narrow_enough(page: Page, name: str) -> None:
    """No script runs on the page: its width is measured from outside."""
    look(page, name, script=False)
    box = page.locator("body").bounding_box()
    assert box is not None
    assert box["width"] <= 320


def test_a_pupil_without_scripts_finds_a_place_and_the_bureau_confirms_it(
    transactional_db: None, cast: Cast, browse: Browse
):
    school, now = cast.school, timezone.now()
    start = timezone.localdate(now) + timedelta(days=40)
    year = SchoolYear.on(timezone.localdate(now))
    klass = factories.ClassFactory(school=school, diploma="CAP Menuisier", year=year.code)
    period = factories.PeriodFactory(
        school=school, school_class=klass, year=year.code, start_date=start, end_date=start + timedelta(days=25)
    )
    student = factories.StudentFactory(school=school, city="Laon", postal_code="02000")
    factories.SchoolingFactory(
        school=school, student=student, school_class=klass, year=year.code, entry_date=year.start
    )
    host = factories.PartnerFactory(
        school=school, name="Menuiserie Roux", city="Laon", postal_code="02000", phone="03 23 00 00 00"
    )
    factories.CapacityFactory(school=school, partner=host, year=period.year, formation="CAP Menuisier", places=2)
    token = links.create(LinkPurpose.STUDENT, by=None, now=now, name=student.full_name, student=student)[1]
    door = reverse("link_start", args=[token_of(token)])

    phone = browse(None, "narrow", java_script_enabled=False)
    phone.goto(door)
    phone.get_by_role("button", name="Ouvrir ma page").click()
    narrow_enough(phone, "eleve-ou-j-en-suis")
    phone.get_by_role("link", name="Entreprises à contacter").last.click()
    narrow_enough(phone, "eleve-entreprises")
    phone.get_by_role("link", name="J’ai demandé").click()
    phone.get_by_text("Ils ont dit oui").click()
    narrow_enough(phone, "eleve-j-ai-demande")
    phone.get_by_role("button", name="Enregistrer").click()
    expect(phone.locator("h1")).to_have_text("J’ai trouvé !")
    phone.get_by_role("button", name="Prévenir le lycée").click()
    expect(phone.locator(".error-summary")).to_contain_text("la personne qui a dit oui")
    phone.get_by_label("La personne qui a dit oui").fill("Mme Roux")
    phone.get_by_role("button", name="Prévenir le lycée").click()
    expect(phone.get_by_text("Tu as trouvé : Menuiserie Roux.")).to_be_visible()

    pupil = browse(None, "narrow")  # the same pages for axe, which is a script
    pupil.goto(door)
    pupil.get_by_role("button", name="Ouvrir ma page").click()
    home = pupil.url
    for path in ("", "demarche/", "trouve/", "entreprises/", "lettre/", "conseils/"):
        pupil.goto(home + path)
        look(pupil, f"eleve-{path}")

    claim = Approach.objects.in_school(school).get()
    for size in ("narrow", "wide"):
        page = browse(cast.bde.user, size)
        for name, thing in (
            ("approach_list", None), ("class_search", period), ("student_placements", student), ("student_links", student),
            ("student_hosts", student), ("approach_detail", claim), ("approach_settle", claim),
        ):  # fmt: skip
            page.goto(reverse(f"pfmp:{name}", args=[school.uai, *([thing.public_id] if thing else [])]))
            look(page, f"{name}-{size}")
        page.goto(f"{reverse('pfmp:approach_new', args=[school.uai])}?eleve={student.public_id}")
        look(page, f"approach-new-{size}")
    page.goto(reverse("pfmp:approach_settle", args=[school.uai, claim.public_id]))
    page.get_by_role("button", name="Confirmer la place").click()
    expect(page.get_by_text("Piste créée.")).to_be_visible()
    assert PreConvention.objects.in_school(school).get().placement.partner == host
