"""Calls to make again: which ones wait, and the verbs on them.

A call-back stands on the exchange that promised it (`call_again_date`). A call planned without any exchange before it is an
exchange dated on the day to come: until that day it is no trace of the partner (A-40), so that planning wakes nobody up.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, OuterRef, Q, QuerySet
from django.utils import timezone

from partners.enums import Channel, Initiative
from partners.models import Contact, Interaction, Partner
from partners.permissions import visible_contacts, visible_interactions
from partners.rules.follow_up import Due, day_problem, days_of, due_on, is_planned
from schools import navigation
from schools.models import Membership
from schools.services import change_record, create_record

MOST_PLANNED = 200
"""Calls planned at once."""


def waiting(membership: Membership) -> QuerySet[Interaction]:
    """Exchanges with a call-back that nobody has made yet, as far as this person reads exchanges (S-05)."""
    return visible_interactions(membership).filter(call_again_date__isnull=False).exclude(called_again=True)


def mine(membership: Membership) -> Q:
    """Those that this person noted, or of the partners that they follow."""
    return Q(author_email__iexact=membership.email) | Q(partner__owner=membership)


@navigation.counter("partners:follow_ups")
def count_due(membership: Membership, today: date) -> int:
    """How many are late or for today: one indexed count, for the navigation."""
    return waiting(membership).filter(call_again_date__lte=today).count()


def counts(calls: QuerySet[Interaction], today: date) -> dict[Due, int]:
    """How many in each part of time, in one query."""
    parts = {due.name: Count("pk", filter=Q(call_again_date__range=days_of(due, today))) for due in Due}
    found = calls.order_by().aggregate(**parts)
    return {due: found[due.name] for due in Due}


@dataclass(frozen=True)
class Call:
    """A line of « À relancer »: whom to call, at which number, why, and what was said last."""

    exchange: Interaction
    due: Due
    contact: Contact | None
    phone: str
    last: Interaction | None
    noted_by: str
    is_planned: bool


def lines(calls: Iterable[Interaction], membership: Membership, today: date) -> list[Call]:
    """The lines of some exchanges (a page of them), read with partner and contact, in three queries."""
    calls = list(calls)
    known = visible_contacts(membership).filter(pk__in={call.contact_id for call in calls if call.contact_id})
    shown = set(known.values_list("pk", flat=True))
    last = last_exchanges({call.partner_id for call in calls}, membership, today)
    names = {
        email.casefold(): f"{first} {last_name}".strip()
        for email, first, last_name in Membership.objects.in_school(membership.school_id)
        .filter(email__in={call.author_email for call in calls})
        .values_list("email", "first_name", "last_name")
    }
    found = []
    for call in calls:
        contact = call.contact if call.contact_id in shown else None
        before = last.get(call.partner_id)
        found.append(
            Call(
                exchange=call,
                due=due_on(call.call_again_date or today, today),
                contact=contact,
                phone=(contact.phone if contact else "") or call.partner.phone,
                last=before if before is not None and before.pk != call.pk else None,
                noted_by="" if _is_author(call, membership) else names.get(call.author_email.casefold(), ""),
                is_planned=was_planned(call),
            )
        )
    return found


def _is_author(call: Interaction, membership: Membership) -> bool:
    return call.author_email.casefold() == membership.email.casefold()


def last_exchanges(partners: set[int], membership: Membership, today: date) -> dict[int, Interaction]:
    """The latest exchange with each partner, up to today."""
    seen = visible_interactions(membership).filter(date__lte=today)
    latest = seen.filter(partner=OuterRef("partner")).order_by("-date", "-pk").values("pk")[:1]
    return {row.partner_id: row for row in seen.filter(partner__in=partners, pk=latest).order_by()}


def planned_for(partners: set[int], membership: Membership) -> dict[int, Interaction]:
    """The call that waits with each partner, the nearest one."""
    found = waiting(membership).filter(partner__in=partners).order_by("-call_again_date", "-pk")
    return {call.partner_id: call for call in found}


def was_planned(exchange: Interaction) -> bool:
    """Is it a call planned for a day to come, and not an exchange that took place?"""
    return is_planned(
        day=exchange.date,
        call_again=exchange.call_again_date,
        done=exchange.called_again,
        noted=timezone.localdate(exchange.created_at),
    )


# ---------------------------------------------------------------------------------------------------------------- verbs


@transaction.atomic
def mark_done(exchange: Interaction, *, today: date, by: Any) -> Interaction:
    """The call has been made. A planned one becomes the exchange of today. Raises StaleEdit as every change."""
    changed = ["called_again"]
    if was_planned(exchange):
        exchange.date = exchange.call_again_date = today
        changed += ["date", "call_again_date"]
    exchange.called_again = True
    return change_record(exchange, version=exchange.version, by=by, changed=changed)


def mark_undone(exchange: Interaction, *, by: Any) -> Interaction:
    """The call has not been made after all: it waits again. Raises StaleEdit."""
    exchange.called_again = None
    return change_record(exchange, version=exchange.version, by=by, changed=["called_again"])


def postpone(exchange: Interaction, *, to: date, today: date, by: Any) -> Interaction:
    """Call another day. Raises ValidationError when the day is past or absurd, StaleEdit."""
    if problem := day_problem(to, today):
        raise ValidationError({"date": problem})
    changed = ["call_again_date", "called_again"]
    if was_planned(exchange):
        exchange.date = to
        changed.append("date")
    exchange.call_again_date, exchange.called_again = to, None
    return change_record(exchange, version=exchange.version, by=by, changed=changed)


@transaction.atomic
def plan_calls(
    whys: Iterable[tuple[Partner, str]], *, day: date, today: date, membership: Membership, by: Any
) -> list[Interaction]:
    """Plan a call to each partner, with its reason, on a day to come; those already planned are left as they are.

    Raises ValidationError when the day is today, past or absurd, or when there are too many.
    """
    whys = list(whys)
    if problem := day_problem(day, today):
        raise ValidationError({"date": problem})
    if day == today:
        raise ValidationError({"date": "Pour appeler aujourd’hui, appelez, puis notez l’échange."})
    if len(whys) > MOST_PLANNED:
        raise ValidationError(f"Pas plus de {MOST_PLANNED} rappels à la fois.")
    planned = set(
        Interaction.objects.in_school(membership.school_id)
        .filter(partner__in=[partner for partner, _ in whys], call_again_date__isnull=False)
        .exclude(called_again=True)
        .values_list("partner_id", flat=True)
    )
    made = []
    for partner, why in whys:
        if partner.pk in planned:
            continue
        planned.add(partner.pk)
        call = Interaction(
            school=membership.school,
            partner=partner,
            date=day,
            call_again_date=day,
            channel=Channel.CALL,
            initiative=Initiative.SCHOOL,
            subject=why[:200],
            author_email=membership.email,
        )
        made.append(create_record(call, by=by)[0])
    return made


def tell(planned: Interaction, said: Interaction, *, by: Any) -> Interaction:
    """What was said during a call that was planned: the exchange planned takes its words. Raises StaleEdit."""
    changed = ["subject", "channel"]
    planned.subject, planned.channel = said.subject, said.channel
    if said.call_again_date:
        planned.call_again_date, planned.called_again = said.call_again_date, None
        changed += ["call_again_date", "called_again"]
    return change_record(planned, version=planned.version, by=by, changed=changed)
