"""The page of a paper: the parties, what may be done on each line, versions, avenants, proof, files."""

import hashlib
import json
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from documents import circuit, proof
from documents.enums import EventKind, SignatureMeans
from documents.models import Document, Reminder, Signature, SignatureEvent
from documents.telling import told
from pfmp import services
from tests.factories import DocumentFactory, ReminderFactory, SignatureFactory
from tests.pfmp.conftest import february, scene  # noqa: F401  the scene of a placement

pytestmark = pytest.mark.django_db


@pytest.fixture
def paper(scene) -> Document:  # noqa: F811
    return services.issue_convention(scene.placement(), by=scene.teacher.user, now=timezone.now())


def row(paper: Document, role: str) -> Signature:
    return Signature.objects.in_school(paper.school).get(document=paper, role=role)


def shown(client: Any, paper: Document) -> str:
    return client.get(paper.get_absolute_url()).content.decode().replace("\N{NO-BREAK SPACE}", " ")


def note(client: Any, paper: Document, role: str, **form: str) -> Any:
    return client.post(f"{paper.get_absolute_url()}signatures/{role}/", form)


def test_a_line_says_who_when_how_and_who_noted_it(scene, client, paper):  # noqa: F811
    client.force_login(scene.teacher.user)
    Signature.objects.in_school(scene.school).filter(document=paper, role="tuteur").update(position="chef d’atelier")
    assert note(client, paper, "tuteur", status="signee_papier", date="2026-02-10").status_code == 302
    page = shown(client, paper)
    assert "Yann Dupont, chef d’atelier" in page and "10 février 2026" in page
    assert f"Noté par {scene.teacher.user}" in page and "1 sur 5" in page
    assert "manque l’entreprise, la famille, le référent, la direction" in page
    assert "Peut signer aussi" in page  # a minor's own signature: nobody waits for it


def test_the_day_written_on_the_paper_is_the_one_kept(scene, client, paper):  # noqa: F811
    Document.objects.in_school(scene.school).filter(pk=paper.pk).update(issued_at="2026-02-01T09:00:00Z")
    client.force_login(scene.teacher.user)
    note(client, paper, "tuteur", status="signee_papier", date="2026-02-04")
    assert timezone.localdate(row(paper, "tuteur").date) == date(2026, 2, 4)


@pytest.mark.parametrize(
    ("day", "words"),
    [("2026-02-11", "dans l’avenir"), ("2026-01-31", "la signature vient après"), ("", "Écrivez la date"), ("31/02/2026", "Écrivez la date"), ("9" * 50, "Écrivez la date"), ("0000-00-00", "Écrivez la date")],
)  # fmt: skip
def test_a_day_that_cannot_be_is_told_beside_its_line(scene, client, paper, day, words):  # noqa: F811
    client.force_login(scene.teacher.user)
    answer = note(client, paper, "tuteur", status="signee_papier", date=day)
    page = answer.content.decode()
    assert answer.status_code == 422 and words in page and 'id="error-tuteur"' in page
    assert f'value="{day}"' in page and row(paper, "tuteur").status == "attendue"


def test_a_refusal_keeps_its_reason_and_is_asked_again(scene, client, paper):  # noqa: F811
    client.force_login(scene.teacher.user)
    answer = note(client, paper, "tuteur", status="refusee", reason="   ")
    assert answer.status_code == 422 and "Dites pourquoi" in answer.content.decode()
    reason = "<script>alert(1)</script> =cmd() 🎒 \u202e" + "x" * 900
    note(client, paper, "tuteur", status="refusee", reason=reason)
    page = shown(client, paper)
    assert "&lt;script&gt;alert(1)" in page and "<script>alert" not in page and "Demander de nouveau" in page
    note(client, paper, "tuteur", status="attendue")
    assert (row(paper, "tuteur").status, row(paper, "tuteur").reason) == ("attendue", "")


