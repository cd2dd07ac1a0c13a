"""What operators run: are the seals whole, which certificate seals."""

import hashlib
import json
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from cryptography.x509.oid import NameOID
from django.core.checks import run_checks
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.utils import timezone

from core import pdf, sealing
from core.sealing import certificates
from documents.models import Document
from tests.factories import DocumentFactory

pytestmark = pytest.mark.django_db
HTML = '<html lang="fr"><head><title>x</title></head><body><h1>Essai</h1></body></html>'


@pytest.fixture(autouse=True)
def folders(settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.DATA_DIR = tmp_path


@pytest.fixture
def sealed(cast) -> Document:
    now = timezone.now()
    file = sealing.seal(
        pdf.archive([pdf.Drawing(HTML, "Essai")], title="Essai", moment=now),
        certificate=certificates.certificate_for(cast.school.uai, now),
        reason="essai",
        place="ici",
    ).file
    document = DocumentFactory(school=cast.school, subject="etablissement", subject_id=cast.school.uai)
    name = default_storage.save("documents/sealed.pdf", ContentFile(file))
    Document.objects.filter(pk=document.pk).update(
        sealed_file=name, sealed_sha256=hashlib.sha256(file).hexdigest(), sealed_at=now
    )
    document.refresh_from_db()
    return document


def run(capsys, name: str, *words: str) -> dict[str, Any]:
    with suppress(SystemExit):  # a refusal leaves with code 1, after its line
        call_command(name, *words)
    answer: dict[str, Any] = json.loads(capsys.readouterr().out.strip().splitlines()[-1])
    return answer


def flip(document: Document) -> None:
    with default_storage.open(document.sealed_file.name, "rb") as file:
        content = bytearray(file.read())
    content[len(content) // 3] ^= 1
    with default_storage.open(document.sealed_file.name, "wb") as file:
        file.write(bytes(content))


def test_whole_seals_are_counted_and_a_flipped_bit_is_found(sealed, cast, capsys):
    assert run(capsys, "verify_seals") == {"ok": True, "checked": 1, "damaged": [], "certificates": []}
    assert run(capsys, "verify_seals", "--uai", cast.stranger.school.uai)["checked"] == 0
    flip(sealed)
    answer = run(capsys, "verify_seals", "--uai", cast.school.uai)
    assert answer["ok"] is False
    assert [row["document"] for row in answer["damaged"]] == [sealed.pk]
    assert run(capsys, "verify_seals", "--uai", "9999999Z")["ok"] is False


def test_a_seal_that_was_made_again_with_its_fingerprint_is_found_too(sealed, capsys):
    """Whoever can write in the base and on the disk still lacks the key."""
    flip(sealed)
    with default_storage.open(sealed.sealed_file.name, "rb") as file:
        Document.objects.filter(pk=sealed.pk).update(sealed_sha256=hashlib.sha256(file.read()).hexdigest())
    answer = run(capsys, "verify_seals")
    assert answer["damaged"] == [{"document": sealed.pk, "message": "Le sceau ne tient pas."}]


def test_integrity_checks_seals(sealed, capsys):
    assert "sceau" not in {breach["rule"] for breach in run(capsys, "integrity").get("breaches", [])}
    flip(sealed)
    assert "sceau" in {breach["rule"] for breach in run(capsys, "integrity")["breaches"]}


def given(tmp_path, *, days: int = 365) -> str:
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Cachet du lycée")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=days))
        .sign(key, hashes.SHA256())
    )
    path = tmp_path / "given.p12"
    path.write_bytes(
        pkcs12.serialize_key_and_certificates(b"x", key, certificate, None, BestAvailableEncryption(b"secret"))
    )
    (tmp_path / "password").write_text("secret\n")
    return str(path)


def test_a_school_s_certificate_is_given_shown_and_taken_back(cast, capsys, tmp_path):
    uai, password = cast.school.uai, f"--password-file={tmp_path / 'password'}"
    file = given(tmp_path)
    answer = run(capsys, "seal_certificate", file, "--uai", uai, password)
    assert answer["ok"] and [one["owner"] for one in answer["certificates"]] == [uai]
    assert certificates.certificate_for(uai, timezone.now()).owner == uai
    assert run(capsys, "seal_certificate", "--uai", uai, "--remove")["certificates"] == []
    assert run(capsys, "seal_certificate", "--uai", uai, "--remove")["ok"] is False


def test_the_password_may_come_from_the_environment(cast, capsys, tmp_path, monkeypatch):
    monkeypatch.setenv("SEAL_CERTIFICATE_PASSWORD", "secret")
    assert run(capsys, "seal_certificate", given(tmp_path))["certificates"][0]["owner"] == "site"


def test_the_platform_s_own_is_renewed_and_handed_out(capsys, tmp_path):
    before = run(capsys, "seal_certificate", "--renew")["certificates"][0]["sha256"]
    out = tmp_path / "cachet.pem"
    after = run(capsys, "seal_certificate", "--renew", "--export", str(out))["certificates"][0]["sha256"]
    assert before != after and len(certificates.known()) == 2
    shown = x509.load_pem_x509_certificate(out.read_bytes())
    assert shown.fingerprint(hashes.SHA256()).hex() == after
    assert b"PRIVATE" not in out.read_bytes()


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("nowhere.p12",), "ne peut pas être lu"),
        (("--uai", "9999999Z"), "Aucun établissement"),
        (("x.p12", "--renew"), "une chose à la fois"),
        (("--remove",), "pas de tel certificat"),
    ],
)
def test_what_cannot_be_done_is_refused_in_words(capsys, words, sentence):
    answer = run(capsys, "seal_certificate", *words)
    assert answer["ok"] is False and sentence in answer["motif"]


def test_a_certificate_near_its_end_is_told_by_check_and_by_readyz(cast, capsys, tmp_path, client):
    file = given(tmp_path, days=20)
    run(capsys, "seal_certificate", file, "--uai", cast.school.uai, f"--password-file={tmp_path / 'password'}")
    (said,) = [one.msg for one in run_checks(tags=["seal"])]
    assert f"du lycée {cast.school.uai} expire le" in said
    seal = client.get("/readyz").json()["checks"]["seal"]
    assert seal == {"status": "ok", "expired": 0, "expiring": 1}
