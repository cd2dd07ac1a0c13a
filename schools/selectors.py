"""Reads across the tables of a school."""

from typing import Any

from django.db.models import Q

from schools.models import Membership, SavedView, SchoolClass


def membership_of(user: Any, uai: str) -> Membership | None:
    """The person's open membership in the school of that UAI, read at each request (S-04)."""
    return (
        Membership.objects.across_schools(why="the school is the one the address names, for this person only")
        .filter(user=user, is_active=True, school__uai=uai)
        .select_related("school")
        .first()
    )


def schools_of(user: Any) -> list[Membership]:
    """The schools of a person, by name."""
    return list(
        Membership.objects.across_schools(why="the list of one person's own schools")
        .filter(user=user, is_active=True)
        .select_related("school")
        .order_by("school__name")
    )


def years_of(school: Any) -> list[str]:
    """School years with classes, latest first."""
    return list(SchoolClass.objects.in_school(school).order_by("-year").values_list("year", flat=True).distinct())


def saved_views_of(membership: Membership, page: str) -> list[SavedView]:
    """The saved views of a list that a person sees: their own first, then those that colleagues share."""
    found = (
        SavedView.objects.in_school(membership.school_id)
        .filter(Q(membership=membership) | Q(is_shared=True), page=page)
        .order_by("label")
    )
    views = list(found)
    for view in views:
        view.opens_first = view.opens_first and view.membership_id == membership.pk
    return sorted(views, key=lambda view: view.membership_id != membership.pk)
