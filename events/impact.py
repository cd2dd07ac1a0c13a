"""What was seen after actions, one by one and by type (§ 5.4 of the indicators): « constaté après », never « due to ».

Placements and answers to surveys are known by apps beside and above: they add what they see with `observes`. Each function
takes the actions of one school with who was there, and answers for all of them in a few queries.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from core import french
from core.school_year import SchoolYear
from events.models import Action, ActionPartner, Invitation, Participation
from partners.enums import ContributionNature
from partners.models import Contribution, Offer
from schools.roles import Permission

OFFER_DAYS = timedelta(days=90)
PLACEMENT_DAYS = timedelta(days=180)


@dataclass(frozen=True)
class Around:
    """An action, and the partners who were part of it: those who carry it and the guests who came."""

    action: Action
    partners: frozenset[int]

    def after(self, day: date, within: timedelta) -> bool:
        """Is this day in the window that opens on the action's first day?"""
        return self.action.start_date <= day <= self.action.start_date + within


Found = Mapping[int, Any]
"""What was seen: the id of each thing with what it weighs (its positions, its amount, its grade, else 1)."""
Seen = Mapping[int, Found]
"""For each action (its id), what was seen after it: one thing may follow several actions."""


@dataclass(frozen=True)
class Observation:
    """One sort of thing that is seen after actions.

    `see` answers for all the actions at once; `told` writes what was seen, "" for nothing, and `brief` the same in a column
    headed `heading`.
    """

    code: str
    label: str
    order: int
    permission: Permission
    see: Callable[[int, Sequence[Around], date], Seen]
    told: Callable[[Found], str]
    heading: str
    brief: Callable[[Found], str]
    basis: str = ""


_observations: list[Observation] = []


def observes(observation: Observation) -> Observation:
    """Add a sort of thing."""
    _observations.append(observation)
    return observation


def observations() -> list[Observation]:
    """What is looked for after an action, by each app that registered one, in the order of the page."""
    return sorted(_observations, key=lambda one: one.order)


@dataclass(frozen=True)
class Line:
    """What was seen of one sort: in words, and how it is counted."""

    label: str
    text: str
    basis: str


def around(school_id: int, actions: Iterable[Action]) -> list[Around]:
    """Who was part of each of these actions of a school: two queries."""
    found = list(actions)
    partners: dict[int, set[int]] = defaultdict(set)
    keys = [action.pk for action in found]
    for action, partner in (
        ActionPartner.objects.in_school(school_id).filter(action__in=keys).values_list("action", "partner")
    ):
        partners[action].add(partner)
    came = Invitation.objects.in_school(school_id).filter(action__in=keys, present=True)
    for action, partner in came.values_list("action", "partner"):
        partners[action].add(partner)
    return [Around(action, frozenset(partners[action.pk])) for action in found]


def lines(school_id: int, actions: Sequence[Around], today: date, may: Callable[[Permission], object]) -> list[Line]:
    """What was seen after these actions, taken together: each thing once, however many of them it follows."""
    found = []
    for one in observations():
        if not may(one.permission):
            continue
        seen = one.see(school_id, actions, today)
        if text := one.told(_together(seen.values())):
            found.append(Line(one.label, text, one.basis))
    return found


def _together(found: Iterable[Found]) -> Found:
    """Each thing once."""
    return {key: weight for one in found for key, weight in one.items()}


@dataclass(frozen=True)
class ByType:
    """The actions of one type over a year, and what was seen after them."""

    label: str
    actions: int
    labelled: list[tuple[str, str]]
    """(heading, what was seen), in the order of the headings."""


def by_type(
    school_id: int, actions: Sequence[Around], today: date, may: Callable[[Permission], object]
) -> tuple[list[str], list[ByType]]:
    """The headings, then a line for each type and one for all: a thing that follows two types counts in each, once in all."""
    shown = [one for one in observations() if may(one.permission)]
    seen = {one.code: one.see(school_id, actions, today) for one in shown}
    types: dict[str, list[int]] = defaultdict(list)
    for one in actions:
        types[one.action.get_type_display()].append(one.action.pk)

    def line(label: str, keys: Collection[int]) -> ByType:
        cells = []
        for one in shown:
            cells.append((one.heading, one.brief(_together(seen[one.code].get(pk, {}) for pk in keys))))
        return ByType(label, len(keys), cells)

    found = [line(label, keys) for label, keys in sorted(types.items())]
    if len(found) > 1:
        found.append(line("Toutes", [one.action.pk for one in actions]))
    return [one.heading for one in shown], found


