"""The seal: what the file is before and after, what a check finds, certificates and their lives, a timestamp service that fails."""

import asyncio
import io
import stat
import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import page
import pikepdf
import pytest
from asn1crypto import keys, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    pkcs12,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from django.core.cache import caches
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from core import pdf, sealing, uai
from core.sealing import Level, Timestamp, certificates

NOW = datetime.now(UTC).replace(microsecond=0)
UAI, OTHER = uai.with_key(21987), uai.with_key(751234)
HTML = """<html lang="fr"><head><title>x</title></head><body><h1>Convention</h1><p>Un élève, une entreprise.</p>
<table><thead><tr><th scope="col">A</th></tr></thead><tbody><tr><td>1</td></tr></tbody></table></body></html>"""
ATTACHED = pdf.Attachment("original.pdf", "Le document signé", b"%PDF-1.7 original", "application/pdf", "Source")


@pytest.fixture(autouse=True)
def data_dir(settings, tmp_path) -> Path:
    settings.DATA_DIR = tmp_path
    caches["outside"].clear()  # a service that failed in another test is no longer at rest
    return tmp_path


@pytest.fixture(scope="module")
def paper() -> bytes:
    two = [pdf.Drawing(HTML, "Un"), pdf.Drawing(HTML, "Deux")]
    return pdf.archive(two, title="Convention n° 12", moment=NOW, attachments=[ATTACHED])


def seal(paper: bytes) -> sealing.Sealed:
    certificate = certificates.certificate_for(UAI, NOW)
    return sealing.seal(paper, certificate=certificate, reason="Signé de tous", place="Laon")


def failed_rules(file: bytes) -> dict[str, list[str]]:
    found = {profile: page.validate_pdf_bytes(file, profile=profile) for profile in ("ua1", "3a")}
    assert all(report.rules.total > 100 for report in found.values())  # the profiles were known and run
    return {profile: [failure.message for failure in report.failures] for profile, report in found.items()}


def read(file: bytes) -> sealing.Reading:
    return sealing.read(file, known=certificates.known(), at=NOW)


# ------------------------------------------------------------------------------------------------ the file


def test_the_paper_is_pdf_a_3a_and_pdf_ua_1_before_and_after_the_seal(paper):
    assert failed_rules(paper) == {"ua1": [], "3a": []}
    assert failed_rules(seal(paper).file) == {"ua1": [], "3a": []}


def test_the_same_drawings_give_the_same_bytes(paper):
    two = [pdf.Drawing(HTML, "Un"), pdf.Drawing(HTML, "Deux")]
    assert pdf.archive(two, title="Convention n° 12", moment=NOW, attachments=[ATTACHED]) == paper


def test_attachments_come_out_as_they_went_in(paper):
    with pikepdf.open(io.BytesIO(seal(paper).file)) as opened:
        assert list(opened.attachments) == ["original.pdf"]
        assert opened.attachments["original.pdf"].get_file().read_bytes() == ATTACHED.content
        spec = opened.Root.AF[0]
        assert (str(spec.AFRelationship), str(spec.Desc)) == ("/Source", "Le document signé")
        assert str(spec.EF.F.Subtype) == "/application/pdf"
        assert opened.open_metadata().pdfa_status == "3A"


def test_nothing_to_archive_is_said():
    with pytest.raises(ValueError, match="no paper"):
        pdf.archive([], title="x", moment=NOW)


# ------------------------------------------------------------------------------------------------ the check


def test_pyhanko_says_intact_valid_trusted_and_nothing_may_follow(paper):
    sealed = seal(paper)
    roots = [asn1_x509.Certificate.load(der) for der in certificates.known()]
    (found,) = PdfFileReader(io.BytesIO(sealed.file)).embedded_signatures
    context = ValidationContext(trust_roots=roots, allow_fetching=False)
    status = sealing.apart(validate_pdf_signature, found, context)
    assert (status.bottom_line, status.intact, status.valid, status.trusted) == (True, True, True, True)
    assert status.coverage.name == "ENTIRE_FILE"
    assert found.docmdp_level.name == "NO_CHANGES"
    assert found.sig_object["/SubFilter"] == "/ETSI.CAdES.detached"
    assert found.self_reported_timestamp is not None
    assert (sealed.level, sealed.timestamp) == (Level.BASIC, Timestamp.NONE)
    assert read(sealed.file).is_whole


