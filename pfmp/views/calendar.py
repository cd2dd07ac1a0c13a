"""« L’année »: the periods of all classes on one calendar, on screen and on one A3 sheet."""

from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from core import downloads, pdf
from core.verdict import demand
from pfmp import calendar, calendar_drawing
from pfmp.calendar import YearPlan
from schools.calendar import zone_label
from schools.enums import Niveau
from schools.middleware import SchoolRequest
from schools.permissions import allows, is_own_only
from schools.roles import Permission

STYLES = ("paper", "calendar")


def _plan(request: SchoolRequest) -> tuple[YearPlan, str, str]:
    """The plan that the address asks for, its level and its class; a word that means nothing is no filter."""
    niveau, code = request.GET.get("niveau", ""), request.GET.get("classe", "")
    found = calendar.plan(
        request.membership,
        request.school_year,
        timezone.localdate(),
        niveau=niveau if niveau in Niveau.values else "",
        class_code=code[:255].replace("\0", ""),
    )
    return found, niveau, code


@require_GET
def year_calendar(request: SchoolRequest) -> HttpResponse:
    """All periods of the year on screen, by level and class, with holidays, national weeks and load."""
    demand(allows(request.membership, Permission.VIEW_PLACEMENTS))
    plan, niveau, code = _plan(request)
    may_manage = allows(request.membership, Permission.MANAGE_PLACEMENTS)
    classes = list(calendar.classes_of(request.membership, request.school_year.code).order_by("code"))
    addresses = {
        one.period.pk: reverse("pfmp:period_detail", args=[request.school.uai, one.period.public_id])
        for one in plan.outings
    }
    moves = {
        one.period.pk: reverse("pfmp:period_move", args=[request.school.uai, one.period.public_id])
        for one in plan.outings
    }
    return render(
        request,
        "pfmp/calendar.html",
        {
            "plan": plan,
            "drawing": calendar_drawing.draw(
                plan, calendar_drawing.Shape(), addresses=addresses, moves=moves if may_manage else None
            ),
            "zone": zone_label(plan.calendar.zone),
            "may_manage": may_manage,
            "own_only": is_own_only(request.membership),
            "niveau": niveau,
            "class_code": code,
            "levels": [level for level in Niveau if level.value in {one.niveau for one in classes}],
            "classes": classes,
            "query": request.GET.urlencode(),
            "plan_url": reverse("pfmp:periods_plan", args=[request.school.uai]),
            "undated": [event for event in plan.events if event.start is None],
            "dated": [event for event in plan.events if event.start is not None],
        },
    )


@require_GET
def year_calendar_print(request: SchoolRequest) -> HttpResponse:
    """The same calendar on one A3 sheet in landscape, as a PDF."""
    demand(allows(request.membership, Permission.VIEW_PLACEMENTS))
    plan, _, _ = _plan(request)
    title = f"Calendrier des PFMP {plan.year.code}, {request.school.name}"
    html = render_to_string(
        "pdf/year_calendar.html",
        {
            "title": title,
            "school": request.school,
            "plan": plan,
            "zone": zone_label(plan.calendar.zone),
            "today": timezone.localdate(),
            "drawing": calendar_drawing.draw(plan, calendar_drawing.Shape.of_paper(len(plan.lanes), len(plan.levels))),
        },
    )
    file = pdf.render(html, title=title, styles=STYLES)
    return downloads.attachment(file, "application/pdf", f"calendrier-pfmp-{plan.year.code}.pdf")
