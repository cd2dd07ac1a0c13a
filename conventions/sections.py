"""What the apps above add to an agreement's page: the actions led under it."""

from collections.abc import Callable, Iterable
from datetime import date

from conventions.models import Agreement
from schools.models import Membership
from schools.pages import Section

SectionProvider = Callable[[Agreement, Membership, date], "Section | None"]
_sections: list[SectionProvider] = []


def section(provider: SectionProvider) -> SectionProvider:
    """Add an app's section: called with the agreement, the member, whose rights it checks, and today."""
    _sections.append(provider)
    return provider


def sections_of(agreement: Agreement, membership: Membership, today: date) -> Iterable[Section]:
    """The sections that have something to say to this person."""
    return [made for give in _sections if (made := give(agreement, membership, today))]
