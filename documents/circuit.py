"""Verbs of the signature circuit: sign online, note what was signed on paper, refuse, ask again. Paper and pixels count the same.

Each verb holds the paper first, then changes one row by compare-and-set: two people at once both count, one person twice
counts once (S-21). Each leaves a line of proof (S-22) and a line of the journal.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from core import audit
from documents import proof, rules, subjects
from documents.enums import SIGNED, EventKind, ProposalState, SignatureMeans, SignatureRole, SignatureStatus
from documents.models import CircuitSettings, Document, Scan, Signature, SignatureEvent, SignerProposal, SigningLink
from schools.models import School

STALE = "Quelqu’un vient de changer cette signature. Regardez où elle en est, puis recommencez s’il le faut."
OTHER_FILE = "Le document montré n’est plus celui qui est conservé. Rouvrez-le, puis recommencez."
S = SignatureStatus


@dataclass(frozen=True)
class Trace:
    """What the proof keeps of who signed online: masked address the code went to, IP, browser string."""

    means: SignatureMeans
    address: str = ""
    ip: str = ""
    browser: str = ""


_completed: list[Callable[[Document], None]] = []
_changed: list[Callable[[Document], None]] = []


def on_complete(function: Callable[[Document], None]) -> Callable[[Document], None]:
    """Call a function, in the transaction of the last signature, with the paper that everyone has signed."""
    _completed.append(function)
    return function


def on_change(function: Callable[[Document], None]) -> Callable[[Document], None]:
    """Call a function, in the transaction of any change of a signature, with the paper that still waits for others."""
    _changed.append(function)
    return function


def settings_of(school: School) -> CircuitSettings:
    """The school's settings of signatures; the default ones, unsaved, when it never changed them."""
    return CircuitSettings.objects.in_school(school).first() or CircuitSettings(school=school)


@transaction.atomic
def change_settings(school: School, values: Mapping[str, Any], *, by: Any) -> CircuitSettings:
    """Keep the school's settings of signatures: one row a school. The order holds for the papers issued from now on."""
    row, _ = CircuitSettings.objects.update_or_create(
        school=school,
        defaults={**values, "updated_by": by},
        create_defaults={**values, "created_by": by, "updated_by": by},
    )
    audit.record("documents.circuit_settings_changed", row, by=by, fields=sorted(values))
    return row


def is_latest(document: Document) -> bool:
    """Does it still count: not voided, and the last edition of its number?"""
    return document.voided_at is None and (
        not Document.objects.in_school(document.school_id)
        .editions_of(document)
        .filter(edition__gt=document.edition)
        .exists()
    )


def circumstances(signature: Signature, document: Document, *, today: date) -> rules.Circumstances:
    """What the guards look at, for one signature of a paper."""
    rows = Signature.objects.in_school(document.school_id).filter(document=document)
    return _circumstances(signature, document, rows, is_latest=is_latest(document), today=today)


def _circumstances(
    signature: Signature, document: Document, rows: Iterable[Signature], *, is_latest: bool, today: date, **said: Any
) -> rules.Circumstances:
    turns = [(row.turn, S(row.status)) for row in rows if row.counts]
    return rules.Circumstances(
        today=today,
        issued=timezone.localdate(document.issued_at),
        is_latest=is_latest,
        has_file=bool(document.sha256),
        is_their_turn=rules.is_their_turn(signature.turn, turns),
        **said,
    )


class _Paper:
    """A paper that nobody else writes about until the end of the transaction, read once however many signatures move."""

    def __init__(self, document: Document) -> None:
        self.document = proof.hold(document)
        rows = Signature.objects.in_school(document.school_id).filter(document=self.document).order_by("turn", "pk")
        self.rows = {row.pk: row for row in rows}
        for row in self.rows.values():
            row.document, row.school = self.document, self.document.school
        self.is_latest = is_latest(self.document)
        self.line: SignatureEvent | None = None  # the last one of the proof, once a verb has added one

    def add(self, kind: EventKind, **said: Any) -> None:
        """Add a line to the proof."""
        self.line = proof.add(self.document, kind, after=self.line, **said)

    def move(
        self, signature: Signature, target: SignatureStatus, *, now: datetime, by: Any, values: dict[str, Any], **said: Any
    ) -> None:  # fmt: skip
        """The guard, then the compare-and-set. Raises ValidationError with the sentence of either."""
        row = self.rows.get(signature.pk)
        step = rules.MOVES.get((S(row.status), target)) if row else None
        if row is None or step is None:
            raise ValidationError(STALE)
        seen = _circumstances(
            signature,
            self.document,
            self.rows.values(),
            is_latest=self.is_latest,
            today=timezone.localdate(now),
            **said,
        )
        verdict = step.guard(seen)
        if not verdict:
            raise ValidationError(verdict.reason)
        changed = {"status": target, "updated_by": by, "updated_at": now, **values}
        rows = Signature.objects.in_school(self.document.school_id).filter(pk=row.pk, status=step.source)
        if not rows.update(**changed):
            raise ValidationError(STALE)
        for name, value in changed.items():
            setattr(row, name, value)
            setattr(signature, name, value)


