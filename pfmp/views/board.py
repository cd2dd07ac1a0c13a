"""The board of PFMP: each class with its period, who has a place, who has none, who is late."""

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
from pfmp import deliveries, permissions, selectors
from pfmp.enums import OBSERVATIONS, MilestoneStep
from pfmp.models import Period
from pfmp.rules.solutions import Sums
from pfmp.situations import STEPS, Situation
from pfmp.views.class_board import covered, departure, filtered, staff_names, sums_of
from schools import navigation
from schools.enums import Niveau
from schools.middleware import SchoolRequest
from schools.permissions import allows, is_own_only, visible_students
from schools.roles import Permission

NAMES = 6


@dataclass(frozen=True)
class BoardLine:
    """A class and one of its periods: how many are expected, placed, at which step, and the names that need help."""

    period: Period
    rows: list[Situation]
    named: list[Situation]
    departure: str
    sums: Sums

    @property
    def late(self) -> int:
        """Days of the pupil who is most late."""
        return max((row.days_late for row in self.rows), default=0)

    @property
    def red(self) -> int:
        """Pupils without a complete convention a week before the departure, or less (R-CONV-04)."""
        return sum(row.red_day is not None for row in self.rows)

    @property
    def is_counted(self) -> bool:
        """False for a sequence of observation: no figure of PFMP counts it (R-OBS-02)."""
        return self.period.kind not in OBSERVATIONS

    @property
    def awaited(self) -> str:
        """The step that the pupil who is most late is late for, in words."""
        latest = max(self.rows, key=lambda row: row.days_late, default=None)
        return latest.next_step.words if latest and latest.next_step else ""

    @property
    def need(self) -> tuple[int, int]:
        """The order of « qui a le plus besoin d’aide »."""
        return (-sum(row.needs_place for row in self.rows if row.red_day), -self.late)

    @property
    def shown(self) -> list[Situation]:
        return self.named[:NAMES]

    @property
    def more(self) -> int:
        return max(0, len(self.named) - NAMES)

    @property
    def bar(self) -> str:
        return charts.share(self.sums.solved, self.sums.expected, width=64)


@require_GET
def board(request: SchoolRequest) -> HttpResponse:
    """Class × period, for the year on screen: the next period of each class or the one under way, else all of the year."""
    demand(allows(request.membership, Permission.VIEW_PLACEMENTS))
    today = timezone.localdate()
    whole_year = request.GET.get("periodes") == "toutes"
    step = request.GET.get("etape", "") if request.GET.get("etape", "") in STEPS else ""
    awaited = request.GET.get("attendu", "") if request.GET.get("attendu", "") in MilestoneStep.values else ""
    picks = bool(step or awaited or request.GET.get("retard") or request.GET.get("referent"))
    periods = periods_of_board(request, today, whole_year=whole_year)
    levels = [level for level in Niveau if level.value in {period.school_class.niveau for period in periods}]
    formations = sorted({period.school_class.diploma for period in periods if period.school_class.diploma})
    niveau, formation = request.GET.get("niveau", ""), request.GET.get("formation", "")
    periods = [
        period
        for period in periods
        if niveau not in Niveau.values or period.school_class.niveau == niveau
        if formation not in formations or period.school_class.diploma == formation
    ]
    pupils = visible_students(request.membership).values_list("pk", flat=True)
    found = selectors.situations(periods, today, students=pupils if is_own_only(request.membership) else None)
    counts: Counter[str] = Counter()
    lines = []
    totals = Sums()
    emails: set[str] = set()
    for period in periods:
        rows = found[period.pk]
        counts.update(row.step for row in rows)
        emails.update(row.placement.referent_email.casefold() for row in rows if row.placement)
        named = filtered(rows, request) if picks else [row for row in rows if row.needs_place]
        line = BoardLine(period, rows, named, departure(period, today), sums_of(period, rows))
        totals = totals.plus(line.sums) if line.is_counted else totals
        if named or not picks:
            lines.append(line)
    by_need = request.GET.get("tri") == "besoin"
    if by_need:
        lines.sort(key=lambda line: line.need)
    staff = staff_names(request)
    return render(
        request,
        "pfmp/board.html",
        {
            "lines": lines,
            "step": step,
            "awaited": MilestoneStep(awaited).label if awaited else "",
            "awaited_code": awaited,
            "picks": picks,
            "late": bool(request.GET.get("retard")),
            "referents": sorted(
                ((email, staff.get(email, email)) for email in emails if email), key=lambda one: one[1]
            ),
            "referent": request.GET.get("referent", ""),
            "by_need": by_need,
            "sums": [(code, counts[code]) for code in STEPS if counts[code]],
            "totals": totals,
            "covered": covered(totals),
            "has_others": any(period.kind in OBSERVATIONS for period in periods),
            "red": sum(line.red for line in lines),
            "red_lines": [line for line in lines if line.red],
            "lead": f"{totals.solved} sur {totals.expected}",
            "chart": charts.share(totals.solved, totals.expected, width=140),
            "whole_year": whole_year,
            "levels": levels,
            "niveau": niveau,
            "formations": formations,
            "formation": formation,
            "own_only": is_own_only(request.membership),
            "may_log": allows(request.membership, Permission.LOG_PLACEMENT),
            "may_manage": allows(request.membership, Permission.MANAGE_PLACEMENTS),
            "to_check": deliveries.to_check(request.membership).count(),
            "new_url": reverse("pfmp:placement_new", args=[request.school.uai]),
            "periods_url": reverse("pfmp:period_list", args=[request.school.uai]),
            "milestones_url": reverse("pfmp:milestones", args=[request.school.uai]),
            "ways": navigation.parts_of(request.membership, "pfmp:board"),
            "deliveries_url": reverse("pfmp:delivery_list", args=[request.school.uai]),
            "texts_url": reverse("documents:wording_detail", args=[request.school.uai, "convention_pfmp"]),
            "may_write": allows(request.membership, Permission.EDIT_SCHOOL),
            "visits_url": reverse(
                "pfmp:my_visits" if is_own_only(request.membership) else "pfmp:visit_list", args=[request.school.uai]
            ),
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
