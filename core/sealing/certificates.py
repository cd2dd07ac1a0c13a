"""The certificates that seal: one this installation makes for itself, or those an operator gives, kept in DATA_DIR/seal.

`<owner>.p12` holds the key, readable by the platform's account only (0600) and encrypted with a password drawn from
SECRET_KEY; `<owner>.pem` beside it is public. The owner is a school's UAI, `site` for the whole installation, or `own` for
the one made here. `known/` keeps every certificate that ever sealed: old seals stay checkable after a renewal.

The first that is in force seals: the school's, the site's, else the one made here, which renews itself.
"""

import contextlib
import hashlib
import os
import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, pkcs12
from cryptography.x509.oid import NameOID
from django.conf import settings
from django.utils.crypto import salted_hmac

from core.site import address
from core.uai import is_uai

SITE, OWN = "site", "own"
YEARS = 10
RENEW_BEFORE = timedelta(days=30)
WARN_BEFORE = timedelta(days=60)
RSA_BITS = 3072
SMALLEST_RSA = 2048
_NAME = re.compile(r"[0-9A-Za-z]{1,20}")


class CertificateError(Exception):
    """The certificate cannot be used. `str()` is a French sentence for the person who runs the installation."""


@dataclass(frozen=True)
class Certificate:
    """A key and its certificate, ready to seal."""

    owner: str
    pkcs12: bytes
    password: bytes
    der: bytes

    @property
    def fingerprint(self) -> str:
        return hashlib.sha256(self.der).hexdigest()


@dataclass(frozen=True)
class Described:
    """What is public of a stored certificate."""

    owner: str
    subject: str
    fingerprint: str
    starts_at: datetime
    ends_at: datetime

    def is_in_force(self, now: datetime) -> bool:
        return self.starts_at <= now < self.ends_at


def folder() -> Path:
    """Where keys lie: made on first need, for the platform's account only."""
    path = Path(settings.DATA_DIR) / "seal"
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def stored() -> list[Described]:
    """Every certificate that could seal, by its public half; none before the first seal."""
    path = Path(settings.DATA_DIR) / "seal"
    return [found for file in sorted(path.glob("*.pem")) if (found := _described(file)) is not None]


def known() -> list[bytes]:
    """Every certificate that ever sealed here, as DER: what a seal of ours is checked against."""
    path = Path(settings.DATA_DIR) / "seal" / "known"
    return [
        x509.load_pem_x509_certificate(file.read_bytes()).public_bytes(Encoding.DER)
        for file in sorted(path.glob("*.pem"))
    ]


def certificate_for(uai: str, now: datetime) -> Certificate:
    """The certificate that seals for a school now; makes the installation's own on first need.

    Raises CertificateError when the one in force cannot be opened.
    """
    for owner in (uai, SITE):
        found = _described(folder() / f"{owner}.pem") if _NAME.fullmatch(owner) else None
        if found and found.is_in_force(now):
            return _opened(owner)
    found = _described(folder() / f"{OWN}.pem")
    if found is None or now > found.ends_at - RENEW_BEFORE:
        make_own(now)
    return _opened(OWN)


def make_own(now: datetime, *, replace: bool = False) -> Described:
    """Make the installation's own certificate, valid ten years. Several processes at once keep one.

    Without `replace`, one that has more than a month to live is kept.
    """
    public = folder() / f"{OWN}.pem"
    before = _described(public)
    if before and not replace and now <= before.ends_at - RENEW_BEFORE:
        return before
    key = rsa.generate_private_key(public_exponent=65537, key_size=RSA_BITS)
    host = urlsplit(address()).hostname or "bdeplatform"
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "FR"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, (settings.LEGAL_PUBLISHER or host)[:64]),
            x509.NameAttribute(NameOID.COMMON_NAME, f"Cachet de {host}"[:64]),
        ]
    )
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))  # clocks differ a little
        .not_valid_after(now + timedelta(days=round(365.25 * YEARS)))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_signs_only(), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    if before is None:
        _keep(OWN, key, certificate, (), first=True)
    else:
        _keep(OWN, key, certificate, ())
    made = _described(public)
    assert made is not None
    return made


def take(owner: str, file: bytes, password: bytes | None, now: datetime) -> Described:
    """Keep a certificate that an operator gives as PKCS#12, for a school (its UAI) or for the whole site.

    Raises CertificateError: not a PKCS#12, wrong password, no key, too short a key, not in force, not made to sign.
    """
    if owner != SITE and not is_uai(owner):
        raise CertificateError(f"« {owner} » n’est pas un UAI.")
    try:
        key, certificate, others = pkcs12.load_key_and_certificates(file, password)
    except ValueError as error:
        raise CertificateError("Ce fichier n’est pas un PKCS#12 (.p12, .pfx) que ce mot de passe ouvre.") from error
    if certificate is None or not isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
        raise CertificateError("Ce fichier ne contient pas un certificat avec sa clé RSA ou à courbe elliptique.")
    if isinstance(key, rsa.RSAPrivateKey) and key.key_size < SMALLEST_RSA:
        raise CertificateError(f"La clé est trop courte : {key.key_size} bits, il en faut {SMALLEST_RSA} au moins.")
    if not certificate.not_valid_before_utc <= now < certificate.not_valid_after_utc:
        raise CertificateError(
            f"Ce certificat vaut du {certificate.not_valid_before_utc:%d/%m/%Y} au "
            f"{certificate.not_valid_after_utc:%d/%m/%Y} : il n’est pas en vigueur aujourd’hui."
        )
    if not _may_sign(certificate):
        raise CertificateError("Ce certificat n’est pas fait pour signer (usage de la clé).")
    _keep(owner, key, certificate, others)
    taken = _described(folder() / f"{owner}.pem")
    assert taken is not None
    return taken


