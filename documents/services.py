"""Verbs on issued papers: issue one, store its PDF once, note what is signed, replace it by a new edition."""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from core import audit
from documents import subjects
from documents.enums import DocumentType, SignatureRole, SignatureStatus, Subject
from documents.models import Document, Signature, stored_path
from schools.models import School

PREFIXES: Mapping[str, str] = {
    DocumentType.PFMP_CONVENTION: "PFMP",
    DocumentType.PFMP_AVENANT: "AVENANT",
    DocumentType.PFMP_CERTIFICATE: "ATTESTATION",
    DocumentType.AGREEMENT: "CONVENTION",
    DocumentType.YEARLY_REPORT: "RAPPORT",
    DocumentType.OTHER: "DOCUMENT",
}
DIGITS = 5


@dataclass(frozen=True)
class Party:
    """Someone who has to sign: the role and the name on the paper."""

    role: SignatureRole
    name: str


def next_number(school: School, type: DocumentType, year: int) -> str:
    """`PFMP-2026-00042`: the next of that kind in the school and the calendar year.

    Call it inside the transaction that inserts the paper, after `hold_numbers`.
    """
    prefix = f"{PREFIXES[type]}-{year}-"
    last = (
        Document.objects.in_school(school)
        .filter(number__startswith=prefix, number__regex=rf"^{prefix}[0-9]{{{DIGITS}}}$")
        .order_by("-number")
        .values_list("number", flat=True)
        .first()
    )
    return f"{prefix}{int(last.removeprefix(prefix)) + 1 if last else 1:0{DIGITS}d}"


def hold_numbers(school: School) -> None:
    """Until the end of the transaction nobody else issues a paper in this school: numbers follow each other."""
    School.objects.select_for_update(no_key=True).get(pk=school.pk)


@transaction.atomic
def issue(
    *,
    school: School,
    type: DocumentType,
    subject: Subject,
    subject_id: str,
    content: Callable[[str, int], dict[str, Any]],
    template_version: str,
    parties: Callable[[], Iterable[Party]],
    by: Any,
    now: datetime,
    replaces: Document | None = None,
) -> Document:
    """Issue a paper: its number, what it says, who is to sign. Its PDF is made afterwards, from the frozen content.

    `content(number, edition)` gives what the paper says, then `parties()` who has to sign it. With `replaces`, the number is kept, the edition grows by one and
    the signatures of the former edition are voided.
    """
    hold_numbers(school)
    if replaces is None:
        number, edition = next_number(school, type, timezone.localdate(now).year), 1
    else:
        number, edition = replaces.number, replaces.edition + 1
        void(replaces, by=by)
    document = Document(
        school=school,
        type=type,
        subject=subject,
        subject_id=subject_id,
        number=number,
        edition=edition,
        issued_at=now,
        content=content(number, edition),
        template_version=template_version,
        created_by=by,
        updated_by=by,
    )
    document.save(force_insert=True)
    Signature.objects.bulk_create(
        Signature(school=school, document=document, role=party.role, name=party.name, created_by=by, updated_by=by)
        for party in parties()
    )
    audit.record("documents.issued", document, by=by, edition=edition)
    return document


def void(document: Document, *, by: Any) -> int:
    """The paper no longer counts: none of its signatures does. Returns how many were voided."""
    voided = (
        Signature.objects.in_school(document.school_id)
        .filter(document=document)
        .exclude(status=SignatureStatus.VOIDED)
        .update(status=SignatureStatus.VOIDED, updated_by=by, updated_at=timezone.now())
    )
    if voided:
        audit.record("documents.voided", document, by=by, signatures=voided)
    return voided


def store(document: Document, pdf: bytes) -> bool:
    """Keep the PDF of a paper with its SHA-256, once. False, changing nothing, when the paper has one already.

    Raises OSError when the disk refuses; nothing is half done then.
    """
    if Document.objects.in_school(document.school_id).filter(pk=document.pk).exclude(sha256="").exists():
        return False
    name = default_storage.save(stored_path(document, ""), ContentFile(pdf))
    try:
        with transaction.atomic():
            kept = (
                Document.objects.in_school(document.school_id)
                .filter(pk=document.pk, sha256="")
                .update(sha256=hashlib.sha256(pdf).hexdigest(), file=name, updated_at=timezone.now())
            )
    except BaseException:
        default_storage.delete(name)
        raise
    if not kept:  # another worker was first: its file is the paper
        default_storage.delete(name)
    return bool(kept)


def is_latest(document: Document) -> bool:
    """Is it the last edition of its number?"""
    return (
        not Document.objects.in_school(document.school_id)
        .about(Subject(document.subject), document.subject_id)
        .filter(type=document.type, number=document.number, edition__gt=document.edition)
        .exists()
    )


STALE = "Quelqu’un vient de changer cette signature. Regardez où elle en est, puis recommencez s’il le faut."

MOVES: Mapping[SignatureStatus, tuple[SignatureStatus, ...]] = {
    SignatureStatus.ON_PAPER: (SignatureStatus.AWAITED,),
    SignatureStatus.REFUSED: (SignatureStatus.AWAITED,),
    SignatureStatus.AWAITED: (SignatureStatus.ON_PAPER, SignatureStatus.REFUSED),
}
"""What a person may write by hand, and from which states. Signing online has its own door; voiding comes with an edition."""


@transaction.atomic
def note_signature(
    signature: Signature, status: SignatureStatus, *, by: Any, now: datetime, reason: str = ""
) -> Signature:
    """A party signed on paper, refused (with its reason), or is awaited again. The date is the moment of the entry (S-07).

    Compare-and-set: raises ValidationError when the signature moved meanwhile or when a refusal has no reason.
    """
    if status == SignatureStatus.REFUSED and not reason.strip():
        raise ValidationError("Dites pourquoi la signature est refusée.")
    moved = (
        Signature.objects.in_school(signature.school_id)
        .filter(pk=signature.pk, status__in=MOVES.get(status, ()))
        .update(
            status=status,
            date=None if status == SignatureStatus.AWAITED else now,
            reason=reason.strip() if status == SignatureStatus.REFUSED else "",
            updated_by=by,
            updated_at=now,
        )
    )
    if not moved:
        raise ValidationError(STALE)
    audit.record("documents.signature_noted", signature, by=by, role=signature.role, status=status.value)
    subjects.signatures_changed(signature.document, by=by)
    signature.refresh_from_db()
    return signature


@transaction.atomic
def note_all_signed(document: Document, *, roles: Iterable[SignatureRole], by: Any, now: datetime) -> int:
    """The whole sheet came back signed: every awaited signature of these roles. Returns how many."""
    signed = (
        Signature.objects.in_school(document.school_id)
        .filter(document=document, role__in=list(roles), status=SignatureStatus.AWAITED)
        .update(status=SignatureStatus.ON_PAPER, date=now, updated_by=by, updated_at=now)
    )
    if signed:
        audit.record("documents.signatures_noted", document, by=by, signatures=signed)
        subjects.signatures_changed(document, by=by)
    return signed
