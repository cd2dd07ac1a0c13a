"""Reads across papers and their signatures, shaped for the pages: who signed, who is missing, which edition is the last."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Max, Prefetch, QuerySet

from documents.enums import SIGNED, SignatureRole, SignatureStatus
from documents.models import Document, Reminder, Signature

S = SignatureStatus

ORDER = (
    SignatureRole.HOST, SignatureRole.PARTNER, SignatureRole.TUTOR, SignatureRole.STUDENT, SignatureRole.GUARDIAN,
    SignatureRole.REFERENT, SignatureRole.HEAD,
)  # fmt: skip
"""The boxes of the paper; the head of the school signs last (R-CONV-03)."""

SIGNERS: dict[str, str] = {
    SignatureRole.HEAD: "la direction",
    SignatureRole.HOST: "l’entreprise",
    SignatureRole.STUDENT: "l’élève",
    SignatureRole.GUARDIAN: "la famille",
    SignatureRole.REFERENT: "le référent",
    SignatureRole.TUTOR: "le tuteur",
    SignatureRole.PARTNER: "le partenaire",
}
"""Who signs, in two words."""


def in_boxes(signatures: Iterable[Signature]) -> list[Signature]:
    """Signatures in the order of the boxes of the paper."""
    return sorted(signatures, key=lambda row: ORDER.index(SignatureRole(row.role)))


def with_signatures(documents: QuerySet[Document]) -> QuerySet[Document]:
    """Each paper with its signatures, as `signing`: one query for a page of them, however many papers there are."""
    rows = Signature.objects.order_by("turn", "pk").only(
        "public_id", "document_id", "school_id", "role", "name", "status", "date", "optional", "turn"
    )
    return documents.prefetch_related(Prefetch("signatures", queryset=rows, to_attr="signing"))


def with_reminders(documents: QuerySet[Document]) -> QuerySet[Document]:
    """After `with_signatures`: what was sent about each signature, for `last_reminded`."""
    rows = Reminder.objects.only("signature_id", "school_id", "kind", "sent_at").order_by("-sent_at")
    return documents.prefetch_related(Prefetch("signing__reminders", queryset=rows, to_attr="sent"))


def last_reminded(document: Any) -> datetime | None:
    """When someone was last written to about this paper; None when nobody was."""
    return max((line.sent_at for row in document.signing for line in row.sent), default=None)


def counted(document: Any) -> list[Signature]:
    """The signatures that the paper needs, and those that were given besides."""
    return [row for row in document.signing if row.counts]


def missing(document: Any) -> list[Signature]:
    """Those that the paper still waits for, in the order of its boxes."""
    return in_boxes(row for row in counted(document) if row.status == S.AWAITED)


def refused(document: Any) -> list[Signature]:
    return in_boxes(row for row in counted(document) if row.status == S.REFUSED)


def signed(document: Any) -> list[Signature]:
    return in_boxes(row for row in counted(document) if row.status in SIGNED)


def signature_state(document: Any) -> str:
    """A status code of core.status for a paper read by `with_signatures`."""
    statuses = {row.status for row in counted(document)}
    if document.voided_at is not None or statuses == {S.VOIDED}:
        return "remplace"
    if S.REFUSED in statuses:
        return "refusee"
    if S.AWAITED in statuses:
        return "a_signer"
    return "signe" if statuses & set(SIGNED) else "edite"


def replaced(documents: Sequence[Document]) -> set[int]:
    """Which of these papers of one school have a newer edition: primary keys."""
    if not documents:
        return set()
    key = ("subject", "subject_id", "type", "number")
    last = {
        tuple(row[name] for name in key): row["last"]
        for row in Document.objects.in_school(documents[0].school_id)
        .filter(number__in={document.number for document in documents})
        .order_by()
        .values(*key)
        .annotate(last=Max("edition"))
    }
    return {
        document.pk
        for document in documents
        if last.get(tuple(getattr(document, name) for name in key), 0) > document.edition
    }
