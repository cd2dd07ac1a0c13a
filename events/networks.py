"""What this app adds to a network's page: the actions led under it."""

from datetime import date

from conventions import networks
from conventions.models import Network
from events.enums import ActionStatus
from events.models import Action
from schools.models import Membership
from schools.pages import Section
from schools.permissions import allows
from schools.roles import Permission

MOST = 40


@networks.section
def actions_led(network: Network, membership: Membership, today: date) -> Section | None:
    """Those done and those planned, the latest first; one that is past and that nobody closed says so (C-13)."""
    if not allows(membership, Permission.VIEW_ACTIONS):
        return None
    found = Action.objects.in_school(membership.school_id).filter(network=network)
    lines = [
        (
            action,
            "a_cloturer" if action.status == ActionStatus.PLANNED and action.last_date < today else action.status,
        )
        for action in found.select_related("school").order_by("-start_date", "-pk")[:MOST]
    ]
    count = len(lines) if len(lines) < MOST else found.count()
    return Section("Ce qui s’y fait", "events/partials/network_actions.html", {"lines": lines, "count": count})
