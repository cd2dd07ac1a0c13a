"""The moves of a placement by hand, what follows an interruption, and the placement that takes up where one stopped."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from core import audit
from core.verdict import demand
from pfmp import certificates, permissions, rules, services
from pfmp.enums import InterruptionOutcome, PlacementStatus
from pfmp.models import Period, Placement
from pfmp.rules import moves
from schools.models import Membership, Schooling
from schools.permissions import allows

S = PlacementStatus
NOT_INTERRUPTED = "Ce placement n’est pas interrompu : il n’a pas de suite à décider."


# ---------------------------------------------------------------------------------------------------------- the moves


def circumstances(
    placement: Placement, today: date, *, checked: rules.CheckResult | None = None, all_signed: bool | None = None
) -> moves.Circumstances:
    """What the guards of the moves look at; rules and attestation are asked only when the status needs them."""
    needs_rules = placement.status in (S.PROSPECT, S.CONFIRMED)
    if all_signed is None:
        all_signed = placement.status in services.AGREED
    return moves.Circumstances(
        start=placement.start_date,
        end=placement.end_date,
        today=today,
        obstacles=tuple(services.obstacles(placement, checked)) if needs_rules else (),
        all_signed=all_signed,
        lacks_certificate=placement.status == S.ONGOING and bool(certificates.lacking([placement])),
    )


@transaction.atomic
def move(
    placement: Placement, target: PlacementStatus, *, by: Any, membership: Membership, now: datetime, **values: Any
) -> Placement:
    """Move a placement on by hand, if the table says so. `values`: date, reason and outcome of an interruption.

    Raises PermissionDenied with the reason of the role, ValidationError when the guard or another person is in the way.
    """
    source = PlacementStatus(placement.status)
    step = moves.find(source, target)
    if step is None or step.permission is None:
        raise ValidationError(services.STALE_MOVE)
    demand(allows(membership, step.permission))
    verdict = step.guard(circumstances(placement, timezone.localdate(now)))
    if not verdict:
        raise ValidationError(verdict.reason)
    if target == S.ISSUED:
        services.issue_convention(placement, by=by, now=now)
        return placement
    if source == S.INTERRUPTED:
        values = {"interrupted_date": None, "interruption_reason": "", "interruption_outcome": ""}
    services.shift(placement, source, target, by=by, **values)
    if target == S.CANCELLED:
        services.void_papers(placement, by=by, now=now, reason="placement annulé")
    if (source, target) == (S.PROSPECT, S.CONFIRMED):
        services.issue_convention(placement, by=by, now=now)
    return placement


@transaction.atomic
def decide_outcome(
    placement: Placement, outcome: InterruptionOutcome, *, by: Any, membership: Membership, now: datetime
) -> None:
    """Write what follows an interruption: validated all the same, another way, or postponed (L124-15, R-INTERR-01).

    Raises PermissionDenied, or ValidationError when it is not interrupted (any more).
    """
    demand(permissions.may_decide_outcome(membership))
    changed = (
        Placement.objects.in_school(placement.school_id)
        .filter(pk=placement.pk, status=S.INTERRUPTED)
        .update(interruption_outcome=outcome, version=F("version") + 1, updated_by=by, updated_at=now)
    )
    if not changed:
        raise ValidationError(NOT_INTERRUPTED)
    placement.refresh_from_db()
    audit.record("pfmp.interruption_settled", placement, by=by, outcome=outcome.value)


# ------------------------------------------------------------------------------------------------ what comes after one


class Nature(StrEnum):
    """How a second placement follows a first one."""

    CATCH_UP = (
        "rattrapage"  # the missed days, at the same host: a prolongation, outside its quota (L124-15, R-INTERR-03)
    )
    ELSEWHERE = "ailleurs"  # another host for what remains of the period
    POSTPONED = "report"  # in a later period, paid at the rate of the first year (R-ALLOC-08)


@dataclass(frozen=True)
class FollowOn:
    """The form of a second placement, filled from the first one: first values, and what the form does not ask."""

    former: Placement
    nature: Nature
    initial: dict[str, Any]
    values: dict[str, Any]


def last_day(placement: Placement) -> date:
    """The last day there: an interruption is one."""
    return min(placement.end_date, placement.interrupted_date or placement.end_date)


def next_weekday(day: date) -> date:
    """The first weekday after a day."""
    after = day + timedelta(days=1)
    return after + timedelta(days=(7 - after.weekday()) % 7 if after.weekday() > 4 else 0)


def what_remains(placement: Placement) -> tuple[date, date] | None:
    """The days of the period after the last one there; None when nothing remains."""
    start, end = next_weekday(last_day(placement)), placement.period.end_date
    return (start, end) if start <= end else None


def to_catch_up(placement: Placement) -> tuple[date, date]:
    """As many days as were lost, from the first weekday after the planned end."""
    lost = placement.end_date - next_weekday(last_day(placement))
    start = next_weekday(placement.end_date)
    return start, max(start, start + max(lost, timedelta(0)))


def natures(placement: Placement, later: Iterable[Period]) -> list[Nature]:
    """The ways in which a second placement may follow this one. `later`: periods of the pupil that begin after it."""
    if placement.status in (S.CANCELLED, S.PROSPECT):
        return []
    found = [Nature.CATCH_UP] if placement.status == S.INTERRUPTED else []
    if what_remains(placement):
        found.append(Nature.ELSEWHERE)
    if placement.status == S.INTERRUPTED and any(later):
        found.append(Nature.POSTPONED)
    return found


def later_periods(placement: Placement) -> list[Period]:
    """The periods of the pupil's classes of other years, after this one: where what was postponed may be done."""
    classes = Schooling.objects.in_school(placement.school_id).filter(student=placement.student_id)
    return list(
        Period.objects.in_school(placement.school_id)
        .filter(school_class__in=classes.values("school_class"), start_date__gt=placement.period.end_date)
        .exclude(year=placement.period.year)
        .select_related("school_class")
        .order_by("start_date")
    )


