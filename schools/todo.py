"""The work list of the home page: each app above adds what waits for someone (« À faire »)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from schools.models import Membership


@dataclass(frozen=True)
class Task:
    """Something to do. `due`: the day it is, or was, expected; `url` opens it; `action_label` names the verb."""

    due: date
    title: str
    url: str
    text: str = ""
    action_label: str = ""
    action_icon: str = ""
    state: str = ""


Provider = Callable[[Membership, date], Iterable[Task]]
_providers: list[Provider] = []


def provider(function: Provider) -> Provider:
    """Add an app's tasks; called with the member and today, reads in a few queries and checks the member's rights."""
    _providers.append(function)
    return function


def tasks_for(membership: Membership, today: date) -> list[Task]:
    """Everything that waits for this person, the oldest first."""
    return sorted((task for give in _providers for task in give(membership, today)), key=lambda task: task.due)


@dataclass(frozen=True)
class Side:
    """A panel beside the list: a template and its context."""

    template: str
    context: dict[str, object]


SideProvider = Callable[[Membership, date], "Side | None"]
_sides: list[SideProvider] = []


def side(function: SideProvider) -> SideProvider:
    """Add an app's panel beside the work list."""
    _sides.append(function)
    return function


def sides_for(membership: Membership, today: date) -> list[Side]:
    """The panels that have something to say to this person."""
    return [made for make in _sides if (made := make(membership, today))]


@dataclass(frozen=True)
class Number:
    """A number that matters today to somebody: how it moved (a small curve, and words), and the page it opens."""

    label: str
    value: str
    url: str
    trend: str = ""
    words: str = ""


NumbersProvider = Callable[[Membership, date], list[Number]]
_numbers: list[NumbersProvider] = []


def numbers(function: NumbersProvider) -> NumbersProvider:
    """Add the numbers that stand above the work list."""
    _numbers.append(function)
    return function


def numbers_for(membership: Membership, today: date) -> list[Number]:
    """The numbers of this person's role."""
    return [one for give in _numbers for one in give(membership, today)]