@transaction.atomic
def sign_online(
    signature: Signature, *, sha256: str, accepted: str, trace: Trace, now: datetime, by: Any = None, name: str = "",
    capacity: str = "",
) -> Signature:  # fmt: skip
    """A party signs, having read the PDF of this SHA-256 and accepted this text. `by`: the account, None behind a link.

    `name` and `capacity` name a deputy who signs for the head. Raises ValidationError: already signed, replaced, another
    file, not their turn.
    """
    paper = _Paper(signature.document)
    kept = paper.document.sha256
    if not kept or sha256 != kept:
        raise ValidationError(OTHER_FILE if kept else "Le document est en préparation.")
    values = {"date": now, "reason": "", "means": trace.means, "capacity": capacity, "name": name or signature.name}
    paper.move(signature, S.ONLINE, now=now, by=by, values=values)
    paper.add(
        EventKind.SIGNED,
        role=signature.role,
        at=now,
        by=by,
        sha256=sha256,
        accepted=accepted,
        name=signature.name,
        capacity=capacity,
        means=trace.means.value,
        address=trace.address,
        ip=trace.ip,
        browser=trace.browser[:300],
    )
    audit.record("documents.signed_online", signature, by=by, role=signature.role)
    _after([signature], paper, by=by, now=now)
    return signature


@transaction.atomic
def note_paper(
    signature: Signature,
    *,
    signed_on: date,
    by: Any,
    now: datetime,
    scan: Scan | None = None,
    name: str = "",
    capacity: str = "",
) -> Signature:
    """Someone of the school notes that a party signed on paper, the day written there. `scan`: the picture of it, if any.

    Raises ValidationError when the date cannot be, or the signature moved meanwhile.
    """
    paper = _Paper(signature.document)
    _note(signature, paper, signed_on=signed_on, by=by, now=now, scan=scan, name=name, capacity=capacity)
    _after([signature], paper, by=by, now=now)
    return signature


def _note(
    signature: Signature, paper: _Paper, *, signed_on: date, by: Any, now: datetime, scan: Scan | None, name: str = "",
    capacity: str = "",
) -> None:  # fmt: skip
    today, issued_at = timezone.localdate(now), paper.document.issued_at
    moment = now if signed_on == today else timezone.make_aware(datetime.combine(signed_on, time(12)))
    values = {
        "date": max(moment, issued_at) if signed_on == timezone.localdate(issued_at) else moment,
        "reason": "",
        "means": SignatureMeans.PAPER,
        "recorded_at": now,
        "recorded_by": by,
        "scan": scan,
        "name": name or signature.name,
        "capacity": capacity,
    }
    paper.move(signature, S.ON_PAPER, now=now, by=by, values=values, signed_on=signed_on)
    paper.add(
        EventKind.NOTED,
        role=signature.role,
        at=now,
        by=by,
        signed_on=signed_on.isoformat(),
        name=signature.name,
        capacity=capacity,
        means=SignatureMeans.PAPER.value,
        scan=scan.sha256 if scan else "",
    )
    audit.record("documents.signature_noted", signature, by=by, role=signature.role, status=signature.status)


@transaction.atomic
def note_all_on_paper(
    document: Document,
    *,
    roles: Iterable[SignatureRole],
    signed_on: date,
    by: Any,
    now: datetime,
    scan: Scan | None = None,
) -> int:
    """The whole sheet came back signed: every awaited signature of these roles. Returns how many."""
    paper, wanted = _Paper(document), set(roles)
    rows = [row for row in paper.rows.values() if row.status == S.AWAITED and not row.optional and row.role in wanted]
    for signature in rows:
        _note(signature, paper, signed_on=signed_on, by=by, now=now, scan=scan)
    if rows:
        _after(rows, paper, by=by, now=now)
    return len(rows)


