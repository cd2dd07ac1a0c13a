"""The quality file: one frozen content, three files that say the same."""

import io
import json
from datetime import date

import docx as word
import page
import pytest
from django.urls import reverse
from django.utils import timezone
from odfdo import Document as Odf

from core import jobs, pdf
from core.school_year import SchoolYear
from documents.models import Document
from indicators import quality_file, questions
from indicators.quality_file import QualityFile
from schools.middleware import YEAR_KEY
from tests.factories import (
    AgreementFactory,
    DecisionFactory,
    DocumentFactory,
    EvidenceFactory,
    SelfEvaluationFactory,
    TargetFactory,
)
from tests.indicators.test_documents import words

YEAR = SchoolYear(2025)
NOW = timezone.now()
ANSWER = "Deux cadres <b>nationaux</b>\nsont déclinés ici."
SAID = (
    "Deux cadres <b>nationaux</b>", "sont déclinés ici.", "Un seul cadre.", "Relire les conventions", "Sofia Benamar",
    "Une convention par branche", "Procès-verbal du 12 mars", "https://lycee.example/pv", "question de la fiche 2.5",
    "question proposée par la plateforme",
)  # fmt: skip


@pytest.fixture
def filed(cast):
    school = cast.school
    cast.ddfpt.first_name, cast.ddfpt.last_name = "Sofia", "Benamar"
    cast.ddfpt.save()
    AgreementFactory(school=school)
    TargetFactory(school=school, code="I1.1", value="2", reason="Une convention par branche")
    DecisionFactory(
        school=school, heading="1", label="Relire les conventions", owner=cast.ddfpt, due_date=date(2026, 3, 2)
    )
    SelfEvaluationFactory(school=school, heading="1", question="conventions-deployees", text=ANSWER)
    SelfEvaluationFactory(
        school=school, heading="1", question="conventions-deployees", text="Un seul cadre.", year="2024-2025"
    )
    EvidenceFactory(school=school, heading="1", label="Procès-verbal du 12 mars", url="https://lycee.example/pv")
    return school


def of_docx(file: bytes) -> str:
    made = word.Document(io.BytesIO(file))
    cells = [cell.text for table in made.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in made.paragraphs), *cells])


def of_odt(file: bytes) -> str:
    return "\n".join(one.inner_text for one in Odf(io.BytesIO(file)).body.get_elements("//text:p | //text:h"))


def test_the_three_files_say_the_same_from_one_frozen_content(filed, django_assert_max_num_queries):
    with django_assert_max_num_queries(60):  # the figures of two years, and five for what people wrote
        content = quality_file.content_of(filed, YEAR, date(2026, 8, 31))
    again = QualityFile.from_json(json.loads(json.dumps(content.to_json())))
    assert again == content
    html = words(quality_file.html(again))
    docx_text, odt_text = of_docx(quality_file.as_docx(again, now=NOW)), of_odt(quality_file.as_odt(again, now=NOW))
    for said in SAID:
        assert said.lower() in html.lower(), said
        assert said.lower() in docx_text.lower(), said
        assert said.lower() in odt_text.lower(), said
    for question in questions.by_key().values():
        for text in (docx_text, odt_text):
            assert question.text in text
    assert "<b>nationaux" not in quality_file.html(again)


def test_the_pdf_conforms_to_pdf_ua_and_is_drawn_again_the_same(filed):
    content = quality_file.content_of(filed, YEAR, date(2026, 8, 31))
    file = quality_file.render(content)
    result = page.validate_pdf_bytes(file, profile="ua1")
    assert (result.rules.failed, [failure.message for failure in result.failures]) == (0, [])
    assert 5 <= pdf.page_count(file) <= 20
    assert file == quality_file.render(QualityFile.from_json(content.to_json()))


def test_what_is_not_answered_is_said_and_empty_complements_are_left_out(cast):
    content = quality_file.content_of(cast.school, YEAR, date(2026, 8, 31))
    html = words(quality_file.html(content))
    assert html.count(quality_file.NO_ANSWER) == len(questions.by_key())
    assert "Réciprocité avec les partenaires" not in html


@pytest.mark.django_db(transaction=True)
def test_the_head_asks_for_the_file_and_takes_its_three_forms(client, cast, monkeypatch):
    monkeypatch.setattr(quality_file, "render", lambda content: b"%PDF-1.7")  # drawn for real above
    SelfEvaluationFactory(school=cast.school, heading="1", question="conventions-deployees", text="Avant.")
    client.force_login(cast.head.user)
    session = client.session
    session[YEAR_KEY] = YEAR.code
    session.save()
    ask = reverse("indicators:quality_file_ask", args=[cast.school.uai])
    reports = reverse("indicators:report", args=[cast.school.uai])
    assert client.post(ask).status_code == 302
    jobs.run_waiting()
    first = Document.objects.in_school(cast.school).get()
    assert (first.type, first.content["kind"], len(first.sha256)) == ("autre", "dossier_qualite", 64)
    SelfEvaluationFactory(school=cast.school, heading="2", question="reseaux-place", text="Après.")
    client.post(ask)
    jobs.run_waiting()
    last = Document.objects.in_school(cast.school).order_by("edition").last()
    assert last is not None and (last.edition, last.number) == (2, first.number)
    shown = client.get(reports).content.decode()
    for kind, read in (("docx", of_docx), ("odt", of_odt)):
        link = reverse("indicators:quality_file_text", args=[cast.school.uai, last.public_id, kind])
        assert link in shown
        assert "Après." in read(client.get(link).content)
        frozen = client.get(reverse("indicators:quality_file_text", args=[cast.school.uai, first.public_id, kind]))
        assert "Avant." in read(frozen.content) and "Après." not in read(frozen.content)
    other = DocumentFactory(school=cast.school)
    link = reverse("indicators:quality_file_text", args=[cast.school.uai, other.public_id, "odt"])
    assert client.get(link)["Location"] == other.get_absolute_url()
    link = reverse("indicators:quality_file_text", args=[cast.school.uai, last.public_id, "exe"])
    assert client.get(link).status_code == 404
