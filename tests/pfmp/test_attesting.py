"""Attestations: what they say, when they can be issued, what becomes of them when the days change."""

import io
import subprocess
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.utils import timezone
from pypdf import PdfReader

from core import jobs
from documents import circuit, proposals
from documents.models import Document, Signature
from pfmp import attesting, certificates, days
from pfmp.documents import certificate as paper
from pfmp.models import Placement
from tests.factories import ContactFactory, SignerProposalFactory, TermsFactory
from tests.pfmp.conftest import printed

CONTENT = paper.CertificateContent(
    number="ATTESTATION-2026-00012",
    version=1,
    issued_date=date(2026, 3, 27),
    year="2025-2026",
    kind="pfmp",
    school=paper.School(name="Lycée Hélène-Brisson", uai="0755890V", address="1 rue des Écoles, 75011 Paris"),
    host=paper.Host(
        name="Atelier Dupont", siret="73282932000074", address="3 rue du Four, 75011 Paris",
        representative_name="Claude Dupont", representative_role="gérant",
    ),
    pupil=paper.Pupil(first_name="Rayan", last_name="Meziane", birth_date=date(2009, 1, 15), class_label="1re MELEC"),
    period_label="PFMP 2",
    start_date=date(2026, 3, 2),
    end_date=date(2026, 3, 27),
    days=19,
    minutes=133 * 60,
    days_of_7h=19,
    convention_number="PFMP-2026-00001",
)  # fmt: skip


def test_the_paper_holds_what_the_law_wants_on_one_accessible_page(tmp_path):
    file = paper.PAPER.render(CONTENT)
    words = printed(file)
    for expected in (
        "Attestation de période de formation en milieu professionnel", "Atelier Dupont", "732 829 320 00074", "Claude Dupont",
        "gérant", "Meziane", "15 janvier 2009", "1re MELEC", "0755890V", "2 mars 2026", "27 mars 2026", "19 jours de présence",
        "133 h", "D124-6", "Gratification", "Fait à", "cachet", "2023-765", "PFMP-2026-00001",
    ):  # fmt: skip
        assert expected in words, expected
    assert len(PdfReader(io.BytesIO(file)).pages) == 1
    path = tmp_path / "a.pdf"
    path.write_bytes(file)
    info = subprocess.run(["pdfinfo", str(path)], capture_output=True, text=True, check=True).stdout
    assert "Tagged:          yes" in info
    assert paper.PAPER.render(CONTENT) == file


@pytest.mark.parametrize("kind", ["observation_3e", "observation_2gt", "observation", "stage_bts"])
def test_other_stays_have_their_title_and_no_word_of_the_allowance(kind):
    html = paper.html(replace(CONTENT, kind=kind, pays_allowance=False))
    assert "allocation" not in html
    assert "période de formation en milieu professionnel</h1>" not in html


def test_a_long_name_and_a_gratuity_still_fit():
    name = "Établissement " * 20
    content = replace(CONTENT, host=replace(CONTENT.host, name=name), gratuity=Decimal("598.50"), minutes=None)
    words = printed(paper.PAPER.render(content))
    assert "598,50 €" in words.replace("\xa0", " ").replace("\u202f", " ")
    assert "Heures effectives" not in words


@pytest.fixture
def ended(scene, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    ContactFactory(
        school=scene.school,
        partner=scene.partner,
        role="dirigeant",
        last_name="Durand",
        first_name="Ana",
        email="ana@dupont.example",
    )
    with time_machine.travel("2026-03-30T09:00:00+02:00", tick=False):
        yield scene.placement(status="termine")


def validate(placement, number: int, seen=None, reason: str = "") -> None:
    days.validate(days.of_one(placement), number, seen=seen, reason=reason, by=None, membership=None)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "today", "sentence"),
    [
        ({"status": "annule"}, date(2026, 3, 30), "annulé"),
        ({"status": "convention_editee"}, date(2026, 3, 30), "signée de tous"),
        ({"status": "en_cours"}, date(2026, 3, 26), "dernier jour"),
        ({"status": "termine"}, date(2026, 3, 30), "Validez d’abord"),
        ({"status": "termine", "days_done": Decimal("12.5")}, date(2026, 3, 30), "jours entiers"),
        ({"status": "interrompu", "interrupted_date": date(2026, 3, 11), "days_done": 8}, date(2026, 3, 11), ""),
        ({"status": "en_cours", "days_done": 20}, date(2026, 3, 27), ""),
    ],
)
def test_when_it_can_be_issued(scene, changes, today, sentence):
    found = days.of_one(scene.placement(**changes))
    problem = attesting.problem(found, today)
    assert sentence in problem
    assert bool(problem) == bool(sentence)


