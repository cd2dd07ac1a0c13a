"""The highest number of intervals present at once, by a sweep over their bounds."""

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple


class Peak(NamedTuple):
    """How many intervals (`height`) share the point `at`, the first where they are most numerous."""

    height: int
    at: int


def peak(intervals: Iterable[tuple[int, int]], window: tuple[int, int]) -> Peak:
    """The peak of closed intervals of whole numbers inside a closed window; (0, start of the window) when none meets it."""
    first, last = window
    changes: defaultdict[int, int] = defaultdict(int)
    for start, end in intervals:
        start, end = max(start, first), min(end, last)
        if start <= end:
            changes[start] += 1
            changes[end + 1] -= 1
    best, present = Peak(0, first), 0
    for at in sorted(changes):
        present += changes[at]
        if present > best.height:
            best = Peak(present, at)
    return best
