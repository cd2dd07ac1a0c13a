"""Numbers that the standard library does not give exactly as asked."""

from collections.abc import Sequence
from fractions import Fraction


def median(values: Sequence[Fraction | int]) -> Fraction:
    """Of an even number, the mean of the two in the middle (A-31)."""
    ordered = sorted(values)
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return Fraction(ordered[middle])
    return Fraction(ordered[middle - 1] + ordered[middle]) / 2
