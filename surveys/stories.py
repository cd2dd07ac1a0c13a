"""What this app adds to a partner's page: former pupils who work there."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from partners import tabs
from schools.roles import Permission
from surveys.enums import Situation
from surveys.models import LeaverOutcome

HIRED = (Situation.JOB, Situation.APPRENTICESHIP)


def _hired(look: tabs.Look) -> QuerySet[Any] | None:
    """Leavers whom this partner employs, on the day they said so."""
    if not look.may(Permission.VIEW_SURVEYS, Permission.VIEW_STUDENTS):
        return None
    rows = LeaverOutcome.objects.in_school(look.membership.school_id).filter(
        partner=look.partner, situation__in=HIRED, survey_date__isnull=False
    )
    return tabs.dated(
        rows,
        day="survey_date",
        title=tabs.full_name("student"),
        code="situation",
        more="term_months",
    )


@tabs.happens(tabs.Kind.OFFERS, _hired)
def tell_hired(rows: Sequence[tabs.Row], look: tabs.Look) -> Iterable[tabs.Fact]:
    for row in rows:
        yield tabs.Fact(
            row.day,
            f"{row.title.strip()} travaille là",
            "mortarboard",
            f"{Situation(row.code).label} {row.more} mois après sa sortie du lycée.",
            reverse("surveys:outcome_detail", args=[look.membership.school.uai, row.id]),
        )
