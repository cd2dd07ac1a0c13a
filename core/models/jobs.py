"""Background jobs: one row for one piece of work. The row is the truth; what a broker carries only wakes a worker."""

import uuid
from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone


class JobState(models.TextChoices):
    WAITING = "waiting", "en attente"
    RUNNING = "running", "en cours"
    DONE = "done", "terminé"
    FAILED = "failed", "échoué"
    CANCELLED = "cancelled", "annulé"


ALIVE = (JobState.WAITING, JobState.RUNNING)


class JobQuerySet(models.QuerySet["Job"]):
    def alive(self) -> Self:
        return self.filter(state__in=ALIVE)

    def due(self, now: datetime) -> Self:
        """What a worker may start now: asked for, not put off to later."""
        return self.filter(Q(not_before=None) | Q(not_before__lte=now), state=JobState.WAITING)

    def abandoned(self, now: datetime) -> Self:
        """Running without a worker: the lease ran out, or ends later than any lease may (the clock was set back)."""
        longest = timedelta(seconds=2 * settings.JOBS_LEASE_SECONDS)
        return self.filter(Q(lease_until__lt=now) | Q(lease_until__gt=now + longest), state=JobState.RUNNING)

    def claimable(self, now: datetime) -> Self:
        return self.due(now) | self.abandoned(now)


def result_path(job: "Job", filename: str) -> str:
    """A random name: the one that people see stands in `result_name`."""
    return f"jobs/{uuid.uuid4().hex}"


class Job(models.Model):
    """One piece of background work, from asking to result. Personal data: none but in `result_file`, kept 7 days."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=120)  # the name of the task
    key = models.CharField(max_length=200)  # what this work is about: one alive job for one key
    once = models.BooleanField(default=False)  # never again under this key, even when it is finished
    arguments = models.JSONField(default=dict)  # ids and dates only
    scope = models.CharField(max_length=8, blank=True)  # the school's UAI; core knows no school
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,  # the work and its result are the school's, not the account's
        null=True,
        related_name="+",
    )
    state = models.CharField(max_length=9, choices=JobState.choices, default=JobState.WAITING)

    created_at = models.DateTimeField(default=timezone.now)
    not_before = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)  # last message to the workers
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    claim = models.UUIDField(null=True)  # the fence: only the run that holds it may close the job
    lease_until = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    rerun = models.BooleanField(default=False)  # asked again while running: once more after this run

    progress_done = models.PositiveIntegerField(default=0)
    progress_total = models.PositiveIntegerField(null=True)
    message = models.CharField(max_length=300, blank=True)
    error = models.CharField(max_length=500, blank=True)
    result = models.JSONField(default=dict)
    result_file = models.FileField(upload_to=result_path, blank=True)
    result_name = models.CharField(max_length=200, blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key"], condition=Q(state__in=ALIVE), name="job_one_alive_by_key"),
            models.UniqueConstraint(fields=["key"], condition=Q(once=True), name="job_once_by_key"),
            models.CheckConstraint(
                condition=Q(state=JobState.RUNNING, claim__isnull=False, lease_until__isnull=False)
                | Q(~Q(state=JobState.RUNNING), claim=None, lease_until=None),
                name="job_running_has_claim",
            ),
            models.CheckConstraint(
                condition=Q(state__in=ALIVE, finished_at=None) | Q(~Q(state__in=ALIVE), finished_at__isnull=False),
                name="job_finished_has_date",
            ),
            models.CheckConstraint(
                condition=Q(progress_total=None) | Q(progress_done__lte=F("progress_total")),
                name="job_progress_within_total",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "created_at"], condition=Q(state__in=ALIVE), name="job_alive"),
            models.Index(fields=["scope", "-created_at"], name="job_scope_created"),
            models.Index(fields=["finished_at"], name="job_finished"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.reference}"

    @property
    def reference(self) -> str:
        """What people quote when they ask for help; the logs carry the whole identifier."""
        return self.public_id.hex[:8].upper()

    @property
    def is_alive(self) -> bool:
        return self.state in ALIVE

    @property
    def percent(self) -> int | None:
        """Whole per cents, rounded down: 100 only when all is done. None when nobody counts."""
        return 100 * self.progress_done // self.progress_total if self.progress_total else None
