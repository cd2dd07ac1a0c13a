"""Chance that can be replayed: one stream of random numbers for each subject, so that one does not disturb the others."""

import random
import uuid
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import TypeVar

T = TypeVar("T")


class Draw(random.Random):
    """A stream named by words: the same words, the same numbers, on every machine."""

    @classmethod
    def stream(cls, *words: object) -> "Draw":
        return cls(":".join(str(word) for word in words))

    def happens(self, probability: float) -> bool:
        return self.random() < probability

    def one_of(self, weights: Mapping[T, float]) -> T:
        """A key, as often as its weight says."""
        return self.choices(list(weights), list(weights.values()))[0]

    def some(self, things: Sequence[T], count: int) -> list[T]:
        """At most `count` different things."""
        return self.sample(things, min(count, len(things)))

    def rounded(self, value: float) -> int:
        """A whole number whose mean is `value`."""
        whole = int(value)
        return whole + self.happens(value - whole)

    def identifier(self) -> uuid.UUID:
        return uuid.UUID(int=self.getrandbits(128), version=4)

    def weekday(self, start: date, end: date) -> date:
        """A day from Monday to Friday between the two, both included (`start` when there is none)."""
        for _ in range(20):
            day = start + timedelta(days=self.randint(0, max((end - start).days, 0)))
            if day.weekday() < 5:
                return day
        return start
