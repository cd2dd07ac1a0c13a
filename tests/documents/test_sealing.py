"""A paper that everyone has signed gets its sealed file: what it is, what is inside, once, undone, asked for, dated later."""

import hashlib
import io
import json
from datetime import timedelta
from typing import Any

import page
import pikepdf
import pytest
from django.core.cache import caches
from django.core.files.storage import default_storage
from django.test import Client
from django.utils import timezone
from pypdf import PdfReader

from core import jobs
from core import sealing as core_sealing
from core.models import Job
from core.sealing import Level, Sealed, Timestamp, certificates
from documents import circuit, proof, sealing, tasks
from documents.enums import EventKind, SignatureMeans, SignatureRole
from documents.models import Document, Signature, SignatureEvent
from pfmp import services
from tests.documents.signing import row
from tests.pfmp.conftest import february, scene  # noqa: F401  the scene of a placement

pytestmark = pytest.mark.django_db
BROWSER = "Mozilla/5.0 (essai)"


@pytest.fixture(autouse=True)
def folders(settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.DATA_DIR = tmp_path
    caches["outside"].clear()


@pytest.fixture
def paper(scene) -> Document:  # noqa: F811
    document = services.issue_convention(scene.placement(), by=scene.teacher.user, now=timezone.now())
    jobs.run_waiting()
    document.refresh_from_db()
    assert document.sha256
    return document


def sign_all(paper: Document, by: Any, *, online: tuple[str, ...] = ("tuteur", "enseignant_referent")) -> None:
    """Two sign online, the others on paper."""
    now = timezone.now()
    for role in online:
        trace = circuit.Trace(SignatureMeans.MAILED_CODE, "t•••@e•••.fr", "192.0.2.7", BROWSER)
        circuit.sign_online(row(paper, role), sha256=paper.sha256, accepted="J’ai lu.", trace=trace, now=now)
    circuit.note_all_on_paper(
        Document.objects.get(pk=paper.pk), roles=list(SignatureRole), signed_on=timezone.localdate(now), by=by, now=now
    )


@pytest.fixture
def sealed(paper, cast) -> Document:
    sign_all(paper, cast.bde.user)
    jobs.run_waiting()
    paper.refresh_from_db()
    return paper


def content_of(document: Document) -> bytes:
    with document.sealed_file.open("rb") as file:
        return file.read()


def stored(document: Document) -> list[str]:
    return sorted(default_storage.listdir(f"documents/{document.school.uai}")[1])


def events(document: Document, kind: EventKind) -> list[SignatureEvent]:
    return [event for event in proof.lines(document) if event.kind == kind]


# ------------------------------------------------------------------------------------------------ the file


def test_the_last_signature_makes_the_sealed_file(sealed):
    file = content_of(sealed)
    assert sealed.sealed_sha256 == hashlib.sha256(file).hexdigest()
    assert sealed.sealed_at == timezone.now()
    reading = core_sealing.read(file, known=certificates.known(), at=sealed.sealed_at)
    assert reading.is_whole
    (event,) = events(sealed, EventKind.SEALED)
    assert event.payload["sha256"] == sealed.sealed_sha256
    assert (event.payload["level"], event.payload["timestamp"]) == ("B-B", "sans")
    assert proof.first_break(sealed, proof.lines(sealed)) is None


def test_the_sealed_convention_conforms_to_pdf_ua_and_pdf_a(sealed):
    for profile, least in (("ua1", 100), ("3a", 150)):
        report = page.validate_pdf_bytes(content_of(sealed), profile=profile)
        assert report.rules.total >= least
        assert (report.rules.failed, [failure.message for failure in report.failures]) == (0, [])


def test_what_people_signed_is_inside_byte_for_byte_and_so_is_the_proof(sealed):
    with pikepdf.open(io.BytesIO(content_of(sealed))) as opened:
        original = opened.attachments["original.pdf"].get_file().read_bytes()
        told = json.loads(opened.attachments["preuve.json"].get_file().read_bytes())
        relations = {str(spec.UF): str(spec.AFRelationship) for spec in opened.Root.AF}
    assert hashlib.sha256(original).hexdigest() == sealed.sha256
    assert relations == {"original.pdf": "/Source", "preuve.json": "/Data"}
    assert (told["number"], told["edition"], told["sha256"]) == (sealed.number, 1, sealed.sha256)
    # checked again as the file itself says to, without the platform
    previous = ""
    for line in told["lines"]:
        given = line.pop("hash")
        assert line["previous"] == previous
        text = json.dumps(line, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        assert hashlib.sha256(text.encode()).hexdigest() == given
        previous = given
    kinds = [line["kind"] for line in told["lines"]]
    assert kinds[0] == "edition" and kinds[-1] == "complet" and kinds.count("signature") == 2
    assert "json.dumps" in told["verification"]


def test_the_marks_and_the_page_of_proof_say_who_how_and_when(sealed):
    sheets = [" ".join(sheet.extract_text().split()) for sheet in PdfReader(io.BytesIO(content_of(sealed))).pages]
    marked, last = " ".join(sheets[:-1]), sheets[-1]
    assert "Signé en ligne le 10 février 2026 à 9 h" in marked
    assert "Signé sur papier le 10 février 2026, noté par le lycée" in marked
    assert "Preuve des signatures" in last and sealed.number in last
    for signature in Signature.objects.in_school(sealed.school).filter(document=sealed).counted():
        assert signature.name in last
        assert signature.get_role_display() in last
    assert "t•••@e•••.fr" in last and "code reçu par courriel" in last
    assert sealed.sha256 in last.replace(" ", "")
    assert f"/verifier/?n={sealed.number}" in last.replace(" ", "")


def test_the_paper_that_people_signed_does_not_change(paper, cast):
    with paper.file.open("rb") as file:
        before = file.read()
    sign_all(paper, cast.bde.user)
    jobs.run_waiting()
    paper.refresh_from_db()
    with paper.file.open("rb") as file:
        assert file.read() == before
    assert hashlib.sha256(before).hexdigest() == paper.sha256


# ------------------------------------------------------------------------------------------------ once, and only then


def test_a_second_run_changes_nothing(sealed):
    files, digest, lines = stored(sealed), sealed.sealed_sha256, len(proof.lines(sealed))
    assert "déjà scellé" in tasks.seal_document(document_id=sealed.pk).message
    sealed.refresh_from_db()
    assert (stored(sealed), sealed.sealed_sha256, len(proof.lines(sealed))) == (files, digest, lines)


def test_two_workers_at_once_keep_one_file(paper, cast, monkeypatch):
    """The second one starts before the first has written, and finds it written at the end."""
    sign_all(paper, cast.bde.user)
    twin = Document.objects.select_related("school").get(pk=paper.pk)
    first = Document.objects.select_related("school").get(pk=paper.pk)
    sealing.seal_and_store(first, now=timezone.now())
    sealing.seal_and_store(twin, now=timezone.now() + timedelta(seconds=1))
    twin.refresh_from_db()
    assert twin.sealed_sha256 == first.sealed_sha256
    assert len(stored(twin)) == 2
    assert len(events(twin, EventKind.SEALED)) == 1


def test_a_paper_that_is_not_complete_is_not_sealed(paper):
    assert Job.objects.filter(kind="documents.seal_document").count() == 0
    assert "n’est plus signé de tous" in tasks.seal_document(document_id=paper.pk).message
    paper.refresh_from_db()
    assert paper.sealed_sha256 == ""


def test_an_undone_signature_takes_the_sealed_file_away(sealed, cast, django_capture_on_commit_callbacks):
    name = sealed.sealed_file.name
    with django_capture_on_commit_callbacks(execute=True):
        circuit.reopen(row(sealed, "chef_etablissement"), by=cast.bde.user, now=timezone.now())
    sealed.refresh_from_db()
    assert (sealed.sealed_sha256, sealed.sealed_file.name, sealed.sealed_at) == ("", "", None)
    assert not default_storage.exists(name)
    with django_capture_on_commit_callbacks(execute=True):
        circuit.note_paper(
            row(sealed, "chef_etablissement"), signed_on=timezone.localdate(), by=cast.bde.user, now=timezone.now()
        )
    jobs.run_waiting()
    sealed.refresh_from_db()
    assert sealed.sealed_sha256 and default_storage.exists(sealed.sealed_file.name)
    assert len(events(sealed, EventKind.SEALED)) == 2


def test_a_signature_undone_meanwhile_leaves_no_seal(paper, cast, monkeypatch):
    sign_all(paper, cast.bde.user)
    document = Document.objects.select_related("school").get(pk=paper.pk)
    draw = sealing.draw

    def undone_meanwhile(*args: Any, **kwargs: Any) -> bytes:
        circuit.reopen(row(paper, "chef_etablissement"), by=cast.bde.user, now=timezone.now())
        return draw(*args, **kwargs)

    monkeypatch.setattr(sealing, "draw", undone_meanwhile)
    sealing.seal_and_store(document, now=timezone.now())
    paper.refresh_from_db()
    assert paper.sealed_sha256 == "" and events(paper, EventKind.SEALED) == []
    assert len(stored(paper)) == 1  # only the PDF that people sign


# ------------------------------------------------------------------------------------------------ what goes wrong


def failure(document: Document) -> str:
    with pytest.raises(jobs.Failure) as raised:
        tasks.seal_document(document_id=document.pk)
    return str(raised.value)


def test_an_altered_original_or_proof_is_not_sealed(paper, cast):
    sign_all(paper, cast.bde.user)
    with default_storage.open(paper.file.name, "rb") as file:
        content = file.read()
    with default_storage.open(paper.file.name, "wb") as file:
        file.write(content + b" ")
    assert "n’est plus celui qui a été signé" in failure(paper)
    default_storage.delete(paper.file.name)
    assert "manque sur le disque" in failure(paper)
    default_storage.save(paper.file.name, io.BytesIO(content))
    SignatureEvent.objects.filter(document=paper, number=2).update(payload={"name": "Quelqu’un d’autre"})
    assert "modifiée à la ligne 2" in failure(paper)


def test_a_key_that_does_not_open_is_said(paper, cast, settings):
    sign_all(paper, cast.bde.user)
    certificates.make_own(timezone.now())
    settings.SECRET_KEY = "another"
    assert "SECRET_KEY a changé" in failure(paper)


def test_a_full_disk_is_said_and_leaves_nothing(paper, cast, monkeypatch):
    sign_all(paper, cast.bde.user)

    def full(*args: object, **kwargs: object) -> str:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(default_storage, "save", full)
        assert "Le disque du serveur est plein" in failure(paper)
    paper.refresh_from_db()
    assert paper.sealed_sha256 == ""


def test_signed_on_paper_before_its_pdf_was_made_waits_for_it(scene, cast):  # noqa: F811
    document = services.issue_convention(scene.placement(), by=scene.teacher.user, now=timezone.now())
    sign_all(document, cast.bde.user, online=())
    with pytest.raises(jobs.Postponed, match="en préparation"):
        tasks.seal_document(document_id=document.pk)
    jobs.run_waiting()  # the PDF first; the seal was put off
    document.refresh_from_db()
    assert document.sha256
    tasks.seal_document(document_id=document.pk)
    document.refresh_from_db()
    assert document.sealed_sha256


# ------------------------------------------------------------------------------------------------ asked from the page


def test_a_paper_complete_before_is_sealed_when_someone_asks(paper, cast, client: Client):
    sign_all(paper, cast.bde.user)
    Job.objects.filter(kind="documents.seal_document").delete()
    client.force_login(cast.bde.user)
    assert "Sceller" in client.get(paper.get_absolute_url()).content.decode()
    answer = client.post(f"{paper.get_absolute_url()}sceller/", follow=True)
    assert "Le fichier scellé se prépare." in answer.content.decode()
    client.post(f"{paper.get_absolute_url()}sceller/")
    assert Job.objects.filter(kind="documents.seal_document").count() == 1
    jobs.run_waiting()
    shown = client.get(paper.get_absolute_url()).content.decode()
    assert "Sceller" not in shown and "Télécharger le PDF scellé" in shown
    taken = client.get(f"{paper.get_absolute_url()}scelle/")
    paper.refresh_from_db()
    assert hashlib.sha256(b"".join(taken.streaming_content)).hexdigest() == paper.sealed_sha256


def test_a_paper_still_to_be_signed_is_refused_in_words(paper, cast, client: Client):
    client.force_login(cast.bde.user)
    answer = client.post(f"{paper.get_absolute_url()}sceller/", follow=True)
    assert Job.objects.filter(kind="documents.seal_document").count() == 0
    assert "quand tout le monde l’a signé" in answer.content.decode()


def test_a_failed_seal_is_told_on_the_page(paper, cast, client: Client):
    sign_all(paper, cast.bde.user)
    default_storage.delete(paper.file.name)
    jobs.run_waiting()
    client.force_login(cast.bde.user)
    shown = client.get(paper.get_absolute_url()).content.decode()
    assert "manque sur le disque" in shown and "Sceller" in shown


# ------------------------------------------------------------------------------------------------ dated later


@pytest.fixture
def without_time(paper, cast, monkeypatch) -> Document:
    """Sealed while the timestamp service was away."""
    seal = core_sealing.seal

    def away(*args: Any, **kwargs: Any) -> Sealed:
        done = seal(*args, **kwargs)
        return Sealed(done.file, Level.BASIC, Timestamp.WAITING, done.fingerprint)

    with monkeypatch.context() as patch:
        patch.setattr(sealing.sealing, "seal", away)
        sign_all(paper, cast.bde.user)
        jobs.run_waiting()
    paper.refresh_from_db()
    assert paper.sealed_sha256
    return paper


def test_the_page_says_that_the_time_is_awaited(without_time, cast, client: Client):
    client.force_login(cast.bde.user)
    assert "Sans horodatage pour l’instant" in client.get(without_time.get_absolute_url()).content.decode()


def test_the_clock_asks_for_the_time_again_until_it_has_it(
    without_time, monkeypatch, django_capture_on_commit_callbacks
):
    former = without_time.sealed_sha256
    seal = core_sealing.seal
    levels = [Timestamp.WAITING, Timestamp.GIVEN]

    def answers(*args: Any, **kwargs: Any) -> Sealed:
        done = seal(*args, **kwargs)
        return Sealed(done.file, Level.TIMED, levels.pop(0), done.fingerprint)

    monkeypatch.setattr(sealing.sealing, "seal", answers)
    assert sealing.waiting_for_a_timestamp(timezone.now()) == [without_time]
    tasks.ask_timestamps_again(date="2026-02-11")
    jobs.run_waiting()  # still away
    without_time.refresh_from_db()
    assert without_time.sealed_sha256 == former and len(stored(without_time)) == 2
    tasks.ask_timestamps_again(date="2026-02-12")
    with django_capture_on_commit_callbacks(execute=True):
        jobs.run_waiting()
    without_time.refresh_from_db()
    assert without_time.sealed_sha256 != former
    assert len(stored(without_time)) == 2  # the former sealed file is gone
    assert [event.payload["timestamp"] for event in events(without_time, EventKind.SEALED)] == ["en attente", "obtenu"]
    assert sealing.waiting_for_a_timestamp(timezone.now()) == []
    assert sealing.damage(without_time, certificates.known()) is None


def test_what_happens_to_a_stored_file_is_found(sealed):
    known = certificates.known()
    assert sealing.damage(sealed, known) is None
    assert "pas d’un certificat connu" in sealing.damage(sealed, []).message
    content = content_of(sealed)
    default_storage.delete(sealed.sealed_file.name)
    assert "manque" in sealing.damage(sealed, known).message
    default_storage.save(sealed.sealed_file.name, io.BytesIO(content[:-1] + b"x"))
    assert "n’a plus son empreinte" in sealing.damage(sealed, known).message