def test_the_proof_is_told_in_french_and_its_break_too(scene, client, paper):  # noqa: F811
    client.force_login(scene.teacher.user)
    note(client, paper, "tuteur", status="signee_papier", date="2026-02-10")
    note(client, paper, "organisme_accueil", status="refusee", reason="Les dates ne vont pas.")
    note(client, paper, "tuteur", status="attendue")
    page = shown(client, paper)
    assert "Preuve intacte." in page
    for words in (
        "Document édité",
        "Signé sur papier par le tuteur (Yann Dupont)",
        "Le papier porte la date du 10 février 2026, par ",
        "Refusé par l’entreprise",
        "« Les dates ne vont pas. »",
        "Signature de nouveau attendue : le tuteur",
    ):
        assert words in page
    second = SignatureEvent.objects.in_school(scene.school).get(document=paper, number=2)
    SignatureEvent.objects.in_school(scene.school).filter(pk=second.pk).update(
        payload=second.payload | {"name": "Autre"}
    )
    page = shown(client, paper)
    assert "Cette preuve a été modifiée." in page and "ligne 2" in page and "Preuve intacte" not in page


@pytest.mark.parametrize("kind", EventKind.values)
def test_every_line_of_proof_has_its_words(scene, paper, kind):  # noqa: F811
    full = {
        "name": "Yann Dupont", "address": "y…@d….example", "means": SignatureMeans.MAILED_CODE.value, "channel": "courriel",
        "reason": "Parti.", "signed_on": "2026-02-10", "scan": "a" * 64, "capacity": "par délégation", "number": "N", "edition": 1,
    }  # fmt: skip
    for payload, role in ((full, "tuteur"), ({}, ""), ({"signed_on": "hier", "means": 4, "reason": None}, "inconnu")):
        line = told(SignatureEvent(document=paper, number=1, kind=kind, role=role, at=timezone.now(), payload=payload))
        assert line.title and line.icon and "None" not in line.title + line.text
        assert "example" not in line.text or "y…@d…" in line.text


