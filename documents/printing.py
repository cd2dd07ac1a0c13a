"""What papers of every kind print alike: one line of an avenant, an address, values in French, dotted lines for the rest."""

from dataclasses import dataclass
from datetime import date
from typing import Protocol

from core import siret, typography


@dataclass(frozen=True, kw_only=True)
class Change:
    """One line of an avenant, in words: what it is about, what it was, what it becomes; "" for what is not known."""

    label: str
    before: str
    after: str


class Place(Protocol):
    """A school, a partner, a pupil: what has an address."""

    @property
    def address(self) -> str: ...
    @property
    def postal_code(self) -> str: ...
    @property
    def city(self) -> str: ...


def joined(*values: str | None) -> str | None:
    """What is known, with commas; None when nothing is."""
    return ", ".join(value.strip() for value in values if value and value.strip()) or None


def address_of(place: Place) -> str | None:
    """« 14 rue des Tanneurs, 02000 Laon »."""
    return joined(place.address, f"{place.postal_code} {place.city}".strip())


def siret_in_groups(number: str | None) -> str | None:
    """« 123 456 789 00011 », never cut at the end of a line."""
    return siret.spaced(number).replace(" ", typography.NO_BREAK) if number else None


def long_day(day: date | None) -> str | None:
    """« 3 mars 2026 »."""
    return typography.long_date(day) if day else None


def french(text: str | None) -> str | None:
    """The text in French typography."""
    return typography.french(text) if text else None
