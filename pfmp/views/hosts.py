"""Hosts for a pupil's formation, near home."""

from uuid import UUID

from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from core import french, places
from core.places import Commune
from core.verdict import Verdict, demand
from partners import mapping
from pfmp import hosting, nearby_hosts, permissions
from pfmp.forms.hosts import HostSearchForm
from pfmp.forms.placements import next_period, periods_of
from schools.communes import Around, town_of
from schools.middleware import SchoolRequest
from schools.models import Schooling, Student
from schools.pages import MAX_TERMS
from schools.permissions import allows, may_see_contacts, visible_students
from schools.roles import Permission

PAST_PERIODS = 2


@require_GET
def student_hosts(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """Who could take this pupil: by distance from their town, or from the school's for who may not know where they live.

    Only the town of the pupil is looked at; their address is neither located nor sent anywhere.
    """
    demand(allows(request.membership, Permission.VIEW_PLACEMENTS))
    if sum(len(values) for _, values in request.GET.lists()) > MAX_TERMS:
        raise BadRequest
    student = visible_students(request.membership).filter(public_id=public_id).select_related("school").first()
    if student is None:
        raise Http404
    today = timezone.localdate()
    every = list(periods_of(student, request.school))
    coming = [period for period in every if period.end_date >= today][::-1]
    period = next_period(every, today) if every else None
    formation = period.school_class.diploma if period else last_formation(student)
    sees_home = may_see_contacts(request.membership, student)
    home = places.find(student.postal_code, student.city) if sees_home else None
    form = HostSearchForm(
        request.GET,
        school=request.school,
        formations=sorted({*hosting.formations(request.school, request.school_year.code), formation} - {""}),
        formation=formation,
        periods=coming or every[:PAST_PERIODS],
        period=period,
        town=home or town_of(request.school),
    )
    found = nearby_hosts.Found([], [], 0)
    around: Around | None = None
    if form.is_valid() and (around := form.cleaned_data["distance"]):
        period = form.period_asked
        found = nearby_hosts.find(
            nearby_hosts.Search(
                form.formation_asked,
                period,
                period.year if period else request.school_year.code,
                around.commune.centre,
                around.km,
            ),
            request.membership,
            today,
            student=student,
        )
    spots = [spot_of(host) for host in found.hosts]
    named = f"?eleve={student.public_id}" + (f"&periode={period.public_id}" if period else "")
    return render(
        request,
        "pfmp/student_hosts.html",
        {
            "record": student,
            "form": form,
            "around": around,
            "period": period,
            "found": found,
            "count": french.plural(
                len(found.hosts) + found.more, "lieu d’accueil possible", "lieux d’accueil possibles"
            ),
            "why_there": why_there(sees_home, home, around, student, request),
            "sees_reasons": allows(request.membership, Permission.VIEW_HOST_QUALITY),
            "may_log": permissions.may_log(request.membership),  # the pupil is one of theirs
            "new_url": f"{reverse('pfmp:placement_new', args=[request.school.uai])}{named}&partenaire=",
            "quick_url": reverse("pfmp:approach_quick", args=[request.school.uai]) if period else "",
            "list_url": reverse("schools:student_list", args=[request.school.uai]),
            "here": request.get_full_path(),
            "legend": mapping.legend(spots),
            "drawing": mapping.drawing(
                spots,
                uai=request.school.uai,
                middle=around.commune.centre if around else None,
                name=around.commune.name if around else "",
                around=f"Autour {around.commune.of}" if around else "",
                icon="geo-alt",
                ring=around.km if around else None,
            ),
        },
    )


def last_formation(student: Student) -> str:
    """The diploma of the pupil's latest class, "" without any."""
    last = (
        Schooling.objects.in_school(student.school_id)
        .filter(student=student)
        .select_related("school_class")
        .order_by("-year", "-entry_date")
        .first()
    )
    return last.school_class.diploma if last else ""


def why_there(
    sees_home: Verdict, home: Commune | None, around: Around | None, student: Student, request: SchoolRequest
) -> str:
    """Why distances are not counted from the pupil's town, "" when they are or when another town was asked for."""
    if around is None or request.GET.get("distance_de") or home is not None:
        return ""
    where = f"Les distances se comptent depuis {around.commune.name}, la commune du lycée"
    if not sees_home:
        return f"{where} : celle de l’élève n’est montrée qu’à qui le suit."
    return f"{where} : celle de l’élève n’est pas renseignée, ou pas reconnue."


def spot_of(host: nearby_hosts.Host) -> mapping.Spot:
    """A host on the map, with what helps to choose."""
    partner = host.partner
    facts = [partner.trade]
    if host.places is not None:
        facts.append(
            "Complet pour cette période"
            if host.is_full
            else french.plural(host.left or 0, "place libre", "places libres")
        )
    if host.pupils:
        facts.append(f"{french.plural(host.pupils, 'élève')} de la formation en trois ans")
    if host.mark:
        facts.append(f"Dernier bilan : {host.mark}")
    return mapping.Spot(
        partner.public_id,
        partner.name,
        partner.status,
        partner.type,
        partner.city,
        partner.map_latitude or 0.0,
        partner.map_longitude or 0.0,
        partner.is_located,
        tuple(facts),
    )