# ------------------------------------------------------------------------------------------------ what this app sees by itself


def _of_partners(actions: Sequence[Around]) -> set[int]:
    return {partner for one in actions for partner in one.partners}


def _pupils(school_id: int, actions: Sequence[Around], today: date) -> Seen:
    rows = Participation.objects.in_school(school_id).filter(
        action__in=[one.action.pk for one in actions], present=True
    )
    found: dict[int, dict[int, int]] = defaultdict(dict)
    for action, student in rows.values_list("action", "student"):
        found[action][student] = 1
    return found


def _partners(school_id: int, actions: Sequence[Around], today: date) -> Seen:
    return {one.action.pk: dict.fromkeys(one.partners, 1) for one in actions}


def _offers(school_id: int, actions: Sequence[Around], today: date) -> Seen:
    rows = list(
        Offer.objects.in_school(school_id)
        .filter(partner__in=_of_partners(actions), received_date__lte=today)
        .values_list("pk", "partner", "received_date", "positions")
    )
    return {
        one.action.pk: {
            pk: positions
            for pk, partner, day, positions in rows
            if partner in one.partners and one.after(day, OFFER_DAYS)
        }
        for one in actions
    }


def _payments(school_id: int, actions: Sequence[Around], today: date) -> Seen:
    rows = list(
        Contribution.objects.in_school(school_id)
        .filter(
            partner__in=_of_partners(actions), nature=ContributionNature.TAXE, received_date__isnull=False,
            received_date__lte=today,
        )
        .values_list("pk", "partner", "campaign", "received_date", "amount")
    )  # fmt: skip
    return {
        one.action.pk: {
            pk: amount
            for pk, partner, campaign, day, amount in rows
            if partner in one.partners
            and campaign == next_campaign(one.action.start_date)
            and day is not None
            and day >= one.action.start_date
        }
        for one in actions
    }


def next_campaign(day: date) -> int:
    """The campaign of the taxe that follows a day: that of the second calendar year of its school year."""
    return SchoolYear.on(day).first + 1


def counted(singular: str, several: str = "") -> Callable[[Found], str]:
    """Tells a number of things; "" for none."""
    return lambda found: french.plural(len(found), singular, several) if found else ""


def number(found: Found) -> str:
    """How many things, alone in a column; "" for none."""
    return french.number(len(found)) if found else ""


def _told_offers(found: Found) -> str:
    if not found:
        return ""
    return f"{french.plural(len(found), 'offre')}, {french.plural(sum(found.values()), 'poste')}"


def _amount(found: Found) -> str:
    return french.euros(sum(found.values(), Decimal(0))) if found else ""


def _told_payments(found: Found) -> str:
    if not found:
        return ""
    return f"{french.euros(sum(found.values(), Decimal(0)))} ({french.plural(len(found), 'versement')})"


observes(
    Observation("eleves", "Élèves présents", 10, Permission.VIEW_ACTIONS, _pupils, counted("élève"), "Élèves", number)
)
observes(
    Observation(
        "partenaires",
        "Partenaires présents",
        20,
        Permission.VIEW_ACTIONS,
        _partners,
        counted("partenaire"),
        "Partenaires",
        number,
        "ceux qui la portent et les invités venus",
    )
)
observes(
    Observation(
        "offres",
        "Offres de ces partenaires",
        30,
        Permission.VIEW_OFFERS,
        _offers,
        _told_offers,
        "Offres",
        number,
        "reçues dans les 90 jours, de tout type",
    )
)
observes(
    Observation(
        "taxe",
        "Taxe d’apprentissage",
        50,
        Permission.VIEW_TAXE,
        _payments,
        _told_payments,
        "Taxe",
        _amount,
        "versée par ces partenaires à la campagne qui suit",
    )
)
