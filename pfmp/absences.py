"""Absences and late arrivals in companies: noted by the team, said by phone or by the tutor's link; school life is told."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from core import audit, french, mail, typography
from pfmp import permissions
from pfmp.days import Days
from pfmp.enums import AbsenceKind, PlacementStatus, ReportedBy
from pfmp.models import Absence, PfmpSettings
from pfmp.rules import days as rules
from schools.models import Membership, School

TOLD = (AbsenceKind.ABSENT, AbsenceKind.LATE)
"""What school life wants to know: an allowed absence or a closed company is known already."""
TOO_OLD = timedelta(days=7)
"""What is noted long after, from a sheet of presence, is no news for school life."""


@transaction.atomic
def note(
    found: Days, day: date, *, kind: AbsenceKind, reported_by: ReportedBy, by: Any, minutes: int | None = None,
    was_told: bool | None = None,
) -> Absence:  # fmt: skip
    """Note that the pupil was not there, or came late, that day. The second time changes what the first said.

    Raises ValidationError by field: a day outside the stay or not worked, a delay longer than a day.
    """
    is_late = kind == AbsenceKind.LATE
    if problem := rules.absence_problem(found.stay, day, minutes=minutes, is_late=is_late):
        raise ValidationError({"date": problem})
    values = {
        "kind": kind,
        "minutes": minutes if is_late else None,
        "reported_by": reported_by,
        "was_told": was_told,
        "updated_by": by,
    }
    absence, is_new = Absence.objects.in_school(found.placement.school_id).update_or_create(
        placement=found.placement,
        date=day,
        defaults=values,
        create_defaults={**values, "school_id": found.placement.school_id, "created_by": by},
    )
    audit.record("pfmp.absence_noted", absence, by=by, source=reported_by.value, new=is_new)
    return absence


@transaction.atomic
def remove(found: Days, days: Iterable[date], *, by: Any, only: ReportedBy | None = None) -> int:
    """Take back what was noted on these days. `only`: what that source said, for a tutor who made a mistake."""
    wanted = list(days)
    rows = Absence.objects.in_school(found.placement.school_id).filter(placement=found.placement, date__in=wanted)
    if only is not None:
        rows = rows.filter(reported_by=only)
    removed: int = rows.delete()[0]
    if removed:
        audit.record("pfmp.absence_removed", found.placement, by=by, rows=removed)
    return removed


@transaction.atomic
def tick(
    found: Days, *, ticked: set[date], shown: set[date], kind: AbsenceKind, reported_by: ReportedBy, by: Any
) -> int:
    """The calendar of checkboxes: what was ticked and was not shown so is noted, what was unticked is taken back.

    A colleague's change of another day, made meanwhile, stays. Returns how many days changed.
    """
    for day in sorted(ticked - shown):
        note(found, day, kind=kind, reported_by=reported_by, by=by)
    gone = shown - ticked
    if gone:
        remove(found, sorted(gone), by=by)
    return len(ticked ^ shown)


def of_day(membership: Membership, day: date) -> QuerySet[Absence]:
    """The absences and late arrivals of a day among the placements that this person may open, by class and name."""
    return (
        Absence.objects.in_school(membership.school_id)
        .filter(date=day, placement__in=permissions.visible_placements(membership).values("pk"))
        .exclude(placement__status=PlacementStatus.CANCELLED)
        .select_related(
            "school", "placement__school", "placement__student", "placement__partner", "placement__tutor",
            "placement__period__school_class",
        )
        .order_by("placement__period__school_class__code", "placement__student__search_text", "pk")
    )  # fmt: skip


# ---------------------------------------------------------------------------------------------------- school life is told


def tell_every_school(today: date) -> int:
    """One message a day and school to its school life, with what was reported since the last one. Returns how many left."""
    return sum(
        _tell(row.school, row.school_life_email, today)
        for row in PfmpSettings.objects.across_schools(why="each school with an address of its school life")
        .exclude(school_life_email="")
        .select_related("school")
        .order_by("school_id")
    )


@transaction.atomic
def _tell(school: School, address: str, today: date) -> bool:
    rows = list(
        Absence.objects.in_school(school)
        .select_for_update(of=("self",))
        .filter(school_life_told_at=None, kind__in=TOLD, date__gte=today - TOO_OLD, date__lte=today)
        .exclude(placement__status=PlacementStatus.CANCELLED)
        .select_related("placement__student", "placement__partner", "placement__period__school_class")
        .order_by("date", "placement__period__school_class__code", "placement__student__search_text", "pk")
    )
    if not rows:
        return False
    lines = [f"- {sentence(row)}" for row in rows]
    body = typography.french(
        "Bonjour,\n\n"
        f"{french.plural(len(rows), 'absence ou retard', 'absences ou retards')} en entreprise depuis le dernier message :\n\n"
        + "\n".join(lines)
        + "\n\nLe motif n'est pas demandé à l'entreprise : il se règle avec la famille.\n\nLe bureau des entreprises\n"
    )
    try:
        mail.send_later(
            to=address,
            subject="Absences en entreprise",
            body=body,
            key=f"school-life:{school.uai}:{today.isoformat()}",
            scope=school.uai,
            reply_to=school.email,
        )
    except mail.Unsendable:
        return False
    now = timezone.now()
    Absence.objects.in_school(school).filter(pk__in=[row.pk for row in rows]).update(school_life_told_at=now)
    audit.record("pfmp.school_life_told", scope=school.uai, absences=len(rows))
    return True


def sentence(row: Absence) -> str:
    """« 2 mars 2026, 1re MELEC, MEZIANE Rayan, chez Atelier Dupont : retard de 20 min »."""
    placement = row.placement
    return (
        f"{french.day(row.date)}, {placement.period.school_class.label}, {placement.student}, "
        f"chez {placement.partner.name} : {what(row)}"
    )


def what(row: Absence) -> str:
    """« absence », « retard de 20 min »."""
    words = str(row.get_kind_display()).lower()
    if not row.minutes:
        return words
    return f"{words} de {typography.hours(row.minutes) if row.minutes >= 60 else f'{row.minutes} min'}"


def undo_until(absence: Absence, now: datetime) -> bool:
    """May the tutor still take it back: within the day on which they said it."""
    return absence.reported_by == ReportedBy.TUTOR and timezone.localdate(absence.created_at) == timezone.localdate(now)
