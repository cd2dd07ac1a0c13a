"""What someone who takes the post finds under way: each app above gives its parts (« Passation »)."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from schools.models import Membership


@dataclass(frozen=True)
class Row:
    """Something under way. `when`: the day it is, or was, expected; `url` opens it."""

    what: str
    whom: str = ""
    next_step: str = ""
    when: date | None = None
    url: str = ""


@dataclass(frozen=True)
class Part:
    """A part of the page: what is under way of one kind. `count`: how many there are, of which `rows` are the first.

    `place` orders the parts; `url` opens the whole list; `columns` says what a row's four values are.
    """

    heading: str
    rows: Sequence[Row]
    count: int
    place: int
    url: str = ""
    hint: str = ""
    columns: tuple[str, str, str, str] = field(default=("Quoi", "Avec qui", "Prochaine étape", "Quand"))

    @property
    def left(self) -> int:
        """How many are not among the rows."""
        return self.count - len(self.rows)


Provider = Callable[[Membership, date], "Iterable[Part]"]
_providers: list[Provider] = []

MOST = 40
"""Rows of a part: the page stays readable and printable, the list has the rest."""


def provider(function: Provider) -> Provider:
    """Add an app's parts; called with the member, whose rights it checks, and today; set-based, a few queries a part."""
    _providers.append(function)
    return function


def parts_for(membership: Membership, today: date) -> list[Part]:
    """The parts that have something to say to this person, in their order."""
    return sorted(
        (part for give in _providers for part in give(membership, today) if part.rows), key=lambda part: part.place
    )


def inside(label: str) -> str:
    """A label in the middle of a sentence: « Place de PFMP » → « place de PFMP »."""
    return label[:1].lower() + label[1:]
