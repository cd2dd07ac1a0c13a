"""Dossiers in the background: checked, then written; and forgotten after seven days."""

import uuid
from typing import Any

from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from core import jobs
from exchange import exports, imports, sources, uploads
from exchange.imports import Outcome, running
from schools.models import School
from schools.permissions import allows
from schools.roles import Permission
from schools.selectors import membership_of

CHECK_KEY = "exchange-check:{upload}"
IMPORT_KEY = "exchange-import:{upload}"
GONE = "Ce dossier n’est plus conservé : envoyez-le de nouveau."
REFUSED = "Le dossier est refusé. Rien n’a été enregistré : ouvrez le contrôle pour voir les erreurs."


def _demand(by: User, uai: str) -> None:
    """The right is read again when the work begins (S-04)."""
    verdict = allows(membership_of(by, uai) if by.is_active else None, Permission.EXCHANGE_DATA)
    if not verdict:
        raise jobs.Failure(verdict.reason)


def _run(*, uai: str, upload: str, by_id: int, dry_run: bool, **options: Any) -> Outcome:
    """Import a kept dossier for a person who may (still) do it, into their school only (B-19)."""
    kept = uploads.find(uai, uuid.UUID(upload))
    if kept is None:
        raise jobs.Failure(GONE)
    by = User.objects.get(pk=by_id)
    _demand(by, uai)
    try:
        source = kept.open()
    except sources.Unreadable as error:
        outcome = running.refused(error, dry_run=dry_run)
    else:
        try:
            outcome = imports.run(
                source,
                now=timezone.now(),
                uai=uai,
                dry_run=dry_run,
                by=by,
                guard_role=True,
                report=jobs.progress,
                **options,
            )
        finally:
            source.close()
    kept.keep(outcome)
    return outcome


@jobs.task(key=CHECK_KEY, label="Contrôle d’un dossier")
def check_upload(*, uai: str, upload: str, by_id: int, **_later: object) -> jobs.Result:
    """The dry run."""
    outcome = _run(uai=uai, upload=upload, by_id=by_id, dry_run=True)
    page = reverse("exchange:import_detail", args=[uai, uuid.UUID(upload)])
    errors = len(outcome.problems.errors)
    message = f"{errors} erreur{'s' if errors > 1 else ''} à corriger." if errors else "Aucune erreur."
    return jobs.Result(message, data={"url": page, "label": "Voir le contrôle"})


@jobs.task(key=IMPORT_KEY, label="Import d’un dossier")
def import_upload(*, uai: str, upload: str, by_id: int, **_later: object) -> jobs.Result | None:
    """The import itself; the job is closed in the transaction that writes."""
    page = reverse("exchange:import_detail", args=[uai, uuid.UUID(upload)])

    def closing(outcome: Outcome) -> Any:
        message = f"{outcome.written} fiches enregistrées." if outcome.written else "Tout était déjà à jour."
        return jobs.closing(jobs.Result(message, data={"url": page, "label": "Voir le compte rendu"}))

    outcome = _run(uai=uai, upload=upload, by_id=by_id, dry_run=False, closing=closing)
    if not outcome.ok:
        raise jobs.Failure(REFUSED)
    return None


@jobs.task(key="exchange-export:{uai}:{by_id}", label="Export des données avec les documents")
def export_with_papers(*, uai: str, by_id: int, **_later: object) -> jobs.Result:
    """The dossier of a school with its PDFs, as the job's file."""
    by = User.objects.get(pk=by_id)
    _demand(by, uai)
    export = exports.collect(School.objects.get(uai=uai), with_files=True)
    lost = f" {len(export.lost)} PDF introuvables ont été laissés de côté." if export.lost else ""
    return jobs.Result(
        f"{export.total} lignes et {len(export.papers)} PDF.{lost}",
        file=exports.as_zip(export),
        name=f"dossier-{uai}.zip",
    )


@jobs.task(key="exchange-forget:{date}", label="Effacement des dossiers envoyés")
def forget_uploads(*, date: str, **_later: object) -> None:
    """Each night: what people sent is kept seven days at most."""
    uploads.forget_old(timezone.now())
