"""Amounts and volumes that companies bring: shown of three companies at least, none above 85 % of the whole (P-21, INSEE's rule)."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

Cell = dict[str, Any]
Weights = Mapping[str, Decimal]
Volumes = Mapping[str, Weights]
"""What each company weighs (by its identifier), by place: "I5.9", "I5.6.postes|secteur|C", and BEFORE for last campaign."""

MONEY_HIDDEN = "n.d. (montants versés par des entreprises : réservés au lycée)"
VOLUME_HIDDEN = "n.d. (moins de trois entreprises, ou une seule qui domine)"
BEFORE = "I5.9.avant"
AMOUNTS = ("I5.9", "I5.9.promis", "I5.12.numeraire", "I5.12.nature")
COMPARED = ("I5.10", "I5.10.ecart")
OFFERS = ("I5.6.offres", "I5.6.postes")
PAYERS = ("I5.11", "I5.13")


def may_show(weights: Weights, *, firms: int, dominance: int) -> bool:
    """Enough companies, none of which weighs nearly everything; nothing at all may be said."""
    brought = [amount for amount in weights.values() if amount]
    return not brought or (len(brought) >= firms and max(brought) * 100 <= dominance * sum(brought))


def may_follow(before: Weights, now: Weights, *, firms: int, dominance: int) -> bool:
    """After these amounts were shown, may those be? What changed in between is an amount too."""
    moved = {key: abs(now.get(key, Decimal(0)) - before.get(key, Decimal(0))) for key in {*before, *now}}
    return may_show(moved, firms=firms, dominance=dominance)


def suppress(
    entries: Mapping[str, Cell],
    volumes: Volumes | None,
    *,
    firms: int,
    dominance: int,
    hide: Callable[[Cell, str], None],
) -> None:
    """Hide what a few companies bring; every amount when `volumes` is not known."""

    def is_safe(place: str) -> bool:
        return volumes is not None and may_show(volumes.get(place, {}), firms=firms, dominance=dominance)

    for code in AMOUNTS:
        if code in entries and not is_safe(code):
            hide(entries[code], MONEY_HIDDEN)
    for code in COMPARED:
        if code in entries and not (is_safe("I5.9") and is_safe(BEFORE)):
            hide(entries[code], MONEY_HIDDEN)
    if volumes is None:
        return
    for code in PAYERS:
        if code in entries and not is_safe("I5.11"):
            hide(entries[code], VOLUME_HIDDEN)
    _offers(entries, is_safe, hide)


def _offers(entries: Mapping[str, Cell], is_safe: Callable[[str], bool], hide: Callable[[Cell, str], None]) -> None:
    """Offers and their positions, by kind and by sector: an axis is shown whole or not at all, and the same for both."""
    both = [entries[code] for code in OFFERS if code in entries]
    if not all(is_safe(entry["code"]) for entry in both):
        for entry in (*both, entries["I5.8"]):  # its denominator is the positions
            for cell in (entry, *entry["ventilations"]):
                hide(cell, VOLUME_HIDDEN)
        return
    for axis in ("type_offre", "secteur"):
        cells = [(entry["code"], cell) for entry in both for cell in entry["ventilations"] if cell["axe"] == axis]
        if not all(is_safe(f"{code}|{axis}|{cell['cle']}") for code, cell in cells):
            for _, cell in cells:
                hide(cell, VOLUME_HIDDEN)
