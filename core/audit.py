"""Write in the journal."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

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


def record_each(
    verb: str, model: type[models.Model], public_ids: Iterable[UUID], *, by: Any, scope: str, **payload: Any
) -> None:
    """As `record`, one line for each of many things of one kind, in a few statements."""
    AuditEvent.objects.bulk_create(
        [
            AuditEvent(
                actor=by if by is not None and by.pk else None,
                scope=scope,
                verb=verb,
                subject_type=model._meta.label,
                subject_id=public_id,
                payload=payload,
            )
            for public_id in public_ids
        ],
        batch_size=500,
    )
