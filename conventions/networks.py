"""Where the school stands in a network and who is of it: for a network's page, and for a partner's."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from conventions.models import Network, NetworkMember
from conventions.rules import is_member, network_state
from partners import tabs
from schools.roles import Permission


def state_of(network: Network, today: date) -> str:
    """Where the school stands in a network, as a status code."""
    return network_state(today, joined=network.joined_date, left=network.left_date, formalised=network.formalised_date)


@dataclass(frozen=True)
class Line:
    """Someone of a network, and whether they still are."""

    member: NetworkMember
    is_current: bool


def members_of(network: Network, today: date) -> Sequence[Line]:
    """Who is of a network: those of today first, partners then colleagues, by name; then those who were."""
    found = (
        NetworkMember.objects.in_school(network.school_id)
        .filter(network=network)
        .select_related("school", "partner__school", "contact__school", "membership__school")
    )
    lines = [Line(one, is_member(today, since=one.since, until=one.until)) for one in found]
    return sorted(
        lines,
        key=lambda line: (
            not line.is_current,
            line.member.membership_id is not None,
            line.member.partner.search_text if line.member.partner else str(line.member.membership or ""),
            line.member.pk,
        ),
    )


@tabs.panel
def networks_of_partner(look: tabs.Look) -> tabs.Panel | None:
    """The networks where the school meets this partner today."""
    if not look.may(Permission.VIEW_AGREEMENTS):
        return None
    found = (
        NetworkMember.objects.in_school(look.membership.school_id)
        .filter(partner=look.partner)
        .select_related("network__school", "contact")
        .order_by("network__search_text", "pk")
    )
    lines = [
        (one, state_of(one.network, look.today))
        for one in found
        if is_member(look.today, since=one.since, until=one.until)
    ]
    if not lines:
        return None
    return tabs.Panel("conventions/partials/partner_networks.html", {"lines": lines}, order=60)
