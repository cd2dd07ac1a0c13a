"""Anyone shows a file with its number: recognised or not, nobody named, nothing kept, nothing to learn from a number alone."""

import hashlib
import re
import secrets
import time
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from django.utils.html import strip_tags

from core.models import AuditEvent
from documents import circuit, proof, verifying
from documents import services as papers
from documents.enums import EventKind
from documents.models import Document
from documents.verifying import Copy, Standing
from tests.documents.signing import PDF, paper, row
from tests.factories import DocumentFactory, SchoolFactory

pytestmark = pytest.mark.django_db
NUMBER = "PFMP-2026-00042"
CONTENT = {"pupil": {"last_name": "MEZIANE", "first_name": "Rayan"}, "host": {"name": "Atelier Dupont"}}


@pytest.fixture(autouse=True)
def folders(settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)  # where Django would put a large file


@pytest.fixture
def client() -> Client:
    """From an address of its own: attempts are counted by address, and by all processes of the tests together."""
    return Client(REMOTE_ADDR=f"2001:db8::{secrets.token_hex(2)}:{secrets.token_hex(2)}")


@pytest.fixture
def shown(cast) -> Document:
    return paper(cast.school, "organisme_accueil", "tuteur", "chef_etablissement", number=NUMBER, content=CONTENT)


def ask(client: Client, number: str = NUMBER, file: bytes = PDF, *, name: str = "convention.pdf", **more: Any) -> Any:
    return client.post("/verifier/", {"number": number, "file": SimpleUploadedFile(name, file)}, **more)


def words(answer: Any) -> str:
    main = re.search(r"<main.*?</main>", answer.content.decode(), re.DOTALL)
    assert main is not None
    return " ".join(unescape(strip_tags(re.sub(r"(?=</d[td]>)", " ", main[0]))).split())


def sealed(document: Document, file: bytes) -> None:
    """As the job leaves it."""
    digest = hashlib.sha256(file).hexdigest()
    proof.add(document, EventKind.SEALED, at=timezone.now(), sha256=digest, level="B-B", timestamp="sans")
    Document.objects.filter(pk=document.pk).update(sealed_sha256=digest, sealed_at=timezone.now())


# ------------------------------------------------------------------------------------------------ recognised


def test_the_form_opens_for_anyone_with_the_number_of_the_qr_code(client):
    answer = client.get("/verifier/", {"n": NUMBER})
    assert answer.status_code == 200
    assert f'value="{NUMBER}"' in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]


def test_a_paper_being_signed_is_recognised(client, shown, cast):
    circuit.note_paper(row(shown, "tuteur"), signed_on=timezone.localdate(), by=cast.bde.user, now=timezone.now())
    said = words(ask(client))
    assert f"Ce fichier est bien le document {NUMBER}, version 1" in said
    assert "par le lycée Hélène-Brisson" in said
    assert "En cours de signature : 1 signature sur 3" in said
    assert "sans les signatures" in said


def test_a_complete_and_sealed_paper_is_recognised_by_both_its_files(client, shown, cast):
    circuit.note_all_on_paper(
        shown, roles=["organisme_accueil", "tuteur", "chef_etablissement"], signed_on=timezone.localdate(),
        by=cast.bde.user, now=timezone.now(),
    )  # fmt: skip
    sealed(shown, b"%PDF sealed")
    said = words(ask(client, file=b"%PDF sealed"))
    assert "Complet." in said and "le fichier scellé, avec la preuve" in said
    said = words(ask(client))
    assert "Complet." in said and "sans les signatures" in said and "Scellé le" in said


def test_a_file_sealed_again_with_its_timestamp_stays_recognised(client, shown):
    sealed(shown, b"%PDF first seal")
    sealed(shown, b"%PDF second seal")
    assert "refait depuis avec un horodatage" in words(ask(client, file=b"%PDF first seal"))
    assert "avec la preuve" in words(ask(client, file=b"%PDF second seal"))


