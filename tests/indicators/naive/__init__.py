"""The indicators a second time, in the most literal way: the rows of a dossier as text, day by day, no database.

Written from the definitions and their precisions, not from the platform's code; slow on purpose. `compute` gives, for each
(code, axis, key), the status, value, n, d and (for main values) renseignement that the text promises. One heading a module.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from tests.indicators.naive.basis import Place, Row
from tests.indicators.naive.complements import Complements

__all__ = ["Fraction", "Place", "Row", "compute"]


def compute(dossier: Mapping[str, Sequence[Row]], uai: str, year: str, asked: date) -> dict[Place, dict[str, Any]]:
    """Every value by (code, axis, key); axis and key are None for the main one."""
    naive = Complements(dossier, uai, year, asked)
    steps: list[Callable[[], None]] = [
        naive.heading_1, naive.heading_2, naive.heading_3, naive.heading_4, naive.heading_5, naive.heading_6,
        naive.heading_7, naive.heading_8, naive.insertion, naive.reciprocity, naive.follow_up,
    ]  # fmt: skip
    for step in steps:
        step()
    return naive.out
