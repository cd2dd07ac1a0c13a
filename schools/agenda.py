"""What fills the days of classes and of people, whichever app knows it: apps that do not know each other add theirs.

A calendar asks here for what it does not hold itself: `of_classes` for whole classes, whoever asks; `of_member` for what one
person may see and has to do.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum

from schools.models import Membership, School


class Kind(StrEnum):
    """What an entry is: how a calendar draws it."""

    OUT = "pfmp"
    """A class is away."""
    VISIT = "visite"
    """A person goes to see a pupil in a company: the entry never says whom (P-01)."""


@dataclass(frozen=True)
class Entry:
    """Something on one or more days, both included. `key` names it for ever; `url` is a path of the platform."""

    kind: Kind
    key: str
    start: date
    end: date
    title: str
    url: str
    changed_at: datetime
    class_id: int | None = None
    class_label: str = ""
    class_code: str = ""
    at: time | None = None
    place: str = ""


OfClasses = Callable[[School, date, date, Collection[int] | None], Iterable[Entry]]
OfMember = Callable[[Membership, date, date], Iterable[Entry]]
_of_classes: list[OfClasses] = []
_of_member: list[OfMember] = []


def adds_for_classes(function: OfClasses) -> OfClasses:
    """Add what takes classes away: called with the school, the days and the classes' ids, None for all."""
    _of_classes.append(function)
    return function


def adds_for_member(function: OfMember) -> OfMember:
    """Add what one person sees and has to do: called with the member and the days; checks their rights."""
    _of_member.append(function)
    return function


def of_classes(school: School, start: date, end: date, classes: Collection[int] | None = None) -> list[Entry]:
    """What takes classes away between two days, both included, by date; all classes when none is named."""
    found = [entry for give in _of_classes for entry in give(school, start, end, classes)]
    return sorted(found, key=lambda entry: (entry.start, entry.class_label, entry.key))


def of_member(membership: Membership, start: date, end: date) -> list[Entry]:
    """What a person sees of classes away, and has to do, between two days, both included, by date."""
    found = [entry for give in _of_member for entry in give(membership, start, end)]
    return sorted(found, key=lambda entry: (entry.start, entry.class_label, entry.key))