def forget(owner: str) -> bool:
    """Seal no longer with this certificate: its key is erased, its public half stays known. False when there was none."""
    found = [path for path in (folder() / f"{owner}.p12", folder() / f"{owner}.pem") if path.exists()]
    for path in found:
        path.unlink()
    return bool(found)


def as_pem(certificate: Certificate) -> bytes:
    """The public half, to hand out: readers of PDF that are given it show the seal as trusted."""
    return x509.load_der_x509_certificate(certificate.der).public_bytes(Encoding.PEM)


def troubles(now: datetime) -> Iterator[str]:
    """What the person who runs the installation should know: French sentences."""
    for one in stored():
        whose = {SITE: "du site", OWN: "de la plateforme"}.get(one.owner, f"du lycée {one.owner}")
        if one.owner == OWN:
            continue  # it renews itself
        if now >= one.ends_at:
            yield (
                f"Le certificat de cachet {whose} a expiré le {one.ends_at:%d/%m/%Y} : les documents sont scellés avec celui "
                "de la plateforme. Déposez le nouveau (commande seal_certificate)."
            )
        elif now >= one.ends_at - WARN_BEFORE:
            yield f"Le certificat de cachet {whose} expire le {one.ends_at:%d/%m/%Y} : préparez le suivant."
    for one in stored():
        try:
            _opened(one.owner)
        except CertificateError as error:
            yield str(error)


def expiries(now: datetime) -> dict[str, int]:
    """For supervisors: how many certificates given by an operator have expired, or are about to."""
    given = [one for one in stored() if one.owner != OWN]
    expired = sum(now >= one.ends_at for one in given)
    return {"expired": expired, "expiring": sum(now >= one.ends_at - WARN_BEFORE for one in given) - expired}


def _signs_only() -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True, content_commitment=True, key_encipherment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=False, crl_sign=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip


def _may_sign(certificate: x509.Certificate) -> bool:
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return True
    return usage.digital_signature or usage.content_commitment


def _described(file: Path) -> Described | None:
    try:
        certificate = x509.load_pem_x509_certificate(file.read_bytes())
    except (OSError, ValueError):
        return None
    return Described(
        file.stem,
        certificate.subject.rfc4514_string(),
        hashlib.sha256(certificate.public_bytes(Encoding.DER)).hexdigest(),
        certificate.not_valid_before_utc,
        certificate.not_valid_after_utc,
    )


def _password(owner: str, secret: str) -> bytes:
    return salted_hmac("core.sealing", owner, secret=secret, algorithm="sha256").hexdigest().encode()


def _opened(owner: str) -> Certificate:
    try:
        content = (folder() / f"{owner}.p12").read_bytes()
    except OSError as error:
        raise CertificateError(f"La clé de cachet « {owner} » manque dans DATA_DIR/seal.") from error
    for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        password = _password(owner, secret)
        try:
            _, certificate, _ = pkcs12.load_key_and_certificates(content, password)
        except ValueError:
            continue
        if certificate is not None:
            return Certificate(owner, content, password, certificate.public_bytes(Encoding.DER))
    raise CertificateError(
        f"La clé de cachet « {owner} » ne s’ouvre pas : SECRET_KEY a changé. Remettez l’ancienne, ou déposez de nouveau le "
        "certificat (commande seal_certificate)."
    )


def _keep(
    owner: str,
    key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey,
    certificate: x509.Certificate,
    others: list[x509.Certificate] | tuple[()],
    *,
    first: bool = False,
) -> None:
    """Write the key, then its public half; `first`: leave it when another process was faster."""
    password = _password(owner, settings.SECRET_KEY)
    content = pkcs12.serialize_key_and_certificates(
        owner.encode(), key, certificate, list(others), BestAvailableEncryption(password)
    )
    pem = certificate.public_bytes(Encoding.PEM)
    place = folder()
    fingerprint = certificate.fingerprint(hashes.SHA256()).hex()
    if first:
        try:
            _write(place / f"{owner}.p12", content, exclusive=True)
        except FileExistsError:
            content = (place / f"{owner}.p12").read_bytes()
            _, other, _ = pkcs12.load_key_and_certificates(content, password)
            if other is None:
                raise CertificateError(f"La clé de cachet « {owner} » ne s’ouvre pas.") from None
            pem, fingerprint = other.public_bytes(Encoding.PEM), other.fingerprint(hashes.SHA256()).hex()
    else:
        _write(place / f"{owner}.p12", content)
    (place / "known").mkdir(mode=0o700, exist_ok=True)
    _write(place / "known" / f"{fingerprint}.pem", pem)
    _write(place / f"{owner}.pem", pem)


def _write(path: Path, content: bytes, *, exclusive: bool = False) -> None:
    """All or nothing, 0600. FileExistsError when `exclusive` and the file is there."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        if exclusive:
            os.link(name, path)
        else:
            os.replace(name, path)
    finally:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(name)
