"""The signing book (« parapheur »): the papers that wait for a colleague's own signature, signed in one go (R-CONV-03).

The head and the deputies sign the head's box, a teacher the box of the referent that bears their address. One code by mail
for the batch (S-19), one consent that names each paper, then each paper by itself: what moved meanwhile is said, the rest is
signed.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts.models import User
from core import french
from core.verdict import ALLOWED, Denied, Verdict
from documents import circuit, delegations, describing, permissions, selectors
from documents.enums import SIGNED, SignatureRole, SignatureStatus
from documents.models import Delegation, Signature
from schools.enums import Role
from schools.models import Membership

MOST = 60
"""Papers signed at once: a code lives ten minutes, and nobody reads more in one go."""
OWN_BOXES = (SignatureRole.HEAD, SignatureRole.REFERENT)
"""Of colleagues, who sign from their account."""
SECOND = "Ce document n’attend pas votre signature."
NO_FILE = "Son PDF n’est pas prêt."


def of_member(membership: Membership, today: date) -> QuerySet[Signature]:
    """The signatures, whatever their state, that this member may give from their account."""
    school = membership.school_id
    head = Q(role=SignatureRole.HEAD)
    if membership.role_enum != Role.HEAD:
        head &= Q(Exists(Delegation.objects.in_school(school).filter(membership=membership.pk).on(today)))
    referent = Q(role=SignatureRole.REFERENT, email__iexact=membership.email)
    return Signature.objects.in_school(school).filter(
        head | referent, document__in=permissions.visible_documents(membership)
    )


def _before() -> QuerySet[Signature]:
    """Signatures of the same paper that come in an earlier turn and are still to come."""
    earlier = Signature.objects.filter(
        school=OuterRef("school"), document=OuterRef("document"), turn__lt=OuterRef("turn")
    )
    return earlier.counted().exclude(status__in=SIGNED)


def waiting(membership: Membership, today: date) -> QuerySet[Signature]:
    """Those that this member is still to give, whether their turn has come or not."""
    return of_member(membership, today).filter(status=SignatureStatus.AWAITED, document__voided_at=None)


def ready(membership: Membership, today: date) -> QuerySet[Signature]:
    """Those whose turn has come."""
    return waiting(membership, today).filter(~Exists(_before()))


def not_yet(membership: Membership, today: date) -> QuerySet[Signature]:
    """Those that wait for others first."""
    return waiting(membership, today).filter(Exists(_before()))


@dataclass(frozen=True)
class Line:
    """A paper of the signing book, as one reads it before signing."""

    signature: Signature
    summary: describing.Summary
    may: Verdict
    signed: tuple[Signature, ...]
    missing: tuple[Signature, ...]

    @property
    def missing_names(self) -> str:
        """Who signs before and has not: roles and names."""
        return ", ".join(f"{row.get_role_display().lower()} ({row.name})" for row in self.missing)

    @property
    def signed_names(self) -> str:
        """Who has signed, and when: « l’entreprise le 22 nov., le tuteur le 24 nov. »."""
        return ", ".join(
            f"{selectors.SIGNERS[row.role]}{f' le {french.short_day(row.date)}' if row.date else ''}"
            for row in self.signed
        )


def lines(signatures: Iterable[Signature]) -> list[Line]:
    """What the book shows of these signatures (loaded with their paper), in one query for all."""
    signatures = list(signatures)
    if not signatures:
        return []
    others: dict[int, list[Signature]] = defaultdict(list)
    rows = Signature.objects.in_school(signatures[0].school_id).filter(
        document__in=[signature.document_id for signature in signatures]
    )
    for row in rows.counted().order_by("turn", "date", "pk"):
        others[row.document_id].append(row)
    found = []
    for signature in signatures:
        around = [row for row in others[signature.document_id] if row.pk != signature.pk]
        missing = tuple(row for row in around if row.turn < signature.turn and row.status not in SIGNED)
        may = Denied(NO_FILE) if not signature.document.sha256 else ALLOWED
        if missing:
            may = Denied("D’autres personnes signent avant.")
        signed = tuple(row for row in around if row.status in SIGNED)
        found.append(Line(signature, describing.summary(signature.document), may, signed, missing))
    return found


def chosen(membership: Membership, documents: Sequence[UUID], today: date) -> list[Signature]:
    """This member's own signatures of these papers, whatever became of them since, in the order of the book."""
    rows = of_member(membership, today).filter(document__public_id__in=documents)
    return list(
        rows.select_related("school", "document__school").order_by("document__issued_at", "document__pk", "role")
    )


def consent(signatures: Sequence[Signature]) -> str:
    """The sentence that the member accepts: how many papers, and which."""
    numbers = ", ".join(
        f"{row.document.number}{f' (version {row.document.edition})' if row.document.edition > 1 else ''}"
        for row in signatures
    )
    if len(signatures) == 1:
        return f"J’ai lu le document {numbers} et je le signe."
    return f"J’ai lu les {french.number(len(signatures))} documents suivants et je les signe : {numbers}."


@dataclass(frozen=True)
class Result:
    """What became of one paper of the batch; `reason` is empty when it is signed."""

    signature: Signature
    reason: str = ""


def sign(
    membership: Membership,
    signatures: Sequence[Signature],
    *,
    shown: Mapping[UUID, str],
    accepted: str,
    trace: circuit.Trace,
    by: User,
    now: datetime,
) -> list[Result]:
    """Sign each paper by itself; `shown` gives the SHA-256 that was on the page, by paper. To be called after the code.

    Never raises for a paper that moved: its line says why, and the others are signed.
    """
    today = timezone.localdate(now)
    standing = delegations.standing(membership, today)
    results = []
    for signature in signatures:
        is_head = signature.role == SignatureRole.HEAD
        if is_head and not standing.may:
            results.append(Result(signature, standing.may.reason))
            continue
        remark = standing.remark_on(signature) if is_head else ""
        try:
            circuit.sign_online(
                signature,
                sha256=shown.get(signature.document.public_id, ""),
                accepted=f"{accepted} {remark}".strip(),
                trace=trace,
                now=now,
                by=by,
                name=standing.name_on(signature) if is_head else "",
                capacity=standing.capacity if is_head else "",
            )
        except ValidationError as error:
            results.append(Result(signature, error.messages[0]))
        else:
            results.append(Result(signature))
    return results


def refuse(
    membership: Membership, document: UUID, *, reason: str, trace: circuit.Trace, by: User, now: datetime
) -> Signature:
    """The member refuses to sign one paper and says why. Raises ValidationError: not theirs, no reason, moved meanwhile."""
    found = chosen(membership, [document], timezone.localdate(now))
    signature = next((row for row in found if row.status == SignatureStatus.AWAITED), found[0] if found else None)
    if signature is None:
        raise ValidationError(SECOND)
    return circuit.refuse(signature, reason=reason, by=by, now=now, trace=trace)
