"""What a partner's page shows beyond this app: tabs and dated facts that the apps above add."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from partners.models import Partner
from schools.models import Membership
from schools.permissions import allows
from schools.roles import Permission


@dataclass(frozen=True)
class Tab:
    """A page about one partner, served by another app: its label, URL name, the right it asks, how many things it holds."""

    label: str
    url_name: str
    permission: Permission
    count: Callable[[Partner, Membership], int]


@dataclass(frozen=True)
class Fact:
    """One line of the timeline."""

    day: date
    title: str
    icon: str
    text: str = ""
    url: str = ""


FactProvider = Callable[[Partner, Membership, int], Iterable[Fact]]
_tabs: list[Tab] = []
_facts: list[FactProvider] = []


def register(tab: Tab) -> None:
    """Add a tab, in the order of the apps."""
    _tabs.append(tab)


def facts(provider: FactProvider) -> FactProvider:
    """Add dated facts; called with the partner, the member (whose rights it checks) and how many lines at most."""
    _facts.append(provider)
    return provider


def tabs_of(partner: Partner, membership: Membership) -> list[tuple[str, str, int]]:
    """(label, URL name, count) of the tabs this person may open."""
    return [
        (tab.label, tab.url_name, tab.count(partner, membership)) for tab in _tabs if allows(membership, tab.permission)
    ]


def timeline(partner: Partner, membership: Membership, *, most: int = 12) -> list[Fact]:
    """What happened with this partner, the latest first."""
    found = [fact for give in _facts for fact in give(partner, membership, most)]
    return sorted(found, key=lambda fact: fact.day, reverse=True)[:most]
