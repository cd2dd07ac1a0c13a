"""Putting the seal on a file. With core.sealing.validating and core.sealing.timestamps, the only modules that call pyHanko."""

import io
import logging

from asn1crypto import x509
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.sign import fields, signers
from pyhanko.sign.ades.api import CAdESSignedAttrSpec
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers.pdf_signer import (
    DSSContentSettings,
    SigDSSPlacementPreference,
)
from pyhanko.sign.timestamps.api import TimeStamper
from pyhanko_certvalidator import ValidationContext

from core.sealing import Level, Sealed, Timestamp, timestamps, validating
from core.sealing.certificates import Certificate

log = logging.getLogger(__name__)

FIELD = "Cachet"
# Outside the page, printable: what PDF/A and PDF/UA ask together of a field that nobody sees.
INVISIBLE = fields.InvisSigSettings(set_print_flag=True, set_hidden_flag=False, box_out_of_bounds=True)
LABEL = "Cachet électronique"
# The table of objects is compressed: when its last byte is a carriage return, some checks of PDF/A take it for the end of the
# line. A space more in the reason moves the objects, and so that byte.
AMBIGUOUS = b"\r\nendstream"


class _Writer(IncrementalPdfFileWriter):
    """Adds the seal and nothing else: pyHanko would write the metadata again, without what PDF/A-3 asks of them."""

    def _update_meta(self) -> None:
        return None


def seal(file: bytes, *, certificate: Certificate, reason: str, place: str) -> Sealed:
    """See core.sealing."""
    for nudge in range(8):
        done = _seal(file, certificate=certificate, reason=reason + nudge * " ", place=place)
        if AMBIGUOUS not in done.file[len(file) :]:
            break
    return done


def _seal(file: bytes, *, certificate: Certificate, reason: str, place: str) -> Sealed:
    signer = signers.SimpleSigner.load_pkcs12_data(certificate.pkcs12, other_certs=[], passphrase=certificate.password)
    if signer is None:
        raise ValueError("The key cannot be opened.")
    said = {"reason": reason, "place": place}
    service = timestamps.configured()
    if service is not None:
        for level in (Level.LONG, Level.TIMED):
            done = _timed(file, signer, service, level=level, certificate=certificate, **said)
            if done is not None:
                return Sealed(done, level, Timestamp.GIVEN, certificate.fingerprint)
    plain = _signed(file, signer, None, context=None, **said)
    waiting = Timestamp.WAITING if service is not None else Timestamp.NONE
    return Sealed(plain, Level.BASIC, waiting, certificate.fingerprint)


def _timed(
    file: bytes,
    signer: signers.SimpleSigner,
    service: TimeStamper,
    *,
    level: Level,
    certificate: Certificate,
    reason: str,
    place: str,
) -> bytes | None:
    """Sealed with a time, checked; None when the service is away or what it answers does not hold."""
    try:
        context = None
        if level is Level.LONG:
            roots = timestamps.roots()
            if not roots:
                return None
            context = _context(certificate, roots)
        sealed = _signed(file, signer, service, context=context, reason=reason, place=place)
        moment = validating.time_of(sealed)
    except Exception as error:  # an outside service, or the files of its roots: whatever its nonsense provokes
        log.warning("seal.timestamp_failed", extra={"level": level, "error": type(error).__name__})
        return None
    if moment is None:
        log.warning("seal.timestamp_failed", extra={"level": level, "error": "not_valid"})
        return None
    return sealed


def _context(certificate: Certificate, roots: list[x509.Certificate]) -> ValidationContext:
    """What is embedded to check the seal later: lists of revoked certificates are fetched where the service's say."""
    own = x509.Certificate.load(certificate.der)
    return ValidationContext(trust_roots=[own, *roots], allow_fetching=True, revocation_mode="soft-fail")


def _signed(
    file: bytes,
    signer: signers.SimpleSigner,
    service: TimeStamper | None,
    *,
    context: ValidationContext | None,
    reason: str,
    place: str,
) -> bytes:
    metadata = signers.PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm="sha256",
        subfilter=fields.SigSeedSubFilter.PADES,
        cades_signed_attr_spec=CAdESSignedAttrSpec(),
        certify=True,
        docmdp_permissions=fields.MDPPerm.NO_CHANGES,
        reason=reason,
        location=place,
        embed_validation_info=context is not None,
        validation_context=context,
        # In the same revision: nothing follows the seal, which forbids any change.
        dss_settings=DSSContentSettings(placement=SigDSSPlacementPreference.TOGETHER_WITH_SIGNATURE, include_vri=False),
    )
    spec = fields.SigFieldSpec(FIELD, on_page=0, invis_sig_settings=INVISIBLE, readable_field_name=LABEL)
    try:
        writer = _Writer(io.BytesIO(file))
        out = signers.PdfSigner(metadata, signer=signer, timestamper=service, new_field_spec=spec).sign_pdf(writer)
    except (PdfError, SigningError) as error:
        raise ValueError(f"This file cannot be sealed: {error}") from error
    sealed: bytes = out.getvalue()
    return sealed
