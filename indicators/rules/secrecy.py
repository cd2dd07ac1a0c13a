"""What of the figures a reader from outside may see: small counts are hidden, and what would give them back (C-17, P-20, P-22).

A hidden cell is "non_calculable" with the motif "n.d. (effectif < 5)" and no number. Two things are hidden: cells that say
too much by themselves (primary), then cells from which a total and its other parts would give a hidden one (secondary).
Thresholds are those of P-20; when in doubt more is hidden, never less.
"""

from collections.abc import Callable, Iterable, Mapping
from copy import deepcopy
from typing import Any

SMALL = 5
LEAST_PUPILS = 10
LEAST_LEAVERS = 20
LEAST_FOR_EXTREMES = 20
"""0 % and 100 % say something of each one: not shown of fewer."""

HIDDEN = "n.d. (effectif < 5)"
MONEY_HIDDEN = "n.d. (montants versés par des entreprises : réservés au lycée)"

LEAVERS = ("E1", "E2", "E3", "E4", "E6")
PLACES = ("I5.1", "I5.2", "I5.3", "I5.4", "I5.5")
"""One population, the pupils expected for a period: what is hidden of the first is hidden of all."""
PUPILS = (
    "I4.1", "I4.2", "I4.3", "I4.4.beneficiaires", "I4.4.inscrits", "I4.5", "I4.6", *PLACES, "I5.7", "I5.8",
    "E20", "E21.sur_place", "E21.contact", "E22", "E23", "E24", "E25", "E26", "E28", *LEAVERS,
)  # fmt: skip
ANSWERS = ("I8.1", "I8.2", "I8.3")

# Axes that another one, coarser, sums up, or whose cells are tied by other published totals: hidden whole.
ALL_OR_NOTHING = frozenset({("I4.3", "intensite"), ("I4.5", "sexe"), *((code, "periode") for code in PLACES)})

Cell = dict[str, Any]


def suppress(figures: Mapping[str, Any]) -> dict[str, Any]:
    """The same figures, in the same form, with what a reader from outside must not learn taken out.

    Sources: C-17, P-20 and P-22. Amounts paid by companies are hidden too: P-21 allows totals of three companies of which
    none exceeds 85 %, which the figures alone cannot tell.
    """
    shown = deepcopy(dict(figures))
    entries: dict[str, Cell] = {entry["code"]: entry for entry in shown["indicateurs"]}
    for code in (*PUPILS, *ANSWERS):
        if code in entries:
            _suppress_code(entries[code], _rule(code))
    _tie_places(entries)
    _tie_pupils(entries)
    _tie_origins(entries)
    for entry in entries.values():
        if entry["unite"] == "euros" or entry["code"] == "I5.10":
            _hide(entry, MONEY_HIDDEN)
    return shown


# ---------------------------------------------------------------------------------------------- primary


def _rule(code: str) -> Callable[[Cell], bool]:
    """May this cell of a code be shown by itself?"""
    if code in ("I8.1", "I8.2"):
        return _is_safe_opinion
    if code == "I8.3":
        return lambda cell: _is_safe_rate(cell, SMALL)
    if code in ("I5.5", "E23"):  # days: the pupils behind them are not few when the days are not
        return lambda cell: cell["d"] >= LEAST_PUPILS * 5
    if code == "I4.3":
        return lambda cell: cell["d"] >= LEAST_PUPILS
    return lambda cell: _is_safe_rate(cell, LEAST_LEAVERS if code in LEAVERS else LEAST_PUPILS)


def _is_safe_rate(cell: Cell, least: int) -> bool:
    n, d = cell["n"], cell["d"]
    if d is None:
        return not 0 < n < SMALL
    if d < least or 0 < n < SMALL or 0 < d - n < SMALL:
        return False
    return d >= LEAST_FOR_EXTREMES or 0 < n < d


def _is_safe_opinion(cell: Cell) -> bool:
    """Five answers at least; a common opinion of few is the opinion of each."""
    n, d = cell["n"], cell["d"]
    return d >= LEAST_FOR_EXTREMES or (d >= SMALL and n not in (0, d, 4 * d))


def _is_said(cell: Cell) -> bool:
    return bool(cell["statut"] == "calcule")


def _is_hidden(cell: Cell) -> bool:
    return cell.get("motif") in (HIDDEN, MONEY_HIDDEN)


def _hide(cell: Cell, reason: str = HIDDEN) -> None:
    """Take every number out; a cell that had none keeps its own reason, which says nothing of anyone."""
    if _is_said(cell):
        cell |= {"statut": "non_calculable", "valeur": None, "n": None, "d": None, "motif": reason}
    if "renseignement" in cell:
        cell["renseignement"] = None


def _hide_all(entry: Cell) -> None:
    for cell in (entry, *entry["ventilations"]):
        _hide(cell)