def test_a_replaced_version_says_so(client, shown, cast):
    circuit.void(shown, by=cast.bde.user, reason="nouvelle version")
    newer = DocumentFactory(
        school=cast.school,
        number=NUMBER,
        edition=2,
        type=shown.type,
        subject=shown.subject,
        subject_id=shown.subject_id,
    )
    papers.store(newer, b"%PDF newer")
    assert "Une version plus récente existe" in words(ask(client))
    assert "version 2" in words(ask(client, file=b"%PDF newer"))


def test_a_given_up_paper_says_so(client, shown, cast):
    circuit.void(shown, by=cast.bde.user, reason="placement annulé")
    assert "Annulé" in words(ask(client)) and "ne vaut plus" in words(ask(client))


def test_an_avenant_is_told(client, shown, cast):
    DocumentFactory(
        school=cast.school, number="AVENANT-2026-00001", amends=shown, completed_at=timezone.now(), type="avenant_pfmp"
    )
    assert "Modifié par AVENANT-2026-00001" in words(ask(client))


def test_a_paper_that_nobody_signs_is_recognised(client, cast):
    paper(cast.school, number="RAPPORT-2026-00001")
    said = words(ask(client, "RAPPORT-2026-00001"))
    assert "Ce fichier est bien le document" in said and "signature sur" not in said


@pytest.mark.parametrize("typed", ["pfmp-2026-00042", " PFMP-2026-00042 ", "n° PFMP-2026-00042", "N°PFMP-2026-00042"])
def test_the_number_is_read_as_people_type_it(client, shown, typed):
    assert "Document reconnu" in words(ask(client, typed))


def test_two_schools_with_the_same_number_are_told_apart(client, shown):
    other = SchoolFactory(name="Lycée d’à côté")
    twin = DocumentFactory(school=other, number=NUMBER)
    papers.store(twin, b"%PDF the other one")
    assert "lycée d’à côté" in words(ask(client, file=b"%PDF the other one"))
    assert "lycée d’à côté" not in words(ask(client))


# ------------------------------------------------------------------------------------------------ not recognised


def test_an_altered_file_another_paper_and_an_unknown_number_meet_the_same_words(client, shown, cast):
    other = paper(cast.school, number="PFMP-2026-00043")
    Document.objects.filter(pk=other.pk).update(sha256=hashlib.sha256(b"%PDF other").hexdigest())
    answers = [
        ask(client, file=PDF[:-1] + b"!"),  # one byte
        ask(client, file=PDF + b"\n"),
        ask(client, file=b"%PDF other"),  # ours, with another number
        ask(client, "PFMP-2026-00043"),  # ours, with another number
        ask(client, "PFMP-2026-99999"),  # nobody's
        ask(client, "PFMP-2026-99999", b"%PDF unknown"),
        ask(client, file=b"anything"),
    ]
    said = {words(answer).replace("Rechercher", "") for answer in answers}
    assert len(said) == 1 and "Ce fichier n’est pas reconnu" in said.pop()
    assert {answer.status_code for answer in answers} == {200}
    # not a sign more: apart from the number that was typed, the token and the nonce, the pages are the same
    bare = {re.sub(r'value="[^"]*"|nonce="[^"]*"', "", answer.content.decode()) for answer in answers}
    assert len(bare) == 1


def test_nobody_is_named(client, shown, cast):
    text = ask(client).content.decode()
    for name in ("MEZIANE", "Rayan", "Atelier Dupont", "Nom tuteur", "exemple.fr"):
        assert name not in text


def test_an_imported_paper_without_fingerprint_recognises_nothing(client, cast):
    DocumentFactory(school=cast.school, number=NUMBER, sha256="")
    assert "n’est pas reconnu" in words(ask(client, file=b"%PDF x"))


# ------------------------------------------------------------------------------------------------ bad input


@pytest.mark.parametrize(
    ("number", "file", "sentence"),
    [
        ("", PDF, "Écrivez le numéro du document."),
        ("x" * 300, PDF, "Un numéro est plus court"),
        ("PFMP\x00", PDF, "Recopiez le numéro"),
        (NUMBER, b"", "Ce fichier est vide"),
        (NUMBER, None, "Choisissez le fichier à vérifier."),
    ],
)
def test_what_is_missing_is_said_and_what_was_typed_is_kept(client, shown, number, file, sentence):
    data = {"number": number} | ({"file": SimpleUploadedFile("a.pdf", file)} if file is not None else {})
    answer = client.post("/verifier/", data)
    assert answer.status_code == 422
    assert sentence in words(answer)
    assert "<title>Erreur" in answer.content.decode()
    if number == NUMBER:
        assert f'value="{NUMBER}"' in answer.content.decode()


