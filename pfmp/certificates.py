"""Reads of attestations: which placements have theirs, signed when, saying how many days (R-ATT-01)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from documents.enums import SIGNED, DocumentType, SignatureRole, SignatureStatus, Subject
from documents.models import Document, Signature
from pfmp.models import PfmpSettings, Placement


@dataclass(frozen=True)
class Certificate:
    """The last edition of a placement's attestation that still counts, and its one signature. `days`: what it says, None when it
    came from a dossier without its content."""

    document: Document
    signature: Signature | None

    @property
    def received_date(self) -> date | None:
        """The day on which the host signed it; None while it waits."""
        if self.signature is None or self.signature.status not in SIGNED:
            return None
        moment = self.signature.date or self.signature.recorded_at
        return timezone.localdate(moment) if moment else timezone.localdate(self.document.issued_at)

    @property
    def is_signed(self) -> bool:
        return self.received_date is not None

    @property
    def is_refused(self) -> bool:
        return self.signature is not None and self.signature.status == SignatureStatus.REFUSED

    @property
    def days(self) -> int | None:
        found = self.document.content.get("days") if isinstance(self.document.content, dict) else None
        return found if isinstance(found, int) else None

    @property
    def state(self) -> str:
        """A code of core.status: « attestation_remise », « refusee » or « a_signer »."""
        return "attestation_remise" if self.is_signed else "refusee" if self.is_refused else "a_signer"


def of(placements: Iterable[Placement]) -> dict[int, Certificate]:
    """The attestation of each placement of one school, by primary key; those that have none are left out. Two queries."""
    wanted = {row.dossier_id: row for row in placements}
    if not wanted:
        return {}
    school = next(iter(wanted.values())).school_id
    papers = (
        Document.objects.in_school(school)
        .filter(
            type=DocumentType.PFMP_CERTIFICATE,
            subject=Subject.PLACEMENT,
            subject_id__in=list(wanted),
            voided_at=None,
        )
        .select_related("school")
        .order_by("issued_at", "edition")
    )
    latest = {paper.subject_id: paper for paper in papers}
    signatures = {
        row.document_id: row
        for row in Signature.objects.in_school(school)
        .filter(document__in=latest.values(), role=SignatureRole.HOST)
        .exclude(status=SignatureStatus.VOIDED)
        .order_by("pk")
    }
    return {wanted[key].pk: Certificate(paper, signatures.get(paper.pk)) for key, paper in latest.items()}


def of_one(placement: Placement) -> Certificate | None:
    return of([placement]).get(placement.pk)


def received(placements: Iterable[Placement]) -> dict[int, date]:
    """The day on which each attestation was signed, by the placement's primary key: those that are here (R-ATT-01, R-ALLOC-04)."""
    return {pk: day for pk, one in of(placements).items() if (day := one.received_date) is not None}


def has_certificate(placement: Placement) -> bool:
    """Is the signed attestation of this placement here: what its closing asks for (R-ATT-01)?"""
    return placement.pk in received([placement])


def lacking(placements: Iterable[Placement]) -> set[int]:
    """Those of one school that may not be closed yet, by primary key: it wants the attestation, and theirs is not signed."""
    rows = list(placements)
    if not rows or not _are_wanted(rows[0].school_id):
        return set()
    known = of(rows)
    return {row.pk for row in rows if row.pk not in known or not known[row.pk].is_signed}


def _are_wanted(school: int) -> bool:
    """Does the school close a placement only with its signed attestation (R-ATT-01)?"""
    return PfmpSettings.objects.in_school(school).filter(closes_with_certificate=True).exists()