def test_a_seal_is_put_and_read_where_a_loop_runs_already(paper):
    """As under an asynchronous server."""

    async def here() -> bool:
        return read(seal(paper).file).is_whole

    assert sealing.apart(asyncio.run, here())


def test_a_seal_of_someone_else_is_not_trusted(paper, settings, tmp_path):
    sealed = seal(paper)
    settings.DATA_DIR = tmp_path / "elsewhere"
    certificates.make_own(NOW)
    reading = read(sealed.file)
    assert (reading.is_intact, reading.is_trusted, reading.is_whole) == (True, False, False)


@hypothesis_settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(where=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
def test_one_flipped_bit_anywhere_is_seen(paper, where, bit):
    sealed = _once(paper)
    altered = bytearray(sealed)
    altered[int(where * len(altered))] ^= 1 << bit
    # In the padding of the signature's own hole a bit may change nothing: the hole is not covered by itself.
    (found,) = PdfFileReader(io.BytesIO(sealed)).embedded_signatures
    start, length, after, _ = (int(number) for number in found.byte_range)
    if start + length <= int(where * len(altered)) < after:
        return
    assert not read(bytes(altered)).is_whole


_SEALED: dict[str, bytes] = {}


def _once(paper: bytes) -> bytes:
    """Sealed once for all examples, with a certificate that the folder of this test knows."""
    if "file" not in _SEALED or not certificates.known():
        _SEALED["file"] = seal(paper).file
    return _SEALED["file"]


@pytest.mark.parametrize("more", [b"\n", b"%%EOF\n", b"x" * 100])
def test_bytes_added_at_the_end_are_seen(paper, more):
    assert not read(seal(paper).file + more).is_whole


@pytest.mark.parametrize("file", [b"", b"not a pdf", b"%PDF-1.7\n%%EOF", b"%PDF-1.7\nstartxref\n99999999\n%%EOF"])
def test_what_is_not_a_sealed_pdf_is_said_without_an_error(file):
    assert not read(file).is_whole
    certificate = certificates.certificate_for(UAI, NOW)
    with pytest.raises(ValueError):
        sealing.seal(file, certificate=certificate, reason="x", place="y")


def test_a_file_is_sealed_once(paper):
    with pytest.raises(ValueError, match="cannot be sealed"):
        seal(seal(paper).file)


def test_an_old_seal_still_holds_when_its_certificate_is_over(paper):
    sealed = seal(paper)
    after = NOW + timedelta(days=365 * 11)
    assert certificates.certificate_for(UAI, after).fingerprint != sealed.fingerprint
    assert sealing.read(sealed.file, known=certificates.known(), at=NOW).is_whole


# ------------------------------------------------------------------------------------------------ certificates


def made(days: int = 365, *, bits: int = 2048, key_usage: x509.KeyUsage | None = None, key=None, starts: int = -1):
    key = key or rsa.generate_private_key(public_exponent=65537, key_size=bits)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Lycée d’essai")])
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW + timedelta(days=starts))
        .not_valid_after(NOW + timedelta(days=days))
    )
    if key_usage:
        builder = builder.add_extension(key_usage, critical=True)
    return key, builder.sign(key, hashes.SHA256())


def packed(key, certificate, password: bytes = b"secret") -> bytes:
    return pkcs12.serialize_key_and_certificates(b"x", key, certificate, None, BestAvailableEncryption(password))


