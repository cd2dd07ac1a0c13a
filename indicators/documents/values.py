"""How figures read: values with their units, gaps, what changed most, definitions."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.utils.html import conditional_escape
from django.utils.safestring import mark_safe

from core import french, typography
from indicators import definitions
from indicators.documents.content import Aim, Cell, Figure, ReportContent
from indicators.enums import FigureStatus

COMMON_RULES = Path(__file__).parents[1] / "data" / "common_rules.toml"

_CODE_PARTS = re.compile(r"[^._]+[._]?")


def definition_of(code: str) -> str:
    """What an indicator counts, in plain French, as its register says it. Raises KeyError for an unknown code."""
    return typography.french(definitions.named(code).definition)


@lru_cache(maxsize=1)
def common_rules() -> tuple[str, ...]:
    """What holds for every indicator (§ 0 of the definitions)."""
    return tuple(tomllib.loads(COMMON_RULES.read_text("utf-8"))["common"])


def shown(unit: str, cell: Cell | None) -> str:
    """A value in French with its unit: « 62,3 % », « 1 250 € »; « Non calculable » and the like; empty without a cell."""
    if cell is None:
        return ""
    if not cell.is_computed:
        return str(FigureStatus(cell.status).label)
    return written(unit, cell.value)


def written(unit: str, value: Any) -> str:
    """A number in French with its unit."""
    if unit == "taux":
        return french.percent(value)
    if unit == "points":
        return french.points(value)
    if unit == "euros":
        return french.euros(value)
    if unit == "heures":
        return f"{french.number(value)}{typography.NO_BREAK}h"
    if unit == "jours":
        return french.plural(value, "jour")
    if unit == "note":
        return f"{french.number(value, 1)}{typography.NO_BREAK}/{typography.NO_BREAK}4"
    if unit == "oui_non":
        return "Oui" if value else "Non"
    if unit == "date":
        return french.day(date.fromisoformat(value))
    return french.number(value)


def gap(figure: Figure) -> str:
    """This year less last year, in points for shares; empty when one of them is not computed or has no difference."""
    now, before = figure.now, figure.before
    if before is None or not (now.is_computed and before.is_computed) or figure.unit in ("oui_non", "date"):
        return ""
    difference = now.value - before.value  # type: ignore[operator]
    if figure.unit in ("taux", "points"):
        return french.points(difference)
    if figure.unit == "euros":
        cents = round(difference, 2)
        return f"{french.signed(cents, 0 if cents == int(cents) else 2)}{typography.NO_BREAK}€"
    return french.signed(difference, None if difference == int(difference) else 1)


LOWER_IS_BETTER = frozenset({"I1.4.echues", "I1.4.resiliees", "I5.3", "I5.4", "E14", "E25", "E27"})
"""Of these a target is a most, of all others a least."""


NOT_SAID = "n.d."


def is_hidden(cell: Cell) -> bool:
    """Taken out for who reads from outside (P-20 to P-22): there is a value, which is not said."""
    return not cell.is_computed and (cell.reason or "").startswith(NOT_SAID)


def reached(figure: Figure, aim: Aim, *, is_provisional: bool) -> str:
    """« Atteint », « Pas atteint » (« Pas encore » before the year ends), or why it cannot be said; gaps between two groups are best near zero."""
    if not figure.now.is_computed:
        return NOT_SAID if is_hidden(figure.now) else str(FigureStatus(figure.now.status).label)
    value, aimed = float(figure.now.value or 0), float(aim.value)
    if figure.unit == "points":
        is_reached = abs(value) <= abs(aimed) + 1e-9
    elif figure.code in LOWER_IS_BETTER:
        is_reached = value <= aimed + 1e-9
    else:
        is_reached = value >= aimed - 1e-9
    if is_reached:
        return "Atteint"
    return "Pas encore" if is_provisional else "Pas atteint"


def line(figure: Figure) -> dict[str, Any]:
    """A figure as a row of a table says it."""
    return {
        "code": mark_safe("<wbr>".join(conditional_escape(part) for part in _CODE_PARTS.findall(figure.code))),
        "label": typography.french(figure.label),
        "value": NOT_SAID if is_hidden(figure.now) else shown(figure.unit, figure.now),
        "is_computed": figure.now.is_computed,
        "reason": figure.now.reason,
        "ratio": french.ratio(figure.now.n, figure.now.d) if figure.now.is_computed else "",
        "before": shown(figure.unit, figure.before) if figure.before and figure.before.is_computed else "",
        "gap": gap(figure),
        "completeness": french.percent(figure.completeness, 0),
    }


@dataclass(frozen=True)
class Change:
    """A figure that moved since last year."""

    figure: Figure
    before: str
    now: str
    gap: str
    is_up: bool


LEAST_POINTS = 0.05
LEAST_SHARE = 0.1
MOST_CHANGES = 10


def changes_of(content: ReportContent) -> list[Change]:
    """What moved most since last year, in the order of the sheet: five points of a rate, a tenth of a number.

    A change is said, not judged: fewer dormant partners and fewer agreements are both « moins ».
    """
    found = [(weight, figure) for figure in content.figures if (weight := _weight(figure))]
    kept = {figure.code for _, figure in sorted(found, key=lambda pair: -pair[0])[:MOST_CHANGES]}
    return [
        Change(
            figure=figure,
            before=shown(figure.unit, figure.before),
            now=shown(figure.unit, figure.now),
            gap=gap(figure),
            is_up=figure.now.value > figure.before.value,  # type: ignore[operator, union-attr]
        )
        for _, figure in found
        if figure.code in kept
    ]


def _weight(figure: Figure) -> float:
    """How much a figure moved: 1 for the least that is said, 0 for less, or when one of the years has no value."""
    now, before = figure.now, figure.before
    if before is None or not (now.is_computed and before.is_computed) or figure.unit in ("oui_non", "date"):
        return 0
    moved = abs(float(now.value or 0) - float(before.value or 0))
    if figure.unit in ("taux", "points"):
        weight = moved / LEAST_POINTS
    else:
        weight = moved / (LEAST_SHARE * abs(float(before.value))) if before.value else float(bool(moved))
    return weight if weight >= 1 else 0
