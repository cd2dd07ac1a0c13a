"""The public page of a school and its calendar; the settings behind them, for its members."""

from http import HTTPStatus
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from core import notices
from core.verdict import demand
from events import feeds, inviting, public
from events.forms.public import EventSettingsForm, PublicActionForm
from events.models import EventSettings
from events.views.action_tabs import frame
from events.views.actions import ActionPages
from events.views.feeds import answer
from schools import settings_pages
from schools.middleware import SchoolRequest
from schools.permissions import allows
from schools.roles import Permission

KEPT = "public, max-age=300"
"""Five minutes in caches: a page that is closed is gone everywhere soon after."""


def _opened(lycee: str) -> EventSettings:
    settings = public.opened(lycee)
    if settings is None:
        raise Http404
    return settings


def _for_anyone(request: HttpRequest, response: HttpResponse, settings: EventSettings) -> HttpResponse:
    """Caches may keep what a visitor reads; a signed-in person's own frame is theirs alone."""
    if not request.user.is_authenticated:
        response["Cache-Control"] = KEPT
    if not settings.is_listed:
        response["X-Robots-Tag"] = "noindex, nofollow"
    return response


@login_not_required
@require_safe
def public_page(request: HttpRequest, lycee: str) -> HttpResponse:
    """What a school does with companies, for anyone: 404 unless the school has opened it."""
    settings = _opened(lycee)
    context = {"page": public.page(settings, timezone.localdate()), "host": settings.school}
    return _for_anyone(request, render(request, "events/public_page.html", context), settings)


@login_not_required
@require_safe
def public_calendar(request: HttpRequest, lycee: str) -> HttpResponse:
    """The coming public actions as an iCalendar file; `?action=` keeps one."""
    settings = _opened(lycee)
    now = timezone.now()
    today = timezone.localdate(now)
    actions = public.coming_actions(settings.school, today)
    if wanted := request.GET.get("action"):
        actions = [action for action in actions if str(action.public_id) == wanted]
        if not actions:
            raise Http404
    url = request.build_absolute_uri(reverse("public_page", args=[lycee]))
    told = [feeds.of_action(action, text=action.public_text, url=url) for action in actions]
    file = feeds.written(f"{settings.school.name}, rendez-vous", told, since=feeds.midnight(today))
    return _for_anyone(request, answer(request, file, "rendez-vous.ics"), settings)


# ------------------------------------------------------------------------------------------------ inside the school
@require_http_methods(["GET", "POST"])
def event_settings(request: SchoolRequest) -> HttpResponse:
    """How the school invites, and its public page with what it shows today."""
    demand(allows(request.membership, Permission.EDIT_SCHOOL))
    made = inviting.settings_of(request.school)
    made.school = request.school
    status = HTTPStatus.OK
    form = EventSettingsForm(request.POST or None, instance=made, school=request.school, membership=request.membership)
    if request.method == "POST":
        status = settings_pages.save(request, form)
        if status is HTTPStatus.OK:
            notices.said(request, "Réglages des actions enregistrés.")
            return redirect("events:event_settings", request.school.uai)
    today = timezone.localdate()
    kept = inviting.settings_of(request.school)
    return render(
        request,
        "events/public_settings.html",
        {
            "form": form,
            "kept": kept,
            "actions": public.coming_actions(request.school, today),
            "named": len(public.named_partners(request.school, today)),
            "public_url": request.build_absolute_uri(reverse("public_page", args=[request.school.uai])),
            "preview_url": reverse("events:public_preview", args=[request.school.uai]),
            "calendar_url": reverse("events:calendar_month", args=[request.school.uai]),
            "coming_url": reverse("events:calendar_coming", args=[request.school.uai]),
        },
        status=status,
    )


@require_GET
def public_preview(request: SchoolRequest) -> HttpResponse:
    """The page as it would be read today, before it is opened."""
    demand(allows(request.membership, Permission.EDIT_SCHOOL))
    settings = inviting.settings_of(request.school)
    settings.school = request.school
    return render(
        request,
        "events/public_page.html",
        {
            "page": public.page(settings, timezone.localdate()),
            "host": request.school,
            "is_preview": not settings.page_is_open,
            "settings_url": reverse("events:event_settings", args=[request.school.uai]),
        },
    )


@require_http_methods(["GET", "POST"])
def action_public(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """Put one action on the public page, or take it off."""
    demand(allows(request.membership, Permission.EDIT_ACTIONS))
    action = ActionPages().find(request, public_id)
    form = PublicActionForm(request.POST or None, instance=action, school=request.school, membership=request.membership)
    status = HTTPStatus.OK
    if request.method == "POST":
        status = settings_pages.save(request, form)
        if status is HTTPStatus.OK:
            shown = "L’action paraît" if form.instance.is_public else "L’action ne paraît plus"
            notices.said(request, f"{shown} sur la page publique.")
            return redirect(action)
    return render(
        request,
        "events/public_action.html",
        {
            **frame(request, action),
            "form": form,
            "page_is_open": inviting.settings_of(request.school).page_is_open,
        },
        status=status,
    )
