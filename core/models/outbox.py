"""Mail that waits to leave: written in the transaction of what it announces, sent by a job."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone


class OutboxState(models.TextChoices):
    WAITING = "waiting", "en attente"
    SENT = "sent", "envoyé"
    FAILED = "failed", "non envoyé"


class OutboxMessage(models.Model):
    """One message to one person. Personal data: `recipient`, `body` (erased once sent, since it may carry a link)."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    key = models.CharField(max_length=200, unique=True)  # the same message is never written twice
    scope = models.CharField(max_length=8, blank=True)
    recipient = models.CharField(max_length=254)
    reply_to = models.CharField(max_length=254, blank=True)  # whom an answer goes to; "" for the platform's own address
    subject = models.CharField(max_length=200)  # no name in it (S-28)
    body = models.TextField(blank=True)
    urgent = models.BooleanField(default=False)  # leaves even when the day's cap is reached: codes, lost passwords
    state = models.CharField(max_length=7, choices=OutboxState.choices, default=OutboxState.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(recipient__contains="\n") & ~Q(recipient__contains="\r"),
                name="outbox_recipient_one_line",
            ),
            models.CheckConstraint(
                condition=~Q(subject__contains="\n") & ~Q(subject__contains="\r"), name="outbox_subject_one_line"
            ),
            models.CheckConstraint(
                condition=Q(state=OutboxState.SENT, sent_at__isnull=False)
                | Q(~Q(state=OutboxState.SENT), sent_at=None),
                name="outbox_sent_has_date",
            ),
        ]
        indexes = [models.Index(fields=["sent_at"], name="outbox_sent")]

    def __str__(self) -> str:
        return f"message {self.public_id}"
