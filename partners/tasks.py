"""Doorways of the background work of the partner file."""

from django.utils import timezone

from core import jobs
from partners import offers


@jobs.task(key="partners-proposals:{date}", label="Offres proposées anciennes")
def forget_proposals(*, date: str, **_later: object) -> None:
    """Delete the proposals that were decided three months ago."""
    with jobs.closing():
        offers.forget_old(timezone.now())
