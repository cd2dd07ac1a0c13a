"""Which frames a lycée's agreements decline, step by step, and which it mobilises (I1.6, A-56, A-57). Pure: rows in, keys out.

One computation for the indicator and for the pages of agreements.
"""

from collections.abc import Iterable, Mapping
from typing import Protocol, TypeVar

from conventions.enums import AgreementLevel


class Row(Protocol):
    """An agreement as the chains see it."""

    @property
    def pk(self) -> int: ...
    @property
    def level(self) -> str: ...
    @property
    def parent(self) -> int | None: ...


R = TypeVar("R", bound=Row)


def ancestors(row: R, rows: Mapping[int, R]) -> list[R]:
    """The chain of parents to its end, or to the first one already seen (A-56)."""
    seen, chain = {row.pk}, []
    parent = rows.get(row.parent or 0)
    while parent and parent.pk not in seen:
        seen.add(parent.pk)
        chain.append(parent)
        parent = rows.get(parent.parent or 0)
    return chain


def declined(in_force: Iterable[R], rows: Mapping[int, R]) -> dict[int, list[int]]:
    """The agreements in force that come from a frame, with the frames of their chain (A-56)."""
    found = {}
    for row in in_force:
        frames = [parent.pk for parent in ancestors(row, rows) if parent.level != AgreementLevel.SCHOOL]
        if frames:
            found[row.pk] = frames
    return found


def mobilised(declining: Mapping[int, list[int]], cited: Iterable[int], rows: Mapping[int, R]) -> set[int]:
    """Every frame of those chains, and those that an action of the period cites itself, without theirs (A-57)."""
    above = {pk for pk in cited if pk in rows and rows[pk].level != AgreementLevel.SCHOOL}
    return above | {frame for frames in declining.values() for frame in frames}


def looping(rows: Mapping[int, R]) -> list[list[int]]:
    """The loops of parents, each once, from its smallest key (B-12: a warning, never an error)."""
    settled: set[int] = set()
    loops = []
    for start in sorted(rows):
        path: list[int] = []
        at: int | None = start
        while at is not None and at in rows and at not in settled and at not in path:
            path.append(at)
            at = rows[at].parent
        if at in path:
            loop = path[path.index(at) :]
            first = loop.index(min(loop))
            loops.append(loop[first:] + loop[:first])
        settled.update(path)
    return loops
