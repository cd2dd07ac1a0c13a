"""When the end of an agreement is announced: 180, 90 and 30 days before, and before the last day to give notice. Pure rules on days."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from conventions.rules.states import notice_deadline, renewed_until

STEPS = (180, 90, 30)
"""Days before a deadline on which people are told."""

DEFAULT_TERM = 12
"""Months of a tacit renewal when the agreement does not say."""

REVIEW_AHEAD = timedelta(days=14)


@dataclass(frozen=True)
class Deadline:
    """A day to act by. `ends`: the last day of the term; `is_notice`: to say that it will not go on by itself."""

    day: date
    ends: date
    is_notice: bool = False


def deadline(
    today: date, *, end: date | None, tacit: bool, months: int | None, notice_days: int | None
) -> Deadline | None:
    """The next day to act by: the end, or for a tacit renewal the last day to give notice; None without any.

    Once the notice of a term can no longer be given, the next term's counts.
    """
    if end is None:
        return None
    if not tacit:
        return Deadline(end, end) if end >= today else None
    term = months or DEFAULT_TERM
    last = renewed_until(today, end=end, months=term)
    day = notice_deadline(last, notice_days)
    if day < today:
        last = renewed_until(last + timedelta(days=1), end=end, months=term)
        day = notice_deadline(last, notice_days)
    return Deadline(day, last, True) if day >= today else None


def step_on(today: date, day: date) -> int | None:
    """The step that a deadline has reached: the smallest of 180, 90 and 30 that is not yet passed; None when it is far or past."""
    left = (day - today).days
    if left < 0:
        return None
    return min((step for step in STEPS if left <= step), default=None)


def is_due(today: date, day: date, sent: Collection[int]) -> int | None:
    """The step to announce today, or None: a machine that was off announces the latest only, and each step once."""
    step = step_on(today, day)
    if step is None or any(one <= step for one in sent):
        return None
    return step
