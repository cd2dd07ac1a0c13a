"""What steering puts on the work list: decisions whose day has come."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.db.models import Q
from django.urls import reverse

from indicators import permissions, steering
from indicators.enums import Heading
from indicators.labels import SHORT_HEADINGS
from schools import todo
from schools.models import Membership
from schools.roles import PERMISSIONS, Permission

AHEAD = timedelta(days=7)
MOST = 5
STEERS = [role for role, granted in PERMISSIONS.items() if Permission.RUN_INDICATORS in granted]


@todo.provider
def decisions_due(membership: Membership, today: date) -> Iterable[todo.Task]:
    """Decisions to finish within a week, or late: one's own, and those that nobody carries who may note it here."""
    if not permissions.may_steer(membership):
        return
    due = (
        steering.decisions_to_do(membership.school_id)
        .filter(Q(owner=membership) | Q(owner=None) | ~Q(owner__role__in=STEERS), due_date__lte=today + AHEAD)
        .select_related("school")
    )
    for decision in due[:MOST]:
        yield todo.Task(
            due=decision.due_date,
            title=decision.label,
            text=f"Décision de la démarche qualité, {SHORT_HEADINGS[Heading(decision.heading)].lower()}.",
            url=reverse("indicators:heading", args=[decision.school.uai, decision.heading]) + "#decision",
            action_label="Noter le résultat",
        )
