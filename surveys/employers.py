"""Employers as leavers wrote them, recognised among the partners by the bureau: nothing is linked by itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet

from core.near import nearest
from core.text import searchable
from partners import doubles
from partners.enums import PartnerStatus
from partners.models import Partner
from partners.rules import doubles as rules
from schools.models import School
from schools.services import change_record, create_record
from surveys.models import LeaverOutcome
from surveys.rules.leavers import HIRED

PROPOSED = 3


@dataclass(frozen=True)
class Proposal:
    """A partner that a written employer may be, and why."""

    partner: Partner
    reason: str


@dataclass(frozen=True)
class Written:
    """An answer with an employer in somebody's words, and the partners that it may be, the surest first."""

    outcome: LeaverOutcome
    proposals: Sequence[Proposal]


def waiting(school: School) -> QuerySet[LeaverOutcome]:
    """The answers whose employer nobody has recognised yet."""
    found: QuerySet[LeaverOutcome] = (
        LeaverOutcome.objects.in_school(school)
        .filter(partner=None, employer_left_out=False, situation__in=HIRED)
        .exclude(employer_name="")
    )
    return found


def with_proposals(school: School, outcomes: Sequence[LeaverOutcome]) -> list[Written]:
    """Near partners for each: those that look like the same company, else the nearest names; the partners are read once."""
    if not outcomes:
        return []
    cards = doubles.cards_of(school)
    index = rules.Index(cards)
    texts = [(card.key, searchable(card.name)) for card in cards]
    found: dict[int, list[tuple[Any, str]]] = {}
    for one in outcomes:
        typed = Partner(name=one.employer_name, city=one.employer_city)
        likely = [(key, str(like.reason)) for key, like in index.find(doubles.card_of(typed), limit=PROPOSED)]
        if len(likely) < PROPOSED:
            taken = {key for key, _ in likely}
            near = nearest(one.employer_name, texts, most=PROPOSED)
            likely += [(key, "nom proche") for key in near if key not in taken]
        found[one.pk] = likely[:PROPOSED]
    keys = {key for likely in found.values() for key, _ in likely}
    partners = Partner.objects.in_school(school).select_related("school").in_bulk(list(keys))
    return [
        Written(one, [Proposal(partners[key], reason) for key, reason in found[one.pk] if key in partners])
        for one in outcomes
    ]


@transaction.atomic
def recognise(outcome: LeaverOutcome, partner: Partner, *, by: Any) -> int:
    """This employer is that partner, for this answer and for those of the same words at other terms. Returns how many."""
    same = waiting(outcome.school).filter(employer_name=outcome.employer_name, employer_city=outcome.employer_city)
    rows = list(same.select_related("school").order_by("pk"))
    for row in rows:
        row.partner = partner
        change_record(row, version=row.version, by=by, changed=["partner"])
    return len(rows)


@transaction.atomic
def make_prospect(outcome: LeaverOutcome, *, today: date, by: Any) -> Partner:
    """A new partner, to be approached, out of what was written. Raises ValidationError when that is no name."""
    if not outcome.employer_name.strip():
        raise ValidationError("Cette réponse ne nomme pas d’employeur.")
    partner = Partner(
        school=outcome.school,
        name=outcome.employer_name.strip(),
        city=outcome.employer_city.strip(),
        status=PartnerStatus.PROSPECT,
    )
    partner = create_record(partner, by=by)[0]
    recognise(outcome, partner, by=by)
    return partner


def leave_out(outcome: LeaverOutcome, *, by: Any) -> None:
    """Not a company that the school will know: the list no longer shows it."""
    outcome.employer_left_out = True
    change_record(outcome, version=outcome.version, by=by, changed=["employer_left_out"])
