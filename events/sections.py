"""What this app adds to the pages of an agreement and of a network: the actions led under them."""

from datetime import date

from django.db.models import QuerySet

from conventions import sections
from conventions.models import Agreement, Network
from events import preparing
from events.models import Action
from schools.models import Membership
from schools.pages import Section
from schools.permissions import allows
from schools.roles import Permission

MOST = 40


@sections.AGREEMENT.add
def under_agreement(agreement: Agreement, membership: Membership, today: date) -> Section | None:
    """The actions that name the agreement; nothing on its page while there is none."""
    if not allows(membership, Permission.VIEW_ACTIONS):
        return None
    led = Action.objects.in_school(membership.school_id).filter(agreement=agreement)
    section = _listed("Actions au titre de la convention", led, today)
    return section if section.context["lines"] else None


@sections.NETWORK.add
def under_network(network: Network, membership: Membership, today: date) -> Section | None:
    """The actions that name the network."""
    if not allows(membership, Permission.VIEW_ACTIONS):
        return None
    return _listed("Ce qui s’y fait", Action.objects.in_school(membership.school_id).filter(network=network), today)


def _listed(title: str, led: QuerySet[Action], today: date) -> Section:
    """Those done and those planned, the latest first; one that is past and that nobody closed says so (C-13)."""
    lines = [
        (action, preparing.state_of(action, today))
        for action in led.select_related("school").order_by("-start_date", "-pk")[:MOST]
    ]
    count = len(lines) if len(lines) < MOST else led.count()
    return Section(title, "events/partials/actions_led.html", {"lines": lines, "count": count})
