"""The school's own backward calendar: its steps, its lesson days, and what they say of each period; and saving it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from core import audit
from pfmp.enums import MilestoneAnchor, MilestoneStep
from pfmp.models import Milestone, Period
from pfmp.rules import milestones as rules
from pfmp.rules.milestones import Anchors, Step
from schools import calendar
from schools.models import School


def steps_of(school: School | int) -> tuple[Step, ...]:
    """The steps of a school, its own lines first: one query."""
    rows = (
        Milestone.objects.in_school(school)
        .order_by("pk")
        .values_list("step", "anchor", "days", "owner", "checker", "is_active")
    )
    return rules.steps_with(
        Step(MilestoneStep(step), MilestoneAnchor(anchor), days, owner, checker, is_active)
        for step, anchor, days, owner, checker, is_active in rows
    )


@dataclass(frozen=True)
class Backward:
    """The steps of a school and the last day with lessons before each of some periods."""

    steps: tuple[Step, ...]
    last_lesson_days: dict[int, date]

    def anchors(self, period: Period, first_day: date | None = None, end: date | None = None) -> Anchors:
        """From which days the steps are counted: the period's, or the placement's own first day and end."""
        return Anchors(
            self.last_lesson_days[period.pk],
            first_day or period.start_date,
            end or period.end_date,
        )

    def due_date(self, code: MilestoneStep, period: Period) -> date | None:
        """The day of one step for a whole period; None when the school does not follow it."""
        step = next(step for step in self.steps if step.code == code)
        return rules.due_date(step, self.anchors(period)) if step.is_active else None


def backward(periods: Sequence[Period]) -> Backward:
    """The calendar of periods of one school: two queries, whatever their number."""
    school = periods[0].school
    first = min(period.start_date for period in periods)
    last = max(period.start_date for period in periods)
    days = calendar.calendar_of(school, first - calendar.FARTHEST, last)
    return Backward(steps_of(school), {period.pk: days.last_lesson_day_before(period.start_date) for period in periods})


@transaction.atomic
def save_steps(school: School, steps: Iterable[Step], *, by: Any) -> list[MilestoneStep]:
    """Keep a school's own lines: one row for each step that is not the default's, none for the others. What changed.

    Two people saving at once: the last one wins, line by line; the journal has both.
    """
    before = {step.code: step for step in steps_of(school)}
    default = {step.code: step for step in rules.DEFAULTS}
    changed = [step for step in steps if step != before[step.code]]
    for step in changed:
        if step == default[step.code]:
            Milestone.objects.in_school(school).filter(step=step.code).delete()
            continue
        values = {
            "anchor": step.anchor, "days": step.days, "owner": step.owner, "checker": step.checker,
            "is_active": step.is_active, "updated_by": by,
        }  # fmt: skip
        Milestone.objects.in_school(school).update_or_create(
            school=school, step=step.code, defaults=values, create_defaults=values | {"created_by": by}
        )
    if changed:
        audit.record("pfmp.milestones_changed", school, by=by, scope=school.uai, steps=[step.code for step in changed])
    return [step.code for step in changed]
