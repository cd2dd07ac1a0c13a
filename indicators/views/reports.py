"""The papers on figures: ask for the yearly report, the quarterly note, the quality file; take those already made."""

from typing import Any
from uuid import UUID

from django.db.models import Q
from django.db.models.fields.json import KT
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from core import docx, downloads, jobs, notices, odt
from core.models import Job
from core.verdict import demand
from documents.enums import DocumentType, Subject
from documents.models import Document
from indicators import permissions, quality_file, quarterly, rules, services
from indicators.enums import ReportVersion
from indicators.forms.steering import NoteForm, ReportForm
from schools.middleware import SchoolRequest
from schools.permissions import allows
from schools.roles import Permission

JOBS_SHOWN = 3
PAPERS_SHOWN = 60
TEXTS = {"docx": (quality_file.as_docx, docx.TYPE), "odt": (quality_file.as_odt, odt.TYPE)}


@require_GET
def report(request: SchoolRequest) -> HttpResponse:
    """Ask for a report, follow it; those already made, each as it was on its day."""
    demand(permissions.may_read(request.membership))
    return _page(request)


def _page(
    request: SchoolRequest, *, yearly: ReportForm | None = None, note: NoteForm | None = None, status: int = 200
) -> HttpResponse:
    today = timezone.localdate()
    quarters = quarterly.quarters_of(request.school_year, today)
    asked = Job.objects.filter(scope=request.school.uai, kind__in=services.PAPER_KINDS).order_by("-created_at")
    sees = bool(allows(request.membership, Permission.VIEW_DOCUMENTS)) and permissions.may_read_steering(
        request.membership
    )
    shown = [job for job in asked[: 3 * JOBS_SHOWN] if jobs.visible_to(job, request.user)][:JOBS_SHOWN]
    return render(
        request,
        "indicators/report.html",
        {
            "reports": [(job, jobs.label(job)) for job in shown],
            "papers": _papers(request) if sees else [],
            "sees": sees,
            "may_ask": permissions.may_ask(request.membership),
            "too_early": today < request.school_year.start,
            "yearly_form": yearly or ReportForm(auto_id="id_rapport_%s"),
            "note_form": note or NoteForm(quarters=quarters, auto_id="id_note_%s"),
            "form": yearly or note,
            "quarters": quarters,
        },
        status=status,
    )


def _papers(request: SchoolRequest) -> list[dict[str, Any]]:
    """What was issued on figures, the last first, without its long content."""
    found = (
        Document.objects.in_school(request.school)
        .about(Subject.SCHOOL, request.school.uai)
        .filter(
            Q(type=DocumentType.YEARLY_REPORT) | Q(content__kind__in=[quality_file.KIND, quarterly.KIND]),
            voided_at=None,
        )
        .annotate(
            said_kind=KT("content__kind"),
            said_title=KT("content__title"),
            said_year=KT("content__year"),
            said_version=KT("content__version"),
        )
        .defer("content")
        .order_by("-issued_at", "-pk")
    )
    lines = []
    for paper in found[:PAPERS_SHOWN]:
        paper.school = request.school
        readers = paper.said_version if paper.said_version in ReportVersion.values else ""
        if paper.type == DocumentType.YEARLY_REPORT:
            readers = readers or ReportVersion.BOARD.value
        is_file = paper.said_kind == quality_file.KIND
        lines.append(
            {
                "paper": paper,
                "title": paper.said_title or f"Rapport annuel {paper.said_year}",
                "readers": ReportVersion(readers).label if readers else "",
                "pdf_url": reverse("documents:document_file", args=[request.school.uai, paper.public_id]),
                "texts": [
                    (
                        kind.upper(),
                        reverse("indicators:quality_file_text", args=[request.school.uai, paper.public_id, kind]),
                    )
                    for kind in TEXTS
                ]
                if is_file
                else [],
            }
        )
    return lines


@require_POST
def report_ask(request: SchoolRequest) -> HttpResponse:
    """Ask for the report of the year on screen; asking twice does not make it twice."""
    demand(permissions.may_ask(request.membership))
    form = ReportForm(request.POST, auto_id="id_rapport_%s")
    if not form.is_valid():
        return _page(request, yearly=form, status=422)
    version = ReportVersion(form.cleaned_data["version"])
    try:
        services.ask_report(request.school, request.school_year, timezone.localdate(), by=request.user, version=version)
    except rules.TooEarly:
        notices.refused(request, f"L’année {request.school_year} n’a pas commencé : il n’y a rien à rapporter.")
    return redirect("indicators:report", request.school.uai)


@require_POST
def quarterly_note_ask(request: SchoolRequest) -> HttpResponse:
    """Ask for the note of a quarter that has begun."""
    demand(permissions.may_ask(request.membership))
    today = timezone.localdate()
    quarters = quarterly.quarters_of(request.school_year, today)
    form = NoteForm(request.POST, quarters=quarters, auto_id="id_note_%s")
    if not form.is_valid():
        return _page(request, note=form, status=422)
    services.ask_quarterly_note(
        request.school,
        quarterly.Quarter(request.school_year, int(form.cleaned_data["quarter"])),
        today,
        by=request.user,
        version=ReportVersion(form.cleaned_data["version"]),
    )
    return redirect("indicators:report", request.school.uai)


@require_POST
def quality_file_ask(request: SchoolRequest) -> HttpResponse:
    """Ask for the quality file of the year on screen."""
    demand(permissions.may_steer(request.membership))
    try:
        services.ask_quality_file(request.school, request.school_year, timezone.localdate(), by=request.user)
    except rules.TooEarly:
        notices.refused(request, f"L’année {request.school_year} n’a pas commencé : il n’y a rien à remettre.")
    return redirect("indicators:report", request.school.uai)


@require_GET
def quality_file_text(request: SchoolRequest, public_id: UUID, kind: str) -> HttpResponse:
    """A quality file for a word processor, written from the content that its PDF was drawn from."""
    demand(permissions.may_read_steering(request.membership))
    paper = Document.objects.in_school(request.school).filter(public_id=public_id).first()
    if paper is None or kind not in TEXTS:
        raise Http404
    paper.school = request.school
    if paper.content.get("kind") != quality_file.KIND:
        return redirect(paper)  # any other paper is a PDF only: its page says so
    write, media_type = TEXTS[kind]
    file = write(quality_file.QualityFile.from_json(paper.content), now=paper.issued_at)
    return downloads.attachment(file, media_type, f"{paper.number}-v{paper.edition}.{kind}")
