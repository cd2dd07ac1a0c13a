"""Visits to come: the plan of a referent, the page of the day on a phone, the follow-up of a placement, who carries what."""

from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.views.decorators.http import require_GET, require_http_methods

from core import french, notices
from core.verdict import Verdict, demand
from partners import mapping
from partners.permissions import visible_contacts, visible_interactions
from pfmp import permissions, visiting
from pfmp.enums import VisitGrade, VisitMode
from pfmp.forms.visits import DayForm, PlannedVisitForm, VisitForm, hour
from pfmp.models import Placement, PlannedVisit, Visit
from pfmp.rules import owed, parse_timetable
from pfmp.rules.timetable import Timetable, week_in_words
from pfmp.views import feedback, placement_tabs
from pfmp.views.named import placement_named
from pfmp.views.placements import PlacementPages
from pfmp.views.visits import following_url, points_of, state_of
from schools.communes import town_of
from schools.forms import RecordForm
from schools.middleware import SchoolRequest
from schools.models import Membership
from schools.pages import Column, Fact, RecordPages, named_in_address
from schools.permissions import allows, is_own_only
from schools.roles import Permission

SCRIPTS = Path(settings.BASE_DIR) / "static" / "js"
LISTED = 60
"""Placements that the page of the workload names under each heading."""
EXCHANGES = 5


# ------------------------------------------------------------------------------------------------------------- the plan


def referent_named(request: SchoolRequest) -> Membership:
    """Whose plan it is: one's own; the bureau names another member by `?referent=…`. An unknown one is 404."""
    if not request.GET.get("referent") or is_own_only(request.membership):
        return request.membership
    found: Membership | None = named_in_address(request, Membership.objects.in_school(request.school), "referent")
    if found is None:
        raise Http404
    found.school = request.school
    return found


@require_http_methods(["GET", "POST"])
def visit_plan(request: SchoolRequest) -> HttpResponse:
    """The pupils that someone follows, by place, with what is due; boxes and a day plan several visits at once."""
    demand(allows(request.membership, Permission.VIEW_PLACEMENTS))
    referent = referent_named(request)
    is_mine = referent.pk == request.membership.pk
    may_plan = allows(request.membership, Permission.LOG_VISIT if is_mine else Permission.MANAGE_PLACEMENTS)
    today = timezone.localdate()
    form = DayForm(request.POST or None, today=today)
    placements = visiting.to_follow(request.membership, referent.email, today)
    if request.method == "POST":
        demand(may_plan)
        if (answer := _planned(request, form, placements, referent)) is not None:
            return answer
    found = visiting.lines(placements, request.school, today)
    town = town_of(request.school)
    home = town.centre if town else None
    spots = [
        mapping.Spot(
            line.placement.partner.public_id, line.placement.partner.name, line.placement.partner.status,
            line.placement.partner.type, line.placement.partner.city, *line.stop.point, line.placement.partner.is_located,
            (str(line.placement.student),),
        )
        for line in found
        if line.stop.point
    ]  # fmt: skip
    context: dict[str, Any] = {
        "form": form,
        "referent": referent,
        "is_mine": is_mine,
        "may_plan": may_plan,
        "rounds": visiting.rounds(found, home),
        "count": len(found),
        "late": sum(line.is_late for line in found),
        "town": town,
        "today": today,
        "picked": set(request.POST.getlist("choix")),
        "referents": _referents(request) if not is_own_only(request.membership) else [],
        "day_url": reverse("pfmp:my_visits", args=[request.school.uai]),
        "mission_url": reverse("pfmp:mission_order", args=[request.school.uai]),
        "list_url": reverse("pfmp:visit_list", args=[request.school.uai]),
        "legend": mapping.legend(spots),
        "drawing": mapping.drawing(
            spots, uai=request.school.uai, middle=home, name="Le lycée", around="Autour du lycée", icon="mortarboard"
        )
        if spots
        else None,
    }
    return render(request, "pfmp/visiting/plan.html", context, status=422 if request.method == "POST" else 200)


