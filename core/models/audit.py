"""The journal: who did what to which thing, when. Written by services in their own transaction, never changed."""

from django.conf import settings
from django.db import models


class AuditEvent(models.Model):
    """One line of the journal. `payload` holds ids and field names, never a person's data (S-28)."""

    at = models.DateTimeField(auto_now_add=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,  # the line stays when the account goes
        null=True,
        related_name="+",
    )
    scope = models.CharField(max_length=8, blank=True)  # the school's UAI; core knows no school
    verb = models.CharField(max_length=80)
    subject_type = models.CharField(max_length=80, blank=True)
    subject_id = models.UUIDField(null=True)
    payload = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["scope", "-at"], name="audit_scope_at"),
            models.Index(fields=["subject_id"], name="audit_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.subject_id or ''}".strip()
