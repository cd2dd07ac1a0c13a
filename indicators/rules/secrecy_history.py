"""What an earlier share already told: figures shared again say nothing of the few people in between (P-22).

Figures of one population stand together in a group. A group is published anew only when what changed in each of its cells
could be shown as a cell of its own; else its cells are those of the last time, with the day they are of. Parts of a
population (classes, sexes…) are published anew only with the population itself: their sum would tell what it hides.
"""

from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from indicators.rules import secrecy, secrecy_firms
from indicators.rules.secrecy import LEAST, Thresholds
from indicators.rules.secrecy_firms import Volumes

Cell = dict[str, Any]
Counts = Mapping[str, Sequence[float | None]]
"""n and d by place, of the figures as the school knows them."""


@dataclass(frozen=True)
class Group:
    """Places that are published together. `core`: the group that must be published anew for this one to be."""

    name: str
    codes: tuple[str, ...] = ()
    axes: tuple[tuple[str, str], ...] = ()
    core: str = ""
    adds_up: bool = True  # parts of one whole: even a part that is hidden now must not have moved by a few

    def holds(self, place: str) -> bool:
        code, _, rest = place.partition("|")
        return (code, rest.partition("|")[0]) in self.axes if rest else code in self.codes


def _axes(axis: str, *codes: str) -> tuple[tuple[str, str], ...]:
    return tuple((code, axis) for code in codes)


PLACES = ("I5.1", "I5.2", "I5.3", "I5.5")
LEAVERS = (*_axes("echeance", "E1", "E2", "E3", "E6"),)
MONEY = (*secrecy_firms.AMOUNTS, *secrecy_firms.COMPARED, *secrecy_firms.PAYERS)
GROUPS = (
    Group("reached", ("I4.1", "I4.2", "I4.3", "I4.5")),
    Group("classes", (), (("I4.1", "classe"), ("I4.1", "niveau")), "reached"),
    Group("kinds", (), _axes("type_action", "I4.1", "I4.2"), "reached"),
    Group("often", (), (("I4.3", "intensite"),), "reached"),
    Group("sexes", secrecy.BY_SEX, (("I4.5", "sexe"),), "reached"),
    Group("priorities", ("I4.6", "I4.7"), (), "reached"),
    Group("workshops", ("E20",), (), "reached"),
    Group("places", PLACES),
    Group("place_classes", (), _axes("classe", "I5.1", "I5.2", "I5.3"), "places"),
    Group("place_periods", (), _axes("periode", *PLACES), "place_classes"),
    Group("to_replace", ("I5.4",), (("I5.4", "periode"),), "places"),
    Group("taken_on", ("I5.7", "I5.8"), (("I5.7", "type_offre"),)),
    Group("leavers", secrecy.LEAVERS, LEAVERS),
    Group("placements", secrecy.FOLLOWED, (("E25", "motif"), ("E28", "origine")), adds_up=False),
    Group("answers", secrecy.ANSWERS, _axes("public", *secrecy.ANSWERS)),
    Group("money", MONEY),
    Group("offers", secrecy_firms.OFFERS, tuple((c, a) for c in secrecy_firms.OFFERS for a in ("type_offre", "secteur"))),
)  # fmt: skip
MEANS = ("I4.3", "I5.5", "E23", "I8.2")
"""n over d is no part of d."""
BY_FIRMS = ("money", "offers")
"""Groups that companies make: what changed between two shares is weighed as an amount."""


def settle(
    figures: Mapping[str, Any],
    earlier: Sequence[Mapping[str, Any]] = (),
    *,
    volumes: Volumes | None = None,
    least: Thresholds = LEAST,
) -> dict[str, Any]:
    """What may be published of these figures after what was: {"figures", "counts", "volumes", "days"}.

    `earlier` holds earlier answers of this function for the same school and year, the latest first. "figures" alone leaves
    the school; an entry or a breakdown kept from an earlier day bears it as "arrete". The rest, which the school keeps, is
    what the next answer is compared with: each group's counts, and the day they are of, as they were when published.
    """
    shown = secrecy.suppress(figures, volumes=volumes, least=least)
    new: dict[str, Any] = {
        "figures": shown,
        "counts": {place: [cell["n"], cell["d"]] for place, cell in secrecy.places(figures)},
        "volumes": {place: {firm: str(amount) for firm, amount in by.items()} for place, by in (volumes or {}).items()},
        "days": {group.name: figures["arrete"] for group in GROUPS},
    }
    kept: dict[str, Mapping[str, Any]] = {}
    for group in GROUPS:
        old = kept.get(group.core) or _latest_too_near(group, new, earlier, least)
        if old is not None:
            kept[group.name] = old
            _take(group, old, new)
    return new


