"""A partner's pages behind the link of a share: a door that says nothing, then what is shared, on screen and on paper."""

from datetime import datetime
from typing import Any

from allauth.core import ratelimit
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from core import downloads
from core.link_pages import LinkVisit, behind_link
from indicators import sharing
from indicators.models import ShareLink
from schools import links
from schools.links import LinkState

SECONDS = 8 * 3600


class Visit(LinkVisit):
    """One request behind the link of a share. Whether it still opens is asked of the rows each time: revoked is at once."""

    session_name = "shares"

    def __init__(self, request: HttpRequest, token: str, link: ShareLink, now: datetime) -> None:
        super().__init__(request, token, str(link.public_id), now)
        self.link = link
        over = sharing.is_over(link.share, timezone.localdate(now)) or link.share.content is None
        self.state = LinkState.REVOKED if over else links.state_of(link, now)

    @classmethod
    def of(cls, request: HttpRequest, token: str, now: datetime) -> "Visit | None":
        link = links.find(ShareLink, token, "share__school")
        return cls(request, token, link, now) if link else None

    @property
    def is_alive(self) -> bool:
        return self.state is LinkState.ALIVE

    @property
    def is_open(self) -> bool:
        """Was the button pressed in this browser, today?"""
        return self.is_alive and self.kept.get("until", 0) > self.now.timestamp()

    def page(self, template: str, status: int = 200, **context: Any) -> HttpResponse:
        common = {"token": self.token, "host": self.link.school, "state": self.state.name}
        return render(self.request, template, {**common, **context}, status=status)

    def over(self) -> HttpResponse:
        return self.page("indicators/share_over.html", status=410)


behind_share = behind_link(Visit.of)


@require_http_methods(["GET", "POST"])
@behind_share
def share_start(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The link itself: who shares, of what year. Its button opens the pages for the day, and keeps who opened when."""
    if not visit.is_alive:
        return visit.over()
    if request.method == "POST":
        if not ratelimit.consume(request, action="personal_link", key=visit.link.token_hash):
            return visit.page("indicators/share_start.html", status=429, share=visit.link.share, too_fast=True)
        sharing.opened(visit.link, visit.now)
        request.session.cycle_key()
        visit.keep(until=visit.now.timestamp() + SECONDS)
        return redirect("share_read", visit.token)
    return visit.page("indicators/share_start.html", share=visit.link.share, too_fast=False)


@require_GET
@behind_share
def share_read(request: HttpRequest, visit: Visit) -> HttpResponse:
    """What is shared, beside what concerns the partner."""
    if not visit.is_alive:
        return visit.over()
    if not visit.is_open:
        return redirect("share_start", visit.token)
    share = visit.link.share
    told = sharing.page_of(share.content, visit.link.school, share.shared_date, share.message)
    return visit.page("indicators/share_read.html", told=told)


@require_GET
@behind_share
def share_file(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The same, on paper."""
    if not visit.is_alive:
        return visit.over()
    if not visit.is_open:
        return redirect("share_start", visit.token)
    share = visit.link.share
    return downloads.attachment(sharing.paper_of(share), "application/pdf", f"indicateurs-{share.year}.pdf")
