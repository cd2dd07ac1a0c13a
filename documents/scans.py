"""The signed paper that comes back, photographed or scanned: kept as one PDF, with the signatures that it shows (S-20)."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from core import audit, scanning
from documents import circuit, proof
from documents.enums import EventKind, SignatureMeans, SignatureStatus
from documents.models import Document, Scan, Signature
from documents.models.circuit import scan_path

S = SignatureStatus


def may_show(signature: Signature) -> bool:
    """Can a new scan be the picture of this signature?"""
    return signature.status == S.AWAITED or (signature.status == S.ON_PAPER and signature.scan_id is None)


def read(files: Sequence[scanning.Sent]) -> scanning.Scanned:
    """Every page sent as one plain PDF, opened in a process of its own. Raises ValidationError that names the file."""
    try:
        return scanning.read(files)
    except scanning.Unreadable as refusal:
        raise ValidationError(str(refusal)) from None


def deposit(
    document: Document, scanned: scanning.Scanned, *, roles: Iterable[str], signed_on: date, by: Any, now: datetime
) -> Scan:
    """Keep the scan of a paper, and note the signatures of these roles that it shows, with the day written there.

    A signature noted before keeps its day and gets the picture. All or nothing. Raises ValidationError: a date that cannot
    be, a signature that moved meanwhile.
    """
    scan = Scan(school=document.school, document=document, pages=scanned.pages, created_by=by, updated_by=by)
    name = default_storage.save(scan_path(scan, ""), ContentFile(scanned.pdf))
    try:
        with transaction.atomic():
            held = proof.hold(document)
            scan.file.name, scan.sha256 = name, hashlib.sha256(scanned.pdf).hexdigest()
            scan.save(force_insert=True)
            audit.record("documents.scan_deposited", scan, by=by, pages=scan.pages)
            for signature in _rows(held, roles):
                if signature.status == S.AWAITED:
                    circuit.note_paper(signature, signed_on=signed_on, by=by, now=now, scan=scan)
                else:
                    _attach(signature, held, scan, by=by, now=now)
    except BaseException:
        default_storage.delete(name)
        raise
    return scan


def _rows(document: Document, roles: Iterable[str]) -> list[Signature]:
    wanted = set(roles)
    rows = list(
        Signature.objects.in_school(document.school_id)
        .filter(document=document, role__in=wanted)
        .order_by("turn", "pk")
    )
    if len(rows) < len(wanted) or not all(may_show(row) for row in rows):
        raise ValidationError(circuit.STALE)
    for row in rows:
        row.document = document
    return rows


def _attach(signature: Signature, document: Document, scan: Scan, *, by: Any, now: datetime) -> None:
    moved = (
        Signature.objects.in_school(document.school_id)
        .filter(pk=signature.pk, status=S.ON_PAPER, scan=None)
        .update(scan=scan, updated_by=by, updated_at=now)
    )
    if not moved:
        raise ValidationError(circuit.STALE)
    _line(signature, document, by=by, now=now, scan=scan.sha256)


def _line(signature: Signature, document: Document, *, by: Any, now: datetime, **said: Any) -> None:
    proof.add(
        document,
        EventKind.NOTED,
        role=signature.role,
        at=now,
        by=by,
        name=signature.name,
        means=SignatureMeans.PAPER.value,
        **said,
    )


@transaction.atomic
def remove(scan: Scan, *, by: Any, now: datetime) -> int:
    """A scan deposited by mistake: what it noted is awaited again, what was noted before it stays. Returns how many are awaited.

    The file stays on the disk until the papers of its year go: the proof names it. A second call changes nothing. Raises
    ValidationError when the circuit refuses.
    """
    document = proof.hold(scan.document)
    gone = (
        Scan.objects.in_school(document.school_id)
        .filter(pk=scan.pk, removed_at=None)
        .update(removed_at=now, updated_by=by, updated_at=now)
    )
    if not gone:
        return 0
    scan.removed_at = now
    audit.record("documents.scan_removed", scan, by=by)
    reopened = 0
    rows = Signature.objects.in_school(document.school_id).filter(scan=scan, status=S.ON_PAPER).order_by("turn", "pk")
    for row in list(rows):
        row.document = document
        _line(row, document, by=by, now=now, removed=scan.sha256)
        if row.recorded_at is not None and row.recorded_at < scan.created_at:
            Signature.objects.in_school(document.school_id).filter(pk=row.pk).update(
                scan=None, updated_by=by, updated_at=now
            )
        else:
            circuit.reopen(row, by=by, now=now)
            reopened += 1
    return reopened