def _latest_too_near(
    group: Group, new: Mapping[str, Any], earlier: Iterable[Mapping[str, Any]], least: Thresholds
) -> Mapping[str, Any] | None:
    return next((old for old in earlier if not _is_clear(group, old, new, least)), None)


def _is_clear(group: Group, old: Mapping[str, Any], new: Mapping[str, Any], least: Thresholds) -> bool:
    """May this group be published anew after that one was?"""
    if group.name in BY_FIRMS:
        return all(
            secrecy_firms.may_follow(
                _weights(old, place), _weights(new, place), firms=least.firms, dominance=least.dominance
            )
            for place in {*old["volumes"], *new["volumes"]}
            if group.holds(place) or (place == secrecy_firms.BEFORE and group.name == "money")
        )
    before, now = (_said(group, told["figures"]) for told in (old, new))
    for place in {*before, *now}:
        yes, no = _moved(place, old["counts"].get(place), new["counts"].get(place))
        if not yes and not no:
            if now.get(place) and before.get(place) is False:
                return False  # what was hidden would be read, unchanged
        elif group.adds_up or now.get(place):
            if any(0 < abs(count or 0) < least.small for count in (yes, no)):
                return False
            if no is not None and 0 in (yes, no) and abs(yes + no) < least.extremes:
                return False  # all of those who came or left, alike
    return True


def _weights(told: Mapping[str, Any], place: str) -> dict[str, Decimal]:
    return {firm: Decimal(amount) for firm, amount in told["volumes"].get(place, {}).items()}


def _said(group: Group, figures: Mapping[str, Any]) -> dict[str, bool]:
    """The places of a group, and whether each shows its number."""
    found = {place: cell for place, cell in secrecy.places(figures) if group.holds(place)}
    return {place: cell["statut"] == "calcule" for place, cell in found.items()}


def _moved(
    place: str, before: Sequence[float | None] | None, now: Sequence[float | None] | None
) -> tuple[float, float | None]:
    """By how much n moved, and what is missing from it; None where n is no part of anything (headcounts, means)."""
    (n, d), (new_n, new_d) = (tuple(side or 0 for side in pair or (0, 0)) for pair in (before, now))
    is_part = "|intensite|" in place or place.split("|")[0] not in MEANS
    return new_n - n, (new_d - new_n) - (d - n) if is_part and (d or new_d) else None


def _take(group: Group, old: Mapping[str, Any], new: dict[str, Any]) -> None:
    """Put the cells of an earlier day in place of those of today."""
    day = old["days"][group.name]
    then = {entry["code"]: entry for entry in old["figures"]["indicateurs"]}
    for entry in new["figures"]["indicateurs"]:
        before = then[entry["code"]]
        axes = {axis for code, axis in group.axes if code == entry["code"]}
        if entry["code"] in group.codes:
            own = {key: before[key] for key in ("statut", "valeur", "n", "d", "renseignement", "motif")}
            entry |= own | ({"arrete": day} if day != new["figures"]["arrete"] else {})
        if axes:
            kept = [cell for cell in before["ventilations"] if cell["axe"] in axes]
            dated = [deepcopy(cell) | ({"arrete": day} if day != new["figures"]["arrete"] else {}) for cell in kept]
            order = list(dict.fromkeys(cell["axe"] for cell in (*entry["ventilations"], *before["ventilations"])))
            cells = [cell for cell in entry["ventilations"] if cell["axe"] not in axes] + dated
            entry["ventilations"] = sorted(cells, key=lambda cell: order.index(cell["axe"]))
    for name in ("counts", "volumes"):
        gone = [place for place in new[name] if group.holds(place)]
        for place in gone:
            del new[name][place]
        new[name] |= {place: value for place, value in old[name].items() if group.holds(place)}
    if group.name == "money" and secrecy_firms.BEFORE in old["volumes"]:
        new["volumes"][secrecy_firms.BEFORE] = old["volumes"][secrecy_firms.BEFORE]
    new["days"][group.name] = day