def _planned(
    request: SchoolRequest, form: DayForm, placements: QuerySet[Placement], referent: Membership
) -> HttpResponse | None:
    """Plan what is picked; None when the form is to be shown again with its sentence."""
    picked = set(request.POST.getlist("choix"))
    chosen = [one for one in placements.select_related("student", "school") if str(one.public_id) in picked]
    if not form.is_valid():
        return None
    if not chosen:
        form.add_error(None, "Cochez les élèves à voir ce jour-là.")
        return None
    day = form.cleaned_data["day"]
    outcome = visiting.plan_visits(
        [(one, hour(request.POST.get(f"heure-{one.public_id}", ""))) for one in chosen],
        membership=referent,
        day=day,
        mode=VisitMode(form.cleaned_data["mode"]),
        by=request.user,
    )
    if outcome.refused:
        notices.warned(request, f"À voir un autre jour : {' '.join(outcome.refused)}")
    if outcome.planned:
        notices.said(
            request,
            f"{french.plural(outcome.planned, 'visite')} prévue{'s' if outcome.planned > 1 else ''} "
            f"{french.day(day, weekday=True)}.",
        )
    elif not outcome.refused:
        notices.said(request, "Ces visites étaient déjà prévues ce jour-là.")
    return redirect(request.get_full_path())


def _referents(request: SchoolRequest) -> list[Membership]:
    """Who follows someone now or soon, by name."""
    today = timezone.localdate()
    emails = {
        email.casefold()
        for email in permissions.visible_placements(request.membership)
        .filter(status__in=visiting.FOLLOWED, end_date__gte=today, start_date__lte=today + visiting.AHEAD)
        .values_list("referent_email", flat=True)
        .distinct()
    }
    members = Membership.objects.in_school(request.school).order_by("last_name", "first_name")
    return [one for one in members if one.email.casefold() in emails]


class PlannedVisitPages(RecordPages):
    """Visits to come: planned from the plan or from a placement, moved, given up."""

    model, app, name, slug = PlannedVisit, "pfmp", "planned_visit", "visites-prevues"
    view, edit = Permission.VIEW_PLACEMENTS, Permission.LOG_VISIT
    form = PlannedVisitForm
    title, new_label = "Visites prévues", "Prévoir une visite"
    parent = ("PFMP", "pfmp:board")
    noun = "visite prévue,visites prévues"
    intro = "Qui va où, et quand ; les visites faites sont dans « Visites »."
    saved = "Visite prévue."
    save_label = "Prévoir la visite"
    empty = "Aucune visite n’est prévue. Choisissez vos élèves et un jour dans le plan des visites."
    list_template = "pfmp/visiting/planned_list.html"
    form_template = "pfmp/visiting/planned_form.html"
    ordering = ("date", "time", "pk")
    columns = (
        Column("Élève", lambda row: str(row.placement.student), "name", sort="placement__student__search_text"),
        Column("Entreprise", "placement.partner.name", sort="placement__partner__name"),
        Column("Commune", "placement.partner.city", sort="placement__partner__city"),
        Column("Jour", "date", "date", sort="date"),
        Column("Heure", lambda row: f"{row.time:%H:%M}" if row.time else "", sort="time"),
        Column("Mode", "get_mode_display", sort="mode"),
        Column("Par", lambda row: row.membership.full_name, sort="membership__last_name"),
        Column("Faite", lambda row: row.visit_id is not None, "yesno"),
    )

    def rows(self, request: SchoolRequest) -> QuerySet[PlannedVisit]:
        found = PlannedVisit.objects.in_school(request.school).filter(
            placement__in=permissions.visible_placements(request.membership).values("pk")
        )
        if is_own_only(request.membership):
            found = found.filter(membership=request.membership)
        return found.select_related(
            "placement__student", "placement__partner__school", "placement__school", "membership", "school"
        )

    def list_rows(self, request: SchoolRequest) -> QuerySet[PlannedVisit]:
        return self.rows(request).filter(placement__period__year=request.school_year.code)

    def list_context(self, request: SchoolRequest) -> dict[str, Any]:
        return {"new_url": "", "plan_url": reverse("pfmp:visit_plan", args=[request.school.uai])}

    def may_change(self, request: SchoolRequest, record: PlannedVisit) -> Verdict:
        if record.visit_id is not None:
            return Verdict(False, "Cette visite est faite : corrigez son compte rendu.")
        if record.membership_id == request.membership.pk:
            return allows(request.membership, Permission.LOG_VISIT)
        return allows(request.membership, Permission.MANAGE_PLACEMENTS)

    def form_kwargs(self, request: SchoolRequest) -> dict[str, Any]:
        return {"today": timezone.localdate()}

    def initial(self, request: SchoolRequest) -> dict[str, Any]:
        return {"mode": VisitMode.ON_SITE}

    def _form(self, request: SchoolRequest, record: Any = None) -> RecordForm:
        """A new one is of the placement that the address names, for who opens the page."""
        form = super()._form(request, record)
        if record is None:
            placement = placement_named(request)
            demand(permissions.may_note_visit(request.membership, placement))
            form.instance.placement, form.instance.membership = placement, request.membership
        return form

    def facts(self, request: SchoolRequest, record: PlannedVisit) -> list[Fact]:
        placement = record.placement
        return [
            Fact("Élève", placement.student, link=following_url(placement)),
            Fact("Entreprise", placement.partner, link=placement.partner.get_absolute_url()),
            Fact("Adresse", visiting.address_of(placement)),
            Fact("Jour", record.date, "date"),
            Fact("Heure", french.clock(record.time) if record.time else ""),
            Fact("Mode", record.get_mode_display()),
            Fact("Par", record.membership.full_name),
        ]

    def after_save(self, request: SchoolRequest, record: PlannedVisit) -> str:
        return following_url(record.placement)

    def home_of(self, request: SchoolRequest, record: PlannedVisit) -> str:
        return following_url(record.placement)