@pytest.mark.parametrize(
    "number", ["<script>alert(1)</script>", "=cmd()", "😀", "\u202ePFMP", "' OR 1=1 --", "%", "PFMP-2026-0004_"]
)
def test_hostile_numbers_are_only_text(client, shown, number):
    answer = ask(client, number)
    assert answer.status_code == 200
    assert "n’est pas reconnu" in words(answer)
    assert "<script>alert" not in answer.content.decode()
    assert client.get("/verifier/", {"n": number}).status_code == 200


def test_a_hostile_file_name_is_harmless(client, shown):
    assert "Document reconnu" in words(ask(client, name="../../<script>.pdf"))
    assert ask(client, name="é" * 300 + ".pdf").status_code in (200, 422)


def test_a_file_that_is_too_big_is_refused_and_nothing_is_kept(client, shown, tmp_path):
    answer = ask(client, file=b"x" * (21 * 1024 * 1024))
    assert answer.status_code == 413
    assert "plus de 20 Mo" in words(answer)
    assert f'value="{NUMBER}"' in answer.content.decode()


def test_a_file_is_never_written_to_the_disk(client, shown, tmp_path, monkeypatch):
    before, journal = sorted(tmp_path.rglob("*")), AuditEvent.objects.count()

    def refused(*args: Any, **kwargs: Any) -> None:
        raise AssertionError("a temporary file")

    monkeypatch.setattr("tempfile.NamedTemporaryFile", refused)
    assert "n’est pas reconnu" in words(ask(client, file=b"x" * (15 * 1024 * 1024)))
    assert sorted(tmp_path.rglob("*")) == before
    assert AuditEvent.objects.count() == journal


def test_the_form_keeps_its_protection(shown, settings):
    """The check of the token comes after the handler that keeps nothing, and still comes."""
    strict = Client(enforce_csrf_checks=True)
    assert ask(strict).status_code == 403
    strict.get("/verifier/")
    token = strict.cookies[settings.CSRF_COOKIE_NAME].value
    answer = strict.post(
        "/verifier/", {"csrfmiddlewaretoken": token, "number": NUMBER, "file": SimpleUploadedFile("a.pdf", PDF)}
    )
    assert answer.status_code == 200 and "Document reconnu" in words(answer)


def test_asking_again_and_again_is_slowed_down(client, shown, settings):
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "verify": "3/h/ip"}
    assert [ask(client).status_code for _ in range(4)] == [200, 200, 200, 429]
    answer = ask(client)
    assert "Réessayez dans une heure" in words(answer) and f'value="{NUMBER}"' in answer.content.decode()


# ------------------------------------------------------------------------------------------------ the rest


def test_an_answer_costs_few_queries_however_many_papers(client, shown, cast, django_assert_max_num_queries):
    for number in range(40):
        DocumentFactory(school=cast.school, number=f"PFMP-2026-{number + 100:05d}")
    with django_assert_max_num_queries(6):
        ask(client)
    with django_assert_max_num_queries(3):
        ask(client, file=b"other")


def test_a_verification_takes_less_than_three_tenths_of_a_second(client, shown):
    """20 MB at once, the largest file: hashed while it arrives."""
    ask(client)
    before = time.perf_counter()
    ask(client, file=b"x" * 200_000)
    assert time.perf_counter() - before < 0.3


def test_the_rules_know_each_standing(cast, shown):
    digest = shown.sha256
    assert verifying.recognise(NUMBER, digest).standing == Standing.UNDER_WAY
    assert verifying.recognise(NUMBER, digest).copy == Copy.PAPER
    assert verifying.recognise("", digest) is None
    assert verifying.recognise(NUMBER, "") is None
    assert timedelta(0) <= timezone.now() - verifying.recognise(NUMBER, digest).issued_at
