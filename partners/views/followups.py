"""« À relancer »: every call that waits, done in one click, put off in two, and what was said noted at once."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.core.exceptions import BadRequest
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core import french, notices
from core.errors import StaleEdit
from core.verdict import demand
from partners import followups
from partners.enums import Initiative
from partners.forms.followups import FollowUpFilters, PostponeForm, SaidForm
from partners.models import Interaction
from partners.rules import follow_up
from partners.rules.follow_up import Delay, Due
from partners.views.records import InteractionPages
from schools.middleware import SchoolRequest
from schools.pages import named_in_address
from schools.permissions import allows
from schools.roles import Permission
from schools.services import create_record

PAGE_SIZE = 50
TITLES = {
    Due.LATE: "En retard",
    Due.TODAY: "Aujourd’hui",
    Due.WEEK: "Dans la semaine",
    Due.LATER: "Plus tard",
}
CHANGED = "Cette fiche vient d’être modifiée par quelqu’un d’autre : relisez-la, puis recommencez."


def _page_url(request: SchoolRequest) -> str:
    return reverse("partners:follow_ups", args=[request.school.uai])


def _back(request: SchoolRequest, exchange: Interaction) -> str:
    """Where the page that posted asked to come back, when it is one of ours; else the partner's page."""
    to = request.POST.get("retour") or request.GET.get("retour", "")
    if to.startswith("/") and url_has_allowed_host_and_scheme(
        to, {request.get_host()}, require_https=request.is_secure()
    ):
        return to
    return exchange.partner.get_absolute_url()


@require_GET
def follow_ups(request: SchoolRequest) -> HttpResponse:
    """Every call-back that waits, by when; the parts of time are filters."""
    demand(allows(request.membership, Permission.ADD_INTERACTION))
    return _draw_page(request)


def _draw_page(
    request: SchoolRequest, *, said: SaidForm | None = None, about: Interaction | None = None, status: int = 200
) -> HttpResponse:
    """The page; with the form of what was said, when a call has just been made."""
    today = timezone.localdate()
    filters = FollowUpFilters(request.GET, queryset=followups.waiting(request.membership), request=request)
    if not filters.form.is_valid():
        raise BadRequest
    wanted = filters.form.cleaned_data["quand"]
    counts = followups.counts(filters.qs, today)
    shown = filters.qs.select_related("partner__school", "contact", "school").order_by("call_again_date", "pk")
    if wanted:
        shown = shown.filter(call_again_date__range=follow_up.days_of(Due(wanted), today))
    page = Paginator(shown, PAGE_SIZE).get_page(request.GET.get("page"))
    calls = followups.lines(page.object_list, request.membership, today)
    if about is None:
        about = named_in_address(request, InteractionPages().rows(request), "fait")
    if about is not None and said is None:
        said = _said_form(request, about)
    query = request.GET.copy()
    for name in ("fait", "prevu"):
        query.pop(name, None)
    return render(
        request,
        "partners/follow_ups.html",
        {
            "today": today,
            "filters": filters,
            "is_filtered": bool(filters.form.cleaned_data["q"] or wanted or request.GET.get("qui") == "moi"),
            "sums": [(due, counts[due]) for due in Due],
            "total": sum(counts.values()),
            "parts": [
                (TITLES[due], counts[due], found)
                for due in Due
                if (found := [call for call in calls if call.due is due])
            ],
            "page": page,
            "delays": _delays(request),
            "back": f"{_page_url(request)}?{query.urlencode()}" if query else _page_url(request),
            "about": about,
            "said_form": said,
            "is_planned": request.GET.get("prevu") == "1" or request.POST.get("prevu") == "1",
            "tabs": tabs_of(request),
        },
        status=status,
    )


def _delays(request: SchoolRequest) -> list[tuple[str, str, str]]:
    """(value, words, day) of the three delays, seen from today."""
    today = timezone.localdate()
    words = {Delay.DAY: "Demain", Delay.WEEK: "Dans une semaine", Delay.MONTH: "Dans un mois"}
    found = []
    for delay, said in words.items():
        day = follow_up.put_off(delay, today)
        if delay is Delay.DAY and (day - today).days > 1:
            said = "Lundi"
        found.append((delay.value, said, french.short_day(day)))
    return found


