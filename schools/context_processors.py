"""What the frame of every page shows: navigation by role, the school, its years."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from core.school_year import SchoolYear
from schools import selectors
from schools.navigation import groups_for


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Empty outside of a school."""
    membership = getattr(request, "membership", None)
    if membership is None:
        return {}
    school = membership.school
    now = SchoolYear.on(timezone.localdate())
    codes = {*selectors.years_of(school), now.code, now.previous.code}
    return {
        "school": school,
        "membership": membership,
        "school_year": request.school_year,  # type: ignore[attr-defined]
        "school_year_is_past": request.school_year.is_past(timezone.localdate()),  # type: ignore[attr-defined]
        "school_years": sorted(codes, reverse=True),
        "user_schools": selectors.schools_of(request.user),
        "navigation": groups_for(membership, request.path),
        "search_url": reverse("partners:search", args=[school.uai]),
        "year_switch_url": reverse("schools:year_switch", args=[school.uai]),
    }
