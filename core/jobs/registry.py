"""What a kind of work is, what it may leave or raise, and the register of all kinds."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from celery import Task as CeleryTask
from django.core.files.base import File

from core.models import Job

UNNAMED = "Travail en arrière-plan"


class Failure(Exception):
    """The job cannot succeed, and trying again would not help. The French sentence is shown to who asked."""


class Postponed(Exception):
    """The job must wait until a moment; this try does not count. The French sentence says why."""

    def __init__(self, until: datetime, message: str) -> None:
        super().__init__(message)
        self.until = until
        self.message = message


class LeaseLost(Exception):
    """The job was cancelled or given to another worker: nothing of this run may be written."""


@dataclass(frozen=True)
class Result:
    """What a job leaves: a French sentence, small JSON data (`url` and `label` become a link), a file to download."""

    message: str = ""
    data: dict[str, Any] = field(default_factory=dict)
    file: bytes | File | None = None
    name: str = ""  # of the file, as the person will save it


@dataclass(frozen=True)
class Task:
    """A kind of background work. Calling it runs its body here and now, as a command or a test does."""

    name: str
    label: str
    key: str
    body: Callable[..., Result | None]
    max_tries: int
    rerun: bool
    doorway: CeleryTask

    def __call__(self, **arguments: Any) -> Result | None:
        return self.body(**arguments)


TASKS: dict[str, Task] = {}


def named(name: str) -> Task:
    """The task of that name; KeyError when no app declares it."""
    return TASKS[name]


def label(job: Job) -> str:
    """What people call this work."""
    known = TASKS.get(job.kind)
    return known.label if known else UNNAMED
