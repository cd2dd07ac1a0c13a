"""Verbs that lead an action from idea to report: prepare it from a model, tick its steps, move it, close it, cancel it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from core import audit
from events import inviting, preparing, presence
from events.catalogue import Letter, Step
from events.enums import ActionStatus, Occasion
from events.models import Action, ActionLetter, ActionPartner, ActionStep, ActionTemplate
from partners.models import Partner
from schools import calendar, services
from schools.models import Membership, School, SchoolClass

MOST_STEPS = 60
FAR = timedelta(days=400)


@transaction.atomic
def prepare(
    action: Action,
    *,
    steps: Sequence[Step] = (),
    letters: Mapping[Occasion, Letter] | None = None,
    carriers: Iterable[Partner] = (),
    classes: Iterable[SchoolClass] = (),
    today: date,
    by: Any,
    key: UUID | None = None,
) -> Action:
    """Save a new action with all that its model brings: steps with their days, letters, who carries it, who is expected.

    A second post of the same form finds the first one's action and adds nothing. Raises ValidationError when it is not right.
    """
    action, is_new = services.create_record(action, by=by, key=key)
    if not is_new:
        return action
    for partner in carriers:
        ActionPartner.objects.create(
            school_id=action.school_id, action=action, partner=partner, created_by=by, updated_by=by
        )
    add_steps(action, steps, today=today, by=by)
    ActionLetter.objects.bulk_create(
        ActionLetter(
            school_id=action.school_id,
            action=action,
            occasion=occasion,
            subject=letter.subject,
            body=letter.body,
            created_by=by,
            updated_by=by,
        )
        for occasion, letter in (letters or {}).items()
    )
    for school_class in classes:
        presence.expect_class(action, school_class, by=by)
    return action


def add_steps(action: Action, steps: Sequence[Step], *, today: date, by: Any) -> int:
    """Give an action the steps of a model, due on days with lessons; returns how many."""
    known = calendar.calendar_of(action.school, action.start_date - FAR, action.start_date + FAR)
    rows = [
        ActionStep(
            school_id=action.school_id,
            action=action,
            label=step.label,
            due_date=due,
            owner_id=action.owner_id,
            created_by=by,
            updated_by=by,
        )
        for step, due in preparing.due_dates(steps, action.start_date, today, known.is_lesson_day)
    ]
    ActionStep.objects.bulk_create(rows)
    return len(rows)


@transaction.atomic
def fill(action: Action, steps: Sequence[Step], *, today: date, by: Any) -> int:
    """The steps of a model, for an action that has none yet (two clicks are one); returns how many."""
    Action.objects.in_school(action.school_id).select_for_update(no_key=True).get(pk=action.pk)
    if ActionStep.objects.in_school(action.school_id).filter(action=action).exists():
        return 0
    return add_steps(action, steps, today=today, by=by)


@transaction.atomic
def move_steps(action: Action, before: date, *, today: date, by: Any) -> int:
    """After an action changed its first day, what is left to do moves with it; returns how many steps moved."""
    gap = action.start_date - before
    rows = list(
        ActionStep.objects.in_school(action.school_id).filter(action=action, done_date=None).exclude(due_date=None)
    )
    changed = []
    for row in rows:
        assert row.due_date is not None
        due = preparing.moved(row.due_date, gap, today)
        if due != row.due_date:
            row.due_date, row.updated_by, row.updated_at = due, by, timezone.now()
            row.version = F("version") + 1
            changed.append(row)
    ActionStep.objects.bulk_update(changed, ["due_date", "updated_by", "updated_at", "version"], batch_size=200)
    return len(changed)


def tick(step: ActionStep, done_date: date | None, *, by: Any) -> bool:
    """Say that a step is done, or not any more; returns whether it changed (two clicks are one)."""
    rows = ActionStep.objects.in_school(step.school_id).filter(pk=step.pk, done_date__isnull=done_date is not None)
    changed = bool(rows.update(done_date=done_date, updated_by=by, updated_at=timezone.now(), version=F("version") + 1))
    if changed:
        audit.record("events.step_done" if done_date else "events.step_undone", step.action, by=by)
    return changed


@transaction.atomic
def add_step(action: Action, step: ActionStep, *, by: Any) -> ActionStep:
    """One more thing to do. Raises ValidationError past the most that a checklist holds."""
    if ActionStep.objects.in_school(action.school_id).filter(action=action).count() >= MOST_STEPS:
        raise ValidationError(f"Une action ne compte pas plus de {MOST_STEPS} étapes.")
    step.action = action
    return services.create_record(step, by=by)[0]


# --------------------------------------------------------------------------------------------------------------- how it ends


@transaction.atomic
def cancel(
    action: Action, *, reason: str, tells: bool, version: int, sender: Membership | None, by: Any, now: datetime
) -> inviting.Outcome:
    """Cancel a planned action; those who were invited and did not decline are told, in this same transaction.

    Raises ValidationError for an action that took place, StaleEdit when a colleague saved in between.
    """
    if action.status == ActionStatus.DONE:
        raise ValidationError("Cette action a eu lieu : elle ne s’annule plus.")
    if action.status == ActionStatus.CANCELLED:
        return inviting.Outcome()
    action.status, action.cancel_reason = ActionStatus.CANCELLED, reason
    services.change_record(action, version=version, by=by, changed=["status", "cancel_reason"])
    if not tells or action.last_date < timezone.localdate(now):
        return inviting.Outcome()
    return inviting.tell_cancelled(action, by=by, now=now, sender=sender)


@transaction.atomic
def reopen(action: Action, *, by: Any) -> bool:
    """A cancelled action is planned again, and nobody is written to; returns whether it changed."""
    rows = Action.objects.in_school(action.school_id).filter(pk=action.pk, status=ActionStatus.CANCELLED)
    changed = bool(
        rows.update(
            status=ActionStatus.PLANNED,
            cancel_reason="",
            updated_by=by,
            updated_at=timezone.now(),
            version=F("version") + 1,
        )
    )
    if changed:
        audit.record("events.action_reopened", action, by=by)
    return changed


# --------------------------------------------------------------------------------------------------------- a model of its own


@transaction.atomic
def keep_as_model(action: Action, name: str, *, by: Any) -> ActionTemplate:
    """A model of the school's own out of an action: its steps counted from its day, its letters, its duration.

    Raises ValidationError when a model has this name already.
    """
    if ActionTemplate.objects.in_school(action.school_id).filter(name=name).exists():
        raise ValidationError({"name": "Un modèle d’action porte déjà ce nom."})
    steps = ActionStep.objects.in_school(action.school_id).filter(action=action).order_by("due_date", "pk")
    letters = ActionLetter.objects.in_school(action.school_id).filter(action=action)
    model = ActionTemplate(
        school=action.school,
        name=name,
        kind=action.kind or "AUTRE",
        hours=action.hours,
        steps=[asdict(one) for one in preparing.as_model(steps, action.start_date)],
        letters={row.occasion: {"subject": row.subject, "body": row.body} for row in letters},
    )
    return services.create_record(model, by=by)[0]


def template_steps(template: ActionTemplate) -> list[Step]:
    """The steps that a school's model keeps."""
    return [Step(int(one["days"]), str(one["label"])) for one in template.steps]


def template_letters(template: ActionTemplate) -> dict[Occasion, Letter]:
    """The letters that a school's model keeps."""
    return {Occasion(name): Letter(one["subject"], one["body"]) for name, one in template.letters.items()}


def templates_of(school: School) -> list[ActionTemplate]:
    """A school's own models, by name."""
    return list(ActionTemplate.objects.in_school(school).select_related("school").order_by("search_text", "pk"))
