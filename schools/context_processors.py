"""What the frame of every page shows: navigation by role, the school, its years."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from core.school_year import SchoolYear
from schools import selectors
from schools.navigation import groups_for
from schools.permissions import allows
from schools.roles import Permission


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Empty outside of a school."""
    membership = getattr(request, "membership", None)
    if membership is None:
        return {}
    school = membership.school
    today = timezone.localdate()
    year: SchoolYear = request.school_year  # type: ignore[attr-defined]

    def years() -> list[str]:
        now = SchoolYear.on(today)
        return sorted({*selectors.years_of(school), now.code, now.previous.code}, reverse=True)

    return {
        "school": school,
        "membership": membership,
        "school_year": year,
        "school_year_is_past": year.is_past(today),
        "search_url": reverse("partners:search", args=[school.uai]),
        "note_url": reverse("partners:exchange_note", args=[school.uai])
        if allows(membership, Permission.ADD_INTERACTION)
        else "",
        "year_switch_url": reverse("schools:year_switch", args=[school.uai]),
        # Only the frame of a whole page reads these: a fragment does not pay for them.
        "school_years": SimpleLazyObject(years),
        "user_schools": SimpleLazyObject(lambda: selectors.schools_of(request.user)),
        "navigation": SimpleLazyObject(lambda: groups_for(membership, request.path, today)),
    }
