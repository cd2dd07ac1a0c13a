"""Who left: the cohort of a year, its formations, what each has become. The one reading of A-121, which the indicators share."""

from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

from django.db.models import QuerySet

from core.school_year import SchoolYear
from schools.enums import Niveau
from schools.models import School, Schooling, Student
from surveys.models import LeaverOutcome
from surveys.rules.leavers import Cohort, Told

FINAL_YEAR = (Niveau.CAP2, Niveau.TERMINALE_PRO, Niveau.CS, Niveau.BTS2)
"""Levels whose pupils leave with a diploma (A-122)."""


def _in_final_year(school: School, codes: Collection[str]) -> QuerySet[Schooling]:
    found: QuerySet[Schooling] = Schooling.objects.in_school(school).filter(
        year__in=codes, school_class__school=school, school_class__niveau__in=FINAL_YEAR
    )
    return found


def leaver_ids(school: School, years: Sequence[SchoolYear]) -> dict[SchoolYear, set[int]]:
    """Of each year, the pupils in a final year whom no schooling brings back the year after (A-120, A-121): two queries."""
    final = set(_in_final_year(school, [year.code for year in years]).values_list("year", "student_id"))
    after = Schooling.objects.in_school(school).filter(year__in=[year.next.code for year in years])
    back = set(after.values_list("year", "student_id"))
    return {
        year: {student for code, student in final if code == year.code and (year.next.code, student) not in back}
        for year in years
    }


def leavers(school: School, year: SchoolYear) -> QuerySet[Student]:
    """The pupils who left at the end of a year."""
    found: QuerySet[Student] = Student.objects.in_school(school).filter(pk__in=leaver_ids(school, [year])[year])
    return found


class FinalClass(NamedTuple):
    """The class that somebody left from, and what it prepares."""

    code: str
    formation: str


def final_classes(school: School, years: Sequence[SchoolYear]) -> dict[tuple[SchoolYear, int], FinalClass]:
    """Where each pupil of a final year was; of several classes, the one entered last (C-07)."""
    by_code = {year.code: year for year in years}
    rows = (
        _in_final_year(school, list(by_code))
        .order_by("entry_date", "-school_class__code")
        .values_list("year", "student_id", "school_class__code", "school_class__diploma", "school_class__label")
    )
    return {
        (by_code[year], student): FinalClass(code, diploma.strip() or label)
        for year, student, code, diploma, label in rows
    }


def formations(school: School, years: Sequence[SchoolYear]) -> dict[tuple[SchoolYear, int], str]:
    """What each pupil of a final year was preparing: the diploma of their class, else its label."""
    return {key: found.formation for key, found in final_classes(school, years).items()}


def cohorts(school: School, years: Sequence[SchoolYear]) -> dict[SchoolYear, Cohort]:
    """Who left at the end of each year, and what each said at every term: three queries."""
    left = leaver_ids(school, years)
    told: dict[str, dict[int, dict[int, Told]]] = {year.code: {} for year in years}
    rows: Any = LeaverOutcome.objects.in_school(school).filter(leaving_year__in=list(told))
    for code, term, student, situation, partner in rows.values_list(
        "leaving_year", "term_months", "student_id", "situation", "partner_id"
    ):
        told[code].setdefault(term, {})[student] = (situation, partner)
    return {year: Cohort(left[year], told[year.code]) for year in years}


def cohort(school: School, year: SchoolYear) -> Cohort:
    """Who left at the end of one year."""
    return cohorts(school, [year])[year]
