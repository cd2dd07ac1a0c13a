"""Verbs on searches: note an approach, say what the company answered, make a lead of a place that was found."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from core import audit, french
from core.errors import StaleEdit
from partners.models import Partner
from pfmp import preparing, services
from pfmp.enums import ApproachMaker, ApproachState, PlacementOrigin, PlacementStatus
from pfmp.models import Approach, PersonalLink, Placement
from schools.enums import Role
from schools.models import Membership, Student
from schools.permissions import allows, is_own_only
from schools.roles import Permission
from schools.services import change_record, create_record

A_DAY = 50
"""Approaches that one pupil may note by their link in a day: more is a mistake or a machine."""
TOO_MANY = "Tu as déjà noté cinquante démarches aujourd’hui. Continue demain."
STALE = "Quelqu’un vient de changer cette démarche. Regardez où elle en est, puis recommencez s’il le faut."
ANSWERS = (ApproachState.REFUSED, ApproachState.ACCEPTED)
"""States that a company's answer gives: they have a day of reply."""

ORIGINS = {ApproachMaker.STUDENT: PlacementOrigin.STUDENT, ApproachMaker.FAMILY: PlacementOrigin.FAMILY}
COPIED = ("partner", "company", "city", "phone", "person", "date", "means", "made_by", "state", "reply_date", "note")


@transaction.atomic
def note_for(
    approach: Approach,
    students: Sequence[Student],
    *,
    membership: Membership,
    by: Any,
    today: date,
    key: uuid.UUID | None,
) -> list[Approach]:
    """The team notes one approach for each of these pupils, of whom `approach` is an unsaved model.

    A second post of the same form, known by its key, makes nothing more. Raises ValidationError when it cannot be right.
    """
    made = []
    for student in students:
        one = Approach(school=approach.school, student=student, period=approach.period, author=membership)
        for name in COPIED:
            setattr(one, name, getattr(approach, name))
        _date_reply(one, today)
        own_key = uuid.uuid5(key, str(student.public_id)) if key else None
        made.append(create_record(one, by=by, key=own_key)[0])
    return made


def _date_reply(approach: Approach, today: date) -> None:
    """An answer has its day, the one of the approach when it was given at once; what waits has none."""
    if approach.state not in ANSWERS:
        approach.reply_date = None
    elif approach.reply_date is None:
        approach.reply_date = max(approach.date, today) if approach.pk else approach.date


@transaction.atomic
def correct(approach: Approach, *, version: int, by: Any, today: date, changed: list[str]) -> Approach:
    """Save a correction. Raises StaleEdit when somebody saved in between."""
    _date_reply(approach, today)
    approach.full_clean(exclude=["school"])
    return change_record(approach, version=version, by=by, changed=changed)


@transaction.atomic
def answer(approach: Approach, state: ApproachState, *, by: Any, today: date) -> Approach:
    """One button: what the company answered. Raises ValidationError when somebody was first."""
    approach.state = state
    approach.reply_date = today if state in ANSWERS else None
    try:
        return change_record(approach, version=approach.version, by=by, changed=["state"])
    except StaleEdit:
        raise ValidationError(STALE) from None


# ------------------------------------------------------------------------------------------------- the pupil, by link


def own_of(link: PersonalLink) -> Any:
    """The approaches that the holder of a link may change: those noted by link, by nobody of the team."""
    return Approach.objects.in_school(link.school_id).filter(student=link.student, author=None)


@transaction.atomic
def note_by_link(
    approach: Approach, link: PersonalLink, *, now: datetime, key: uuid.UUID | None
) -> tuple[Approach, bool]:
    """The pupil notes an approach, once per form. Raises ValidationError past the day's limit."""
    assert link.student is not None
    if key is not None and (known := own_of(link).filter(public_id=key).first()):
        return known, False
    start = now - timedelta(days=1)
    if own_of(link).filter(created_at__gt=start).count() >= A_DAY:
        raise ValidationError(TOO_MANY)
    approach.school, approach.student = link.school, link.student
    approach.made_by = ApproachMaker.STUDENT
    _date_reply(approach, timezone.localdate(now))
    saved, created = create_record(approach, by=None, key=key)
    if created:
        audit.record("pfmp.approach_by_link", saved, by=None, link=str(link.public_id))
    return saved, created


def is_fresh(approach: Approach, today: date) -> bool:
    """Was it noted today? Its words may then still be corrected by the pupil; later only the answer."""
    return timezone.localdate(approach.created_at) == today


# --------------------------------------------------------------------------------------------- from a yes to a place


@dataclass(frozen=True)
class Settled:
    """The lead that a yes became. `created` is False when it was there."""

    placement: Placement
    created: bool


@transaction.atomic
def settle(
    approach: Approach, host: services.Host, *, start: date, end: date, membership: Membership, by: Any, now: datetime
) -> Settled:
    """Somebody of the team called: the company is known or becomes a partner; the pupil has a lead there, and its pre-convention.

    Raises ValidationError: a company to avoid for who may not choose it, dates that cannot be.
    """
    approach = (
        Approach.objects.in_school(approach.school_id)
        .select_for_update(of=("self",))
        .select_related("school", "student", "period")
        .get(pk=approach.pk)
    )
    if host.partner is not None:
        _refuse_avoided(host.partner, membership)
        if known := placed(approach, host.partner):
            _tie(approach, host.partner, by=by, today=timezone.localdate(now))
            return Settled(known, False)
    placement = Placement(
        school=approach.school,
        student=approach.student,
        period=approach.period,
        start_date=start,
        end_date=end,
        origin=ORIGINS.get(
            ApproachMaker(approach.made_by),
            PlacementOrigin.BDE if membership.role_enum == Role.BDE else PlacementOrigin.TEAM,
        ),
        referent_email=membership.email if is_own_only(membership) else "",
    )
    logged = services.log_placement(placement, host, as_lead=True, by=by, now=now)
    _tie(approach, logged.placement.partner, by=by, today=timezone.localdate(now))
    preparing.opened(logged.placement, by=by)
    return Settled(logged.placement, True)


def placed(approach: Approach, partner: Partner) -> Placement | None:
    """The placement that this pupil has there for that period, if any."""
    found: Placement | None = (
        Placement.objects.in_school(approach.school_id)
        .filter(student=approach.student, period=approach.period, partner=partner)
        .exclude(status=PlacementStatus.CANCELLED)
        .select_related("school", "partner")
        .first()
    )
    return found


def _tie(approach: Approach, partner: Partner, *, by: Any, today: date) -> None:
    """The approach now names the company's file."""
    if approach.partner_id == partner.pk and approach.state == ApproachState.ACCEPTED:
        return
    approach.partner = partner
    approach.state = ApproachState.ACCEPTED
    approach.reply_date = approach.reply_date or today
    change_record(approach, version=approach.version, by=by, changed=["partner", "state"])


def _refuse_avoided(partner: Partner, membership: Membership) -> None:
    if partner.avoid_since is not None and not allows(membership, Permission.EDIT_PARTNERS):
        raise ValidationError(
            f"Le bureau des entreprises a marqué cette entreprise « à éviter » depuis le {french.day(partner.avoid_since)} : "
            "voyez avec lui."
        )
