"""The page of figures on leavers: the response rate before any other, what each rate does not know, and InserJeunes apart."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from core import charts, downloads, french
from core.charts import Bar
from core.school_year import SchoolYear
from core.verdict import demand
from indicators import leaver_figures as counting
from indicators import permissions
from schools.middleware import SchoolRequest
from schools.permissions import allows
from schools.roles import Permission
from surveys import inserjeunes
from surveys.enums import Term
from surveys.rules import leavers
from surveys.views.leaver_frame import frame

CHART_TERM = Term.SIX_MONTHS


def _leaving(request: SchoolRequest) -> SchoolYear:
    """The year that the address names (`?promotion=`), else the last one whose answers the year on screen counts (A-120)."""
    try:
        return SchoolYear.parse(request.GET.get("promotion", ""))
    except ValueError:
        return request.school_year.previous


@require_GET
def leaver_figures(request: SchoolRequest) -> HttpResponse:
    """On screen, whole for the lycée; what is published for who reads counts only, and in every file (P-20, P-22)."""
    demand(permissions.may_read(request.membership))
    leaving, today = _leaving(request), timezone.localdate()
    wanted = request.GET.get("format", "")
    outside = bool(wanted) or permissions.sees_counts_only(request.membership)
    read = counting.published_content if outside else counting.content
    found = read(request.school, leaving, today)
    if wanted in downloads.FORMATS:
        headers, rows = counting.table(found)
        return downloads.table(wanted, f"sortants-{request.school.uai}-{leaving}", f"Sortants {leaving}", headers, rows)
    current = SchoolYear.on(today)
    context: dict[str, Any] = {
        "content": found,
        "outside": outside,
        "leaving": leaving,
        "promotions": [SchoolYear(current.first - back) for back in range(1, counting.YEARS + 1)],
        "due": [(term.label, leavers.due_date(leaving, term)) for term in Term],
        "chart": _chart(found),
        "box": inserjeunes.box(request.school),
        "may_open": bool(allows(request.membership, Permission.VIEW_SURVEYS)),
        "formats": [(code, label) for code, (label, _) in downloads.FORMATS.items()],
    }
    return render(request, "indicators/leaver_figures.html", context | frame(request))


def _chart(found: counting.Content) -> str:
    """Response rates by year at six months, which says how far the other rates can be trusted; "" when there are not two."""
    bars = []
    for line in found.years:
        at = counting.by_term(line)[CHART_TERM]
        if at.reply is not None and at.reply.value is not None:
            bars.append(Bar(line.label, at.reply.value))
    if len(bars) < 2:
        return ""
    return charts.bars(bars, label="Taux de réponse à 6 mois par promotion", write=french.percent, top=1)
