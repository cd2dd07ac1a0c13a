"""What the apps above add to the pages of agreements and of networks: the actions led under them."""

from collections.abc import Callable
from datetime import date
from typing import Generic, TypeVar

from conventions.models import Agreement, Network
from schools.models import Membership
from schools.pages import Section

T = TypeVar("T")


class Sections(Generic[T]):
    """The register of one kind of page. A provider is called with its record, the member, whose rights it checks, and today."""

    def __init__(self) -> None:
        self._providers: list[Callable[[T, Membership, date], Section | None]] = []

    def add(self, provider: Callable[[T, Membership, date], Section | None]) -> Callable[..., Section | None]:
        """Add an app's section; a decorator."""
        self._providers.append(provider)
        return provider

    def of(self, record: T, membership: Membership, today: date) -> list[Section]:
        """The sections that have something to say to this person."""
        return [made for give in self._providers if (made := give(record, membership, today))]


AGREEMENT = Sections[Agreement]()
NETWORK = Sections[Network]()
