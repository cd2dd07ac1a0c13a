"""What the clock starts (bdeplatform/celery.py): the sweep of the jobs, the day's work, the tidying of both tables."""

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from core import jobs, mail


@shared_task(name="core.sweep")
def sweep(*, everything: bool = False, **_later: object) -> None:
    jobs.sweep(timezone.now(), resend_after=timedelta(0) if everything else None)


@shared_task(name="core.ask_daily")
def ask_daily(clock: list[tuple[str, str]], **_later: object) -> None:
    jobs.ask_daily(clock, timezone.now())


@jobs.task(key="tidy-jobs:{date}", label="Rangement des fichiers produits")
def tidy_jobs(**_later: object) -> None:
    now = timezone.now()
    jobs.remove_old_files(now)
    jobs.forget_old(now)


@jobs.task(key="tidy-outbox:{date}", label="Rangement des courriels envoyés")
def tidy_outbox(**_later: object) -> None:
    mail.forget_old(timezone.now())
