"""The year's file walked, from the targets to the papers that a school hands in: seen by the bureau, then by the head."""

import io
import re
from datetime import timedelta

import docx
import pypdf
import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from core.school_year import SchoolYear
from documents.models import Document
from indicators import services
from indicators.models import Decision, SelfEvaluation, Target
from tests import factories
from tests.conftest import Cast
from tests.flows.browsing import work
from tests.servers import Browse, look

pytestmark = [pytest.mark.browser, pytest.mark.once]


@pytest.mark.django_db(transaction=True)
def test_a_year_from_targets_to_the_file(browse: Browse, cast: Cast):
    school, today = cast.school, timezone.localdate()
    year = SchoolYear.on(today)
    klass = factories.ClassFactory(school=school, year=year.code)
    visit = factories.ActionFactory(
        school=school, start_date=max(year.start, today - timedelta(days=30)), hours=3, type="visite_entreprise"
    )
    factories.ActionPartnerFactory(school=school, action=visit)
    for rank in range(24):
        pupil = factories.SchoolingFactory(school=school, school_class=klass, year=year.code).student
        factories.ParticipationFactory(school=school, action=visit, student=pupil, present=rank < 18)
    services.refresh(school, year, today, by=cast.bde.user)

    office = browse(cast.bde.user)
    office.goto(reverse("indicators:steering_home", args=[school.uai]))
    look(office, "demarche")
    office.locator("main").get_by_role("link", name=re.compile("Élèves bénéficiaires")).first.click()
    office.get_by_label(re.compile(r"^Objectif\s:\sTaux d.élèves bénéficiaires")).fill("85")
    office.get_by_role("button", name="Enregistrer les objectifs").click()
    expect(office.locator(".messages")).to_contain_text("1 objectif")
    office.locator("#reponses textarea").first.fill("Chaque classe vit deux actions avant les vacances de février.")
    office.get_by_role("button", name="Enregistrer les réponses").click()
    office.locator("#id_decision_label").fill("Une visite par classe de première")
    office.locator("#id_decision_due_date").fill((today + timedelta(days=40)).isoformat())
    office.get_by_role("button", name="Enregistrer la décision").click()
    office.locator("#id_preuve_label").fill("Compte rendu du conseil de perfectionnement")
    office.locator("#id_preuve_url").fill("https://lycee.example/conseil")
    office.get_by_role("button", name="Joindre la preuve").click()
    look(office, "demarche-rubrique")
    office.locator("#reponses textarea").first.fill("Chaque classe vit deux actions avant février, trois en terminale.")
    office.get_by_role("button", name="Enregistrer les réponses").click()
    assert (
        Target.objects.in_school(school).get().value == 0.85
        or str(Target.objects.in_school(school).get().value) == "0.850000"
    )
    assert SelfEvaluation.objects.in_school(school).count() == 2, "the first answer stays"
    assert Decision.objects.in_school(school).get().label == "Une visite par classe de première"

    # The figure says what is aimed at, and what would change it.
    office.goto(reverse("indicators:figure", args=[school.uai, "I4.1"]))
    expect(office.locator("main")).to_contain_text("75")
    expect(office.locator("main")).to_contain_text("85")
    look(office, "indicateur")

    # The head asks for the papers, and takes them.
    head = browse(cast.head.user)
    head.goto(reverse("indicators:report", args=[school.uai]))
    look(head, "rapports")
    for name in ("Préparer le dossier", "Préparer la note", "Préparer le rapport"):
        head.goto(reverse("indicators:report", args=[school.uai]))
        head.get_by_role("button", name=name).click()
        work()
    head.goto(reverse("indicators:report", args=[school.uai]))
    look(head, "rapports-gardes")
    papers = list(Document.objects.in_school(school).order_by("pk"))
    assert len(papers) == 3
    with head.expect_download() as kept:
        head.get_by_role("link", name=re.compile("^DOCX")).first.click()
    text = "\n".join(p.text for p in docx.Document(kept.value.path()).paragraphs)
    assert "trois en terminale" in text
    assert "avant les vacances de février" not in text, "the file says the answer that stands"
    with papers[0].file.open("rb") as file:
        pages = pypdf.PdfReader(io.BytesIO(file.read())).pages
    said = "\n".join(page.extract_text() for page in pages)
    for words in ("Une visite par classe de première", "Compte rendu du conseil", "trois en terminale"):
        assert words in said
    with papers[1].file.open("rb") as file:
        assert len(pypdf.PdfReader(io.BytesIO(file.read())).pages) == 1, "the note holds on one page"