def tabs_of(request: SchoolRequest) -> list[tuple[str, str, int | None]]:
    """The pages of keeping in touch that this person may open; one alone needs no tabs."""
    uai, membership = request.school.uai, request.membership
    found: list[tuple[str, str, int | None]] = []
    if allows(membership, Permission.ADD_INTERACTION):
        found.append(("Rappels", reverse("partners:follow_ups", args=[uai]), None))
    if allows(membership, Permission.VIEW_INDICATORS) and allows(membership, Permission.VIEW_PARTNERS):
        found.append(("Partenaires dormants", reverse("indicators:dormant_partners", args=[uai]), None))
    if allows(membership, Permission.VIEW_HANDOVER):
        found.append(("Passation", reverse("partners:handover", args=[uai]), None))
    return found if len(found) > 1 else []


def _exchange(request: SchoolRequest, public_id: UUID) -> Interaction:
    """The exchange that the address names, which this person may change."""
    pages = InteractionPages()
    demand(pages.may_change_some(request))
    record: Interaction = pages.find(request, public_id)
    demand(pages.may_change(request, record))
    return record


@require_POST
def interaction_done(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """« C’est fait »: the call that was due has been made. From « À relancer », the page then asks what was said."""
    record = _exchange(request, public_id)
    planned = followups.was_planned(record)
    try:
        followups.mark_done(record, today=timezone.localdate(), by=request.user)
    except StaleEdit:
        notices.refused(request, CHANGED)
        return redirect(record.partner)
    back = _back(request, record)
    undo = reverse("partners:interaction_undone", args=[request.school.uai, public_id])
    notices.said(request, f"Rappel fait : {record.partner}.", undo_url=f"{undo}?{urlencode({'retour': back})}")
    if not back.startswith(_page_url(request)):
        return redirect(back)
    asked = {"fait": str(record.public_id)} | ({"prevu": "1"} if planned else {})
    return redirect(f"{back}{'&' if '?' in back else '?'}{urlencode(asked)}")


@require_POST
def interaction_undone(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """« Annuler »: the call waits again."""
    record = _exchange(request, public_id)
    try:
        followups.mark_undone(record, by=request.user)
    except StaleEdit:
        notices.refused(request, CHANGED)
    else:
        notices.said(request, f"Le rappel de {record.partner} attend de nouveau.")
    return redirect(_back(request, record))


@require_http_methods(["GET", "POST"])
def interaction_postpone(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """« Reporter »: tomorrow, in a week, in a month, or another day."""
    record = _exchange(request, public_id)
    today = timezone.localdate()
    form = PostponeForm(request.POST or None, today=today)
    if form.is_valid():
        day = form.cleaned_data["jour"]
        try:
            followups.postpone(record, to=day, today=today, by=request.user)
        except StaleEdit:
            notices.refused(request, CHANGED)
            return redirect(record.partner)
        notices.said(request, f"Rappel de {record.partner} reporté au {french.day(day, weekday=True)}.")
        return redirect(_back(request, record))
    return render(
        request,
        "partners/interaction_postpone.html",
        {
            "record": record,
            "form": form,
            "delays": _delays(request),
            "retour": _back(request, record),
            "list_url": _page_url(request),
        },
        status=422 if form.is_bound else 200,
    )


def _said_form(request: SchoolRequest, about: Interaction, data: Any = None) -> SaidForm:
    """The one line on a call that has just been made: a new exchange with the same person."""
    new = Interaction(
        partner=about.partner,
        contact=about.contact,
        date=timezone.localdate(),
        initiative=Initiative.SCHOOL,
        author_email=request.membership.email,
    )
    return SaidForm(
        data, instance=new, school=request.school, membership=request.membership, today=timezone.localdate()
    )


@require_http_methods(["GET", "POST"])
def interaction_said(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """What was said during the call: a new exchange, or the planned one now that it took place.

    A form sent back stands at this address: the filters and pages drawn around it lead here, and from here to the list.
    """
    about = _exchange(request, public_id)
    if request.method == "GET":
        return redirect(f"{_page_url(request)}?{request.GET.urlencode()}")
    form = _said_form(request, about, request.POST)
    if not form.is_valid():
        return _draw_page(request, said=form, about=about, status=422)
    again = form.cleaned_data["call_again_date"]
    try:
        if request.POST.get("prevu") == "1":
            followups.tell(about, form.instance, by=request.user)
        else:
            create_record(form.instance, by=request.user, key=form.cleaned_data.get("creation_key"))
    except StaleEdit:
        notices.refused(request, CHANGED)
        return redirect(about.partner)
    notices.said(request, "Échange noté." + (f" Rappel prévu {french.day(again, weekday=True)}." if again else ""))
    return redirect(_back(request, about) if request.POST.get("retour") else _page_url(request))
