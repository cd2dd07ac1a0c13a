"""The ledger of what was sent to signers: which signatures were asked for, when, and whether a paper went out online at all."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Max, Min, Q

from documents.enums import LinkChannel, ReminderKind
from documents.models import Document, Reminder, Signature, SigningLink
from schools.models import School


@dataclass(frozen=True)
class Story:
    """What was sent about one signature."""

    last: datetime | None = None
    automatic: int = 0
    reminded: bool = False


NOTHING = Story()


def write(signatures: Iterable[Signature], *, kind: ReminderKind, key: str, by: Any, now: datetime) -> None:
    """A line for each of these signatures that one message asks for; `key` is the message's in the outbox."""
    Reminder.objects.bulk_create(
        Reminder(
            school_id=row.school_id,
            signature=row,
            kind=kind,
            channel=LinkChannel.MAIL,
            sent_at=now,
            message_key=key,
            created_by=by,
            updated_by=by,
        )
        for row in signatures
    )


def stories(school: School, signatures: Iterable[int]) -> dict[int, Story]:
    """What was sent about each signature that something was sent about, links handed over by the bureau included."""
    wanted = list(signatures)
    rows = (
        Reminder.objects.in_school(school)
        .filter(signature__in=wanted)
        .values("signature")
        .annotate(
            last=Max("sent_at"),
            automatic=Count("pk", filter=Q(kind=ReminderKind.AUTOMATIC)),
            others=Count("pk", filter=~Q(kind=ReminderKind.FIRST)),
        )
    )
    found = {row["signature"]: Story(row["last"], row["automatic"], row["others"] > 0) for row in rows}
    handed = (
        SigningLink.objects.in_school(school)
        .filter(signature__in=wanted, channel=LinkChannel.COPY)
        .values_list("signature")
        .annotate(moment=Min("created_at"))
    )
    for pk, moment in handed:
        found.setdefault(pk, Story(moment))
    return found


def was_sent(document: Document) -> bool:
    """Was this paper sent to anybody to be signed online? One that goes round on paper is not."""
    rows = {"signature__document": document}
    return (
        Reminder.objects.in_school(document.school_id).filter(**rows).exists()
        or SigningLink.objects.in_school(document.school_id).filter(**rows).exclude(channel=LinkChannel.SHEET).exists()
    )