def test_the_installation_makes_its_certificate_on_first_need_and_keeps_it(data_dir):
    assert certificates.stored() == [] and certificates.known() == []
    first = certificates.certificate_for(UAI, NOW)
    assert certificates.certificate_for(OTHER, NOW).fingerprint == first.fingerprint
    key = data_dir / "seal" / "own.p12"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert stat.S_IMODE(key.parent.stat().st_mode) == 0o700
    (own,) = certificates.stored()
    assert own.ends_at > NOW + timedelta(days=3640)
    with pytest.raises(ValueError):
        pkcs12.load_key_and_certificates(key.read_bytes(), b"")  # the key is not there in clear


def test_twenty_workers_at_once_make_one_certificate():
    found: list[str] = []
    barrier = threading.Barrier(8)

    def first() -> None:
        barrier.wait()
        found.append(certificates.certificate_for(UAI, NOW).fingerprint)

    threads = [threading.Thread(target=first) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8 and len(set(found)) == 1
    assert len(certificates.known()) == 1


def test_the_own_certificate_renews_itself_before_its_end_and_the_old_one_stays_known(paper):
    old = seal(paper)
    later = NOW + timedelta(days=3640)
    new = certificates.certificate_for(UAI, later)
    assert new.fingerprint != old.fingerprint
    assert certificates.certificate_for(UAI, later).fingerprint == new.fingerprint
    assert len(certificates.known()) == 2
    assert read(old.file).is_whole


def test_a_school_s_own_certificate_seals_for_it_alone(paper):
    certificates.take(UAI, packed(*made()), b"secret", NOW)
    own = certificates.certificate_for(UAI, NOW)
    other = certificates.certificate_for(OTHER, NOW)
    assert own.owner == UAI and other.owner == "own"
    sealed = seal(paper)
    assert sealed.fingerprint == own.fingerprint and read(sealed.file).is_whole
    assert failed_rules(sealed.file) == {"ua1": [], "3a": []}
    assert certificates.forget(UAI) and not certificates.forget(UAI)
    assert certificates.certificate_for(UAI, NOW).owner == "own"
    assert read(sealed.file).is_whole  # what it sealed stays checkable


def test_a_certificate_with_an_elliptic_key_seals_too(paper):
    certificates.take(UAI, packed(*made(key=ec.generate_private_key(ec.SECP256R1()))), b"secret", NOW)
    assert read(seal(paper).file).is_whole


def test_the_site_s_certificate_seals_for_schools_without_one():
    certificates.take("site", packed(*made()), b"secret", NOW)
    assert certificates.certificate_for(UAI, NOW).owner == "site"


@pytest.mark.parametrize(
    ("owner", "file", "password", "sentence"),
    [
        (UAI, b"garbage", b"secret", "n’est pas un PKCS#12"),
        ("0000000B", None, b"secret", "n’est pas un UAI"),
        ("../../etc", None, b"secret", "n’est pas un UAI"),
        (UAI, None, b"wrong", "que ce mot de passe ouvre"),
    ],
)
def test_a_certificate_that_cannot_be_used_says_why(owner, file, password, sentence):
    with pytest.raises(certificates.CertificateError, match=sentence):
        certificates.take(owner, file or packed(*made()), password, NOW)
    assert certificates.stored() == []


def test_a_weak_an_old_or_another_kind_of_certificate_is_refused():
    encrypts = x509.KeyUsage(False, False, True, False, False, False, False, False, False)
    for file, sentence in (
        (packed(*made(bits=1024)), "trop courte : 1024"),
        (packed(*made(days=0)), "en vigueur"),
        (packed(*made(starts=2)), "en vigueur"),
        (packed(*made(key_usage=encrypts)), "pas fait pour signer"),
    ):
        with pytest.raises(certificates.CertificateError, match=sentence):
            certificates.take(UAI, file, b"secret", NOW)


def test_an_expired_certificate_is_told_and_another_seals():
    certificates.take(UAI, packed(*made(days=10)), b"secret", NOW)
    assert [line for line in certificates.troubles(NOW) if "expire le" in line]
    assert certificates.expiries(NOW) == {"expired": 0, "expiring": 1}
    after = NOW + timedelta(days=11)
    (said,) = certificates.troubles(after)
    assert f"du lycée {UAI} a expiré" in said and "seal_certificate" in said
    assert certificates.expiries(after) == {"expired": 1, "expiring": 0}
    assert certificates.certificate_for(UAI, after).owner == "own"


def test_another_secret_key_is_said_and_the_former_one_still_opens(settings):
    certificates.certificate_for(UAI, NOW)
    former, settings.SECRET_KEY = settings.SECRET_KEY, "another"
    with pytest.raises(certificates.CertificateError, match="SECRET_KEY a changé"):
        certificates.certificate_for(UAI, NOW)
    assert "SECRET_KEY a changé" in next(certificates.troubles(NOW))
    settings.SECRET_KEY_FALLBACKS = [former]
    assert certificates.certificate_for(UAI, NOW)


# ------------------------------------------------------------------------------------------------ the timestamp service


class Authority:
    """A timestamp service of our own, with its root."""

    def __init__(self) -> None:
        self.key, _ = made()
        root_name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Racine d’essai")])
        root_key = rsa.generate_private_key(public_exponent=65537, key_size=2048)

        def signed(name: x509.Name, public: rsa.RSAPublicKey, *, is_root: bool) -> x509.Certificate:
            usage = x509.KeyUsage(not is_root, False, False, False, False, is_root, is_root, False, False)
            builder = (
                x509.CertificateBuilder()
                .subject_name(name)
                .issuer_name(root_name)
                .public_key(public)
                .serial_number(x509.random_serial_number())
                .not_valid_before(NOW - timedelta(days=1))
                .not_valid_after(NOW + timedelta(days=365))
                .add_extension(x509.BasicConstraints(is_root, None), critical=True)
                .add_extension(usage, critical=True)
            )
            if not is_root:
                stamping = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
                builder = builder.add_extension(stamping, critical=True)
            return builder.sign(root_key, hashes.SHA256())

        self.root = signed(root_name, root_key.public_key(), is_root=True)
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Horodatage d’essai")])
        self.certificate = signed(name, self.key.public_key(), is_root=False)
        self.stamper = DummyTimeStamper(
            asn1_x509.Certificate.load(self.certificate.public_bytes(Encoding.DER)),
            keys.PrivateKeyInfo.load(self.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())),
            fixed_dt=NOW,
        )

    def answer(self, question: bytes) -> bytes:
        return bytes(self.stamper.request_tsa_response(tsp.TimeStampReq.load(question)).dump())


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority()


