"""What this app hands over (schools.handover): places to find and conventions to have signed, class by class."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.urls import reverse

from core.french import period as said_period
from core.french import plural
from pfmp import permissions, selectors
from pfmp.enums import MilestoneStep
from pfmp.situations import UNSIGNED, Situation
from schools.handover import MOST, Part, Row, provider
from schools.models import Membership
from schools.permissions import allows, is_own_only, visible_students
from schools.roles import Permission

AHEAD = timedelta(days=150)


@provider
def places_and_papers(membership: Membership, today: date) -> Iterable[Part]:
    """The periods under way or to come: pupils without a place, pupils whose convention is not complete."""
    if not allows(membership, Permission.VIEW_PLACEMENTS):
        return
    periods = list(
        permissions.visible_periods(membership)
        .filter(start_date__lte=today + AHEAD, end_date__gte=today)
        .select_related("school_class", "school")
        .order_by("start_date", "school_class__code")
    )
    pupils = visible_students(membership).values_list("pk", flat=True) if is_own_only(membership) else None
    found = selectors.situations(periods, today, students=pupils)
    searching, signing = [], []
    for one in periods:
        what = f"{one.school_class.label}, {said_period(one.start_date, one.end_date)}"
        if waiting := [row for row in found[one.pk] if row.needs_place]:
            searching.append(
                Row(
                    what,
                    _names(waiting),
                    f"Trouver {plural(len(waiting), 'place')}",
                    _due_date(waiting, MilestoneStep.PLACE_FOUND),
                    one.get_absolute_url(),
                )
            )
        if unsigned := [row for row in found[one.pk] if row.step in UNSIGNED]:
            signing.append(
                Row(
                    what,
                    _names(unsigned),
                    f"Faire signer {plural(len(unsigned), 'convention')}",
                    _due_date(unsigned, MilestoneStep.SIGNED),
                    f"{one.get_absolute_url()}?etape=a_signer",
                )
            )
    board = reverse("pfmp:board", args=[membership.school.uai])
    columns = ("Classe et période", "Qui", "Prochaine étape", "Avant le")
    yield Part("Places de PFMP à trouver", searching[:MOST], len(searching), 30, board, columns=columns)
    yield Part("Conventions de PFMP à faire signer", signing[:MOST], len(signing), 40, board, columns=columns)


def _due_date(rows: list[Situation], code: MilestoneStep) -> date | None:
    """The day of a step in the school's calendar, for pupils of one period."""
    return rows[0].backward.due_date(code, rows[0].period) if rows[0].backward else None


def _names(rows: list[Situation]) -> str:
    first = ", ".join(str(row.student) for row in rows[:6])
    return f"{first} et {plural(len(rows) - 6, 'autre')}" if len(rows) > 6 else first
