"""The follow-up booklet: of one pupil at once, of a class in a job."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from core import downloads, jobs, notices
from core.job_pages import job_of_the_page
from core.verdict import demand
from pfmp import booklet, evaluating, permissions, tasks
from pfmp.enums import PlacementStatus
from pfmp.models import Placement
from pfmp.views.periods import PeriodPages
from pfmp.views.placements import PlacementPages
from schools.middleware import SchoolRequest
from schools.permissions import allows
from schools.roles import Permission

LEFT_OUT = (PlacementStatus.CANCELLED, PlacementStatus.PROSPECT)


@require_GET
def placement_booklet(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """The booklet of one stay: blank before, filled after."""
    demand(allows(request.membership, Permission.VIEW_PLACEMENTS))
    placement: Placement = PlacementPages().find(request, public_id)
    with_grid = bool(evaluating.may_read(request.membership))
    return downloads.attachment(
        booklet.render(placement, with_grid=with_grid), "application/pdf", "livret-de-suivi.pdf"
    )


@require_http_methods(["GET", "POST"])
def class_booklets(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """The booklets of a class: a button that asks for them, the job that draws them."""
    demand(allows(request.membership, Permission.VIEW_PLACEMENTS))
    period = PeriodPages().find(request, public_id)
    seen = permissions.visible_placements(request.membership).filter(period=period).exclude(status__in=LEFT_OUT)
    ids = sorted(set(seen.values_list("pk", flat=True)))
    if request.method == "POST":
        if not ids:
            notices.warned(request, "Aucun élève n’a encore de place : il n’y a rien à imprimer.")
            return redirect(request.path)
        asked = jobs.enqueue(
            tasks.render_booklets,
            by=request.user,
            scope=request.school.uai,
            total=len(ids),
            period_id=period.pk,
            asked_by=request.user.pk,
            placement_ids=ids,
            with_grid=bool(evaluating.may_read(request.membership)),
        )
        return redirect(f"{request.path}?travail={asked.public_id}")
    job = job_of_the_page(request, scope=request.school.uai)
    return render(
        request,
        "pfmp/booklet/class.html",
        {"record": period, "count": len(ids), "job": job, "job_title": jobs.label(job) if job else ""},
    )