@contextmanager
def served(authority: Authority, plays: str = "well") -> Iterator[str]:
    """The service on a port of its own, playing well or a failure; gives its address."""
    stop = threading.Event()
    former: list[bytes] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            question = self.rfile.read(int(self.headers["Content-Length"]))
            kind, body, code = "application/timestamp-reply", b"", 200
            match plays:
                case "well":
                    body = authority.answer(question)
                case "hangs":
                    stop.wait(20)
                    return
                case "drips":
                    self.send_response(200)
                    self.send_header("Content-Type", kind)
                    self.end_headers()
                    while not stop.wait(0.05):
                        try:
                            self.wfile.write(b"\x30")
                        except OSError:
                            return
                    return
                case "garbage":
                    body = b"\x30\x82garbage" * 40
                case "empty":
                    body = b""
                case "huge":
                    body = b"\x30" * 1_000_000
                case "html":
                    kind, body = "text/html", b"<html>Bonjour</html>"
                case "broken":
                    code = 500
                case "refuses":
                    status = tsp.PKIStatusInfo({"status": "rejection"})
                    body = tsp.TimeStampResp({"status": status}).dump()
                case "half":
                    body = authority.answer(question)[:900]
                case "repeats":  # yesterday's answer: the nonce is another one
                    former.append(authority.answer(question))
                    body = former[0]
                case "other_digest":
                    asked = tsp.TimeStampReq.load(question)
                    wrong = tsp.TimeStampReq.load(question)
                    wrong["message_imprint"] = tsp.MessageImprint(
                        {"hash_algorithm": asked["message_imprint"]["hash_algorithm"], "hashed_message": b"\0" * 32}
                    )
                    body = authority.answer(wrong.dump())
            self.send_response(code)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/tsr"
    finally:
        stop.set()
        server.shutdown()
        server.server_close()