# ---------------------------------------------------------------------------------------------- secondary, in one code


def _suppress_code(entry: Cell, is_safe: Callable[[Cell], bool]) -> None:
    if _is_said(entry) and not is_safe(entry):
        _hide_all(entry)
        return
    for axis in {cell["axe"] for cell in entry["ventilations"]}:
        _suppress_axis([cell for cell in entry["ventilations"] if cell["axe"] == axis], is_safe, (entry["code"], axis))


def _suppress_axis(cells: list[Cell], is_safe: Callable[[Cell], bool], place: tuple[str, str]) -> None:
    """Hide unsafe cells, and never one alone: the total would give it back."""
    unsafe = [cell for cell in cells if _is_said(cell) and not is_safe(cell)]
    if not unsafe:
        return
    for cell in cells if place in ALL_OR_NOTHING else unsafe:
        _hide(cell)
    if len(unsafe) > 1 or place[1] == "echeance":  # the two terms do not add up to anything
        return
    # A cell of nobody would protect nothing: the total less the cells shown would still be the hidden one.
    others = sorted((cell for cell in cells if _is_said(cell) and cell["n"]), key=lambda cell: (cell["n"], cell["cle"]))
    for cell in others[:1] or cells:
        _hide(cell)


# ---------------------------------------------------------------------------------------------- secondary, among codes


def _cells(entry: Cell, axis: str) -> dict[str, Cell]:
    return {cell["cle"]: cell for cell in entry["ventilations"] if cell["axe"] == axis}


def _hide_axis(entry: Cell, axis: str) -> None:
    for cell in _cells(entry, axis).values():
        _hide(cell)


def _any_hidden(cells: Iterable[Cell]) -> bool:
    return any(_is_hidden(cell) for cell in cells)


def _tie_places(entries: Mapping[str, Cell]) -> None:
    """Solved, secured, without a place, to replace, days: hidden together (I5.3 is what I5.1 lacks)."""
    family = [entries[code] for code in PLACES if code in entries]
    if _any_hidden(entry for entry in family if entry["code"] in ("I5.1", "I5.3")):
        for entry in family:
            _hide_all(entry)
    if _any_hidden(cell for entry in family for cell in _cells(entry, "periode").values()):
        for entry in family:
            _hide_axis(entry, "periode")
    hidden = {key for entry in family for key, cell in _cells(entry, "classe").items() if _is_hidden(cell)}
    for entry in family:
        for key, cell in _cells(entry, "classe").items():
            if key in hidden:
                _hide(cell)


def _tie_pupils(entries: Mapping[str, Cell]) -> None:
    """Heading 4: classes and levels, sexes, priority publics are parts of the same pupils."""
    reached = entries.get("I4.1")
    if reached is None:
        return
    if _any_hidden(_cells(reached, "classe").values()):
        _hide_axis(reached, "niveau")
    if _is_hidden(reached):
        for code in ("I4.3", "I4.5"):
            _hide_all(entries[code])
    by_sex = entries["I4.5"]
    gap = ("I4.4.beneficiaires", "I4.4.inscrits", "I4.4.ecart")
    if _any_hidden((*_cells(by_sex, "sexe").values(), *(entries[code] for code in gap))):
        for code in gap:
            _hide(entries[code])
        _hide_axis(by_sex, "sexe")
        by_sex["renseignement"] = None
    if not _are_priorities_safe(reached, entries["I4.6"], entries["I4.7"]):
        for code in ("I4.6", "I4.7"):
            _hide(entries[code])
    if _is_hidden(entries["E22"]):
        entries["E23"]["renseignement"] = None


def _are_priorities_safe(reached: Cell, priority: Cell, gap: Cell) -> bool:
    """Priority pupils, the others, the unknown: with the total and the gap, each can be worked out. All may be shown, or none."""
    known = priority["renseignement"]
    if known is None or not (_is_said(reached) and _is_said(priority)):
        return False
    told = round(known * reached["d"])
    asked = {"n": priority["n"] or 0, "d": priority["d"] or 0}
    others: Cell = {"n": 0, "d": told - asked["d"]}
    if _is_said(gap):
        others["n"] = round((priority["valeur"] - gap["valeur"]) * others["d"])
    unknown = {"n": reached["n"] - asked["n"] - others["n"], "d": reached["d"] - told}
    return all(not group["d"] or _is_safe_rate(group, LEAST_PUPILS) for group in (asked, others, unknown))


def _tie_origins(entries: Mapping[str, Cell]) -> None:
    """The main value of E28 is that of « bde »."""
    origins = entries.get("E28")
    if origins is not None and (cell := _cells(origins, "origine").get("bde")) and _is_hidden(cell):
        _hide(origins)
