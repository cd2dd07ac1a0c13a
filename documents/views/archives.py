"""Many papers as one ZIP: those picked on the list, of a class, of a school year."""

from datetime import datetime, time

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from core import jobs, notices
from core.french import number
from core.models import Job, JobState
from core.school_year import SchoolYear
from core.verdict import demand
from documents import archives, permissions, subjects, tasks
from documents.forms.archives import ArchiveForm
from documents.models import Document
from documents.models.papers import DocumentQuerySet
from documents.views.papers import DocumentPages
from schools.filters import classes_of_year
from schools.middleware import SchoolRequest
from schools.permissions import allows
from schools.roles import Permission

SHOWN = 5
"""Archives asked for before, on the page."""


def years_of(request: SchoolRequest) -> list[SchoolYear]:
    """The school years from the first paper to today, the last first."""
    today = SchoolYear.on(timezone.localdate())
    first = (
        permissions.visible_documents(request.membership)
        .order_by("issued_at")
        .values_list("issued_at", flat=True)
        .first()
    )
    start = SchoolYear.on(timezone.localdate(first)) if first else today
    return [SchoolYear(year) for year in range(today.first, min(start, today).first - 1, -1)]


def issued_in(papers: DocumentQuerySet, year: SchoolYear) -> DocumentQuerySet:
    start = timezone.make_aware(datetime.combine(year.start, time.min))
    end = timezone.make_aware(datetime.combine(year.next.start, time.min))
    return papers.filter(issued_at__gte=start, issued_at__lt=end)


def ask(request: SchoolRequest, papers: QuerySet[Document], name: str) -> Job | None:
    """Ask for the archive of these papers; None, having said why, when there is nothing or too much."""
    ids = archives.ids_of(papers)
    if not ids:
        notices.warned(request, "Aucun document à réunir.")
        return None
    if len(ids) > archives.MOST:
        notices.refused(request, f"Pas plus de {number(archives.MOST)} documents par archive : ajoutez un filtre.")
        return None
    return jobs.enqueue(
        tasks.make_archive,
        by=request.user,
        scope=request.school.uai,
        total=len(ids),
        school_id=request.school.pk,
        asked_by=request.user.pk,
        digest=archives.digest_of(ids),
        name=name[:100],
        document_ids=ids,
    )


@require_http_methods(["GET", "POST"])
def document_archive(request: SchoolRequest) -> HttpResponse:
    """GET: a class or a year to choose, and the last archives. POST: of the list's selection, or of that form."""
    demand(allows(request.membership, Permission.VIEW_DOCUMENTS))
    pages = DocumentPages()
    papers = permissions.visible_documents(request.membership)
    picked = request.POST.get("tout") or request.POST.getlist("choix") or "filtres" in request.POST
    if request.method == "POST" and picked:
        selection = pages.selection(request)
        if (answer := pages.nothing_picked(request, selection)) is not None:
            return answer
        job = ask(request, selection.rows, f"Documents {request.school.uai} {timezone.localdate().isoformat()}")
        return _answer(request, job)
    form = ArchiveForm(
        request.POST or None, years=years_of(request), classes=classes_of_year(request), shown=request.school_year
    )
    if form.is_valid():
        year, school_class = SchoolYear.parse(form.cleaned_data["annee"]), form.cleaned_data["classe"]
        if school_class is not None:
            found = papers.filter(subjects.papers_of_classes(request.school, [school_class.pk]))
            name = f"Documents {school_class.label} {school_class.year}"
        else:
            found, name = issued_in(papers, year), f"Documents {year.code}"
        return _answer(request, ask(request, found, name))
    mine = Job.objects.filter(kind=tasks.make_archive.name, scope=request.school.uai, asked_by=request.user)
    return render(
        request,
        "documents/document_archive.html",
        {
            "form": form,
            "jobs": list(mine.order_by("-created_at")[:SHOWN]),
            "done": JobState.DONE,
            "list_url": pages.back_url(request),
        },
        status=422 if form.is_bound else 200,
    )


def _answer(request: SchoolRequest, job: Job | None) -> HttpResponse:
    if job is None:
        return redirect(DocumentPages().back_url(request))
    notices.said(request, "L’archive est en préparation. Elle reste ici pendant quelques jours.")
    return redirect(reverse("documents:document_archive", args=[request.school.uai]))