def test_a_timestamped_seal_is_of_level_b_t(paper, authority, settings):
    with served(authority) as settings.SEAL_TIMESTAMP_URL:
        sealed = seal(paper)
    assert (sealed.level, sealed.timestamp) == (Level.TIMED, Timestamp.GIVEN)
    reading = read(sealed.file)
    assert reading.is_whole and reading.timed_at == NOW
    assert failed_rules(sealed.file) == {"ua1": [], "3a": []}


def test_with_the_service_s_roots_the_seal_carries_what_checks_it(paper, authority, settings, tmp_path):
    roots = tmp_path / "roots.pem"
    roots.write_bytes(authority.root.public_bytes(Encoding.PEM))
    settings.SEAL_TIMESTAMP_ROOTS = str(roots)
    with served(authority) as settings.SEAL_TIMESTAMP_URL:
        sealed = seal(paper)
    assert (sealed.level, sealed.timestamp) == (Level.LONG, Timestamp.GIVEN)
    with pikepdf.open(io.BytesIO(sealed.file)) as opened:
        assert len(opened.Root.DSS.Certs) >= 2
    assert read(sealed.file).is_whole
    assert failed_rules(sealed.file) == {"ua1": [], "3a": []}


@pytest.mark.parametrize("content", [None, b"", b"not a certificate", b"-----BEGIN CERTIFICATE-----\nAAAA\n"])
def test_roots_that_cannot_be_read_cost_the_long_level_only(paper, authority, settings, tmp_path, content):
    roots = tmp_path / "roots.pem"
    if content is not None:
        roots.write_bytes(content)
    settings.SEAL_TIMESTAMP_ROOTS = str(roots)
    with served(authority) as settings.SEAL_TIMESTAMP_URL:
        assert seal(paper).level == Level.TIMED


@pytest.mark.parametrize(
    "plays",
    ["garbage", "empty", "huge", "html", "broken", "refuses", "half", "repeats", "other_digest", "hangs", "drips"],
)
def test_a_service_that_fails_costs_the_time_and_not_the_seal(paper, authority, settings, monkeypatch, plays):
    monkeypatch.setattr("core.outside.SECONDS", 0.4)
    with served(authority, plays) as settings.SEAL_TIMESTAMP_URL:
        before = datetime.now(UTC)
        sealed = seal(paper)
        assert datetime.now(UTC) - before < timedelta(seconds=6)
    assert (sealed.level, sealed.timestamp) == (Level.BASIC, Timestamp.WAITING)
    assert read(sealed.file).is_whole


def test_a_service_that_is_not_there_costs_the_time_and_not_the_seal(paper, settings):
    settings.SEAL_TIMESTAMP_URL = "http://127.0.0.1:9/tsr"
    assert seal(paper).timestamp == Timestamp.WAITING


def test_no_stream_ends_on_a_carriage_return():
    """One in 256 does by chance: a check of PDF/A then takes it for the end of the line, and the length for a wrong one."""
    attached = pdf.Attachment("return.bin", "x", next(_ending_on_a_return()), "application/octet-stream")
    drawn = pdf.archive([pdf.Drawing(HTML, "Un")], title="Un", moment=NOW, attachments=[attached])
    assert failed_rules(drawn) == {"ua1": [], "3a": []}
    with pikepdf.open(io.BytesIO(drawn)) as opened:
        assert opened.attachments["return.bin"].get_file().read_bytes() == attached.content


def _ending_on_a_return() -> Iterator[bytes]:
    """Contents whose compressed form ends on a carriage return."""
    for number in range(100_000):
        if zlib.compress(b"%d" % number, 9).endswith(b"\r"):
            yield b"%d" % number
