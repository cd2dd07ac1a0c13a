"""What became of a pupil expected for a period: the board and the indicators I5.1 to I5.5 ask the same functions."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import NamedTuple, Protocol

from pfmp.enums import SECURED, SOLUTION, PlacementStatus

# Plain text for loops over many rows: looking a member up in its class costs more than comparing it.
_SOLUTION = frozenset(status.value for status in SOLUTION)
_SECURED = frozenset(status.value for status in SECURED)
_INTERRUPTED = PlacementStatus.INTERRUPTED.value


class Stayed(Protocol):
    """A placement, as far as these figures look: the row of whoever asks."""

    @property
    def status(self) -> str: ...
    @property
    def start(self) -> date: ...
    @property
    def last_day(self) -> date: ...
    @property
    def interrupted(self) -> date | None: ...


class Stay(NamedTuple):
    """A placement that answers the questions of `Stayed`."""

    status: str
    start: date
    end: date
    interrupted: date | None

    @property
    def last_day(self) -> date:
        """The last day in the company: an interrupted placement stops on its date, when it is written (A-84)."""
        if self.status == _INTERRUPTED and self.interrupted:
            return min(self.end, self.interrupted)
        return self.end


class Outcome(NamedTuple):
    """Solved (I5.1), secured (I5.2), to be placed again (I5.4), days covered inside the period (I5.5)."""

    is_solved: bool
    is_secured: bool
    is_to_replace: bool
    days: int


UNSOLVED = Outcome(False, False, False, 0)


def outcome(stays: Iterable[Stayed], period: tuple[date, date], as_of: date) -> Outcome:
    """Of one pupil, from all their placements of one period, on a day.

    To be placed again: every solution is interrupted by that day, and the period is not over (A-83); they stay solved.
    """
    solutions = [stay for stay in stays if stay.status in _SOLUTION]
    if not solutions:
        return UNSOLVED
    first, last = period
    stopped = all(
        stay.status == _INTERRUPTED and stay.interrupted is not None and stay.interrupted <= as_of for stay in solutions
    )
    spans = [(max(stay.start, first), min(stay.last_day, last)) for stay in solutions]
    return Outcome(
        is_solved=True,
        is_secured=any(stay.status in _SECURED for stay in solutions),
        is_to_replace=stopped and as_of < last,
        days=covered_days([span for span in spans if span[0] <= span[1]]),
    )


def covered_days(intervals: Iterable[tuple[date, date]]) -> int:
    """Days of the union of intervals, ends included: an overlap counts once (I5.5)."""
    spans = sorted(intervals)
    if len(spans) == 1:  # nearly always
        return (spans[0][1] - spans[0][0]).days + 1
    days, reached = 0, date.min
    for first, last in spans:
        if last > reached:
            days += (last - max(first, reached + timedelta(days=1))).days + 1
            reached = last
    return days


class Sums(NamedTuple):
    """Of a class for a period, or of the school: pupils expected, and what became of them."""

    expected: int = 0
    solved: int = 0
    secured: int = 0
    to_replace: int = 0
    covered_days: int = 0
    asked_days: int = 0

    @property
    def unsolved(self) -> int:
        """I5.3."""
        return self.expected - self.solved

    def plus(self, other: "Sums") -> "Sums":
        return Sums(*(mine + theirs for mine, theirs in zip(self, other, strict=True)))


def sums(outcomes: Sequence[Outcome], period: tuple[date, date]) -> Sums:
    """Of one period: one outcome for each pupil expected."""
    return Sums(
        expected=len(outcomes),
        solved=sum(one.is_solved for one in outcomes),
        secured=sum(one.is_secured for one in outcomes),
        to_replace=sum(one.is_to_replace for one in outcomes),
        covered_days=sum(one.days for one in outcomes),
        asked_days=len(outcomes) * ((period[1] - period[0]).days + 1),
    )
