"""The conventions of a whole class at once: issue those that can be, then one file to print or a ZIP."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from core import jobs, notices
from core.french import plural
from core.models import Job
from core.verdict import demand
from pfmp import permissions, selectors, services
from pfmp.models import Placement
from pfmp.views.periods import PeriodPages
from schools.middleware import SchoolRequest
from schools.permissions import allows, visible_students
from schools.roles import Permission

FORMS = ("impression", "zip")


@require_http_methods(["GET", "POST"])
def class_conventions(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """GET: what is ready, what is held back and why, the job under way. POST: issue what can be, then ask for the file."""
    demand(allows(request.membership, Permission.VIEW_PLACEMENTS))
    demand(allows(request.membership, Permission.VIEW_DOCUMENTS))
    period = PeriodPages().find(request, public_id)
    pupils = visible_students(request.membership).values_list("pk", flat=True)
    rows = selectors.situations([period], timezone.localdate(), students=pupils)[period.pk]
    may_issue = permissions.may_log(request.membership)
    waiting = [row.placement for row in rows if row.placement and row.step == "place_trouvee"]
    here = reverse("pfmp:class_conventions", args=[request.school.uai, public_id])
    if request.method == "POST":
        form = request.POST.get("forme", "")
        if form not in FORMS:
            notices.refused(request, "Choisissez un fichier à imprimer, ou un fichier ZIP.")
            return redirect(here)
        if may_issue and waiting:
            held = services.issue_class(waiting, by=request.user, now=timezone.now())
            if issued := len(waiting) - len(held):
                notices.said(request, f"{plural(issued, 'convention éditée', 'conventions éditées')}.")
            rows = selectors.situations([period], timezone.localdate(), students=pupils)[period.pk]
        papers = [row.document for row in rows if row.document and row.document.content]
        if not papers:
            notices.warned(request, "Aucune convention n’est éditée dans cette classe : il n’y a rien à réunir.")
            return redirect(here)
        job = services.print_class(period, papers, form=form, by=request.user)
        return redirect(f"{here}?travail={job.public_id}")
    return render(
        request,
        "pfmp/class_conventions.html",
        {
            "period": period,
            "ready": [row for row in rows if row.document and row.document.content],
            "held": held_back(waiting),
            "without": sum(row.needs_place for row in rows),
            "may_issue": may_issue,
            "may_write": allows(request.membership, Permission.EDIT_SCHOOL),
            "job": job_of_the_page(request),
            "back_url": period.get_absolute_url(),
            "board_url": reverse("pfmp:board", args=[request.school.uai]),
        },
    )


def held_back(waiting: list[Placement]) -> list[tuple[Placement, str]]:
    """Places found whose convention is not issued yet: with the first reason that holds it back, or none."""
    found = []
    if waiting:
        for placement, facts in zip(waiting, selectors.placement_facts(waiting), strict=True):
            obstacles = services.obstacles(placement, selectors.rules.check(facts))
            found.append((placement, obstacles[0] if obstacles else ""))
    return found


def job_of_the_page(request: SchoolRequest) -> Job | None:
    """The job that the address names, when this person may see it."""
    try:
        wanted = UUID(request.GET.get("travail", ""))
    except ValueError:
        return None
    job = Job.objects.filter(public_id=wanted, scope=request.school.uai).first()
    return job if job and jobs.visible_to(job, request.user) else None
