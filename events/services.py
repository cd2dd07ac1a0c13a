"""Verbs that write about actions: expect a class, note who came and who answered."""

from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from core import audit
from events.models import Action, Invitation, Participation
from schools.models import SchoolClass, Schooling


@transaction.atomic
def expect_class(action: Action, school_class: SchoolClass, *, by: Any) -> int:
    """Expect at an action every pupil who is in the class on its first day; returns how many were added."""
    pupils = (
        Schooling.objects.in_school(action.school_id)
        .filter(school_class=school_class)
        .on(action.start_date)
        .values_list("student_id", flat=True)
        .distinct()
    )
    already = set(
        Participation.objects.in_school(action.school_id).filter(action=action).values_list("student_id", flat=True)
    )
    rows = [
        Participation(school_id=action.school_id, action=action, student_id=pupil, created_by=by, updated_by=by)
        for pupil in pupils
        if pupil not in already
    ]
    Participation.objects.bulk_create(rows, ignore_conflicts=True)
    audit.record("events.class_expected", action, by=by, added=len(rows))
    return len(rows)


@transaction.atomic
def note_presence(action: Action, answers: dict[str, bool | None], *, by: Any) -> int:
    """Write who came: public id of a participation → True, False or None (not said). Returns how many changed.

    Only what differs from the table is written: two people who fill different lines keep each other's.
    """
    changed = []
    for row in Participation.objects.in_school(action.school_id).filter(action=action, public_id__in=answers):
        said = answers[str(row.public_id)]
        if row.present != said:
            row.present, row.updated_by, row.updated_at = said, by, timezone.now()
            row.version = F("version") + 1
            changed.append(row)
    Participation.objects.bulk_update(changed, ["present", "updated_by", "updated_at", "version"], batch_size=200)
    if changed:
        audit.record("events.presence_noted", action, by=by, changed=len(changed))
    return len(changed)


@transaction.atomic
def note_replies(action: Action, replies: dict[str, tuple[str, bool | None]], *, today: date, by: Any) -> int:
    """Write what guests answered and who came: public id of an invitation → (reply, present). Returns how many changed."""
    changed = []
    for row in Invitation.objects.in_school(action.school_id).filter(action=action, public_id__in=replies):
        reply, present = replies[str(row.public_id)]
        if (row.reply, row.present) == (reply, present):
            continue
        if reply and reply != row.reply:
            row.replied_date = today
        elif not reply:
            row.replied_date = None
        row.reply, row.present, row.updated_by, row.updated_at = reply, present, by, timezone.now()
        row.version = F("version") + 1
        changed.append(row)
    Invitation.objects.bulk_update(
        changed, ["reply", "present", "replied_date", "updated_by", "updated_at", "version"], batch_size=200
    )
    if changed:
        audit.record("events.replies_noted", action, by=by, changed=len(changed))
    return len(changed)
