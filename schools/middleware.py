"""The school of the request, from its address; strangers meet 404 (S-02, S-03)."""

from collections.abc import Callable
from typing import Any, cast

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from accounts.models import User
from core.school_year import SchoolYear
from schools import selectors
from schools.models import Membership, School

YEAR_KEY = "school_year"


class SchoolRequest(HttpRequest):
    """A request inside a school: what the middleware adds."""

    user: User
    school: School
    membership: Membership
    school_year: SchoolYear


class CurrentSchool:
    """Sets `request.school`, `.membership` and `.school_year` on addresses that hold a UAI."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: dict[str, Any]) -> None:
        uai = kwargs.pop("uai", None)
        if uai is None or not request.user.is_authenticated:
            return
        membership = selectors.membership_of(request.user, uai)
        if membership is None:
            raise Http404
        inside = cast(SchoolRequest, request)
        inside.membership = membership
        inside.school = membership.school
        inside.school_year = chosen_year(request)


def chosen_year(request: HttpRequest) -> SchoolYear:
    """The school year the person chose in this session, else the one of today in Paris."""
    code = request.session.get(YEAR_KEY, "")
    try:
        return SchoolYear.parse(code)
    except ValueError:
        return SchoolYear.on(timezone.localdate())
