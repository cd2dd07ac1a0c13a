"""Following the agenda from a telephone: one's own address and the school's, and the file behind them."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.views.decorators.http import require_GET, require_POST, require_safe

from core import notices
from core.verdict import demand
from events import feeds
from events.models import CalendarFeed
from schools.middleware import SchoolRequest
from schools.models import Membership
from schools.permissions import allows, is_own_only
from schools.roles import Permission

MINE, SCHOOLS = "moi", "lycee"


def _page(request: SchoolRequest, *, shown: str = "", token: str = "") -> HttpResponse:
    """Both feeds; `token` is that of the one just made, which is shown this once."""
    may_share = allows(request.membership, Permission.EDIT_ACTIONS)
    address = request.build_absolute_uri(reverse("calendar_feed", args=[token])) if token else ""
    schools = feeds.feed_of(request.school, None) if may_share else None
    response = render(
        request,
        "events/feeds.html",
        {
            "mine": feeds.feed_of(request.school, request.membership),
            "schools": schools,
            "maker_left": schools is not None and _has_left(schools),
            "may_share": may_share,
            "own_only": is_own_only(request.membership),
            "shown": shown,
            "address": address,
            "webcal": address.replace("https://", "webcal://", 1).replace("http://", "webcal://", 1),
            "calendar_url": reverse("events:calendar_month", args=[request.school.uai]),
        },
    )
    if token:
        response["Referrer-Policy"] = "no-referrer"
    return response


def _has_left(feed: CalendarFeed) -> bool:
    """Does whoever made the school's address no longer work here? They may still hold it."""
    return not Membership.objects.in_school(feed.school_id).filter(user=feed.created_by_id, is_active=True).exists()


@require_GET
def calendar_feeds(request: SchoolRequest) -> HttpResponse:
    """What can be followed, and since when it is."""
    demand(allows(request.membership, Permission.VIEW_ACTIONS))
    return _page(request)


def _owner(request: SchoolRequest) -> tuple[str, Membership | None]:
    """Whose feed a button is about; the school's asks the right to write actions."""
    demand(allows(request.membership, Permission.VIEW_ACTIONS))
    if request.POST.get("qui") != SCHOOLS:
        return MINE, request.membership
    demand(allows(request.membership, Permission.EDIT_ACTIONS))
    return SCHOOLS, None


@require_POST
def calendar_feed_open(request: SchoolRequest) -> HttpResponse:
    """Make an address, or a new one in place of the former; it is shown on this answer only."""
    shown, owner = _owner(request)
    token = feeds.open_feed(request.school, owner, by=request.user, now=timezone.now())
    return _page(request, shown=shown, token=token)


@require_POST
def calendar_feed_close(request: SchoolRequest) -> HttpResponse:
    """Revoke an address."""
    _, owner = _owner(request)
    if feeds.close_feed(request.school, owner, by=request.user, now=timezone.now()):
        notices.said(request, "Cette adresse ne donne plus rien à personne.")
    return redirect("events:calendar_feeds", request.school.uai)


def answer(request: HttpRequest, feed: feeds.Feed, filename: str) -> HttpResponse:
    """An iCalendar file, or 304 to who already has it."""
    # To the second, as HTTP dates are.
    moment = int(feed.changed_at.timestamp())
    response: Any = HttpResponse(feed.content, content_type="text/calendar; charset=utf-8")
    response["ETag"] = feed.etag
    response["Last-Modified"] = http_date(moment)
    response["Content-Disposition"] = f'inline; filename="{filename}"'
    return get_conditional_response(request, etag=feed.etag, last_modified=moment, response=response) or response


@login_not_required
@require_safe
def calendar_feed(request: HttpRequest, token: str) -> HttpResponse:
    """The file behind a secret address: 404 as soon as it is revoked or its person's access ends."""
    found = feeds.find(token)
    if found is None:
        raise Http404
    root = request.build_absolute_uri("/").removesuffix("/")
    response = answer(request, feeds.content(found, now=timezone.now(), root=root), "agenda.ics")
    response["Cache-Control"] = "private, no-cache"  # kept by its reader, asked again each time
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
