"""The school's data in and out, for the bureau and the DDFPT: a dossier is checked, its report read, then it is saved."""

from itertools import groupby
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core import downloads, notices
from core.models import Job
from core.verdict import demand
from exchange import services, sources, tasks, uploads
from exchange.definitions import RESOURCES
from exchange.forms import DossierForm, ExportForm
from exchange.uploads import Upload
from schools.middleware import SchoolRequest
from schools.permissions import allows
from schools.roles import Permission

SHOWN_BY_FILE = 50  # the rest is in the file to download
EXPORTS_SHOWN = 3


def _may(request: SchoolRequest) -> None:
    demand(allows(request.membership, Permission.EXCHANGE_DATA))


def _at(request: SchoolRequest, name: str, *args: object) -> str:
    return reverse(f"exchange:{name}", args=[request.school.uai, *args])


def _upload(request: SchoolRequest, public_id: UUID) -> Upload:
    """The dossier, of this school only: 404 for any other (S-03)."""
    _may(request)
    upload = uploads.find(request.school.uai, public_id)
    if upload is None:
        raise Http404
    return upload


def _jobs(uploads_: list[Upload]) -> dict[str, Job]:
    """The last job of each dossier: its import if it was asked for, else its check."""
    keys = {
        key.format(upload=upload.public_id): upload.public_id.hex
        for upload in uploads_
        for key in (tasks.CHECK_KEY, tasks.IMPORT_KEY)
    }
    found = Job.objects.filter(Q(key__in=keys)).order_by("created_at")
    return {keys[job.key]: job for job in found}


@require_GET
def overview(request: SchoolRequest) -> HttpResponse:
    """Where data comes in and goes out, and the dossiers of the last days."""
    _may(request)
    sent = uploads.of_school(request.school.uai)
    last = _jobs(sent)
    exported = Job.objects.filter(kind=tasks.export_with_papers.name, scope=request.school.uai, asked_by=request.user)
    return render(
        request,
        "exchange/overview.html",
        {
            "sent": [(upload, last.get(upload.public_id.hex)) for upload in sent],
            "exports": exported.order_by("-created_at")[:EXPORTS_SHOWN],
            "import_url": _at(request, "import_new"),
            "export_url": _at(request, "export"),
        },
    )


@require_http_methods(["GET", "POST"])
def import_new(request: SchoolRequest) -> HttpResponse:
    """Choose a dossier; its check begins when it is sent."""
    _may(request)
    form = DossierForm(request.POST, request.FILES) if request.method == "POST" else DossierForm()
    if request.method == "POST" and form.is_valid():
        try:
            upload = services.send_dossier(
                request.school, form.cleaned_data["dossier"], by=request.user, now=timezone.now()
            )
        except sources.Unreadable as error:
            form.add_error("dossier", str(error))
        else:
            return redirect("exchange:import_detail", request.school.uai, upload.public_id)
    return render(
        request,
        "exchange/import_new.html",
        {"form": form, "resources": RESOURCES.values(), "back": _at(request, "overview")},
        status=422 if form.errors else 200,
    )


def _counts(outcome: dict[str, Any]) -> list[dict[str, Any]]:
    """A line for each resource that the dossier speaks of."""
    return [
        {"title": RESOURCES[name].title} | counts
        for name, counts in outcome["resources"].items()
        if any(counts.values())
    ]


def _by_file(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Problems under the name of their file, the first of each."""
    groups = []
    for file, problems in groupby(found, key=lambda problem: problem["file"]):
        lines = list(problems)
        groups.append(
            {
                "file": file,
                "lines": lines[:SHOWN_BY_FILE],
                "total": len(lines),
                "hidden": max(0, len(lines) - SHOWN_BY_FILE),
            }
        )
    return groups


@require_GET
def import_detail(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """The check under way, its report with the button that saves, or what was saved."""
    upload = _upload(request, public_id)
    job = _jobs([upload]).get(upload.public_id.hex)
    if job is not None and not job.is_alive and "HX-Request" in request.headers:
        return HttpResponse(headers={"HX-Refresh": "true"})  # the work is over: the page has its report to show
    outcome = upload.outcome if job is None or not job.is_alive else None
    asked = job is not None and job.kind == tasks.import_upload.name
    context = {
        "upload": upload,
        "job": job,
        "outcome": outcome,
        "saved": bool(asked and outcome and outcome["ok"] and not outcome["dry_run"]),
        "counts": _counts(outcome) if outcome else [],
        "errors": _by_file(outcome["errors"]) if outcome else [],
        "warnings": _by_file(outcome["warnings"]) if outcome else [],
        "step": 3 if asked else 2,
        "title": "Import du dossier" if asked else "Contrôle du dossier",
        "back": _at(request, "overview"),
        "new_url": _at(request, "import_new"),
        "problems_url": _at(request, "import_problems", upload.public_id),
    }
    template = "exchange/partials/import_job.html" if "HX-Request" in request.headers else "exchange/import_detail.html"
    return render(request, template, context)


@require_POST
def import_commit(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """Save what was checked. The data may have changed since: everything is checked again."""
    upload = _upload(request, public_id)
    outcome = upload.outcome
    if outcome is None or not outcome["ok"]:
        notices.refused(request, "Ce dossier n’a pas encore de contrôle sans erreur : rien n’a été enregistré.")
    else:
        services.ask_import(request.school, upload, by=request.user)
    return redirect("exchange:import_detail", request.school.uai, upload.public_id)


@require_POST
def import_discard(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    upload = _upload(request, public_id)
    services.discard_dossier(request.school, upload, by=request.user)
    notices.said(request, "Le dossier envoyé est effacé. Les données du lycée n’ont pas changé.")
    return redirect("exchange:overview", request.school.uai)


@require_GET
def import_problems(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """Every error and warning, for a spreadsheet."""
    upload = _upload(request, public_id)
    outcome = upload.outcome
    if outcome is None:
        raise Http404
    headers = ("Gravité", "Fichier", "Ligne", "Colonne", "Valeur", "À faire")
    rows = [
        (word, problem["file"], problem["line"], problem["column"], problem["value"], problem["message"])
        for word, kind in (("Erreur", "errors"), ("Avertissement", "warnings"))
        for problem in outcome[kind]
    ]
    return downloads.table("csv", f"controle-{request.school.uai}", "Contrôle", headers, rows)


@require_http_methods(["GET", "POST"])
def export(request: SchoolRequest) -> HttpResponse:
    """The whole dossier of the school as a ZIP; with its PDFs, it is made in the background."""
    _may(request)
    form = ExportForm(request.POST) if request.method == "POST" else ExportForm()
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["with_files"]:
            job = services.ask_export_with_papers(request.school, by=request.user)
            return redirect("core:job_progress", job.public_id)
        archive = services.export_tables(request.school, by=request.user)
        day = timezone.localdate().isoformat()
        return downloads.attachment(archive, "application/zip", f"dossier-{request.school.uai}-{day}.zip")
    return render(
        request,
        "exchange/export.html",
        {"form": form, "resources": RESOURCES.values(), "back": _at(request, "overview")},
    )
