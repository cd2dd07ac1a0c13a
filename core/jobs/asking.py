"""Asking for work: the row in the caller's transaction, the message on commit."""

import logging
import time
import uuid
from datetime import date, datetime
from typing import Any

from django.db import DatabaseError, transaction
from django.utils import timezone

from core.jobs.registry import Task, named
from core.models import Job, JobState

log = logging.getLogger(__name__)

BROKER_REST_SECONDS = 15  # after a failed message, requests of this process do not wait for the broker again


def _plain(name: str, value: Any) -> Any:
    """An id or a date as JSON keeps it. TypeError for anything else: a row must not freeze yesterday's data."""
    if isinstance(value, (list, tuple)):
        return [_plain(name, item) for item in value]
    if isinstance(value, uuid.UUID):
        return str(value)
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    if value is None or isinstance(value, (bool, int)) or (isinstance(value, str) and len(value) <= 100):
        return value
    raise TypeError(f"Argument {name} of a job must be an id or a date.")


def enqueue(
    asked: Task, *, by: Any = None, scope: str = "", total: int | None = None, once: bool = False, **ids: Any
) -> Job:
    """Ask for a task, in the caller's transaction; returns its job, new or already alive under the same key.

    `by` is the User who asks (None: the platform), `scope` the school's UAI. Dates arrive in the body as ISO text. The
    broker is not needed: without it the job waits for the next sweep.
    """
    arguments = {name: _plain(name, value) for name, value in ids.items()}
    key = asked.key.format(**arguments)
    while True:
        job = Job(
            kind=asked.name,
            key=key,
            once=once,
            arguments=arguments,
            scope=scope,
            asked_by=by if by is not None and by.pk else None,
            progress_total=total,
        )
        if insert(job):
            return job
        taken = Job.objects.filter(key=key)
        found = taken.alive().first() or (taken.filter(once=True).first() if once else None)
        if found is None:
            continue  # it finished between the two queries
        if not (asked.rerun and found.state == JobState.RUNNING):
            return found
        if Job.objects.filter(pk=found.pk, state=JobState.RUNNING).update(rerun=True):
            return found


def insert(job: Job) -> bool:
    """Insert the row unless its key is taken (the database decides), and wake a worker on commit."""
    job.sent_at = job.created_at  # the message leaves with the commit; if it fails, the sweep sees an old date
    Job.objects.bulk_create([job], ignore_conflicts=True)
    stored = Job.objects.filter(public_id=job.public_id).values_list("pk", flat=True).first()
    if stored is None:
        return False
    job.pk = stored
    transaction.on_commit(lambda: _wake(job))
    return True


class _Broker:
    """Messages leave through it; after a failure it is left alone for a while, so that requests do not wait in turn."""

    rests_until = 0.0

    def send(self, job: Job) -> bool:
        try:
            named(job.kind).doorway.apply_async(kwargs={"job": str(job.public_id)}, retry=False)
        except Exception:  # whatever the transport raises: a broker that is away must not break a request
            self.rests_until = time.monotonic() + BROKER_REST_SECONDS
            log.warning("job.broker_away", extra={"job": job.public_id, "kind": job.kind}, exc_info=True)
            return False
        return True


_broker = _Broker()


def send(job: Job) -> bool:
    """Send the message that wakes a worker; False when the broker does not take it."""
    return _broker.send(job)


def _wake(job: Job) -> None:
    """On commit: never raises and hardly waits. When no message leaves, the row says so and the next sweep sends it."""
    if time.monotonic() >= _broker.rests_until and _broker.send(job):
        return
    try:
        Job.objects.filter(pk=job.pk, state=JobState.WAITING).update(sent_at=None)
    except DatabaseError:
        log.warning("job.unsent_not_marked", extra={"job": job.public_id})


def cancel(job: Job) -> bool:
    """Stop a job that waits or runs; True if it was alive. A running body writes nothing more."""
    return bool(
        Job.objects.alive()
        .filter(pk=job.pk)
        .update(
            state=JobState.CANCELLED,
            claim=None,
            lease_until=None,
            finished_at=timezone.now(),
            error="Annulé à votre demande. Rien n’a été enregistré.",
        )
    )


def retry(job: Job, *, by: Any = None) -> Job:
    """Ask again for a job that failed or was cancelled; returns the new job, or the one already alive."""
    if job.state not in (JobState.FAILED, JobState.CANCELLED):
        return job
    return enqueue(named(job.kind), by=by, scope=job.scope, total=job.progress_total, **job.arguments)
