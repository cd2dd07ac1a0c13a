"""Declaring a kind of work."""

import uuid
from collections.abc import Callable

from celery import shared_task

from core.jobs.registry import TASKS, UNNAMED, Result, Task
from core.jobs.working import run


def task(
    *, key: str, label: str = "", max_tries: int = 4, rerun: bool = False
) -> Callable[[Callable[..., Result | None]], Task]:
    """Declare a job's body: a function of ids given by keyword, that accepts others it does not know (`**_later`).

    `key` is a format of its ids ("document:{document_id}"), `label` the French name that people read. The task is named
    `app.function`; rows in the table carry that name, so renaming a function loses those that wait.
    """

    def declare(body: Callable[..., Result | None]) -> Task:
        name = f"{body.__module__.partition('.')[0]}.{body.__name__}"

        @shared_task(name=name)
        def doorway(*, job: str, **_later: object) -> None:
            run(uuid.UUID(job))

        TASKS[name] = Task(name, label or UNNAMED, key, body, max_tries, rerun, doorway)
        return TASKS[name]

    return declare
