"""Rounds of visits: which placements go together, in which order to see them. Straight lines, no road and no clock."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from core.places import Point, kilometres

TOGETHER_KM = 5.0
"""Hosts this close to one another, or in one commune, are one round."""


@dataclass(frozen=True)
class Stop:
    """Where one placement is: `key` names it, `point` is None when nobody knows, `town` is the commune as written."""

    key: int
    town: str
    point: Point | None = None


def groups(stops: Sequence[Stop], home: Point | None = None) -> list[list[Stop]]:
    """The stops as rounds: each holds the hosts in the commune of its farthest one, or at most TOGETHER_KM from it.

    The farthest from `home` starts each round; those without a place go by the name of their town, or alone. Every stop is in
    exactly one group; the same stops give the same groups whatever their order.
    """

    def far(stop: Stop) -> tuple[float, str, int]:
        away = kilometres(home, stop.point) if home and stop.point else -1.0
        return -away, stop.town.casefold(), stop.key

    left = sorted(stops, key=far)
    found = []
    while left:
        seed = left[0]
        together = [stop for stop in left if stop is seed or _are_close(seed, stop)]
        found.append(together)
        left = [stop for stop in left if stop not in together]
    return found


def _are_close(one: Stop, other: Stop) -> bool:
    if one.town and one.town.casefold() == other.town.casefold():
        return True
    return bool(one.point and other.point and kilometres(one.point, other.point) <= TOGETHER_KM)


@dataclass(frozen=True)
class Tour:
    """Stops in the order of the visit, and the kilometres from home through all of them and back, in straight lines."""

    stops: tuple[Stop, ...]
    km: float


def tour(stops: Sequence[Stop], home: Point | None = None) -> Tour:
    """An order in which to see them: the nearest next, then improved by 2-opt; stops without a place come last.

    Without `home` the round starts at the first stop and does not come back.
    """
    known = [stop for stop in stops if stop.point]
    if not known:
        return Tour(tuple(stops), 0.0)
    path = _improved(_nearest_next(known, home), home)
    return Tour((*path, *(stop for stop in stops if not stop.point)), length(path, home))


def length(path: Sequence[Stop], home: Point | None) -> float:
    """Kilometres of a path: from home and back when there is one."""
    points = [stop.point for stop in path if stop.point]
    if home and points:
        points = [home, *points, home]
    return sum(kilometres(one, other) for one, other in pairwise(points))


def _nearest_next(stops: Sequence[Stop], home: Point | None) -> list[Stop]:
    left = list(stops)
    path = [] if home else [left.pop(0)]
    here = home or path[0].point
    while left:
        following = min(left, key=lambda stop: (kilometres(here, stop.point), stop.key))  # type: ignore[arg-type]
        left.remove(following)
        path.append(following)
        here = following.point
    return path


def _improved(path: list[Stop], home: Point | None) -> list[Stop]:
    """2-opt: turn a stretch around while that makes the path shorter; a few stops, so lengths are counted afresh."""
    best = length(path, home)
    first = 0 if home else 1
    shortened = True
    while shortened:
        shortened = False
        for start in range(first, len(path) - 1):
            for end in range(start + 2, len(path) + 1):
                turned = [*path[:start], *reversed(path[start:end]), *path[end:]]
                if (km := length(turned, home)) < best - 1e-9:
                    path, best, shortened = turned, km, True
    return path
