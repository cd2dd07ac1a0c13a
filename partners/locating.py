"""Have a partner placed on the map after its record was saved: in the background, so that nobody waits for the BAN."""

from typing import Any

from core import jobs
from partners import geocoding, tasks
from partners.models import Partner


def locate_soon(partner: Partner, *, by: Any) -> None:
    """Ask for the partner's place, unless it is known, its address is too short or this installation has no geocoder."""
    if not geocoding.is_on(partner.school) or not geocoding.address_of(partner).line:
        return
    if partner.latitude is None and partner.geocoded_at is None:
        jobs.enqueue(
            tasks.locate_partner, by=by, scope=partner.school.uai, school_id=partner.school_id, partner_id=partner.pk
        )
