"""A partner's pages behind the link of a share: a door that says nothing, then what is shared, on screen and on paper."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from core import downloads
from core.link_pages import behind_link
from indicators import sharing
from indicators.models import ShareLink
from schools import links
from schools.link_pages import AccessVisit
from schools.links import LinkState


class Visit(AccessVisit[ShareLink]):
    """One request behind the link of a share."""

    session_name = "shares"

    @classmethod
    def find(cls, token: str) -> ShareLink | None:
        return links.find(ShareLink, token, "share__school")

    def state_now(self) -> LinkState:
        """Taken back, or without figures, it is as a link revoked."""
        share = self.link.share
        over = sharing.is_over(share, timezone.localdate(self.now)) or share.content is None
        return LinkState.REVOKED if over else super().state_now()

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
        if not visit.is_within_limit():
            return visit.page("indicators/share_start.html", status=429, share=visit.link.share, too_fast=True)
        sharing.opened(visit.link, visit.now)
        visit.open_for_the_day()
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
