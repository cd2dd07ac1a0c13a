"""The other side of a drill, in its own process and database: prepare the tables, ask for work."""

import os
import sys

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.drills.settings"

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import transaction  # noqa: E402

from core import jobs  # noqa: E402
from core.jobs import asking  # noqa: E402
from core.models import Job  # noqa: E402
from tests.drills import tasks  # noqa: E402


def prepare() -> None:
    call_command("migrate", run_syncdb=True, verbosity=0)


def ask(count: str) -> None:
    for number in range(int(count)):
        with transaction.atomic():
            jobs.enqueue(tasks.mark, number=number)


def ask_long() -> None:
    jobs.enqueue(tasks.long, number=1)


def send_again() -> None:
    """A second message for every job, as a broker does that delivers twice."""
    for job in Job.objects.all():
        asking.send(job)


if __name__ == "__main__":
    globals()[sys.argv[1]](*sys.argv[2:])
