"""Asking a timestamp service (RFC 3161) through the one careful client of outside services (core/outside.py)."""

from pathlib import Path
from urllib.parse import urlsplit

from asn1crypto import pem, tsp, x509
from django.conf import settings
from pyhanko.sign.timestamps.api import TimeStamper

from core import outside

MAX_BYTES = 64 * 1024  # an answer is some 6 kB


class Service(TimeStamper):
    """The service of SEAL_TIMESTAMP_URL. A call raises outside.Unavailable, or anything that its nonsense provokes."""

    def __init__(self, url: str) -> None:
        super().__init__()
        parts = urlsplit(url)
        self._path = parts.path + (f"?{parts.query}" if parts.query else "")
        self._service = outside.Service(
            "timestamp", f"{parts.scheme}://{parts.netloc}", "Le service d’horodatage ne répond pas."
        )

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        body = self._service.post(
            self._path, req.dump(), kind="application/timestamp-query", accepts="timestamp", max_bytes=MAX_BYTES
        )
        return tsp.TimeStampResp.load(body, strict=True)


def configured() -> TimeStamper | None:
    """The timestamp service of this installation; None when it asks none."""
    return Service(settings.SEAL_TIMESTAMP_URL) if settings.SEAL_TIMESTAMP_URL else None


def roots() -> list[x509.Certificate]:
    """The roots that the service's certificate must lead to (SEAL_TIMESTAMP_ROOTS, a PEM file); none when unknown.

    Raises OSError or ValueError when the file cannot be read.
    """
    if not settings.SEAL_TIMESTAMP_ROOTS:
        return []
    content = Path(settings.SEAL_TIMESTAMP_ROOTS).read_bytes()
    return [x509.Certificate.load(der) for _, _, der in pem.unarmor(content, multiple=True)]
