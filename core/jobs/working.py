"""Doing the work: claim, renew, close. One `_Run` is one try of one job by the holder of its token."""

import logging
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta
from typing import Any

from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.db import DatabaseError, connection, connections, transaction
from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils import timezone

from core.jobs.asking import insert
from core.jobs.registry import TASKS, Failure, LeaseLost, Postponed, Result, Task
from core.models import Job, JobState
from core.models.jobs import result_path

log = logging.getLogger(__name__)

RETRY_DELAYS = (
    timedelta(seconds=15),
    timedelta(minutes=2),
    timedelta(minutes=10),
    timedelta(hours=1),
    timedelta(hours=6),  # and so on: mail waits for its server for most of a day
)


class _Run:
    """One try of one job, by the holder of its token."""

    def __init__(self, job: Job, token: uuid.UUID, known: Task) -> None:
        self.job = job
        self.token = token
        self.task = known
        self.lost = False
        self.closed = False
        self.progress: dict[str, Any] = {}
        self._stop = threading.Event()
        # Inside a transaction (a test's), another connection would not see the row: progress is then written directly.
        self._thread = None if connection.in_atomic_block else threading.Thread(target=self._renew_until_stopped)

    def _mine(self) -> Any:
        return Job.objects.filter(pk=self.job.pk, claim=self.token, state=JobState.RUNNING)

    def __enter__(self) -> "_Run":
        if self._thread:
            self._thread.daemon = True
            self._thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._stop.set()
        if self._thread:
            self._thread.join()

    def _renew_until_stopped(self) -> None:
        """Every second show the progress, and renew the lease long before its end; from a connection of its own."""
        renew_after = settings.JOBS_LEASE_SECONDS / 3
        renewed, shown = time.monotonic(), self.progress
        while not self._stop.wait(min(1.0, renew_after)):
            progress = self.progress
            if progress is shown and time.monotonic() - renewed < renew_after:
                continue
            try:
                self._renew(progress)
            except DatabaseError:
                log.warning("job.lease_not_renewed", extra={"job": self.job.public_id}, exc_info=True)
            else:
                renewed, shown = time.monotonic(), progress
        connections.close_all()

    def _renew(self, progress: dict[str, Any]) -> None:
        lease = timezone.now() + timedelta(seconds=settings.JOBS_LEASE_SECONDS)
        if not self._mine().update(lease_until=lease, **progress):
            self.lost = True

    def show(self, progress: dict[str, Any]) -> None:
        self.progress = progress
        if self._thread is None:
            self._renew(progress)
        if self.lost:
            raise LeaseLost

    def close(self, result: Result, stored: str) -> None:
        """Mark the job done in the current transaction, or raise LeaseLost so that it is rolled back."""
        values: dict[str, Any] = {"result": result.data, "result_file": stored, "result_name": result.name}
        if not self._finish(JobState.DONE, message=result.message, **values):
            raise LeaseLost
        if self.task.rerun and Job.objects.filter(pk=self.job.pk, rerun=True).exists():
            self._ask_again()
        self.closed = True

    def _ask_again(self) -> None:
        first = self.job
        again = Job(kind=first.kind, key=first.key, arguments=first.arguments, scope=first.scope)
        again.asked_by_id = first.asked_by_id
        again.progress_total = first.progress_total
        insert(again)

    def _finish(self, state: JobState, **values: Any) -> bool:
        progress = {**self.progress, **values}
        return bool(
            self._mine().update(state=state, claim=None, lease_until=None, finished_at=timezone.now(), **progress)
        )

    def fail(self, sentence: str) -> None:
        self._finish(JobState.FAILED, error=sentence[:500])

    def put_back(self, not_before: datetime | None, message: str, *, counts: bool) -> None:
        self._mine().update(
            state=JobState.WAITING,
            claim=None,
            lease_until=None,
            not_before=not_before,
            message=message[:300],
            progress_done=0,
            rerun=False,
            tries=F("tries") if counts else F("tries") - 1,
        )


_running: ContextVar[_Run | None] = ContextVar("running", default=None)