@pytest.mark.django_db
def test_it_is_issued_numbered_drawn_and_signed_by_the_host_alone(scene, ended, client):
    validate(ended, 20)
    TermsFactory(school=scene.school, placement=ended, gratuity=Decimal("4.50"))
    client.force_login(scene.teacher.user)
    url = scene.url(f"placements/{ended.public_id}/jours/")
    assert client.post(url, {"faire": "attestation"}).status_code == 302
    document = Document.objects.in_school(scene.school).get(type="attestation_pfmp")
    assert document.number == "ATTESTATION-2026-00001"
    row = Signature.objects.in_school(scene.school).get(document=document)
    assert (row.role, row.name, row.email) == ("organisme_accueil", "Ana Durand", "ana@dupont.example")
    content = paper.PAPER.content_in(document)
    assert content is not None
    assert (content.days, content.minutes, content.days_of_7h, content.gratuity) == (20, 8400, 20, Decimal("630.00"))
    jobs.run_waiting()
    document.refresh_from_db()
    assert document.sha256
    assert not certificates.has_certificate(ended)
    circuit.note_paper(row, signed_on=date(2026, 3, 30), by=None, now=timezone.now())
    assert certificates.received([ended]) == {ended.pk: date(2026, 3, 30)}
    ended.refresh_from_db()
    assert ended.status == "termine"  # signatures of an attestation move nothing
    assert "Attestation remise" in client.get(url).content.decode()
    assert client.get(document.get_absolute_url()).status_code == 200


@pytest.mark.django_db
def test_days_that_change_replace_what_nobody_signed_and_leave_what_was(scene, ended, client):
    validate(ended, 20)
    first = attesting.issue(ended, by=None, now=timezone.now())
    client.force_login(scene.teacher.user)
    url = scene.url(f"placements/{ended.public_id}/jours/")
    client.post(url, {"faire": "jours", "days": "18", "reason": "feuille_presence", "seen": "20"})
    first.refresh_from_db()
    assert first.voided_at is not None
    second = certificates.of_one(Placement.objects.in_school(scene.school).get(pk=ended.pk))
    assert second is not None
    assert (second.document.number, second.document.edition, second.days) == (first.number, 2, 18)
    assert second.signature is not None
    circuit.note_paper(second.signature, signed_on=date(2026, 3, 30), by=None, now=timezone.now())
    client.post(url, {"faire": "jours", "days": "19", "reason": "feuille_presence", "seen": "18"})
    text = client.get(url).content.decode()
    assert "L’attestation dit 18 jours, 19 sont validés" in text
    assert certificates.has_certificate(ended)
    client.post(url, {"faire": "attestation"})
    third = certificates.of_one(ended)
    assert third is not None
    assert (third.document.edition, third.days, third.is_signed) == (3, 19, False)


@pytest.mark.django_db
def test_a_class_is_issued_printed_and_followed(scene, ended, client):
    other = scene.placement(student=scene.pupil(last_name="Zola"), status="termine", days_done=20)
    validate(ended, 20)
    client.force_login(scene.teacher.user)
    url = scene.url(f"periodes/{scene.period.public_id}/attestations/")
    assert client.get(url).context["to_issue"] == 2
    client.post(url, {"faire": "editer"})
    assert set(certificates.of([ended, other])) == {ended.pk, other.pk}
    where = client.post(url, {"faire": "imprimer"})
    jobs.run_waiting()
    assert client.get(where["Location"]).context["job"].state == "done"
    assert client.post(url, {"faire": "<b>"}).status_code == 302
    client.force_login(scene.cast.head.user)
    assert client.get(url).status_code == 200
    assert client.post(url, {"faire": "editer"}).status_code == 403


@pytest.mark.django_db
def test_another_person_signs_the_attestation_and_the_convention_does_not_move(scene, ended):
    validate(ended, 20)
    first = attesting.issue(ended, by=None, now=timezone.now())
    row = Signature.objects.in_school(scene.school).get(document=first)
    proposal = SignerProposalFactory(
        school=scene.school, signature=row, kind="signataire", last_name="Roche", first_name="Hélène",
        position="Responsable", email="helene@dupont.example",
    )  # fmt: skip
    proposals.accept(proposal, by=scene.cast.bde.user, now=timezone.now())
    second = certificates.of_one(ended)
    assert second is not None
    assert second.signature is not None
    assert (second.document.edition, second.signature.name) == (2, "Hélène Roche")
    ended.refresh_from_db()
    assert ended.signer is None
    third = attesting.issue(ended, by=None, now=timezone.now())
    assert Signature.objects.in_school(scene.school).get(document=third).name == "Hélène Roche"
