"""The conventions of a whole class at once: issue those that can be, then one file to print or a ZIP."""

from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from core import jobs, notices
from core.french import plural
from core.models import Job
from core.verdict import demand
from pfmp import paper_text, permissions, selectors, services
from pfmp.forms.paper_text import PaperTextForm
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


# ------------------------------------------------------------------------------------------------- the school's wording


def _titles(text: paper_text.PaperText) -> dict[str, str]:
    """What people call each text: « Article 4. Horaires », or the name of an annex's text."""
    articles = {str(article.number): f"Article {article.number}. {article.title}" for article in text.articles}
    return articles | {key: f"Annexe : {key.replace('_', ' ')}" for key in text.annexes}


def _words(text: paper_text.PaperText) -> dict[str, str]:
    return {str(article.number): article.text for article in text.articles} | dict(text.annexes)


@require_GET
def paper_texts(request: SchoolRequest) -> HttpResponse:
    """Every text of the convention, with the school's own words where it has some."""
    demand(allows(request.membership, Permission.EDIT_SCHOOL))
    own = selectors.own_paper_text(request.school)
    text = selectors.paper_text_for(request.school)
    words = _words(text)
    return render(
        request,
        "pfmp/paper_texts.html",
        {
            "own": own,
            "lines": [
                {"key": key, "title": title, "text": words[key], "is_own": bool(own and key in own.articles)}
                for key, title in _titles(text).items()
            ],
            "board_url": reverse("pfmp:board", args=[request.school.uai]),
        },
    )


@require_http_methods(["GET", "POST"])
def paper_text_edit(request: SchoolRequest, key: str) -> HttpResponse:
    """One text in the school's own words, or back to the model's."""
    demand(allows(request.membership, Permission.EDIT_SCHOOL))
    text = selectors.paper_text_for(request.school)
    if key not in text.keys:
        raise Http404
    own = selectors.own_paper_text(request.school)
    back = reverse("pfmp:paper_texts", args=[request.school.uai])
    form = PaperTextForm(
        request.POST or None, initial={"text": _words(text)[key], "based_on": own.number if own else 0}
    )
    to_model = request.method == "POST" and "modele" in request.POST
    if request.method == "POST" and (form.is_valid() or (to_model and "based_on" in form.cleaned_data)):
        try:
            services.save_paper_text(
                request.school,
                key,
                None if to_model else form.cleaned_data["text"],
                based_on=form.cleaned_data["based_on"],
                by=request.user,
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            notices.said(request, "Texte enregistré. Il vaut pour les conventions éditées à partir de maintenant.")
            return redirect(back)
    return render(
        request,
        "pfmp/paper_text_edit.html",
        {
            "form": form,
            "title": _titles(text)[key],
            "is_own": bool(own and key in own.articles),
            "variables": paper_text.VARIABLES.items(),
            "back_url": back,
        },
        status=422 if form.is_bound else 200,
    )
