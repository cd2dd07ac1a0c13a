"""Sharing out the pupils of a class between its teachers (R-REF-02, R-REF-03, R-REF-07): pure, the same answer each time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from pfmp.rules.peaks import peak

MOST_TRIES: Final = 5_000
"""Attempts before the search for an exact answer gives up: with one or two sets of dates, as a class has, it needs some thirty."""

Span = tuple[int, int]


@dataclass(frozen=True)
class Stay:
    """A placement to give a referent to."""

    key: str
    start: date
    end: date

    @property
    def span(self) -> Span:
        return self.start.toordinal(), self.end.toordinal()


@dataclass(frozen=True)
class Proposal:
    """Who follows whom. `left`: the stays that nobody can take without passing the limit."""

    chosen: Mapping[str, str]
    left: tuple[str, ...] = ()


def at_once(spans: Sequence[Span], window: Span) -> int:
    """How many placements someone follows on the worst day of a window (R-REF-03)."""
    return peak(spans, window).height


def fits(spans: Sequence[Span], span: Span, limit: int) -> bool:
    """Can one more be followed, on every day of it?"""
    return at_once(spans, span) < limit


def propose(
    stays: Sequence[Stay], teachers: Sequence[str], others: Mapping[str, Sequence[Span]], limit: int
) -> Proposal:
    """Give each stay to one of the teachers: nobody above the limit on any day, all classes together; the loads are near.

    `teachers`: in the order of preference between equals. `others`: what each follows besides, all classes. Each stay goes
    to who follows the fewest in its dates; when that leads nowhere, other ways are tried. When no way keeps the limit for
    all, as many as a simple pass finds room for are given and the rest is `left`.
    """
    todo = sorted(stays, key=lambda stay: (stay.span, stay.key))
    simple = _greedy(todo, teachers, others, limit)
    if not simple.left:
        return simple
    search = _Search(todo, teachers, others, limit)
    return Proposal(search.chosen) if search.run(0) else simple


def _by_load(stay: Stay, teachers: Sequence[str], loads: Mapping[str, Sequence[Span]]) -> list[str]:
    """The teachers, from who follows the fewest in these dates."""
    first, last = stay.span
    return sorted(teachers, key=lambda one: sum(start <= last and first <= end for start, end in loads[one]))


def _greedy(
    stays: Sequence[Stay], teachers: Sequence[str], others: Mapping[str, Sequence[Span]], limit: int
) -> Proposal:
    loads = {one: list(others.get(one, ())) for one in teachers}
    counts = dict.fromkeys(teachers, 0)
    chosen: dict[str, str] = {}
    left = []
    for stay in stays:
        # between equals, who got the fewest of these stays: dates that do not meet still make visits
        ranked = sorted(_by_load(stay, teachers, loads), key=lambda one: len(others.get(one, ())) + counts[one])
        for teacher in ranked:
            if fits(loads[teacher], stay.span, limit):
                chosen[stay.key] = teacher
                loads[teacher].append(stay.span)
                counts[teacher] += 1
                break
        else:
            left.append(stay.key)
    return Proposal(chosen, tuple(left))


class _Search:
    """Every way, one stay after the other, from the least loaded teacher; teachers who stand alike are tried once."""

    def __init__(
        self, stays: Sequence[Stay], teachers: Sequence[str], others: Mapping[str, Sequence[Span]], limit: int
    ) -> None:
        self.stays, self.teachers, self.limit = stays, teachers, limit
        self.loads = {one: list(others.get(one, ())) for one in teachers}
        self.chosen: dict[str, str] = {}
        self.tries = 0

    def run(self, number: int) -> bool:
        if number == len(self.stays):
            return True
        stay = self.stays[number]
        seen: set[tuple[Span, ...]] = set()
        for teacher in _by_load(stay, self.teachers, self.loads):
            alike = tuple(sorted(self.loads[teacher]))
            if alike in seen or not fits(alike, stay.span, self.limit):
                continue
            seen.add(alike)
            self.tries += 1
            if self.tries > MOST_TRIES:
                return False
            self.loads[teacher].append(stay.span)
            self.chosen[stay.key] = teacher
            if self.run(number + 1):
                return True
            self.loads[teacher].pop()
            del self.chosen[stay.key]
        return False
