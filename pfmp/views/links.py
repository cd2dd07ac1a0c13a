"""The door of personal links: a page that names nobody, a button that opens, a fresh link for an old one (S-18)."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from core import notices
from core.link_pages import behind_link
from pfmp import links
from pfmp.enums import LinkPurpose
from pfmp.models import PersonalLink
from schools.link_pages import AccessVisit
from schools.links import LinkState

HOMES = {
    LinkPurpose.PRE_CONVENTION: "pre_convention_fill",
    LinkPurpose.STUDENT: "pupil_home",
    LinkPurpose.TUTOR: "tutor_home",
}
"""The URL name of the first page that each kind of link opens; it takes the token."""

TOO_FAST = "Beaucoup de demandes viennent d’arriver de chez vous. Réessayez dans une heure, ou appelez le lycée."


class Visit(AccessVisit[PersonalLink]):
    """One request behind a personal link."""

    session_name = "personal_links"

    @classmethod
    def find(cls, token: str) -> PersonalLink | None:
        return links.find(token)

    def state_now(self) -> LinkState:
        return links.state_of(self.link, self.now)

    @property
    def purpose(self) -> LinkPurpose:
        return LinkPurpose(self.link.purpose)

    def go(self, name: str, *args: object) -> HttpResponse:
        return redirect(name, self.token, *args)

    def home(self) -> HttpResponse:
        return self.go(HOMES[self.purpose])

    def common(self) -> dict[str, Any]:
        """Besides: what the link is for."""
        return {**super().common(), "purpose": self.purpose.value}


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
    return visit.page("pfmp/links/start.html", status=200 if visit.is_alive else 410)


@require_POST
@behind_personal_link
def link_open(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The button: this browser may see the pages for the day."""
    if visit.is_alive and visit.is_within_limit():
        links.opened(visit.link, now=visit.now)
        visit.open_for_the_day()
        return visit.home()
    return visit.go("link_start")


@require_POST
@behind_personal_link
def link_renew(request: HttpRequest, visit: Visit) -> HttpResponse:
    """A fresh link to the address it was made for; the same answer whatever happens (S-16)."""
    if visit.is_within_limit():
        links.renew(visit.link, now=visit.now)
    return visit.page("pfmp/links/renewed.html")