@transaction.atomic
def refuse(
    signature: Signature, *, reason: str, now: datetime, by: Any = None, trace: Trace | None = None
) -> Signature:
    """A party refuses to sign and says why; by itself (`trace`) or as someone of the school was told (`by`)."""
    paper = _Paper(signature.document)
    reason = reason.strip()
    values = {
        "date": now,
        "reason": reason,
        "means": trace.means if trace else "",
        "recorded_by": by,
        "recorded_at": now,
    }
    paper.move(signature, S.REFUSED, now=now, by=by, values=values, reason=reason)
    paper.add(
        EventKind.REFUSED,
        role=signature.role,
        at=now,
        by=by,
        name=signature.name,
        reason_sha256=hashlib.sha256(
            reason.encode()
        ).hexdigest(),  # the text stays on the row: the proof travels (S-22)
        means=trace.means.value if trace else "",
        address=trace.address if trace else "",
        ip=trace.ip if trace else "",
        browser=trace.browser[:300] if trace else "",
    )
    audit.record("documents.signature_noted", signature, by=by, role=signature.role, status=signature.status)
    _after([signature], paper, by=by, now=now)
    return signature


@transaction.atomic
def reopen(signature: Signature, *, by: Any, now: datetime) -> Signature:
    """A signature on paper was noted by mistake, or a refusal is overcome: the party is awaited again."""
    paper = _Paper(signature.document)
    values = {
        "date": None, "reason": "", "means": "", "recorded_by": None, "recorded_at": None, "scan": None, "capacity": "",
    }  # fmt: skip
    paper.move(signature, S.AWAITED, now=now, by=by, values=values)
    paper.add(EventKind.REOPENED, role=signature.role, at=now, by=by)
    audit.record("documents.signature_noted", signature, by=by, role=signature.role, status=signature.status)
    _after([signature], paper, by=by, now=now)
    return signature


def _after(moved: Sequence[Signature], paper: _Paper, *, by: Any, now: datetime) -> None:
    """What follows any change: links of who signed fall, the paper is complete or not, the app above is told."""
    document = paper.document
    if done := [row.pk for row in moved if row.status != S.AWAITED]:
        SigningLink.objects.in_school(document.school_id).filter(signature__in=done, revoked_at=None).update(
            revoked_at=now
        )
    statuses = {row.status for row in paper.rows.values() if row.counts}
    complete = bool(statuses) and statuses <= set(SIGNED)
    if complete and document.completed_at is None:
        document.completed_at = now
        document.save(update_fields=["completed_at", "updated_at"])
        paper.add(EventKind.COMPLETED, at=now, by=by)
        for function in _completed:
            function(document)
    elif not complete and document.completed_at is not None:
        if stale := document.sealed_file.name:
            transaction.on_commit(lambda: default_storage.delete(stale))
        document.completed_at = document.sealed_at = None
        document.sealed_sha256, document.sealed_file = "", ""
        document.save(update_fields=["completed_at", "sealed_at", "sealed_sha256", "sealed_file", "updated_at"])
    if not complete:
        for function in _changed:
            function(document)
    for row in moved:
        row.document = document
    subjects.signatures_changed(document, by=by)


@transaction.atomic
def void(document: Document, *, by: Any, now: datetime | None = None, reason: str = "") -> int:
    """The paper no longer counts: none of its signatures does, its links are dead. Returns how many were voided."""
    now = now or timezone.now()
    held = proof.hold(document)
    rows = Signature.objects.in_school(document.school_id).filter(document=document)
    SigningLink.objects.in_school(document.school_id).filter(signature__document=document, revoked_at=None).update(
        revoked_at=now
    )
    SignerProposal.objects.in_school(document.school_id).filter(
        signature__document=document, state=ProposalState.WAITING
    ).update(state=ProposalState.REFUSED, decided_at=now, answer="Le document a été remplacé.", updated_by=by)
    voided = rows.exclude(status=S.VOIDED).update(status=S.VOIDED, updated_by=by, updated_at=now)
    if held.voided_at is None:
        held.voided_at = document.voided_at = now
        held.save(update_fields=["voided_at", "updated_at"])
    if voided:
        proof.add(held, EventKind.VOIDED, at=now, by=by, signatures=voided, reason=reason)
        audit.record("documents.voided", document, by=by, signatures=voided)
    return voided
