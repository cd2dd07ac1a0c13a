"""The door of personal links: a page that names nobody, a button that opens, a fresh link for an old one (S-18)."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps

from allauth.core import ratelimit
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from core import notices
from core.link_pages import LinkVisit, behind_link
from pfmp import links
from pfmp.enums import LinkPurpose
from pfmp.links import LinkState
from pfmp.models import PersonalLink

HOMES = {
    LinkPurpose.PRE_CONVENTION: "pre_convention_fill",
    LinkPurpose.STUDENT: "pupil_home",
    LinkPurpose.TUTOR: "tutor_home",
}
"""The URL name of the first page that each kind of link opens; it takes the token."""

SECONDS = 8 * 3600
TOO_FAST = "Beaucoup de demandes viennent d’arriver de chez vous. Réessayez dans une heure, ou appelez le lycée."


class Visit(LinkVisit):
    """One request behind a personal link."""

    session_name = "personal_links"

    def __init__(self, request: HttpRequest, token: str, found: links.Found, now: datetime) -> None:
        super().__init__(request, token, str(found.link.public_id), now)
        self.link: PersonalLink = found.link
        self.found = found
        self.purpose = LinkPurpose(found.link.purpose)

    @classmethod
    def of(cls, request: HttpRequest, token: str, now: datetime) -> "Visit | None":
        """The visit of a token; None when it names no link."""
        found = links.find(token, now)
        return cls(request, token, found, now) if found else None

    @property
    def is_alive(self) -> bool:
        return self.found.state is LinkState.ALIVE

    @property
    def is_open(self) -> bool:
        """Was the button pressed in this browser, today, and does the link still serve?"""
        return self.is_alive and self.kept.get("until", 0) > self.now.timestamp()

    def go(self, name: str, *args: object) -> HttpResponse:
        return redirect(name, self.token, *args)

    def home(self) -> HttpResponse:
        return self.go(HOMES[self.purpose])

    def page(self, template: str, status: int = 200, **context: object) -> HttpResponse:
        """A page of the link: `token`, `host` (School) and `purpose` besides what is given."""
        common = {"token": self.token, "host": self.link.school, "purpose": self.purpose.value}
        return render(self.request, template, {**common, **context}, status=status)

    def is_within_limit(self) -> bool:
        """Do their posts come at a human pace?"""
        return bool(ratelimit.consume(self.request, action="personal_link", key=self.link.token_hash))


behind_personal_link = behind_link(Visit.of)

View = Callable[..., HttpResponseBase]


def opened(purpose: LinkPurpose) -> Callable[[View], View]:
    """For pages behind the button, of links of this purpose: else back to the door. Posts come at a human pace.

    The view takes (request, visit, **words of the address). Use: `@require_… @behind_personal_link @opened(LinkPurpose.X)`.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def page(request: HttpRequest, visit: Visit, **words: object) -> HttpResponseBase:
            if visit.purpose is not purpose or not visit.is_open:
                return visit.go("link_start")
            if request.method == "POST" and not visit.is_within_limit():
                notices.refused(request, TOO_FAST)
                return visit.home()
            return view(request, visit, **words)

        return page

    return decorate


@require_GET
@behind_personal_link
def link_start(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The link itself: who asks, for what. Names nobody, changes nothing."""
    if visit.is_open:
        return visit.home()
    return visit.page("pfmp/links/start.html", status=200 if visit.is_alive else 410, state=visit.found.state.name)


@require_POST
@behind_personal_link
def link_open(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The button: this browser may see the pages for the day."""
    if visit.is_alive and visit.is_within_limit():
        links.opened(visit.link, now=visit.now)
        request.session.cycle_key()
        visit.keep(until=visit.now.timestamp() + SECONDS)
        return visit.home()
    return visit.go("link_start")


@require_POST
@behind_personal_link
def link_renew(request: HttpRequest, visit: Visit) -> HttpResponse:
    """A fresh link to the address it was made for; the same answer whatever happens (S-16)."""
    if visit.is_within_limit():
        links.renew(visit.found, now=visit.now)
    return visit.page("pfmp/links/renewed.html")
