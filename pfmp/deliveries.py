"""Papers handed from one colleague to another: give, receive, send back; who waits for what."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils import timezone

from core import audit
from core.verdict import ALLOWED, Denied, Verdict
from pfmp import milestones, permissions
from pfmp.enums import DeliveryState, MilestoneStep
from pfmp.models import Delivery
from pfmp.rules import deliveries as rules
from pfmp.rules.deliveries import Act
from pfmp.rules.milestones import Step
from pfmp.situations import Situation
from schools.enums import Role
from schools.models import Membership
from schools.permissions import allows, is_own_only
from schools.roles import Permission

LONGEST_REASON = 500
NO_REASON = "Dites ce qui est à corriger : la personne qui l’a remis le lira."


@dataclass(frozen=True)
class Line:
    """What became of one pupil in a bulk act: done, or held back and why."""

    student: Any
    reason: str = ""

    @property
    def is_done(self) -> bool:
        return not self.reason


def may_give(membership: Membership) -> Verdict:
    """May this person note that a paper of a pupil they see was handed over?"""
    return allows(membership, Permission.LOG_PLACEMENT)


def may_check(membership: Membership, step: Step) -> Verdict:
    """May this person say that a paper is right, or send it back? The role that the school named, the bureau, the DDFPT."""
    if allows(membership, Permission.MANAGE_PLACEMENTS):
        return ALLOWED
    if step.checker and membership.role == step.checker and allows(membership, Permission.VIEW_PLACEMENTS):
        return ALLOWED
    checker = Role(step.checker).label if step.checker else Role.BDE.label
    return Denied(f"Ce document est vérifié par : {checker.lower()}.")


def give(rows: Sequence[Situation], code: MilestoneStep, *, by: Membership, now: datetime) -> list[Line]:
    """Note that one paper of several pupils was handed over; for each, done or why not. Nobody to check it: received at once."""
    return [_give(row, code, by=by, now=now) for row in rows]


def _give(row: Situation, code: MilestoneStep, *, by: Membership, now: datetime) -> Line:
    if row.placement is None or row.backward is None:
        return Line(row.student, "Pas encore de placement.")
    step = next(step for step in row.backward.steps if step.code == code)
    place = row.placement
    if not (verdict := rules.ready(step, row.step, place.start_date, place.end_date, timezone.localdate(now))):
        return Line(row.student, verdict.reason)
    last = row.deliveries.get(code)
    state = DeliveryState(last.state) if last else None
    target = rules.next_state(state, Act.GIVE, is_checked=bool(step.checker))
    if target is None:
        return Line(row.student, f"{code.label} : {rules.REFUSALS[state, Act.GIVE]}")
    delivery = Delivery(
        school=place.school, placement=place, step=code, given_by=by, given_at=now, state=target,
        created_by=by.user, updated_by=by.user,
    )  # fmt: skip
    if target == DeliveryState.RECEIVED:
        delivery.received_by, delivery.received_at = by, now
    try:
        with transaction.atomic():
            delivery.save(force_insert=True)
            audit.record("pfmp.paper_given", place, by=by.user, step=code.value)
    except IntegrityError:  # someone else noted it in the same second: delivery_waits_once
        return Line(row.student, f"{code.label} : {rules.REFUSALS[DeliveryState.GIVEN, Act.GIVE]}")
    row.deliveries[code] = delivery
    return Line(row.student)


def receive(delivery: Delivery, *, by: Membership, now: datetime) -> None:
    """The paper is there and right. Raises ValidationError when someone else was first."""
    _check(delivery, Act.RECEIVE, by=by, now=now)


def send_back(delivery: Delivery, reason: str, *, by: Membership, now: datetime) -> None:
    """The paper is to be corrected. Raises ValidationError without a reason, or when someone else was first."""
    if not (said := " ".join(reason.split())):
        raise ValidationError({"reason": NO_REASON})
    if len(said) > LONGEST_REASON:
        raise ValidationError({"reason": f"{LONGEST_REASON} caractères au plus."})
    _check(delivery, Act.SEND_BACK, by=by, now=now, reason=said)


@transaction.atomic
def _check(delivery: Delivery, act: Act, *, by: Membership, now: datetime, reason: str = "") -> None:
    state = DeliveryState(delivery.state)
    target = rules.next_state(state, act)
    changed = (
        Delivery.objects.in_school(delivery.school_id)
        .filter(pk=delivery.pk, state=state)
        .update(
            state=target, received_by=by, received_at=now, reason=reason,
            version=F("version") + 1, updated_at=now, updated_by=by.user,
        )
        if target
        else 0
    )  # fmt: skip
    if not changed:
        delivery.refresh_from_db()
        now_there = DeliveryState(delivery.state)
        who = f" par {delivery.received_by.full_name}" if delivery.received_by else ""
        raise ValidationError(
            f"{delivery.get_step_display()}, {delivery.placement.student} : "
            + (f"déjà vu{who}, {now_there.label.lower()}." if now_there != DeliveryState.GIVEN else STALE)
        )
    delivery.refresh_from_db()
    verb = "pfmp.paper_received" if target == DeliveryState.RECEIVED else "pfmp.paper_sent_back"
    audit.record(verb, delivery.placement, by=by.user, step=delivery.step)


STALE = "quelqu’un vient d’y toucher. Rechargez la page."


# ------------------------------------------------------------------------------------------------------ who waits for what


def visible(membership: Membership) -> QuerySet[Delivery]:
    """The hand-overs of the placements that this person may open, with what a line shows."""
    rows = Delivery.objects.in_school(membership.school_id)
    if not allows(membership, Permission.VIEW_PLACEMENTS):
        return rows.none()
    if is_own_only(membership):
        rows = rows.filter(placement__in=permissions.visible_placements(membership).values("pk"))
    return rows.select_related(
        "school", "given_by", "received_by", "placement__school", "placement__student", "placement__partner",
        "placement__period__school_class",
    )  # fmt: skip


def to_check(membership: Membership) -> QuerySet[Delivery]:
    """What waits for this person to say « conforme » or « à corriger », the oldest first."""
    rows = visible(membership).filter(state=DeliveryState.GIVEN).order_by("given_at", "pk")
    if allows(membership, Permission.MANAGE_PLACEMENTS):
        return rows
    mine = [step.code for step in milestones.steps_of(membership.school_id) if step.checker == membership.role]
    return rows.filter(step__in=mine)


def to_correct(membership: Membership) -> QuerySet[Delivery]:
    """What came back to this person, who had handed it over; one handed over again since is no longer there."""
    rows = visible(membership).filter(state=DeliveryState.TO_CORRECT, given_by=membership)
    newer = Delivery.objects.in_school(membership.school_id).filter(
        placement=OuterRef("placement"), step=OuterRef("step"), pk__gt=OuterRef("pk")
    )
    return rows.exclude(Exists(newer)).order_by("received_at", "pk")


def as_sentence(lines: Iterable[Line], done: tuple[str, str], held: tuple[str, str]) -> str:
    """« 21 conventions éditées, 3 retenues. » from the singular and plural of both."""
    from_lines = list(lines)
    count = sum(line.is_done for line in from_lines)
    rest = len(from_lines) - count
    words = f"{count} {done[count > 1]}"
    return f"{words}, {rest} {held[rest > 1]}." if rest else f"{words}."
