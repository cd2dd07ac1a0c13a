"""What else happens on an action's days: its classes are away or expected elsewhere, there are no lessons, exams are held.

A warning, never a refusal: a school may well hold an open day on the first Saturday of the holidays.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, time, timedelta
from enum import StrEnum

from core import french, typography
from events.enums import ActionStatus
from events.models import Action, ActionClass
from schools import agenda, calendar
from schools.enums import DayOffKind
from schools.models import School

LONGEST = timedelta(days=400)
"""An action that lasts longer is compared over so many days only."""
FIRST_YEAR, LAST_YEAR = 1990, 2190
"""Outside of these a day is a slip of the hand, which no calendar knows."""


class Cause(StrEnum):
    """What takes the days of a class, or of the lycée."""

    AWAY = "pfmp"
    NO_LESSONS = "vacances"
    EXAM = "examens"
    OTHER_ACTION = "action"


@dataclass(frozen=True)
class Busy:
    """Days that are taken, both included; `who` is the class concerned, "" for the whole school."""

    cause: Cause
    start: date
    end: date
    label: str
    who: str = ""
    url: str = ""
    start_time: time | None = None
    end_time: time | None = None


@dataclass(frozen=True)
class Conflict:
    """One sentence, and the page that says more, "" when there is none."""

    cause: Cause
    text: str
    url: str = ""


def problems(
    start: date,
    end: date,
    busy: Iterable[Busy],
    *,
    start_time: time | None = None,
    end_time: time | None = None,
) -> list[Conflict]:
    """Those of `busy` that touch the days of an action, each as a sentence, in the order they are given.

    Two actions of one same day do not touch when the hours of both are known and one is over before the other begins.
    """
    return [
        Conflict(one.cause, _sentence(one), one.url)
        for one in busy
        if one.start <= end and one.end >= start and not _apart(start, end, start_time, end_time, one)
    ]


def _apart(start: date, end: date, start_time: time | None, end_time: time | None, other: Busy) -> bool:
    if not start == end == other.start == other.end:
        return False
    after = bool(start_time and other.end_time and start_time >= other.end_time)
    return after or bool(end_time and other.start_time and end_time <= other.start_time)


def _sentence(busy: Busy) -> str:
    days = french.period(busy.start, busy.end)
    if busy.cause is Cause.AWAY:
        return typography.french(f"{busy.who} est en entreprise {days} ({busy.label}).")
    if busy.cause is Cause.OTHER_ACTION:
        return typography.french(f"{busy.who} est déjà attendue à « {busy.label} » {days}.")
    if busy.cause is Cause.EXAM:
        return typography.french(f"Des examens se tiennent {days} : {busy.label}.")
    return typography.french(f"Pas de cours {days} : {busy.label}.")


def busy_days(
    school: School, start: date, end: date, classes: Collection[int], *, but: int | None = None
) -> list[Busy]:
    """What takes these days for the school and for some of its classes (their ids): three queries.

    `but`: the id of the action in hand, which is no conflict with itself.
    """
    end = min(end, start + LONGEST)
    found = [
        Busy(Cause.AWAY, one.start, one.end, one.title.partition(" : ")[2], one.class_label, one.url)
        for one in (agenda.of_classes(school, start, end, classes) if classes else ())
        if one.kind is agenda.Kind.OUT
    ]
    known = calendar.calendar_of(school, start, end)
    found += [
        Busy(Cause.EXAM if one.kind == DayOffKind.EXAM else Cause.NO_LESSONS, one.start, one.end, one.label)
        for one in known.periods
        if one.touches(start, end)
    ]
    found += [
        Busy(Cause.NO_LESSONS, day, day, label)
        for day, label in known.legal_holidays().items()
        if not any(one.start <= day <= one.end for one in known.periods)
    ]
    if classes:
        others = (
            ActionClass.objects.in_school(school)
            .filter(school_class__in=classes)
            .filter(action__in=Action.objects.in_school(school).touching(start, end).values("pk"))
            .exclude(action__status=ActionStatus.CANCELLED)
            .exclude(action=but)
            .select_related("action", "school_class")
            .order_by("action__start_date", "school_class__code")
        )
        for row in others:
            row.action.school = school
            found.append(
                Busy(
                    Cause.OTHER_ACTION,
                    row.action.start_date,
                    row.action.last_date,
                    row.action.title,
                    str(row.school_class),
                    row.action.get_absolute_url(),
                    row.action.start_time,
                    row.action.end_time,
                )
            )
    return found


def found(
    school: School,
    *,
    start: date,
    end: date | None,
    classes: Collection[int],
    start_time: time | None = None,
    end_time: time | None = None,
    but: int | None = None,
) -> list[Conflict]:
    """The conflicts of an action that is being written: its days, the ids of its classes, its hours when they are known."""
    last = end or start
    if last < start or not FIRST_YEAR <= start.year <= LAST_YEAR:
        return []  # the form says it
    busy = busy_days(school, start, last, classes, but=but)
    return problems(start, last, busy, start_time=start_time, end_time=end_time)


def of_action(action: Action) -> list[Conflict]:
    """The conflicts of an action as it is kept."""
    classes = list(
        ActionClass.objects.in_school(action.school_id).filter(action=action).values_list("school_class", flat=True)
    )
    return found(
        action.school,
        start=action.start_date,
        end=action.end_date,
        classes=classes,
        start_time=action.start_time,
        end_time=action.end_time,
        but=action.pk,
    )
