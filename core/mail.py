"""Mail leaves through an outbox: written with what it announces, in one transaction, and delivered by a job (R-04)."""

import logging
import re
from datetime import datetime, time, timedelta
from smtplib import SMTPRecipientsRefused
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.core.validators import validate_email
from django.db.models import Count
from django.utils import timezone

from core import jobs
from core.models import OutboxMessage, OutboxState

log = logging.getLogger(__name__)

LINE_BREAK = re.compile(r"[\r\n\v\f\x1c-\x1e\x85\u2028\u2029\0]")


class Unsendable(ValueError):
    """The address or the subject cannot be those of a message; the French sentence says why."""


def send_later(
    *,
    to: str,
    subject: str,
    body: str,
    key: str,
    scope: str = "",
    urgent: bool = False,
    reply_to: str = "",
    by: Any = None,
) -> OutboxMessage:
    """Write one message to one person in the caller's transaction; a job sends it after the commit.

    `key` names what the message is about ("reminder:{placement}:{date}"): a second call with it returns the first message
    and sends nothing. `subject` names no one (S-28). `reply_to`: where an answer goes, the platform's address when it is empty
    or no address. `urgent` messages (codes, lost passwords) leave whatever the day's cap.
    Raises Unsendable for anything but one plain address and a one-line subject (S-23).
    """
    if LINE_BREAK.search(to):
        raise Unsendable("L’adresse tient sur une seule ligne.")
    if LINE_BREAK.search(subject):
        raise Unsendable("L’objet du message tient sur une seule ligne.")
    try:
        validate_email(to)
    except ValidationError:
        raise Unsendable("L’adresse du destinataire n’est pas une adresse de courriel.") from None
    fresh = OutboxMessage(
        key=key,
        scope=scope,
        recipient=to,
        reply_to=reply_to if is_address(reply_to) else "",
        subject=subject,
        body=body,
        urgent=urgent,
    )
    OutboxMessage.objects.bulk_create([fresh], ignore_conflicts=True)
    message = OutboxMessage.objects.get(key=key)
    if message.public_id == fresh.public_id:
        jobs.enqueue(deliver, by=by, scope=scope, message_id=message.pk)
    return message


def is_address(text: str) -> bool:
    """Can a message be sent there: one plain address, on one line?"""
    try:
        validate_email(text)
    except ValidationError:
        return False
    return not LINE_BREAK.search(text)


@jobs.task(key="mail:{message_id}", label="Envoi d’un courriel", max_tries=8)
def deliver(*, message_id: int, **_later: object) -> None:
    """Send one message. A worker killed between the sending and the commit sends it again under the same Message-ID."""
    message = OutboxMessage.objects.filter(pk=message_id, state=OutboxState.WAITING).first()
    if message is None:
        return
    now = timezone.now()
    if not message.urgent and _cap_is_reached(now):
        raise jobs.Postponed(_tomorrow(now), "Le nombre de courriels du jour est atteint. L’envoi reprend demain.")
    OutboxMessage.objects.filter(pk=message_id).update(tries=message.tries + 1)
    try:
        EmailMessage(
            message.subject,
            message.body,
            settings.DEFAULT_FROM_EMAIL,
            [message.recipient],
            reply_to=[message.reply_to] if message.reply_to else None,
            headers={"Message-ID": _message_id(message)},
        ).send()
    except SMTPRecipientsRefused:
        OutboxMessage.objects.filter(pk=message_id).update(state=OutboxState.FAILED, body="")
        raise jobs.Failure("Le serveur de courriel refuse l’adresse du destinataire.") from None
    except Exception:
        if message.tries + 1 >= deliver.max_tries:
            OutboxMessage.objects.filter(pk=message_id).update(state=OutboxState.FAILED)
        raise
    with jobs.closing():
        OutboxMessage.objects.filter(pk=message_id).update(state=OutboxState.SENT, sent_at=timezone.now(), body="")


def states(scope: str, prefix: str) -> dict[str, int]:
    """How many messages with these keys wait, left, or did not, by state: messages are forgotten after six months."""
    rows = OutboxMessage.objects.filter(scope=scope, key__startswith=prefix)
    counted = dict(rows.order_by().values_list("state").annotate(Count("pk")))
    return {state: counted.get(state, 0) for state in OutboxState.values}


def refused_of(scope: str, prefix: str) -> set[UUID]:
    """Of messages with these keys, which end with `:` and a public id: those whose address refused them."""
    failed = OutboxMessage.objects.filter(scope=scope, key__startswith=prefix, state=OutboxState.FAILED)
    return {UUID(key.rpartition(":")[2]) for key in failed.values_list("key", flat=True)}


def _message_id(message: OutboxMessage) -> str:
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip("> ")
    return f"<{message.public_id}@{domain}>"


def _midnight(day: datetime) -> datetime:
    return timezone.make_aware(datetime.combine(timezone.localdate(day), time.min))


def _tomorrow(now: datetime) -> datetime:
    return _midnight(_midnight(now) + timedelta(hours=36))


def _cap_is_reached(now: datetime) -> bool:
    """The cap stops a loop or a mistake; two workers at the same instant may go over it by one."""
    sent_today = OutboxMessage.objects.filter(sent_at__gte=_midnight(now)).count()
    return bool(settings.MAIL_DAILY_CAP) and sent_today >= settings.MAIL_DAILY_CAP


def forget_old(now: datetime, *, keep: timedelta = timedelta(days=180)) -> int:
    """Delete messages written long ago, sent or not: a technical log (P-03, 6 months)."""
    return OutboxMessage.objects.filter(created_at__lt=now - keep).delete()[0]
