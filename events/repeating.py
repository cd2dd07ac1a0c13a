"""Repeating an action: each week or month, or again next year, on days with lessons, with its partners, classes and steps."""

import uuid
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import TextChoices

from core import audit
from core.school_year import SchoolYear
from events import conflicts, leading, preparing, presence
from events.conflicts import Cause
from events.enums import ActionStatus, Workshop
from events.models import Action, ActionClass, ActionLetter, ActionPartner, ActionStep
from schools import calendar

MOST = 30
WEEK = timedelta(weeks=1)
WEEKS_OF_A_YEAR = 52
COPIED = (
    "type", "title", "hours", "initiative", "agreement_id", "network_id", "tags", "place", "for_priority", "kind", "owner_id",
    "start_time", "end_time", "funding",
)  # fmt: skip
"""What each date has in common; counts, cost, report and publication are of one day only."""


class Rhythm(TextChoices):
    """How often an action comes back."""

    WEEKLY = "semaine", "Chaque semaine"
    FORTNIGHTLY = "quinzaine", "Toutes les deux semaines"
    MONTHLY = "mois", "Chaque mois, le même jour de semaine"
    YEARLY = "an", "L’an prochain, la même semaine"


@dataclass(frozen=True)
class Day:
    """A date of the series; `why_off` says why there are no lessons, "" when there are; `busy`: what takes its classes."""

    day: date
    why_off: str = ""
    busy: tuple[str, ...] = ()


def days(first: date, rhythm: str, count: int) -> list[date]:
    """The `count` dates that follow the first one. A month without a fifth Tuesday has its last one."""
    if rhythm == Rhythm.MONTHLY:
        return [_same_weekday(first, after) for after in range(1, count + 1)]
    step = {Rhythm.WEEKLY: WEEK, Rhythm.FORTNIGHTLY: 2 * WEEK, Rhythm.YEARLY: WEEKS_OF_A_YEAR * WEEK}[Rhythm(rhythm)]
    return [first + step * after for after in range(1, count + 1)]


def _same_weekday(first: date, after: int) -> date:
    """The second Tuesday of another month, for a second Tuesday."""
    month = first.month - 1 + after
    year, month = first.year + month // 12, month % 12 + 1
    rank = (first.day - 1) // 7
    start = date(year, month, 1)
    found = start + timedelta(days=(first.weekday() - start.weekday()) % 7 + 7 * rank)
    return found if found.month == month else found - WEEK


def proposed(action: Action, rhythm: str, count: int) -> list[Day]:
    """The dates of a series, each with why it is a bad one: no lessons, or expected classes that are away or busy."""
    found = days(action.start_date, rhythm, count)
    length = action.last_date - action.start_date
    classes = list(
        ActionClass.objects.in_school(action.school_id).filter(action=action).values_list("school_class", flat=True)
    )
    known = calendar.calendar_of(action.school, found[0], found[-1] + length)
    busy = conflicts.busy_days(action.school, found[0], found[-1] + length, classes, but=action.pk)
    taken = [one for one in busy if one.cause in (Cause.AWAY, Cause.OTHER_ACTION, Cause.EXAM)]
    return [
        Day(
            day,
            known.why_off(day),
            tuple(
                one.text
                for one in conflicts.problems(
                    day, day + length, taken, start_time=action.start_time, end_time=action.end_time
                )
            ),
        )
        for day in found
    ]


def last_proposable(first: date) -> date:
    """The farthest day that a series may reach."""
    year = SchoolYear.on(first)
    return SchoolYear(year.first + 2).end


@transaction.atomic
def repeat(action: Action, chosen: Collection[date], *, today: date, by: Any) -> list[Action]:
    """Make one planned action for each day that is not in the series yet: same partners, classes of that year, steps, letters.

    AvenirPro workshops are numbered on: after the second comes the third.
    """
    rows = Action.objects.in_school(action.school_id)
    rows.select_for_update(no_key=True).get(pk=action.pk)
    series = action.series or uuid.uuid4()
    rows.filter(pk=action.pk, series=None).update(series=series)
    taken = set(rows.filter(series=series).values_list("start_date", flat=True)) | {action.start_date}
    found = [day for day in sorted(set(chosen)) if day not in taken][:MOST]
    steps = preparing.as_model(_rows(ActionStep, action), action.start_date)
    made = []
    for rank, day in enumerate(found, start=1):
        copy = Action(
            school=action.school,
            start_date=day,
            end_date=day + (action.end_date - action.start_date) if action.end_date else None,
            status=ActionStatus.PLANNED,
            series=series,
            workshop=_workshop(action.workshop, rank),
            national_event=action.national_event if SchoolYear.on(day) == SchoolYear.on(action.start_date) else "",
            created_by=by,
            updated_by=by,
            **{name: getattr(action, name) for name in COPIED},
        )
        copy.full_clean(exclude=["school"])
        made.append(copy)
    for copy in made:
        copy.save(force_insert=True)
    _stand_around(action, made, by=by)
    for copy in made:
        leading.add_steps(copy, steps, today=today, by=by)
        presence.follow(copy, by=by)
    if made:
        audit.record("events.action_repeated", action, by=by, added=len(made))
    return made


def _workshop(first: int | None, rank: int) -> int | None:
    if first is None:
        return None
    return first + rank if first + rank in Workshop.values else None


def _rows(model: Any, action: Action) -> Sequence[Any]:
    return list(model.objects.in_school(action.school_id).filter(action=action).order_by("pk"))


def _stand_around(action: Action, made: Iterable[Action], *, by: Any) -> None:
    """Partners, classes of the same year, and letters of the first action, for each of the others."""
    carriers, letters = _rows(ActionPartner, action), _rows(ActionLetter, action)
    expected = list(
        ActionClass.objects.in_school(action.school_id)
        .filter(action=action)
        .select_related("school_class")
        .order_by("pk")
    )
    who = {"school_id": action.school_id, "created_by": by, "updated_by": by}
    made = list(made)
    ActionPartner.objects.bulk_create(
        ActionPartner(action=copy, partner_id=row.partner_id, **who) for copy in made for row in carriers
    )
    ActionClass.objects.bulk_create(
        ActionClass(action=copy, school_class_id=row.school_class_id, **who)
        for copy in made
        for row in expected
        if row.school_class.year == SchoolYear.on(copy.start_date).code
    )
    ActionLetter.objects.bulk_create(
        ActionLetter(action=copy, occasion=row.occasion, subject=row.subject, body=row.body, **who)
        for copy in made
        for row in letters
    )
