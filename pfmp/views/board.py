"""The board of PFMP: each class with its period, who has a place, who has none."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from core import charts
from core.school_year import SchoolYear
from core.verdict import demand
from pfmp import permissions, selectors
from pfmp.models import Period
from pfmp.views.periods import departure
from schools.enums import Niveau
from schools.middleware import SchoolRequest
from schools.permissions import allows, is_own_only, visible_students
from schools.roles import Permission

NAMES = 6


@dataclass(frozen=True)
class BoardLine:
    """A class and one of its periods: how many are expected, placed, at which step, and the names that need help."""

    period: Period
    rows: list[selectors.Situation]
    named: list[selectors.Situation]
    departure: str

    @property
    def expected(self) -> int:
        return sum(not row.is_exempted for row in self.rows)

    @property
    def placed(self) -> int:
        return sum(row.has_solution for row in self.rows if not row.is_exempted)

    @property
    def secured(self) -> int:
        return sum(row.is_secured for row in self.rows if not row.is_exempted)

    @property
    def late(self) -> int:
        """Days of the pupil who is most late."""
        return max((row.days_late for row in self.rows), default=0)

    @property
    def shown(self) -> list[selectors.Situation]:
        return self.named[:NAMES]

    @property
    def more(self) -> int:
        return max(0, len(self.named) - NAMES)

    @property
    def bar(self) -> str:
        return charts.share(self.placed, self.expected, width=64)


@require_GET
def board(request: SchoolRequest) -> HttpResponse:
    """Class × period, for the year on screen: the next period of each class or the one under way, else all of the year."""
    demand(allows(request.membership, Permission.VIEW_PLACEMENTS))
    today = timezone.localdate()
    whole_year = request.GET.get("periodes") == "toutes"
    niveau = request.GET.get("niveau", "")
    step = request.GET.get("etape", "") if request.GET.get("etape", "") in selectors.STEPS else ""
    periods = periods_of_board(request, today, whole_year=whole_year)
    levels = [level for level in Niveau if level.value in {period.school_class.niveau for period in periods}]
    if niveau in Niveau.values:
        periods = [period for period in periods if period.school_class.niveau == niveau]
    pupils = visible_students(request.membership).values_list("pk", flat=True)
    found = selectors.situations(periods, today, students=pupils if is_own_only(request.membership) else None)
    counts: Counter[str] = Counter()
    lines = []
    for period in periods:
        rows = found[period.pk]
        counts.update(row.step for row in rows)
        named = [row for row in rows if (row.step == step if step else row.needs_place)]
        if named or not step:
            lines.append(BoardLine(period, rows, named, departure(period, today)))
    expected = sum(line.expected for line in lines) if not step else sum(counts.values()) - counts["dispense"]
    placed = sum(row.has_solution for rows in found.values() for row in rows if not row.is_exempted)
    return render(
        request,
        "pfmp/board.html",
        {
            "lines": lines,
            "step": step,
            "sums": [(code, counts[code]) for code in selectors.STEPS if counts[code]],
            "lead": f"{placed} sur {expected}",
            "chart": charts.share(placed, expected, width=140),
            "whole_year": whole_year,
            "levels": levels,
            "niveau": niveau,
            "own_only": is_own_only(request.membership),
            "may_log": allows(request.membership, Permission.LOG_PLACEMENT),
            "may_manage": allows(request.membership, Permission.MANAGE_PLACEMENTS),
            "new_url": reverse("pfmp:placement_new", args=[request.school.uai]),
            "periods_url": reverse("pfmp:period_list", args=[request.school.uai]),
            "exemptions_url": reverse("pfmp:exemption_list", args=[request.school.uai]),
            "texts_url": reverse("documents:wording_detail", args=[request.school.uai, "convention_pfmp"]),
            "may_write": allows(request.membership, Permission.EDIT_SCHOOL),
            "visits_url": reverse("pfmp:visit_list", args=[request.school.uai]),
            "capacities_url": reverse("pfmp:capacity_list", args=[request.school.uai]),
            "reviews_url": reverse("pfmp:review_list", args=[request.school.uai]),
            "incidents_url": reverse("pfmp:incident_list", args=[request.school.uai]),
            "sees_quality": allows(request.membership, Permission.VIEW_HOST_QUALITY)
            or allows(request.membership, Permission.LOG_VISIT),
        },
    )


def periods_of_board(request: SchoolRequest, today: date, *, whole_year: bool) -> list[Period]:
    """The periods on the board, the nearest departure first.

    For each class of the year on screen, the period under way or the next one; when all are over, the last. Or all of them.
    """
    periods = list(
        permissions.visible_periods(request.membership)
        .filter(year=request.school_year.code)
        .select_related("school_class", "school")
        .order_by("start_date", "school_class__code", "pk")
        .distinct()
    )
    if whole_year:
        return periods
    chosen: dict[int, Period] = {}
    for period in periods:
        known = chosen.get(period.school_class_id)
        if known is None or known.end_date < today:
            chosen[period.school_class_id] = period
    is_now = request.school_year == SchoolYear.on(today)
    found = sorted(chosen.values(), key=lambda period: (period.start_date, period.school_class.code))
    return sorted(found, key=lambda period: period.end_date < today) if is_now else found
