"""Where companies are, by the Base Adresse Nationale (BAN): many at once at night, one when its record was just saved.

Only companies' addresses leave, never a pupil's, and nothing but the address. What the BAN is not sure of stays at the centre
of its commune (core/places.py) and is listed for someone to look at.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet

from core import audit, jobs, outside
from core.outside import Reason, Service, Unavailable
from partners.models import Partner
from partners.rules import geocoding as rules
from partners.rules.geocoding import Address, Found
from schools.models import School

SORRY = "La Base Adresse Nationale ne répond pas. Les partenaires restent placés au centre de leur commune."
MAX_BULK_BYTES = 1024 * 1024


def service() -> Service:
    return Service("ban", settings.BAN_URL, SORRY)


def is_on(school: School) -> bool:
    """True when this school's companies may be placed: the service is set, and the school is a real one."""
    return bool(settings.BAN_URL) and not school.is_demo


def address_of(partner: Partner) -> Address:
    return Address(partner.address, partner.postal_code, partner.city)


# ---------------------------------------------------------------------------------------------------------------- asking


def locate(address: Address) -> Found | None:
    """The best answer for one address, sure or not; None when there is none. Raises Unavailable."""
    params = {"q": address.line, "limit": "1", "autocomplete": "0"}
    if address.short_postal_code:
        params["postcode"] = address.short_postal_code
    answer = service().get_json("/search", params)
    try:
        return rules.of_json(answer)
    except ValueError:
        raise service().failure(Reason.NONSENSE) from None


def locate_many(addresses: dict[int, Address]) -> dict[int, Found | None]:
    """The same for many, in one call. Raises Unavailable."""
    body = service().post_file(
        "/search/csv",
        file=rules.as_csv(addresses),
        name="adresses.csv",
        fields=[
            ("columns", "adresse"),
            ("columns", "commune"),
            ("postcode", "code_postal"),
            ("result_columns", "latitude"),
            ("result_columns", "longitude"),
            ("result_columns", "result_score"),
            ("result_columns", "result_type"),
        ],
        max_bytes=MAX_BULK_BYTES,
    )
    try:
        return rules.of_csv(body, addresses)
    except ValueError:
        raise service().failure(Reason.NONSENSE) from None


# --------------------------------------------------------------------------------------------------------------- writing


def waiting(school: School) -> QuerySet[Partner]:
    """Partners to place: never asked about and without coordinates, or changed since the BAN was asked."""
    never = Q(latitude=None, geocoded_at=None)
    changed = Q(geocoded_at__lt=F("updated_at"))
    return Partner.objects.in_school(school).in_use().filter(never | changed).exclude(address="").order_by("pk")


def unsure(school: School) -> QuerySet[Partner]:
    """Partners that the BAN did not find for sure: their address deserves a look."""
    return Partner.objects.in_school(school).in_use().filter(latitude=None, geocoded_at__isnull=False)


def place(partner: Partner, address: Address, found: Found | None, *, now: datetime) -> bool:
    """Write where the partner is, unless its address changed meanwhile; True when the place is sure.

    The version does not move: nobody types coordinates, and an open form is not disturbed.
    """
    sure = found is not None and found.is_precise
    partner.latitude = Decimal(f"{found.latitude:.6f}") if found is not None and sure else None
    partner.longitude = Decimal(f"{found.longitude:.6f}") if found is not None and sure else None
    partner.geocoded_at = now
    partner.geocode_score = found.score if found else 0.0
    Partner.objects.in_school(partner.school_id).filter(
        pk=partner.pk, address=address.street, postal_code=address.postal_code, city=address.city
    ).update(
        latitude=partner.latitude,
        longitude=partner.longitude,
        map_latitude=partner.mapped_latitude,
        map_longitude=partner.mapped_longitude,
        geocoded_at=partner.geocoded_at,
        geocode_score=partner.geocode_score,
    )
    return sure


def locate_partner(partner: Partner, *, now: datetime) -> bool:
    """Place one partner; True when its place is sure. Raises Unavailable."""
    address = address_of(partner)
    if not is_on(partner.school) or not address.line:
        return False
    return place(partner, address, locate(address), now=now)


@dataclass
class Round:
    """What a night's work on one school came to."""

    placed: int = 0
    unsure: int = 0
    stopped: bool = False

    @property
    def sentence(self) -> str:
        several = "s" if self.placed > 1 else ""
        parts = [f"{self.placed} partenaire{several} placé{several} par la Base Adresse Nationale."]
        if self.unsure:
            parts.append(f"Adresses à vérifier : {self.unsure}.")
        if self.stopped:
            parts.append("Le service n’a plus répondu : la suite la nuit prochaine.")
        return " ".join(parts)


def locate_school(school: School, *, now: datetime) -> Round:
    """Place all that wait, by files of 200 addresses, each written as soon as it comes back.

    Stops at the first failure of the service, which the next night takes up.
    """
    found = Round()
    if not is_on(school):
        return found
    partners = [partner for partner in waiting(school) if address_of(partner).line]
    for start in range(0, len(partners), rules.CHUNK):
        chunk: dict[int, Any] = {partner.pk: partner for partner in partners[start : start + rules.CHUNK]}
        addresses = {pk: address_of(partner) for pk, partner in chunk.items()}
        outside.wait_for_turn(service())
        try:
            answers = locate_many(addresses)
        except Unavailable:
            found.stopped = True
            break
        with transaction.atomic():
            for pk, answer in answers.items():
                sure = place(chunk[pk], addresses[pk], answer, now=now)
                found.placed += sure
                found.unsure += not sure
            audit.record("partners.located", scope=school.uai, partners=len(answers))
        jobs.progress(start + len(chunk), len(partners))
    return found
