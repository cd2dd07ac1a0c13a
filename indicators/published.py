"""The figures kept of a year: whole inside the school, what is published of them for who is not of it."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Max, OuterRef, Subquery

from core.school_year import SchoolYear
from indicators import rules, sealing
from indicators.models import Publication
from indicators.sealing import Standing
from schools.models import School


def outside(school: School, years: Iterable[SchoolYear]) -> dict[str, Standing]:
    """The latest publication of each of these years, in one query (C-17, P-20 to P-22); a year never published is not there."""
    last = (
        Publication.objects.in_school(school)
        .filter(year=OuterRef("year"))
        .order_by()
        .values("year")
        .annotate(last=Max("pk"))
        .values("last")
    )
    found = Publication.objects.in_school(school).filter(year__in=[year.code for year in years], pk=Subquery(last))
    return {one.year: Standing(one.year, one.as_of, one.created_at, one.figures) for one in found}


def standing(school: School, year: SchoolYear, *, is_leaving: bool) -> Standing | None:
    """The figures of a year as somebody may read them, sealed or the latest; None when none are kept.

    `is_leaving`: for somebody who is not of the school, what is published of them.
    """
    return outside(school, [year]).get(year.code) if is_leaving else sealing.standing(school, year)


def before(school: School, year: SchoolYear, here: Standing, *, is_leaving: bool) -> dict[str, Any] | None:
    """The figures of last year to set beside those of a year: at the same day while it is provisional.

    Outside, whole years stand beside each other only: what last year was on each day is not published.
    """
    if is_leaving:
        found = None if here.figures["provisoire"] else standing(school, year.previous, is_leaving=True)
    else:
        found = sealing.standing(school, year.previous, up_to=rules.day_to_compare(year, here.as_of))
    return found.figures if found else None


def figures_of(school: School, year: SchoolYear, *, is_leaving: bool) -> dict[str, Any] | None:
    """As `standing`, in the form of the command `indicators`."""
    found = standing(school, year, is_leaving=is_leaving)
    return found.figures if found else None