# ---------------------------------------------------------------------------------------------------- the page of the day


def owner_of(request: SchoolRequest) -> str:
    """A mark of the account for its phone: says whose what is kept there is, and names nobody."""
    return salted_hmac("pfmp.visits", f"{request.user.pk} {request.school.uai}").hexdigest()[:16]


@require_GET
def my_visits(request: SchoolRequest) -> HttpResponse:
    """The visits I planned for the week: whom, where, whom to call, what was said last, and the report to write.

    This very page is what a phone keeps when its reader asks for it (static/js/visits.js): nobody else's pupils are on it.
    """
    demand(allows(request.membership, Permission.LOG_VISIT))
    today = timezone.localdate()
    planned = visiting.planned_for(request.membership, today)
    known = set(
        visible_contacts(request.membership)
        .filter(pk__in=[one.placement.tutor_id for one in planned if one.placement.tutor_id])
        .values_list("pk", flat=True)
    )
    cards = [_card(request, one, today, known) for one in planned]
    uai = request.school.uai
    return render(
        request,
        "pfmp/visiting/my_visits.html",
        {
            "today": today,
            "cards": [card for card in cards if card["planned"].date == today],
            "later": [card for card in cards if card["planned"].date > today],
            "forgotten": [card for card in cards if card["planned"].date < today],
            "answers": visiting.answers_for(request.membership, today),
            "owner": owner_of(request),
            "state_url": reverse("pfmp:visits_state", args=[uai]),
            "worker_url": reverse("pfmp:visits_worker", args=[uai]),
            "plan_url": reverse("pfmp:visit_plan", args=[uai]),
            "list_url": reverse("pfmp:visit_list", args=[uai]),
            "mission_url": reverse("pfmp:mission_order", args=[uai]),
            "login_url": f"{reverse(settings.LOGIN_URL)}?next={request.path}",
        },
    )


def _card(request: SchoolRequest, planned: PlannedVisit, today: Any, known: set[int]) -> dict[str, Any]:
    placement = planned.placement
    visits: list[Visit] = placement.made  # type: ignore[attr-defined]
    timetable = parse_timetable(placement.timetable)
    form = VisitForm(
        instance=Visit(placement=placement),
        initial={"date": today, "mode": planned.mode},
        school=request.school,
        membership=request.membership,
        today=today,
        auto_id=f"id_{planned.pk}_%s",
    )
    return {
        "planned": planned,
        "placement": placement,
        "address": visiting.address_of(placement),
        "week": week_in_words(timetable) if isinstance(timetable, Timetable) else [],
        "last": visits[0] if visits else None,
        "tutor": placement.tutor if placement.tutor_id in known else None,
        "form": form,
        "url": f"{reverse('pfmp:visit_new', args=[request.school.uai])}?placement={placement.public_id}&retour=jour",
        "following_url": following_url(placement),
    }


