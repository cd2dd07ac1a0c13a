"""Write in the journal."""

from typing import Any

from django.db import models

from core.models import AuditEvent


def record(verb: str, subject: models.Model | None = None, *, by: Any = None, scope: str = "", **payload: Any) -> None:
    """Add a line in the caller's transaction: verb `app.what_happened`, the thing, who (a User, or None for a job).

    `scope` is the school's UAI; left out, it is read from `subject.school`. The payload holds ids and field names only.
    """
    school = getattr(subject, "school", None)
    AuditEvent.objects.create(
        actor=by if by is not None and by.pk else None,
        scope=scope or getattr(school, "uai", ""),
        verb=verb,
        subject_type=subject._meta.label if subject is not None else "",
        subject_id=getattr(subject, "public_id", None),
        payload=payload,
    )
