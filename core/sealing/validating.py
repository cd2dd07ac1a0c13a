"""Checking a seal with pyHanko, without the network."""

import io
from collections.abc import Iterable
from datetime import datetime

from asn1crypto import x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from core.sealing import Reading


def _only(file: bytes) -> EmbeddedPdfSignature:
    """The one signature of the file. Raises ValueError without any, or with several."""
    found = PdfFileReader(io.BytesIO(file)).embedded_signatures
    if len(found) != 1:
        raise ValueError(f"{len(found)} signatures")
    return found[0]


def _status(file: bytes, known: Iterable[bytes], at: datetime | None) -> PdfSignatureStatus:
    roots = [x509.Certificate.load(der) for der in known]
    context = ValidationContext(trust_roots=roots, allow_fetching=False, moment=at, best_signature_time=at)
    status: PdfSignatureStatus = validate_pdf_signature(_only(file), context)
    return status


def read(file: bytes, *, known: Iterable[bytes], at: datetime | None) -> Reading:
    """See core.sealing."""
    try:
        status = _status(file, known, at)
    except Exception as error:  # a damaged file may break any part of the reader
        return Reading(is_intact=False, is_trusted=False, covers_all=False, trouble=type(error).__name__)
    time = status.timestamp_validity
    return Reading(
        is_intact=bool(status.intact and status.valid and status.docmdp_ok is not False),
        is_trusted=bool(status.trusted),
        covers_all=status.coverage == SignatureCoverageLevel.ENTIRE_FILE,
        timed_at=time.timestamp if time is not None and time.intact and time.valid else None,
    )


def time_of(file: bytes) -> datetime | None:
    """When the timestamp service says that the file was sealed; None without a timestamp that holds."""
    reading = read(file, known=[], at=None)
    return reading.timed_at
