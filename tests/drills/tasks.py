"""The work of the drills: each job takes a moment, then writes one mark in the transaction that closes it."""

import os
import time

from core import jobs
from core.jobs import working
from core.models import Job
from tests.drills.models import Mark

if os.environ.get("DRILL_WITHOUT_GUARD"):
    # What the guard is worth: every message is worked on, and nothing is checked at the end.
    def _take_anyway(public_id):
        job = Job.objects.get(public_id=public_id)
        return working._Run(job, job.claim, jobs.named(job.kind))

    working._claim = _take_anyway
    working._Run.close = lambda run, result, stored: setattr(run, "closed", True)


@jobs.task(key="mark:{number}", max_tries=30)
def mark(*, number: int, **_later: object) -> None:
    jobs.progress(0, 2)
    time.sleep(0.1)
    with jobs.closing():
        Mark.objects.create(number=number)
        time.sleep(0.02)


@jobs.task(key="long:{number}")
def long(*, number: int, **_later: object) -> None:
    """Longer than the lease by far."""
    for step in range(25):
        jobs.progress(step, 25)
        time.sleep(0.2)
    with jobs.closing():
        Mark.objects.create(number=number)
