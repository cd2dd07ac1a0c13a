"""Verbs on the calendar: periods for several classes at once, new dates with what they do to the placements.

Two periods of one class never share a day: asked by the forms, and again here under the lock of the classes.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from core import audit, french
from pfmp import durations, selectors
from pfmp.calendar import holidays_in
from pfmp.enums import SECURED, PeriodKind, PlacementStatus
from pfmp.models import Period, Placement
from pfmp.rules import cycle
from schools import calendar
from schools.models import School, SchoolClass
from schools.services import change_record, create_record

S = PlacementStatus
BEFORE_PAPER = (S.PROSPECT, S.CONFIRMED)
"""Statuses of a placement whose dates may still follow the period's."""


# ------------------------------------------------------------------------------------------------------------ questions


def overlaps(
    classes: Collection[int], school: School, start: date, end: date, *, but: int | None = None
) -> list[Period]:
    """The periods of these classes that have a day between two dates, by class and date."""
    found = Period.objects.in_school(school).touching(start, end).filter(school_class__in=classes)
    if but is not None:
        found = found.exclude(pk=but)
    return list(found.select_related("school_class").order_by("school_class__code", "start_date"))


def overlap_sentence(period: Period) -> str:
    dates = french.period(period.start_date, period.end_date)
    return f"{period.school_class.label} a déjà « {period.label} », {dates} : changez les dates, ou modifiez cette période-là."


@dataclass(frozen=True)
class Remarks:
    """What a period makes people stop at: `holidays` to confirm, `short` to give a reason for (R-DUREE-08)."""

    holidays: tuple[str, ...] = ()
    short: tuple[str, ...] = ()


def remarks(school: School, classes: Sequence[SchoolClass], start: date, end: date, kind: PeriodKind) -> Remarks:
    """What is unusual about a period of these dates for these classes; two queries."""
    known = calendar.calendar_of(school, start, end)
    holidays = tuple(
        f"{french.plural(days, 'jour')} de cette période pendant : {label}."
        for label, days in holidays_in(known, start, end)
    )
    if kind is not PeriodKind.PFMP:
        return Remarks(holidays)
    own = durations.own_durations(school)
    short = [
        f"{one.label} : {problem}"
        for one in classes
        if (problem := cycle.block_problem(start, end, durations.requirement_of(one, own)))
    ]
    return Remarks(holidays, tuple(short))


@dataclass(frozen=True)
class Standing:
    """The placements of a period seen from its dates, those that are cancelled left out."""

    at_dates: list[Placement] = field(default_factory=list)  # exactly the period's
    elsewhere: list[Placement] = field(default_factory=list)
    movable: list[Placement] = field(default_factory=list)  # at the dates, and no convention was issued
    issued: list[Placement] = field(default_factory=list)
    signed: list[Placement] = field(default_factory=list)

    @property
    def count(self) -> int:
        return len(self.at_dates) + len(self.elsewhere)

    @property
    def with_paper(self) -> list[Placement]:
        return self.issued + self.signed


def standing(period: Period, start: date, end: date) -> Standing:
    """Where the placements of a period stand, compared with the dates given; two queries."""
    found = Standing()
    rows = list(
        Placement.objects.in_school(period.school_id)
        .not_cancelled()
        .filter(period=period)
        .select_related("student", "partner", "school")
        .order_by("student__search_text", "pk")
    )
    papers = selectors.latest_papers(rows)
    for row in rows:
        is_there = (row.start_date, row.end_date) == (start, end)
        (found.at_dates if is_there else found.elsewhere).append(row)
        paper = papers.get(row.dossier_id)
        if row.status in SECURED:
            found.signed.append(row)
        elif row.status == S.ISSUED or (paper is not None and paper.voided_at is None):
            found.issued.append(row)
        elif is_there and row.status in BEFORE_PAPER:
            found.movable.append(row)
    return found


# ---------------------------------------------------------------------------------------------------------------- verbs


def _hold(classes: Iterable[int], school: School) -> None:
    """Two colleagues who plan the same class at once come one after the other."""
    list(
        SchoolClass.objects.in_school(school).filter(pk__in=list(classes)).order_by("pk").select_for_update(no_key=True)
    )


@transaction.atomic
def create_periods(
    school: School,
    classes: Sequence[SchoolClass],
    *,
    label: str,
    start_date: date,
    end_date: date,
    kind: PeriodKind = PeriodKind.PFMP,
    counts_for_exam: bool = True,
    note: str = "",
    by: Any,
    key: UUID | None = None,
) -> list[Period]:
    """One period for each class, all or none; the pupils expected are those of the class, on the board at once.

    `key`: the form's one-use key, the public id of the first: a second post finds the periods of the first and makes none.
    Raises ValidationError naming each period that is in the way.
    """
    _hold([one.pk for one in classes], school)
    if key is not None and Period.objects.in_school(school).filter(public_id=key).exists():
        return []
    if found := overlaps([one.pk for one in classes], school, start_date, end_date):
        raise ValidationError([overlap_sentence(one) for one in found])
    made = []
    for number, one in enumerate(classes):
        period = Period(
            school=school, school_class=one, year=one.year, label=label, start_date=start_date, end_date=end_date,
            kind=kind, counts_for_exam=counts_for_exam, note=note,
        )  # fmt: skip
        made.append(create_record(period, by=by, key=key if number == 0 else None)[0])
    return made


@dataclass(frozen=True)
class Changed:
    """What came of new dates: the placements that followed, those whose convention still says the old ones."""

    period: Period
    moved: int = 0
    left: int = 0
    with_paper: int = 0


@transaction.atomic
def change_period(period: Period, *, version: int, changed: list[str], follow: bool, by: Any) -> Changed:
    """Save a period as a form left it. `follow`: placements that had exactly its dates, and no convention issued, follow.

    Placements with a paper never move: an avenant or a new edition is the business of each one's own form. Raises StaleEdit,
    ValidationError when another period of the class is in the way.
    """
    _hold([period.school_class_id], period.school)
    old = Period.objects.in_school(period.school_id).get(pk=period.pk)
    dates_changed = (old.start_date, old.end_date) != (period.start_date, period.end_date)
    if dates_changed or old.school_class_id != period.school_class_id:
        others = overlaps([period.school_class_id], period.school, period.start_date, period.end_date, but=period.pk)
        if others:
            raise ValidationError([overlap_sentence(one) for one in others])
    saved = change_record(period, version=version, by=by, changed=changed)
    if not dates_changed:
        return Changed(saved)
    found = standing(saved, old.start_date, old.end_date)
    moved = _follow(saved, found.movable, by=by) if follow else 0
    with_paper = sum((one.start_date, one.end_date) != (saved.start_date, saved.end_date) for one in found.with_paper)
    return Changed(saved, moved, found.count - moved - len(found.with_paper), with_paper)


def _follow(period: Period, rows: Sequence[Placement], *, by: Any) -> int:
    """Give placements the period's dates, unless they moved on since they were read."""
    moved = (
        Placement.objects.in_school(period.school_id)
        .filter(pk__in=[row.pk for row in rows], status__in=BEFORE_PAPER)
        .update(
            start_date=period.start_date,
            end_date=period.end_date,
            version=F("version") + 1,
            updated_by=by,
            updated_at=timezone.now(),
        )
    )
    if moved:
        audit.record("pfmp.placements_followed_period", period, by=by, placements=moved)
    return moved
