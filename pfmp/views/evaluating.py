"""The tutor's grid: filled behind the link, read and closed by the team, listed for a class, printed blank."""

from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from core import downloads, notices
from core.verdict import demand
from pfmp import evaluating, permissions
from pfmp.enums import LinkPurpose, PlacementStatus
from pfmp.forms.evaluating import EvaluationForm
from pfmp.models import Period, Placement
from pfmp.rules import evaluation as rules
from pfmp.views import placement_tabs
from pfmp.views.links import Visit, behind_personal_link, opened
from pfmp.views.periods import PeriodPages
from pfmp.views.placements import PlacementPages
from schools.middleware import SchoolRequest

S = PlacementStatus


# ---------------------------------------------------------------------------------------------------- behind the link


@require_http_methods(["GET", "POST"])
@behind_personal_link
@opened(LinkPurpose.TUTOR)
def tutor_evaluation(request: object, visit: Visit) -> HttpResponse:
    """The grid: kept as a draft or handed in, corrected until the referent closes it."""
    placement = visit.link.placement
    assert placement is not None  # the table says so of links of this purpose
    placement.school = visit.link.school
    row = evaluating.of(placement)
    form = EvaluationForm(
        visit.request.POST or None,
        skills=evaluating.skills_of(placement),
        attitudes=evaluating.ATTITUDES,
        row=row,
        name=visit.link.name,
    )
    status = 200
    if visit.request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                evaluating.write(
                    placement,
                    marks=form.levels("c"),
                    attitudes=form.levels("a"),
                    comment=form.cleaned_data["comment"],
                    author=form.cleaned_data["author"],
                    hand_in=not form.is_draft,
                    now=visit.now,
                )
            except ValidationError as error:
                form.add_error(None, error)
            else:
                said = (
                    "Brouillon gardé. Revenez quand vous voulez."
                    if form.is_draft
                    else "Merci : la grille est remise au lycée."
                )
                notices.said(visit.request, said)
                return visit.go("tutor_evaluation")
    return visit.page(
        "pfmp/evaluation/tutor.html",
        status=status,
        form=form,
        row=row,
        placement=placement,
        is_open=placement.status in evaluating.THERE and timezone.localdate(visit.now) >= placement.start_date,
        formative=rules.is_formative(placement.period.school_class.niveau),
        skills=evaluating.shown(evaluating.skills_of(placement), row.marks) if row and row.closed_at else [],
        attitudes=evaluating.shown(evaluating.ATTITUDES, row.attitudes) if row and row.closed_at else [],
    )


# ------------------------------------------------------------------------------------------------------------ the team


def _placement(request: SchoolRequest, public_id: UUID) -> Placement:
    demand(evaluating.may_read(request.membership))
    found: Placement = PlacementPages().find(request, public_id)
    return found


@require_http_methods(["GET", "POST"])
def placement_evaluation(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """What the tutor saw; the referent or the bureau closes it, or opens it again (`acte`)."""
    placement = _placement(request, public_id)
    if request.method == "POST":
        reopen = request.POST.get("acte") == "rouvrir"
        changed = evaluating.close(
            placement, by=request.user, membership=request.membership, now=timezone.now(), reopen=reopen
        )
        if changed:
            notices.said(
                request, "Évaluation rouverte : le tuteur peut la corriger." if reopen else "Évaluation close."
            )
        else:
            notices.refused(request, "Il n’y a rien à changer : regardez où en est la grille.")
        return redirect("pfmp:placement_evaluation", request.school.uai, public_id)
    row = evaluating.of(placement)
    pages = PlacementPages()
    return render(
        request,
        "pfmp/evaluation/placement.html",
        {
            "record": placement,
            "row": row,
            "skills": evaluating.shown(evaluating.skills_of(placement), row.marks if row else {}),
            "attitudes": evaluating.shown(evaluating.ATTITUDES, row.attitudes if row else {}),
            "formative": rules.FORMATIVE if rules.is_formative(placement.period.school_class.niveau) else "",
            "may_close": evaluating.may_close(request.membership, placement),
            "entries": placement_tabs.tabs(placement),
            "list_url": pages.url("list", request),
            "subtitle": pages.subtitle(request, placement),
            "sheet_url": reverse("pfmp:evaluation_sheet", args=[request.school.uai, public_id]),
            "class_url": reverse("pfmp:class_evaluations", args=[request.school.uai, placement.period.public_id]),
        },
    )


@require_GET
def evaluation_sheet(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """The blank grid, to print."""
    placement = _placement(request, public_id)
    return downloads.attachment(evaluating.sheet(placement), "application/pdf", "grille-du-tuteur.pdf")


@require_GET
def class_evaluations(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """Who has handed in the grid of their pupil; `?fichier=csv` gives the levels as a table."""
    demand(evaluating.may_read(request.membership))
    period: Period = PeriodPages().find(request, public_id)
    rows = list(
        permissions.visible_placements(request.membership)
        .filter(period=period, status__in=evaluating.THERE)
        .select_related("student", "partner", "school", "tutor", "evaluation")
        .order_by("student__search_text", "pk")
        .distinct()
    )
    wanted = request.GET.get("fichier", "")
    if wanted in downloads.FORMATS:
        return _table(wanted, period, rows)
    given = sum(bool(_given(row)) for row in rows)
    return render(
        request,
        "pfmp/evaluation/class.html",
        {
            "record": period,
            "lines": [(row, getattr(row, "evaluation", None)) for row in rows],
            "given": given,
            "formative": rules.FORMATIVE if rules.is_formative(period.school_class.niveau) else "",
            "formats": [(code, words) for code, (words, _) in downloads.FORMATS.items()],
        },
    )


def _given(placement: Placement) -> object:
    row = getattr(placement, "evaluation", None)
    return row.submitted_at if row else None


def _table(wanted: str, period: Period, rows: list[Placement]) -> HttpResponse:
    """Handed-in grids, one a line: levels in words, never a mark."""
    found = [row for row in rows if _given(row)]
    codes: dict[str, None] = {}
    for row in found:
        codes.update(dict.fromkeys(row.evaluation.marks))
    headers = ["Élève", "Entreprise", "Évalué par", "Remise le", *codes, *rules.ATTITUDES.values(), "Appréciation"]
    lines = []
    for row in found:
        said = row.evaluation
        lines.append(
            [
                str(row.student), row.partner.name, said.author_name, timezone.localdate(said.submitted_at),
                *(rules.LEVELS.get(said.marks.get(code), "") for code in codes),
                *(rules.LEVELS.get(said.attitudes.get(code), "") for code in rules.ATTITUDES),
                said.comment,
            ]
        )  # fmt: skip
    name = f"evaluations-{period.school_class.code}-{period.label}".replace("/", "-").replace('"', "").replace(" ", "-")
    return downloads.table(wanted, name, "Évaluations", headers, lines)
