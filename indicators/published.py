"""The figures kept of a year: whole inside the school, small counts hidden for who is not of it."""

from datetime import date
from typing import Any

from core.school_year import SchoolYear
from indicators import publishing, rules, sealing
from indicators.models import Snapshot
from schools.models import School


def last_snapshot(school: School, year: SchoolYear, *, up_to: date | None = None) -> Snapshot | None:
    """The latest figures kept of a year, on `up_to` at most."""
    found = Snapshot.objects.in_school(school).filter(year=year.code)
    if up_to is not None:
        found = found.filter(as_of__lte=up_to)
    return found.order_by("-as_of").first()


def figures_of(school: School, year: SchoolYear, *, is_leaving: bool) -> dict[str, Any] | None:
    """The figures of a year in the form of the command `indicators`, sealed or the latest; None when none are kept.

    `is_leaving`: for somebody who is not of the school, what is published of them (C-17, P-20, P-22).
    """
    if is_leaving and (publication := publishing.latest(school, year)) is not None:
        told: dict[str, Any] = publication.figures
        return told
    standing = sealing.standing(school, year)
    if standing is None:
        return None
    figures = standing.figures
    return rules.suppress(figures) if is_leaving else figures
