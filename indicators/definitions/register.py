"""What an indicator answers, and the register of them all.

An indicator is one function of `YearData`. It answers with a Figure that keeps the rows it counted: the list behind a number
and the number come from one place, and cannot disagree (C-18). Headings, labels, units and axes are those of
`indicators/data/indicateurs.json`, the list that the command and the report follow.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from indicators.enums import FigureStatus

if TYPE_CHECKING:
    from indicators.definitions.year_data import YearData

Pks = Collection[int]
Number = int | Decimal | Fraction
Value = Number | bool | date | None


@dataclass(frozen=True, slots=True)
class Cell:
    """One number, or why there is none. `n` and `d` as A-20 and A-21 say; `behind` holds the primary keys counted."""

    status: FigureStatus
    value: Value = None
    n: Number | None = None
    d: int | None = None
    reason: str | None = None
    numerator: Pks = ()
    denominator: Pks = ()


@dataclass(frozen=True, slots=True)
class Figure:
    """What an indicator answers: its main cell, how much of its data is filled in (A-29), its breakdowns."""

    main: Cell
    known: Fraction | None = None
    axes: Mapping[str, Mapping[str, Cell]] = field(default_factory=dict)


class Split(NamedTuple):
    """A breakdown of a ratio: rows of both sides by key. Open axes show keys with a denominator, closed ones all (A-22)."""

    n: Mapping[str, Pks]
    d: Mapping[str, Pks]
    closed: tuple[str, ...] | None = None
    empty: str = ""


# ---------------------------------------------------------------------------------------------- cells


def counted(rows: Pks) -> Cell:
    """A headcount: n is the value, no denominator."""
    return Cell(FigureStatus.COMPUTED, len(rows), len(rows), numerator=rows)


def summed(value: int, rows: Pks = ()) -> Cell:
    """A count of something else than rows (days, positions)."""
    return Cell(FigureStatus.COMPUTED, value, value, numerator=rows)


def stated(value: Value, rows: Pks = ()) -> Cell:
    """Hours, euros, points, medians, dates, yes or no: a value alone."""
    return Cell(FigureStatus.COMPUTED, value, numerator=rows)


def divided(n: Number, d: int, empty: str, numerator: Pks = (), denominator: Pks = ()) -> Cell:
    """n / d; a zero denominator is never 0 % (C-02): n and d are then 0 (A-21)."""
    if not d:
        return Cell(FigureStatus.NOT_COMPUTABLE, None, 0, 0, empty)
    return Cell(FigureStatus.COMPUTED, Fraction(n) / d, n, d, None, numerator, denominator)


def rated(numerator: Pks, denominator: Pks, empty: str) -> Cell:
    """Rows of `denominator` that are in `numerator`, which is part of it."""
    return divided(len(numerator), len(denominator), empty, numerator, denominator)


def without(reason: str) -> Cell:
    """Not computable for another reason than an empty denominator (A-21)."""
    return Cell(FigureStatus.NOT_COMPUTABLE, reason=reason)


def not_yet(reason: str) -> Cell:
    """The day of measure has not come (C-02)."""
    return Cell(FigureStatus.NOT_YET, reason=reason)


# ---------------------------------------------------------------------------------------------- figures


def count(rows: Pks, **axes: Mapping[str, Pks]) -> Figure:
    """A headcount, broken down by the axes given: only keys with a row."""
    return Figure(
        counted(rows), axes={axis: {key: counted(pks) for key, pks in by.items() if pks} for axis, by in axes.items()}
    )


def ratio(numerator: Pks, denominator: Pks, empty: str, *, known: Fraction | None = None, **axes: Split) -> Figure:
    """A rate and its breakdowns. `empty` says in French why there is none when the denominator is empty."""
    return Figure(rated(numerator, denominator, empty), known, {axis: split(by) for axis, by in axes.items()})


def split(by: Split) -> dict[str, Cell]:
    """The cells of a breakdown of a ratio."""
    keys = by.closed or [key for key, pks in by.d.items() if pks]
    return {key: rated(by.n.get(key, ()), by.d.get(key, ()), by.empty) for key in keys}


def fraction(part: int, whole: int) -> Fraction | None:
    """How much is filled in, None of nothing (A-29)."""
    return Fraction(part, whole) if whole else None


def grouped(pairs: Iterable[tuple[str, int]]) -> dict[str, list[int]]:
    """Primary keys by breakdown key."""
    groups: defaultdict[str, list[int]] = defaultdict(list)
    for key, pk in pairs:
        groups[key].append(pk)
    return groups


def grouped_once(pairs: Iterable[tuple[str, int]]) -> dict[str, set[int]]:
    """Distinct primary keys by breakdown key."""
    groups: defaultdict[str, set[int]] = defaultdict(set)
    for key, pk in pairs:
        groups[key].add(pk)
    return groups


# ---------------------------------------------------------------------------------------------- the register


@dataclass(frozen=True)
class Indicator:
    """One code of the list. `definition` is what staff read: what is counted, over what. `rows` is the model behind it."""

    code: str
    heading: str
    label: str
    unit: str
    axes: tuple[str, ...]
    definition: str
    rows: str
    compute: "Callable[[YearData], Figure]"


class _Promised(NamedTuple):
    position: int
    heading: str
    label: str
    unit: str
    axes: tuple[str, ...]


@cache
def _promised() -> dict[str, _Promised]:
    text = (Path(__file__).parents[1] / "data" / "indicateurs.json").read_text(encoding="utf-8")
    entries: list[dict[str, Any]] = json.loads(text)
    return {
        entry["code"]: _Promised(
            position, str(entry["rubrique"]), entry["libelle"], entry["unite"], tuple(entry["ventilations"])
        )
        for position, entry in enumerate(entries)
    }


_declared: dict[str, Indicator] = {}


def indicator(
    code: str, *, rows: str, definition: str
) -> "Callable[[Callable[[YearData], Figure]], Callable[[YearData], Figure]]":
    """Put a function in the register under a code of the list. `rows` names the model of the rows it counts."""
    promised = _promised()[code]

    def declare(compute: "Callable[[YearData], Figure]") -> "Callable[[YearData], Figure]":
        _declared[code] = Indicator(
            code, promised.heading, promised.label, promised.unit, promised.axes, definition, rows, compute
        )
        return compute

    return declare


def in_order() -> list[Indicator]:
    """Every indicator, in the order of the list. Raises KeyError when a code of the list is not declared."""
    return [_declared[code] for code in _promised()]


def named(code: str) -> Indicator:
    """The indicator of a code. Raises KeyError for another text."""
    return _declared[code]
