"""Mission orders as files, their list for the secretariat, the kilometres of each."""

from datetime import date, timedelta

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from core import downloads, notices
from core.school_year import SchoolYear
from core.verdict import demand
from pfmp import mission, permissions
from schools.middleware import SchoolRequest
from schools.models import Membership
from schools.pages import named_in_address
from schools.permissions import allows
from schools.roles import Permission

MOST_DAYS = 62
HEADERS = (
    "Nom",
    "Prénom",
    "Adresse électronique",
    "Tournées",
    "Visites prévues",
    "Visites faites",
    "Kilomètres à vol d’oiseau",
)


def _day(request: SchoolRequest, name: str, default: date) -> date:
    try:
        return date.fromisoformat(request.GET.get(name, ""))
    except ValueError:
        return default


@require_GET
def mission_order(request: SchoolRequest) -> HttpResponse:
    """The PDF of one person's rounds of a day (`?du=…`) or of several (`&au=…`): one's own, or anyone's for the office."""
    demand(allows(request.membership, Permission.VIEW_PLACEMENTS))
    member = request.membership
    if request.GET.get("referent"):
        found: Membership | None = named_in_address(request, Membership.objects.in_school(request.school), "referent")
        if found is None or (found.pk != member.pk and not allows(member, Permission.VIEW_STAFF)):
            raise Http404
        member = found
    start = _day(request, "du", timezone.localdate())
    end = min(max(_day(request, "au", start), start), start + timedelta(days=min(MOST_DAYS, (date.max - start).days)))
    mine = permissions.visible_placements(request.membership)  # as of today: no name of a former pupil
    visits = mission.planned(request.school, start, end, of=member).filter(placement__in=mine.values("pk"))
    rounds = mission.missions(request.school, visits)
    if not rounds:
        notices.warned(
            request, "Aucune visite sur place n’est prévue ces jours-là : il n’y a pas d’ordre de mission à éditer."
        )
        return redirect("pfmp:visit_plan", request.school.uai)
    content = mission.render(request.school, member, rounds)
    return downloads.attachment(content, "application/pdf", f"ordre-de-mission-{start:%Y-%m-%d}.pdf")


@require_GET
def mission_list(request: SchoolRequest) -> HttpResponse:
    """The rounds of the year on screen, person by person, with the kilometres; as a file by `?format=`."""
    demand(allows(request.membership, Permission.VIEW_STAFF))
    year: SchoolYear = request.school_year
    start, end = _day(request, "du", year.start), _day(request, "au", year.end)
    found = mission.missions(request.school, mission.planned(request.school, start, end))
    sums = mission.totals(found)
    if (wanted := request.GET.get("format", "")) in downloads.FORMATS:
        lines = [
            [
                one.membership.last_name, one.membership.first_name, one.membership.email, one.rounds, one.visits, one.made,
                round(one.km),
            ]
            for one in sums
        ]  # fmt: skip
        return downloads.table(wanted, "kilometres", "Kilomètres des visites", HEADERS, lines)
    return render(
        request,
        "pfmp/visiting/missions.html",
        {
            "sums": sums,
            "missions": sorted(found, key=lambda one: one.day, reverse=True),
            "start": start,
            "end": end,
            "order_url": reverse("pfmp:mission_order", args=[request.school.uai]),
            "load_url": reverse("pfmp:visit_load", args=[request.school.uai]),
        },
    )
