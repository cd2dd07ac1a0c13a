"""Looking after the jobs: what is late is sent again, the day's work is asked for, what is old goes."""

import logging
import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.core.files.storage import default_storage
from django.db.models import F, Q
from django.utils import timezone

from core.jobs.asking import enqueue, send
from core.jobs.registry import TASKS, named
from core.jobs.working import gave_up, run
from core.models import Job, JobState

log = logging.getLogger(__name__)


def give_up(now: datetime) -> None:
    """Close the jobs that killed their worker each time they were tried."""
    for job in Job.objects.abandoned(now):
        known = TASKS.get(job.kind)
        if known is not None and job.tries >= known.max_tries:
            Job.objects.abandoned(now).filter(pk=job.pk, claim=job.claim).update(
                state=JobState.FAILED, claim=None, lease_until=None, finished_at=now, error=gave_up(job)
            )


def sweep(now: datetime, *, resend_after: timedelta | None = None) -> int:
    """Wake workers for what is late: never sent, sent long ago, put off until now, or left by a dead worker.

    Returns how many were sent. A worker that starts asks with `resend_after` zero: messages that died with the last one are
    replaced, and a message too many does no harm.
    """
    give_up(now)
    if resend_after is None:
        resend_after = timedelta(seconds=settings.JOBS_RESEND_SECONDS)
    forgotten = Q(sent_at=None) | Q(sent_at__lte=now - resend_after)
    since_ripe = Q(sent_at__lte=F("not_before")) | Q(sent_at__lte=F("lease_until"))
    sent = 0
    for job in Job.objects.claimable(now).filter(forgotten | since_ripe).order_by("created_at")[:500]:
        if job.kind not in TASKS:
            log.error("job.unknown_kind", extra={"job": job.public_id, "kind": job.kind})
            continue
        if not send(job):
            break
        Job.objects.filter(pk=job.pk).update(sent_at=now)
        sent += 1
    return sent


def run_waiting() -> int:
    """Do everything that may be done now, in this process and in order; returns how many were taken up.

    For tests, and for an installation without a worker (`manage.py run_jobs`).
    """
    give_up(timezone.now())
    taken = 0
    seen: set[uuid.UUID] = set()
    while True:
        ready = Job.objects.claimable(timezone.now()).filter(kind__in=TASKS).exclude(public_id__in=seen)
        public_id = ready.order_by("created_at").values_list("public_id", flat=True).first()
        if public_id is None:
            return taken
        seen.add(public_id)
        run(public_id)
        taken += 1


def ask_daily(clock: list[tuple[str, str]], now: datetime) -> list[Job]:
    """Ask for the day's work whose hour has come, once for each date; returns what is new.

    `clock` holds (hour "HH:MM", name of the task); both are read on the school's clock (Europe/Paris). The date is part of
    the key: an hour that comes twice, a clock set back, two schedulers at once change nothing, and a machine that was off at
    night catches up when it starts. The task receives `date` (ISO text).
    """
    local = timezone.localtime(now)
    ripe = {named(name).key.format(date=local.date()): named(name) for at, name in clock if at <= f"{local:%H:%M}"}
    known = set(Job.objects.filter(key__in=ripe, once=True).values_list("key", flat=True))
    return [enqueue(asked, once=True, date=local.date()) for key, asked in ripe.items() if key not in known]


def remove_old_files(now: datetime, *, keep: timedelta = timedelta(days=7)) -> int:
    """Delete result files of jobs finished before `keep`, and files that no row knows (a worker died while writing)."""
    removed = 0
    old = Job.objects.filter(finished_at__lt=now - keep).exclude(result_file="")
    for job in old.iterator():
        job.result_file.delete(save=False)
        Job.objects.filter(pk=job.pk).update(
            result_file="", message="Le fichier a été effacé au bout de 7 jours. Refaites la demande pour l’obtenir."
        )
        removed += 1
    if default_storage.exists("jobs"):
        known = set(Job.objects.exclude(result_file="").values_list("result_file", flat=True))
        for name in default_storage.listdir("jobs")[1]:
            path = f"jobs/{name}"
            if path not in known and default_storage.get_modified_time(path) < now - keep:
                default_storage.delete(path)
                removed += 1
    return removed


def forget_old(now: datetime, *, keep: timedelta = timedelta(days=180)) -> int:
    """Delete the rows of jobs finished long ago: they are a technical log (P-03, 6 months)."""
    return Job.objects.filter(finished_at__lt=now - keep, result_file="").delete()[0]
