"""The page of a background job: where it is, its file, stop, start again. The same address answers the fragment to htmx."""

from typing import Any
from uuid import UUID

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.formats import date_format
from django.views.decorators.http import require_GET, require_POST

from core import jobs
from core.models import Job, JobState


def _found(request: HttpRequest, public_id: UUID) -> Job:
    """The job, or 404 for whoever may not see it, as if there were none (S-03)."""
    job = Job.objects.filter(public_id=public_id).first()
    if job is None or not jobs.visible_to(job, request.user):
        raise Http404
    return job


def job_of_the_page(request: HttpRequest, *, scope: str) -> Job | None:
    """The job of this school (`scope`) that the address of any page names, `?travail=`, when this person may see it."""
    try:
        wanted = UUID(request.GET.get("travail", ""))
    except ValueError:
        return None
    job = Job.objects.filter(public_id=wanted, scope=scope).first()
    return job if job and jobs.visible_to(job, request.user) else None


def _shown(job: Job) -> dict[str, Any]:
    page = reverse("core:job_progress", args=[job.public_id])
    asked = date_format(timezone.localtime(job.created_at), r"j F Y \à H:i")
    shown = {
        "job": job,
        "title": jobs.label(job),
        "lead": f"Demandé le {asked}. Référence {job.reference}.",
        "page_url": page,
        "result_url": "",
        "result_label": "",
        "retry_url": "",
    }
    if job.result_file:
        shown |= {
            "result_url": reverse("core:job_file", args=[job.public_id]),
            "result_label": "Télécharger le fichier",
        }
    elif job.result.get("url"):
        shown |= {"result_url": job.result["url"], "result_label": job.result.get("label", "Ouvrir")}
    if job.state in (JobState.FAILED, JobState.CANCELLED):
        shown["retry_url"] = reverse("core:job_retry", args=[job.public_id])
    return shown


@require_GET
def job_progress(request: HttpRequest, public_id: UUID) -> HttpResponse:
    job = _found(request, public_id)
    template = "core/partials/job_progress.html" if "HX-Request" in request.headers else "core/job_detail.html"
    response = render(request, template, _shown(job))
    patch_vary_headers(response, ["HX-Request"])
    return response


@require_GET
def job_file(request: HttpRequest, public_id: UUID) -> HttpResponse | FileResponse:
    """The result, always as an attachment, never kept by a browser or a proxy. Without a file, the page that says why."""
    job = _found(request, public_id)
    if not job.result_file:
        return redirect("core:job_progress", public_id=job.public_id)
    try:
        content = job.result_file.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    response = FileResponse(content, as_attachment=True, filename=job.result_name or f"resultat-{job.reference}")
    response["Cache-Control"] = "no-store, private"
    response["X-Content-Type-Options"] = "nosniff"
    return response


@require_POST
def job_cancel(request: HttpRequest, public_id: UUID) -> HttpResponse:
    job = _found(request, public_id)
    jobs.cancel(job)
    return redirect("core:job_progress", public_id=job.public_id)


@require_POST
def job_retry(request: HttpRequest, public_id: UUID) -> HttpResponse:
    job = jobs.retry(_found(request, public_id), by=request.user)
    return redirect("core:job_progress", public_id=job.public_id)