def test_the_proof_is_a_file_that_one_can_check_again(scene, client, paper):  # noqa: F811
    client.force_login(scene.cast.office.user)
    answer = client.get(f"{paper.get_absolute_url()}preuve/")
    assert answer["Content-Disposition"] == f'attachment; filename="{paper.number}-v1-preuve.json"'
    told_again = json.loads(answer.content)
    assert told_again["number"] == paper.number
    for line in told_again["lines"]:
        text = {
            "document": told_again["document"], "number": line["number"], "kind": line["kind"], "role": line["role"],
            "at": line["at"], "payload": line["payload"], "previous": line["previous"],
        }  # fmt: skip
        plain = json.dumps(text, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        assert hashlib.sha256(plain.encode()).hexdigest() == line["hash"]
    for member, code in ((scene.cast.reader, 403), (scene.cast.stranger, 404)):
        client.force_login(member.user)
        assert client.get(f"{paper.get_absolute_url()}preuve/").status_code == code


def test_an_avenant_says_what_changes_and_leads_to_its_convention(scene, client, paper):  # noqa: F811
    changes = [{"label": "Tuteur", "before": "Yann Dupont", "after": "Léa <b>Roy</b>"}]
    avenant = DocumentFactory(
        school=scene.school, type="avenant_pfmp", number="AVENANT-2026-00001", subject_id=paper.subject_id, amends=paper,
        changes=changes, effective_date=date(2026, 3, 9),
    )  # fmt: skip
    client.force_login(scene.cast.bde.user)
    page = shown(client, avenant)
    assert "Ce que change cet avenant" in page and "Yann Dupont" in page and "Léa &lt;b&gt;Roy" in page
    assert "À compter du 9 mars 2026" in page and paper.get_absolute_url() in page
    page = shown(client, paper)
    assert "Tuteur : Yann Dupont → Léa &lt;b&gt;Roy" in page and "à compter du 9 mars 2026" in page
    assert avenant.get_absolute_url() in page


def test_a_former_version_says_so_and_takes_nothing(scene, client, paper):  # noqa: F811
    circuit.void(paper, by=scene.teacher.user, now=timezone.now(), reason="nouvelle version")
    newer = DocumentFactory(
        school=scene.school, number=paper.number, edition=2, subject_id=paper.subject_id, issued_at=timezone.now()
    )
    client.force_login(scene.cast.bde.user)
    page = shown(client, paper)
    assert "Version remplacée." in page and newer.get_absolute_url() in page and "Déposer le papier signé" not in page
    assert note(client, paper, "tuteur", status="signee_papier").status_code == 403


def test_the_sealed_file_is_offered_when_there_is_one(scene, client, paper):  # noqa: F811
    client.force_login(scene.cast.bde.user)
    url = f"{paper.get_absolute_url()}scelle/"
    assert client.get(url).status_code == 302
    content = b"%PDF-1.7 scelle"
    Document.objects.in_school(scene.school).filter(pk=paper.pk).update(
        sealed_sha256=hashlib.sha256(content).hexdigest(), sealed_at=timezone.now(),
        sealed_file=default_storage.save("documents/scelle.pdf", ContentFile(content)),
    )  # fmt: skip
    assert "Télécharger le PDF scellé" in shown(client, paper)
    answer = client.get(url)
    assert b"".join(answer.streaming_content) == content
    assert answer["Content-Disposition"] == f'attachment; filename="{paper.number}-v1-scelle.pdf"'


def test_one_line_is_reminded_or_told_why_not(scene, client, paper):  # noqa: F811
    client.force_login(scene.teacher.user)
    page = client.post(f"{paper.get_absolute_url()}relancer/", follow=True).content.decode()
    assert "en préparation" in page  # no PDF yet: nothing to sign online
    client.force_login(scene.cast.office.user)
    assert client.post(f"{paper.get_absolute_url()}relancer/").status_code == 403


def test_the_page_costs_the_same_with_many_lines_of_proof(scene, client, paper):  # noqa: F811
    client.force_login(scene.cast.bde.user)
    costs = []
    for _ in range(2):
        shown(client, paper)
        with CaptureQueriesContext(connection) as seen:
            shown(client, paper)
        costs.append(len(seen))
        for _ in range(6):
            signature = row(paper, "tuteur")
            circuit.note_paper(signature, signed_on=date(2026, 2, 10), by=scene.teacher.user, now=timezone.now())
            circuit.reopen(row(paper, "tuteur"), by=scene.teacher.user, now=timezone.now())
    assert costs[0] == costs[1] <= 20
    assert proof.first_break(paper, proof.lines(paper)) is None


def test_a_paper_of_a_partner_shows_its_parties(scene, client):  # noqa: F811
    paper = DocumentFactory(
        school=scene.school, type="convention_partenariat", subject="convention", number="CONVENTION-2026-00001"
    )
    SignatureFactory(school=scene.school, document=paper, role="partenaire", name="Ligne\nbrisée")
    client.force_login(scene.cast.bde.user)
    assert "Partenaire" in shown(client, paper)


def test_the_whole_sheet_bears_its_own_day(scene, client, paper):  # noqa: F811
    Document.objects.in_school(scene.school).filter(pk=paper.pk).update(issued_at="2026-02-01T09:00:00Z")
    client.force_login(scene.cast.bde.user)
    url = f"{paper.get_absolute_url()}tout-signe/"
    for day, words in (
        ("demain", "Écrivez la date"),
        ("2026-01-01", "la signature vient après"),
        ("2027-01-01", "avenir"),
    ):
        assert words in client.post(url, {"date": day}, follow=True).content.decode()
        assert row(paper, "tuteur").status == "attendue"
    client.post(url, {"date": "2026-02-03"})
    assert timezone.localdate(row(paper, "tuteur").date) == date(2026, 2, 3)


def test_a_line_written_about_before_is_asked_again_by_its_button(scene, client, paper):  # noqa: F811
    Document.objects.in_school(scene.school).filter(pk=paper.pk).update(sha256="a" * 64)
    tutor = row(paper, "tuteur")
    Signature.objects.in_school(scene.school).filter(pk=tutor.pk).update(email="yann@dupont.example")
    ReminderFactory(school=scene.school, signature=tutor, sent_at=timezone.now() - timedelta(days=4))
    client.force_login(scene.cast.office.user)
    assert "Relancer<span" not in shown(client, paper)
    client.force_login(scene.teacher.user)
    assert 'Relancer<span class="visually-hidden"> : Tuteur' in shown(client, paper)
    client.post(f"{paper.get_absolute_url()}relancer/", {"role": "tuteur"})
    sent = Reminder.objects.in_school(scene.school).filter(signature__document=paper, kind="manuelle")
    assert [line.signature for line in sent] == [tutor]
    page = shown(client, paper)
    assert 'Relancer<span class="visually-hidden"> : Tuteur' not in page and "relance possible le" in page