@require_GET
def visits_state(request: SchoolRequest) -> HttpResponse:
    """What a phone asks before it sends: am I still signed in, as whom, with which token."""
    demand(allows(request.membership, Permission.LOG_VISIT))
    response = JsonResponse({"owner": owner_of(request), "csrf": get_token(request)})
    response["Cache-Control"] = "no-store, private"
    return response


@require_GET
def visits_worker(request: SchoolRequest) -> HttpResponse:
    """The service worker of the page of the day, at an address whose folder is all that it may answer for."""
    demand(allows(request.membership, Permission.LOG_VISIT))
    source = "\n".join((SCRIPTS / name).read_text(encoding="utf-8") for name in ("visits-store.js", "visits-worker.js"))
    return HttpResponse(source, content_type="text/javascript; charset=utf-8")


# ---------------------------------------------------------------------------------------- the follow-up of one placement


@require_GET
def placement_following(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """What was seen, what is planned, what is missing, alerts and the exchanges with the company meanwhile."""
    demand(allows(request.membership, Permission.VIEW_PLACEMENTS))
    pages = PlacementPages()
    record: Placement = pages.find(request, public_id)
    today = timezone.localdate()
    (line,) = visiting.lines(Placement.objects.in_school(request.school).filter(pk=record.pk), request.school, today)
    # one visit a line, the latest first, with the points that are not as they should
    visits = [
        {
            "visit": one,
            "state": state_of(one),
            "points": [point for point in points_of(one) if point[2] < VisitGrade.RATHER_YES],
        }
        for one in line.visits
    ]
    until = min(record.end_date, today)
    exchanges = (
        visible_interactions(request.membership)
        .filter(partner=record.partner, date__range=(record.start_date, until))
        .select_related("school", "contact")
        .order_by("-date", "-pk")[:EXCHANGES]
        if record.start_date <= until
        else []
    )
    told = feedback.of(record, request.membership)
    tutor = record.tutor
    context = {
        "pages": pages,
        "record": record,
        "entries": placement_tabs.tabs(record),
        "list_url": pages.back_url(request),
        "status": record.status,
        "subtitle": pages.subtitle(request, record),
        "today": today,
        "feedback": told,
        "line": line,
        "visits": visits,
        "gaps": owed.gaps(line.stay, today) if record.status in visiting.SEEN else [],
        "exchanges": exchanges,
        "referent": Membership.objects.in_school(request.school).filter(email__iexact=record.referent_email).first(),
        "may_visit": permissions.may_note_visit(request.membership, record),
        "tutor": tutor if tutor and visible_contacts(request.membership).filter(pk=tutor.pk).exists() else None,
        "address": visiting.address_of(record),
        "visit_url": f"{reverse('pfmp:visit_new', args=[request.school.uai])}?placement={record.public_id}",
        "planned_url": f"{reverse('pfmp:planned_visit_new', args=[request.school.uai])}?placement={record.public_id}",
    }
    return render(request, "pfmp/visiting/following.html", context)


# ------------------------------------------------------------------------------------------------------ who carries what


@require_GET
def visit_load(request: SchoolRequest) -> HttpResponse:
    """Each referent of the year on screen: pupils, visits made, planned and late; then the placements where something is missing."""
    demand(allows(request.membership, Permission.VIEW_STAFF))
    today = timezone.localdate()
    found = visiting.follow_up(request.school, request.school_year.code, today)
    wanted = {pk for pks in found.missing.values() for pk in pks[:LISTED]}
    placements = {
        one.pk: one
        for one in permissions.visible_placements(request.membership)
        .filter(pk__in=wanted)
        .select_related("student", "partner", "school", "period__school_class")
    }
    names = {one.email.casefold(): one.name for one in found.loads}
    return render(
        request,
        "pfmp/visiting/load.html",
        {
            "loads": found.loads,
            "here": sum(one.here for one in found.loads),
            "missing": [
                (
                    gap.value,
                    len(pks),
                    [
                        (placements[pk], names.get(placements[pk].referent_email.strip().casefold(), ""))
                        for pk in pks[:LISTED]
                        if pk in placements
                    ],
                )
                for gap, pks in found.missing.items()
                if pks
            ],
            "plan_url": reverse("pfmp:visit_plan", args=[request.school.uai]),
            "missions_url": reverse("pfmp:mission_list", args=[request.school.uai]),
            "visits_url": reverse("pfmp:visit_list", args=[request.school.uai]),
        },
    )
