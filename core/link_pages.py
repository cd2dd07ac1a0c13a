"""Pages behind a personal link, without an account: no cache, no referrer, the form's own check (S-15, S-18, ADR 0040)."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any, ClassVar, TypeVar

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.csrf import CsrfViewMiddleware
from django.utils import timezone
from django.utils.decorators import decorator_from_middleware
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters


class FromThisPage(CsrfViewMiddleware):
    """Django's check of the token of forms, on pages that send no referrer.

    There, browsers send `Origin: null` even to the site itself, which Django takes for a stranger: the cookie and the field
    are compared as everywhere, and browsers that say where a request comes from (`Sec-Fetch-Site`) must say « here ».
    """

    def _origin_verified(self, request: HttpRequest) -> bool:
        origin = request.headers.get("Origin", "null")
        here = request.headers.get("Sec-Fetch-Site", "same-origin") == "same-origin"
        return here if origin == "null" else super()._origin_verified(request)  # type: ignore[misc]

    def _check_referer(self, request: HttpRequest) -> None:
        return None


checked = decorator_from_middleware(FromThisPage)


class LinkVisit:
    """One request behind a link, and what the session of this browser remembers of that link."""

    session_name: ClassVar[str]
    most_links: ClassVar[int] = 12  # remembered by one browser

    def __init__(self, request: HttpRequest, token: str, key: str, now: datetime) -> None:
        self.request, self.token, self.key, self.now = request, token, key, now

    @property
    def kept(self) -> dict[str, Any]:
        """What the session remembers of this link."""
        found = self.request.session.get(self.session_name, {}).get(self.key, {})
        return found if isinstance(found, dict) else {}

    def keep(self, **values: Any) -> None:
        """Remember something of this link; the oldest links of the session are forgotten."""
        everything = dict(self.request.session.get(self.session_name, {}))
        mine = {**everything.pop(self.key, {}), **values}
        everything[self.key] = mine
        self.request.session[self.session_name] = dict(list(everything.items())[-self.most_links :])


Visit = TypeVar("Visit", bound=LinkVisit)


def behind_link(
    visit_of: Callable[[HttpRequest, str, datetime], Visit | None],
) -> Callable[[Callable[[HttpRequest, Visit], HttpResponseBase]], Callable[..., HttpResponseBase]]:
    """Make a view of (request, visit) a public page of one link; `visit_of` gives None for an unknown token, which is 404."""

    def decorate(view: Callable[[HttpRequest, Visit], HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        @login_not_required
        @csrf_exempt  # for the middleware of every page; `checked` does it here
        @sensitive_post_parameters()
        @wraps(view)
        def page(request: HttpRequest, token: str, **words: Any) -> HttpResponseBase:
            visit = visit_of(request, token, timezone.now())
            if visit is None:
                raise Http404
            guarded = checked(lambda request: view(request, visit, **words))
            response: HttpResponseBase = guarded(request)
            response["Referrer-Policy"] = "no-referrer"
            response["Cache-Control"] = "no-store, private"
            response["X-Robots-Tag"] = "noindex, nofollow"
            return response

        return page

    return decorate
