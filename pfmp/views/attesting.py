"""The attestations of a class: who has theirs, issue the others, have them signed, print them as one file."""

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from core import french, jobs, notices
from core.french import plural
from core.job_pages import job_of_the_page
from core.verdict import demand
from documents.models import Document
from pfmp import attesting, certificates, days, permissions, services, tasks
from pfmp.days import Days
from pfmp.models import Period, Placement
from pfmp.views.papers import send_links
from pfmp.views.periods import PeriodPages
from schools.middleware import SchoolRequest
from schools.permissions import allows
from schools.roles import Permission


@dataclass(frozen=True)
class Line:
    """A placement of the class, its attestation if any, why it has none yet."""

    found: Days
    certificate: certificates.Certificate | None
    problem: str

    @property
    def placement(self) -> Placement:
        return self.found.placement

    @property
    def waits(self) -> bool:
        return self.certificate is not None and not self.certificate.is_signed and not self.certificate.is_refused


@require_http_methods(["GET", "POST"])
def class_certificates(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """GET: each pupil's attestation. POST: issue what can be, send the links to who signs, or ask for the file to print."""
    demand(allows(request.membership, Permission.VIEW_PLACEMENTS))
    demand(allows(request.membership, Permission.VIEW_DOCUMENTS))
    period = PeriodPages().find(request, public_id)
    here = reverse("pfmp:class_certificates", args=[request.school.uai, public_id])
    today = timezone.localdate()
    placements = list(
        permissions.visible_placements(request.membership)
        .filter(period=period, status__in=days.COUNTED)
        .select_related("school", "student", "partner", "period__school_class")
        .order_by("student__search_text", "start_date", "pk")
    )
    counts = days.of(placements)
    papers = certificates.of(placements)
    lines = [Line(counts[row.pk], papers.get(row.pk), attesting.problem(counts[row.pk], today)) for row in placements]
    waiting = [line.certificate.document for line in lines if line.certificate and line.waits]
    may_issue = permissions.may_log(request.membership)
    if request.method == "POST":
        return _act(request, period, lines, waiting, here)
    job = job_of_the_page(request, scope=request.school.uai)
    ids = ",".join(str(paper.public_id) for paper in waiting)
    return render(
        request,
        "pfmp/days/class_certificates.html",
        {
            "period": period,
            "dates": french.period(period.start_date, period.end_date),
            "lines": lines,
            "received": sum(bool(line.certificate and line.certificate.is_signed) for line in lines),
            "to_issue": sum(not line.certificate and not line.problem for line in lines),
            "waiting": len(waiting),
            "printable": sum(bool(line.certificate and line.certificate.document.content) for line in lines),
            "may_issue": may_issue,
            "batch_url": f"{reverse('documents:batch_paper', args=[request.school.uai])}?documents={ids}&retour={here}",
            "job": job,
            "job_title": jobs.label(job) if job else "",
            "board_url": reverse("pfmp:board", args=[request.school.uai]),
            "back_url": period.get_absolute_url(),
            "days_url": reverse("pfmp:class_days", args=[request.school.uai, public_id]),
        },
    )


def _act(request: SchoolRequest, period: Period, lines: list[Line], waiting: list[Document], here: str) -> HttpResponse:
    demand(permissions.may_log(request.membership))
    match request.POST.get("faire", ""):
        case "editer":
            wanted = [line.placement for line in lines if not line.certificate and not line.problem]
            made, held = attesting.issue_class(wanted, by=request.user, now=timezone.now())
            if made:
                notices.said(request, f"{plural(len(made), 'attestation éditée', 'attestations éditées')}.")
            else:
                notices.warned(request, next(iter(held.values()), "Aucune attestation n’est à éditer."))
        case "liens" if waiting:
            return redirect(f"{here}?travail={send_links(request, waiting).public_id}")
        case "imprimer":
            papers = [
                line.certificate.document for line in lines if line.certificate and line.certificate.document.content
            ]
            if papers:
                job = services.print_class(period, papers, by=request.user, task=tasks.render_certificates)
                return redirect(f"{here}?travail={job.public_id}")
            notices.warned(request, "Aucune attestation n’est éditée : il n’y a rien à réunir.")
        case "liens":
            notices.warned(request, "Aucune attestation n’attend de signature.")
        case _:
            notices.refused(request, "Choisissez quoi faire.")
    return redirect(here)