def _claim(public_id: uuid.UUID) -> _Run | None:
    """Take the job for this worker; None when it is not to be taken. One conditional update decides, on both databases."""
    job = Job.objects.filter(public_id=public_id).first()
    known = TASKS.get(job.kind) if job else None
    if job is None or known is None:
        return None
    now, token = timezone.now(), uuid.uuid4()
    taken = (
        Job.objects.claimable(now)
        .filter(pk=job.pk, tries__lt=known.max_tries)
        .update(
            state=JobState.RUNNING,
            claim=token,
            lease_until=now + timedelta(seconds=settings.JOBS_LEASE_SECONDS),
            started_at=Coalesce(F("started_at"), now),
            tries=F("tries") + 1,
            rerun=False,
        )
    )
    if not taken:
        return None
    job.refresh_from_db()
    return _Run(job, token, known)


def run(public_id: uuid.UUID) -> None:
    """What a worker does with a message: claim, work, close. Never raises for what the body does."""
    run_ = _claim(public_id)
    if run_ is None:
        return
    ids = {"job": run_.job.public_id, "kind": run_.job.kind, "attempt": run_.job.tries}
    log.info("job.started", extra=ids)
    before = time.monotonic()
    token = _running.set(run_)
    try:
        with run_:
            _work(run_, ids)
    finally:
        _running.reset(token)
        log.info("job.left", extra={**ids, "seconds": round(time.monotonic() - before, 3)})


def _work(run_: _Run, ids: dict[str, Any]) -> None:
    try:
        result = run_.task.body(**run_.job.arguments)
        if not run_.closed:
            with closing(result or Result()):
                pass
    except LeaseLost:
        log.warning("job.lease_lost", extra=ids)
    except Postponed as wait:
        run_.put_back(wait.until, wait.message, counts=False)
    except Failure as failure:
        log.info("job.refused", extra=ids)
        run_.fail(str(failure))
    except SoftTimeLimitExceeded:
        log.error("job.too_long", extra=ids)
        run_.fail(f"Ce travail dure plus longtemps que permis ; il a été arrêté. Référence : {run_.job.reference}.")
    except Exception:
        log.exception("job.crashed", extra=ids)
        if run_.job.tries >= run_.task.max_tries:
            run_.fail(gave_up(run_.job))
        else:
            delay = RETRY_DELAYS[min(run_.job.tries, len(RETRY_DELAYS)) - 1]
            run_.put_back(timezone.now() + delay, "Un incident a interrompu ce travail. Il va reprendre.", counts=True)
    except BaseException:  # the process is asked to stop: the next worker need not wait for the lease
        run_.put_back(None, "", counts=False)
        raise


def gave_up(job: Job) -> str:
    return (
        f"Ce travail n’a pas abouti après {job.tries} essais. Recommencez plus tard ; si cela se reproduit, "
        f"donnez la référence {job.reference} à la personne qui administre la plateforme."
    )


def progress(done: int, total: int, message: str = "") -> None:
    """Say how far the body is; cheap enough to call for each item. Raises LeaseLost when the job was taken away.

    Outside a job (a command runs the same body) it does nothing.
    """
    run_ = _running.get()
    if run_ is not None:
        run_.show({"progress_done": min(done, total), "progress_total": total, "message": message[:300]})


@contextmanager
def closing(result: Result | None = None) -> Iterator[None]:
    """The transaction that writes what the job makes, and closes the job with it: both, or neither.

    Raises LeaseLost at its end, and so rolls back, when this run no longer holds the job. Outside a job it is a plain
    transaction. Use it once, last.
    """
    run_ = _running.get()
    if run_ is None:
        with transaction.atomic():
            yield
        return
    result = result or Result()
    stored = _store(run_.job, result.file)
    try:
        with transaction.atomic():
            yield
            run_.close(result, stored)
    except BaseException:
        run_.closed = False
        if stored:
            default_storage.delete(stored)
        raise


def _store(job: Job, content: bytes | File | None) -> str:
    if content is None:
        return ""
    with ContentFile(content) if isinstance(content, bytes) else content as file:
        return default_storage.save(result_path(job, ""), file)
