"""What this app hands over (schools.handover): actions to come, and those that nobody has closed."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.db.models import Count, Q
from django.urls import reverse

from core.french import plural
from events.enums import ActionStatus
from events.models import Action
from schools.handover import MOST, Part, Row, inside, provider
from schools.models import Membership
from schools.permissions import allows
from schools.roles import Permission

BEHIND = timedelta(days=200)


@provider
def actions(membership: Membership, today: date) -> Iterable[Part]:
    """Planned actions, the nearest first, with how many guests have not answered."""
    if not allows(membership, Permission.VIEW_ACTIONS):
        return
    found = (
        Action.objects.in_school(membership.school_id)
        .filter(status=ActionStatus.PLANNED, start_date__gte=today - BEHIND)
        .select_related("school")
        .annotate(
            carriers=Count("action_partners", distinct=True),
            silent=Count("invitations", filter=Q(invitations__reply=""), distinct=True),
        )
        .order_by("start_date", "pk")
    )
    rows = [
        Row(
            f"{action} ({inside(action.get_type_display())})",
            plural(action.carriers, "partenaire") if action.carriers else "aucun partenaire noté",
            _next(action, today),
            action.start_date,
            action.get_absolute_url(),
        )
        for action in found[:MOST]
    ]
    url = f"{reverse('events:action_list', args=[membership.school.uai])}?statut={ActionStatus.PLANNED}"
    yield Part("Actions prévues", rows, len(rows) if len(rows) < MOST else found.count(), 70, url)


def _next(action: Action, today: date) -> str:
    if action.last_date < today:
        return "Clôturer : a-t-elle eu lieu, qui est venu ?"
    silent: int = action.silent  # type: ignore[attr-defined]
    return f"Préparer ; {plural(silent, 'réponse')} attendue{'s' if silent > 1 else ''}" if silent else "Préparer"
