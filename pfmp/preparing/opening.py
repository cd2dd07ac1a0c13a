"""The team's side: who may, opened, sent to the company, given up, taken up again."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction

from core.verdict import Denied, Verdict
from documents import services as papers
from partners.models import Contact
from pfmp import links, services
from pfmp.enums import LinkPurpose, PlacementStatus, PreConventionState
from pfmp.models import PersonalLink, Placement, PreConvention
from pfmp.preparing.answers import is_elsewhere
from pfmp.preparing.moves import STALE, current, shift
from pfmp.rules import preparing as moves
from pfmp.rules.preparing import Actor
from schools.models import Membership
from schools.permissions import allows
from schools.roles import Permission
from schools.services import create_record

S = PreConventionState


def may_prepare(membership: Membership, placement: Placement) -> Verdict:
    """May this person open, send, type or validate the pre-convention of a placement that they see?"""
    if placement.status not in moves.OPENS:
        if placement.status == PlacementStatus.CANCELLED:
            return Denied("Ce placement est annulé.")
        return Denied("La convention est déjà éditée : corrigez le placement ou ses annexes.")
    return allows(membership, Permission.LOG_PLACEMENT)


@transaction.atomic
def opened(placement: Placement, *, by: Any) -> PreConvention:
    """The pre-convention of a placement, made when there is none. Raises ValidationError when it is too late for one."""
    if placement.status not in moves.OPENS:
        raise ValidationError("La convention est déjà éditée, ou le placement annulé : il n’y a plus rien à préparer.")
    found = PreConvention.objects.in_school(placement.school_id).filter(placement=placement).first()
    if found is None:
        papers.hold_numbers(placement.school)  # two colleagues at once: one row
        found = PreConvention.objects.in_school(placement.school_id).filter(placement=placement).first()
    if found is None:
        found = create_record(PreConvention(school=placement.school, placement=placement), by=by)[0]
    found.placement, found.school = placement, placement.school
    return found


def _start(pre: PreConvention, *, by: Any, now: datetime) -> None:
    """Leave it to the company: from a draft, or anew for another company than the one that had it."""
    partner = str(pre.placement.partner.public_id)
    if is_elsewhere(pre):
        links.revoke(LinkPurpose.PRE_CONVENTION, by=by, now=now, placement=pre.placement)
        pre.answers = {}
        if pre.state != S.DRAFT:
            PreConvention.objects.in_school(pre.school_id).filter(pk=pre.pk).update(state=S.DRAFT)
            pre.state = S.DRAFT
    answers = {**pre.answers, "partner": partner}
    if pre.state == S.ABANDONED:
        shift(pre, S.DRAFT, Actor.TEAM, by=by, now=now)
    if pre.state == S.DRAFT:
        shift(pre, S.SENT, Actor.TEAM, by=by, now=now, sent_at=now, answers=answers)
    elif pre.state not in moves.AT_COMPANY:
        raise ValidationError(STALE)


@transaction.atomic
def send(
    pre: PreConvention, *, name: str, email: str, by: Any, now: datetime, contact: Contact | None = None
) -> PersonalLink:
    """Mail the company its link; again, when it has it already. Raises ValidationError as `links.send`."""
    _start(pre, by=by, now=now)
    return links.send(
        LinkPurpose.PRE_CONVENTION, by=by, now=now, name=name, email=email, placement=pre.placement, contact=contact
    )


@transaction.atomic
def hand_link(pre: PreConvention, *, name: str, by: Any, now: datetime) -> str:
    """A link to read out, copy or print: its whole address, which nobody sees again. Raises ValidationError as `send`."""
    _start(pre, by=by, now=now)
    return links.create(LinkPurpose.PRE_CONVENTION, by=by, now=now, name=name, placement=pre.placement)[1]


@transaction.atomic
def send_back(pre: PreConvention, *, reason: str, by: Any, now: datetime) -> PersonalLink | None:
    """« À corriger »: the company reads why, by a fresh link to whoever had the last one; None without an address."""
    if not reason.strip():
        raise ValidationError({"correction": "Dites à l’entreprise ce qu’il faut corriger."})
    shift(pre, S.TO_CORRECT, Actor.TEAM, by=by, now=now, correction=reason.strip())
    last = last_link(pre.placement)
    if last is None or not last.email:
        return None
    return links.send(
        LinkPurpose.PRE_CONVENTION, by=by, now=now, name=last.name, email=last.email, placement=pre.placement,
        contact=last.contact,
    )  # fmt: skip


def last_link(placement: Placement) -> PersonalLink | None:
    """The last link to the pre-convention of a placement that has an address and was not stopped.

    One that was stopped had a wrong address, or went to another company.
    """
    found: PersonalLink | None = (
        PersonalLink.objects.in_school(placement.school_id)
        .filter(purpose=LinkPurpose.PRE_CONVENTION, placement=placement, revoked_at=None)
        .exclude(email="")
        .select_related("contact")
        .order_by("-pk")
        .first()
    )
    return found


def stop_links(placement: Placement, *, by: Any, now: datetime) -> int:
    """The company's links no longer serve. Returns how many were alive."""
    return links.revoke(LinkPurpose.PRE_CONVENTION, by=by, now=now, placement=placement)


@transaction.atomic
def started(
    placement: Placement, host: services.Host, *, name: str, email: str, by: Any, now: datetime, key: UUID | None = None
) -> tuple[Placement, PersonalLink | None]:
    """From nothing: the lead, its pre-convention, and the link to who fills it when there is an address.

    Raises ValidationError as `services.log_placement` and `send`; nothing stays of what was refused.
    """
    logged = services.log_placement(placement, host, as_lead=True, by=by, now=now, key=key)
    made = current(placement.school, logged.placement.pk)
    if not logged.created:
        return made, None
    pre = opened(made, by=by)
    return made, send(pre, name=name, email=email, by=by, now=now) if email else None


@transaction.atomic
def abandon(pre: PreConvention, *, by: Any, now: datetime) -> None:
    """The team gives it up: links die, the placement stays a lead."""
    shift(pre, S.ABANDONED, Actor.TEAM, by=by, now=now)
    stop_links(pre.placement, by=by, now=now)


@transaction.atomic
def reopen(pre: PreConvention, *, by: Any, now: datetime) -> None:
    """Taken up again after all: what was answered is still there."""
    if pre.placement.status not in moves.OPENS:
        raise ValidationError("La convention est déjà éditée, ou le placement annulé : il n’y a plus rien à préparer.")
    shift(pre, S.DRAFT, Actor.TEAM, by=by, now=now)