def follow_on(former: Placement, nature: Nature) -> FollowOn:
    """What the second placement takes from the first."""
    same: dict[str, Any] = {
        "partner": former.partner,
        "tutor": former.tutor_id,
        "timetable": former.timetable,
        "tasks": former.tasks,
        "place_address": former.place_address,
        "referent_email": former.referent_email,
    }
    if nature is Nature.ELSEWHERE:
        remains = what_remains(former) or (former.period.start_date, former.period.end_date)
        there = {"period": former.period, "start_date": remains[0], "end_date": remains[1]}
        return FollowOn(former, nature, {"referent_email": former.referent_email, **there}, {})
    if nature is Nature.CATCH_UP:
        start, end = to_catch_up(former)
        there = {"period": former.period, "start_date": start, "end_date": end}
        return FollowOn(former, nature, same | there, {"is_extension": True})
    later = later_periods(former)
    there = {"period": later[0]} if later else {}
    return FollowOn(former, nature, same | there, {"origin_year": former.origin_year or former.period.year})


# ------------------------------------------------------------------------------------------- a class changed meanwhile


@dataclass(frozen=True)
class ClassChange:
    """A pupil who left the class of a period, or came into it, between its first and its last day."""

    schooling: Schooling
    day: date
    is_leaving: bool


def class_changes(period: Period) -> list[ClassChange]:
    """Who changed class during a period, by day. One query."""
    rows = (
        Schooling.objects.in_school(period.school_id)
        .filter(school_class=period.school_class_id)
        .select_related("student__school")
    )
    found = []
    for row in rows:
        if row.exit_date and period.start_date <= row.exit_date < period.end_date:
            found.append(ClassChange(row, row.exit_date, True))
        if period.start_date < row.entry_date <= period.end_date:
            found.append(ClassChange(row, row.entry_date, False))
    return sorted(found, key=lambda one: (one.day, one.schooling.student.last_name))


def change_of(placement: Placement) -> ClassChange | None:
    """The change of class that this placement has lived through: it stays with its period (A-05). One query."""
    row = (
        Schooling.objects.in_school(placement.school_id)
        .filter(
            student=placement.student_id,
            school_class=placement.period.school_class_id,
            exit_date__gte=placement.start_date,
            exit_date__lt=placement.end_date,
        )
        .select_related("student", "school_class")
        .first()
    )
    return ClassChange(row, row.exit_date, True) if row and row.exit_date else None
