"""Is this file a paper of ours, and does it still count? For anyone, by number and fingerprint, without naming a person.

A number alone says nothing, and every file that is not ours meets the same words: nobody learns which papers exist.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db.models import Q
from django.urls import reverse
from django.utils.http import urlencode

from core import qr, site
from documents.enums import SIGNED, EventKind
from documents.models import Document, Signature, SignatureEvent

WHY = "a file shown by anyone is looked for in every school (S-22)"
_PREFIX = re.compile(r"^(?:n\s*[°o]\s*)", re.IGNORECASE)


class Standing(StrEnum):
    """Whether the paper still counts."""

    COMPLETE = "complet"
    UNDER_WAY = "en_cours"
    ISSUED = "edite"  # nobody has to sign it
    REPLACED = "remplace"
    VOIDED = "annule"


class Copy(StrEnum):
    """Which file of the paper it is."""

    PAPER = "papier"  # the PDF that people read and signed
    SEALED = "scelle"
    FORMER_SEAL = "scelle_avant"  # sealed, then sealed again with its timestamp


@dataclass(frozen=True)
class Recognised:
    """What is said of a file of ours."""

    kind: str
    number: str
    edition: int
    issued_at: datetime
    school: str
    standing: Standing
    signed: int
    needed: int
    completed_at: datetime | None
    voided_at: datetime | None
    copy: Copy
    sealed_at: datetime | None
    amendments: list[str]

    @property
    def issuer(self) -> str:
        """« le lycée professionnel Jeanne-Barret », as a sentence has it."""
        name = self.school
        return f"le {name[0].lower()}{name[1:]}" if name.casefold().startswith(_SCHOOL) else name


_SCHOOL = "lycée"


def address(number: str) -> str:
    """The public page for this paper's file, as its QR code and its pages give it: from the settings of the site."""
    return f"{site.address()}{reverse('verify')}?{urlencode({'n': number})}"


def numbers(typed: str) -> set[str]:
    """« n° pfmp-2026-00042 » → `PFMP-2026-00042`, as ours are written, or as typed, as a school may have numbered its own."""
    plain = _PREFIX.sub("", " ".join(typed.split()))
    return {plain, plain.upper()}


def printed(url: str | None) -> dict[str, str] | None:
    """What `pdf/verify.html` prints of an address that a paper froze; nothing for papers issued before."""
    return {"url": url, "qr": qr.picture(url)} if url else None


def recognise(number: str, digest: str) -> Recognised | None:
    """The paper of this number whose file has this SHA-256; None for any other file or number."""
    if not digest:
        return None
    papers = Document.objects.across_schools(why=WHY).select_related("school").defer("content")
    wanted = numbers(number)  # found by their index: anyone may ask
    found = papers.filter(Q(sha256=digest) | Q(sealed_sha256=digest), number__in=wanted).order_by("pk").first()
    if found is not None:
        copy = Copy.SEALED if found.sealed_sha256 == digest else Copy.PAPER
        return _told(found, copy)
    events = SignatureEvent.objects.across_schools(why=WHY).filter(
        kind=EventKind.SEALED, document__number__in=wanted, payload__sha256=digest
    )
    former = events.values_list("document_id", flat=True).first()
    if former is None:
        return None
    return _told(papers.get(pk=former), Copy.FORMER_SEAL)


def _told(document: Document, copy: Copy) -> Recognised:
    statuses = list(
        Signature.objects.in_school(document.school_id)
        .filter(document=document)
        .counted()
        .values_list("status", flat=True)
    )
    signed = sum(status in SIGNED for status in statuses)
    editions = Document.objects.in_school(document.school_id).editions_of(document)
    if editions.filter(edition__gt=document.edition).exists():
        standing = Standing.REPLACED
    elif document.voided_at is not None:
        standing = Standing.VOIDED
    elif not statuses:
        standing = Standing.ISSUED
    else:
        standing = Standing.COMPLETE if signed == len(statuses) else Standing.UNDER_WAY
    amendments = (
        Document.objects.in_school(document.school_id)
        .filter(amends=document, voided_at=None, completed_at__isnull=False)
        .order_by("effective_date", "pk")
    )
    return Recognised(
        kind=document.get_type_display(),
        number=document.number,
        edition=document.edition,
        issued_at=document.issued_at,
        school=document.school.name,
        standing=standing,
        signed=signed,
        needed=len(statuses),
        completed_at=document.completed_at,
        voided_at=document.voided_at,
        copy=copy,
        sealed_at=document.sealed_at,
        amendments=list(amendments.values_list("number", flat=True)),
    )
