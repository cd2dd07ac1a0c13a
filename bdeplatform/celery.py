"""The Celery application and the platform's clock.

    celery -A bdeplatform worker --without-gossip --without-mingle --without-heartbeat
    celery -A bdeplatform beat

One scheduler and as many workers as one likes. Stop them with SIGTERM; if they are killed, nothing is lost (core/jobs).
"""

import os
from typing import Any

from celery import Celery
from celery.signals import setup_logging, worker_ready
from django.conf import settings
from kombu.transport import TRANSPORT_ALIASES

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bdeplatform.settings.base")

# The day's work: hour on the school's clock (Europe/Paris), task. A line here is all it takes. Once for each date, caught up
# by a machine that was off at night; the task's key carries {date}, and it receives `date`.
CLOCK = [
    ("00:05", "events.remove_photos"),  # an authorisation ended with the day
    ("02:10", "partners.check_every_school"),
    ("02:40", "partners.locate_every_school"),
    ("03:10", "core.tidy_jobs"),
    ("03:15", "core.tidy_outbox"),
    ("03:20", "exchange.forget_uploads"),
    ("03:20", "schools.forget_tables"),
    ("03:20", "partners.forget_proposals"),
    ("03:25", "partners.tidy_doubles"),
    ("03:20", "pfmp.follow_calendar"),
    ("03:22", "events.follow_classes"),  # before the indicators count who was expected
    ("03:25", "documents.ask_timestamps_again"),
    ("03:30", "indicators.refresh_every_school"),
    ("07:30", "pfmp.write_to_tutors"),
    ("07:40", "pfmp.remind_tutors"),
    ("07:50", "conventions.alert_every_school"),
    ("08:05", "surveys.remind_every_school"),
    ("08:10", "documents.remind_every_school"),  # when people read their mail
    ("08:20", "events.remind_every_school"),
    ("11:00", "pfmp.tell_school_life"),  # once the morning's absences are known
]

TRANSPORT_ALIASES["filesystem"] = "core.folder_broker:Transport"

app = Celery("bdeplatform")
app.set_default()  # for threads too
app.config_from_object("django.conf:settings", namespace="CELERY")  # tasks are found by core.apps


@app.on_after_finalize.connect
def set_schedule(sender: Celery, **_: Any) -> None:
    every = settings.JOBS_SWEEP_SECONDS
    sender.conf.beat_schedule = {
        # Late messages of the scheduler itself are worth nothing: the next ones follow.
        "sweep": {"task": "core.sweep", "schedule": every, "options": {"expires": every}},
        "clock": {"task": "core.ask_daily", "schedule": 60, "args": [CLOCK], "options": {"expires": 60}},
    }


@setup_logging.connect
def keep_django_logging(**_: Any) -> None:
    """Django has set the logs up: one JSON line per event, ids only. Celery's own handlers would add others."""


@worker_ready.connect
def take_up_what_was_left(**_: Any) -> None:
    """A worker that starts looks at once for what the last one left."""
    app.send_task("core.sweep", kwargs={"everything": True})
