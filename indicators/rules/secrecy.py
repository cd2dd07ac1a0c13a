"""What of the figures a reader from outside may see: small counts are hidden, and what would give them back (C-17, P-20, P-22).

A hidden cell is "non_calculable" with the motif "n.d. (effectif < 5)" and no number. Two things are hidden: cells that say
too much by themselves (primary), then cells from which a total and its other parts would give a hidden one (secondary).
Where cells are tied by several totals, or a total of 0 % or 100 % would speak for each of its parts, all of them are hidden:
when in doubt more is hidden, never less. `tests/indicators/solver.py` plays the reader who tries to work them out.

Source: P-20, P-22 (rgpd-securite); amounts and volumes of companies, P-21, are `secrecy_firms`; what an earlier share
already told is `secrecy_history`.
"""

from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, fields
from typing import Any

from indicators.rules import secrecy_firms
from indicators.rules.secrecy_firms import MONEY_HIDDEN, VOLUME_HIDDEN, Volumes

HIDDEN = "n.d. (effectif < 5)"


@dataclass(frozen=True)
class Thresholds:
    """Least counts that may be shown: those of P-20 and P-21. A school may raise them, never lower them."""

    small: int = 5  # headcounts below are hidden, and what is missing from a total too
    pupils: int = 10  # least denominator of a rate of pupils
    leavers: int = 20  # of a rate of leavers, as InserJeunes
    extremes: int = 20  # 0 % and 100 % say something of each one: not shown of fewer
    answers: int = 5  # least answers of an opinion
    firms: int = 3  # least companies behind an amount or a volume
    dominance: int = 85  # the most, in %, that one of them may weigh

    def __post_init__(self) -> None:
        for field in fields(self):
            asked, least = getattr(self, field.name), field.default
            if asked > least if field.name == "dominance" else asked < least:
                raise ValueError("Un seuil de secret se relève, il ne s’abaisse pas.")


LEAST = Thresholds()

LEAVERS = ("E1", "E2", "E3", "E4", "E6")
PLACES = ("I5.1", "I5.2", "I5.3", "I5.4", "I5.5")
"""One population, the pupils expected for a period."""
BY_SEX = ("I4.4.beneficiaires", "I4.4.inscrits", "I4.4.ecart")
REACHED = ("I4.1", "I4.2", "I4.3", *BY_SEX, "I4.5", "I4.6", "I4.7")
"""One population, the pupils enrolled."""
FOLLOWED = ("E21.sur_place", "E21.contact", "E22", "E23", "E24", "E25", "E26", "E28")
PUPILS = (*REACHED, "E20", *PLACES, "I5.7", "I5.8", *FOLLOWED, *LEAVERS)
ANSWERS = ("I8.1", "I8.2", "I8.3")

Cell = dict[str, Any]


def suppress(
    figures: Mapping[str, Any], *, volumes: Volumes | None = None, least: Thresholds = LEAST
) -> dict[str, Any]:
    """The same figures, in the same form, with what a reader from outside must not learn taken out.

    `volumes` gives what each company weighs in the amounts (P-21, `figures.volumes_of`): without it every amount is hidden.
    """
    shown = deepcopy(dict(figures))
    sheet = _Sheet({entry["code"]: entry for entry in shown["indicateurs"]}, least)
    if "I4.1" in sheet.entries:
        _reached(sheet)
        _places(sheet)
        _offers(sheet)
        _leavers(sheet)
        _followed(sheet)
        _answers(sheet)
        sheet.mask_completeness()
    secrecy_firms.suppress(sheet.entries, volumes, firms=least.firms, dominance=least.dominance, hide=_hide)
    return shown


# ---------------------------------------------------------------------------------------------- one cell


def _is_said(cell: Cell) -> bool:
    return bool(cell["statut"] == "calcule")


def _is_hidden(cell: Cell) -> bool:
    return cell.get("motif") in (HIDDEN, MONEY_HIDDEN, VOLUME_HIDDEN)


def _hide(cell: Cell, reason: str = HIDDEN) -> None:
    """Take every number out. A cell of nobody says so, which is a number: hidden too. What is to come keeps its reason."""
    if cell["statut"] != "pas_encore_mesurable":
        cell |= {"statut": "non_calculable", "valeur": None, "n": None, "d": None, "motif": reason}
    if "renseignement" in cell:
        cell["renseignement"] = None


def _is_extreme(cell: Cell) -> bool:
    """0 % or 100 %: what is true of all is true of each."""
    return _is_said(cell) and cell["n"] in (0, cell["d"])


class _Sheet:
    """The figures while they are being hidden: entries by code, and the thresholds."""

    def __init__(self, entries: Mapping[str, Cell], least: Thresholds) -> None:
        self.entries, self.least = entries, least

    def cells(self, code: str, axis: str) -> dict[str, Cell]:
        return {cell["cle"]: cell for cell in self.entries[code]["ventilations"] if cell["axe"] == axis}

    def is_said(self, code: str) -> bool:
        return _is_said(self.entries[code])

    def hide(self, *codes: str) -> None:
        """Whole codes, breakdowns included."""
        for code in codes:
            for cell in (self.entries[code], *self.entries[code]["ventilations"]):
                _hide(cell)

    def hide_said(self, *codes: str) -> None:
        """Whole codes; cells of nobody keep saying so."""
        for code in codes:
            for cell in filter(_is_said, (self.entries[code], *self.entries[code]["ventilations"])):
                _hide(cell)

    def hide_axis(self, axis: str, *codes: str) -> None:
        for code in codes:
            for cell in self.cells(code, axis).values():
                _hide(cell)

    # ------------------------------------------------------------------------------------------ primary

    def is_unsafe(self, code: str, cell: Cell) -> bool:
        """Does this cell say too much by itself?"""
        if not _is_said(cell):
            return False
        n, d, least = cell["n"], cell["d"], self.least
        if code in ("I8.1", "I8.2"):
            return not (d >= least.extremes or (d >= least.answers and n not in (0, d, 4 * d)))
        if code == "I8.3":
            return not self.is_safe_rate(n, d, least.answers)
        if code in ("I5.5", "E23"):  # days: the pupils behind them are not few when the days are not
            return bool(d < least.pupils * 5)
        if code == "I4.3" and "axe" not in cell:
            return bool(d < least.pupils)
        if code in ("I4.4.ecart", "I4.7"):
            return False  # a difference goes with its terms
        if d is None:
            return bool(0 < n < least.small)
        return not self.is_safe_rate(n, d, least.leavers if code in LEAVERS else least.pupils)

    def is_safe_rate(self, n: float, d: float, least: int) -> bool:
        small = self.least.small
        if d < least or 0 < n < small or 0 < d - n < small:
            return False
        return d >= self.least.extremes or 0 < n < d

    def any_unsafe(self, code: str, axis: str | None = None) -> bool:
        cells = self.cells(code, axis).values() if axis else (self.entries[code],)
        return any(self.is_unsafe(code, cell) for cell in cells)

    def unsafe_keys(self, code: str, axis: str) -> set[str]:
        return {key for key, cell in self.cells(code, axis).items() if self.is_unsafe(code, cell)}

    # ------------------------------------------------------------------------------------------ secondary

    def pool(self, axis: str, *codes: str, also: Iterable[str] = ()) -> set[str]:
        """Hide unsafe keys (and those of `also`) of parts of one whole in all these codes, and others with them until nothing
        can be worked out. Returns the keys hidden; when even all of an axis would not do, the code is hidden whole.
        """
        hidden = set(also).union(*(self.unsafe_keys(code, axis) for code in codes))
        if not hidden:
            return hidden
        parts = {code: self.cells(code, axis) for code in codes}
        first = parts[codes[0]]
        rest = sorted((key for key in first if key not in hidden), key=lambda key: (first[key]["n"] or 0, key))

        def weak() -> list[str]:
            return [
                code for code in codes if not self.is_vague([parts[code][key] for key in hidden & parts[code].keys()])
            ]

        while rest and weak():
            hidden.add(rest.pop(0))
        for code in weak():
            self.hide(code)
        for code in codes:
            for key in hidden & parts[code].keys():
                _hide(parts[code][key])
        return hidden

    def is_vague(self, cells: Iterable[Cell]) -> bool:
        """Do these parts keep their secret when their sum is known, and even the size of each?"""
        said = [(cell["n"], cell["d"]) for cell in cells if _is_said(cell) and cell["d"]]
        yes, all_ = sum(n for n, _ in said), sum(d for _, d in said)
        return len(said) > 1 and yes >= self.least.small and all_ - yes >= self.least.small

    def mask_completeness(self) -> None:
        """How much is filled in tells how many are not: few of them, or few who are."""
        for code, cell in ((code, self.entries[code]) for code in (*REACHED, *FOLLOWED)):
            share, base = cell["renseignement"], cell["d"]
            if share is None or not base:
                continue
            whole = base if code in ("E24", "I4.5", "I4.6") else base / share if share else 0
            told = round(whole * share)
            if any(0 < part < self.least.small for part in (told, round(whole) - told)):
                cell["renseignement"] = None


# ---------------------------------------------------------------------------------------------- heading 4


def _reached(sheet: _Sheet) -> None:
    """Classes and levels, sexes, priority publics, kinds of actions: parts of the same pupils."""
    entries = sheet.entries
    reached = entries["I4.1"]
    if sheet.is_unsafe("I4.1", reached):
        sheet.hide(*REACHED)
        _workshops(sheet, tiny=False)
        return
    total = dict(reached)
    tiny = any(0 < (cell["d"] or 0) < sheet.least.small for cell in reached["ventilations"])
    if sheet.pool("classe", "I4.1"):
        sheet.hide_axis("niveau", "I4.1")
    else:
        sheet.pool("niveau", "I4.1")
    _participation(sheet)
    _kinds(sheet)
    sexes = sheet.cells("I4.5", "sexe")
    if any(map(_is_hidden, sexes.values())) or any(
        sheet.any_unsafe(code, axis) for code, axis in (("I4.5", "sexe"), *((code, None) for code in BY_SEX))
    ):
        sheet.hide(*BY_SEX)
        sheet.hide_axis("sexe", "I4.5")
        entries["I4.5"]["renseignement"] = None
    if not _are_priorities_safe(sheet, total):
        sheet.hide("I4.6", "I4.7")
    parts = (*(cell for code in ("I4.1", "I4.3", "I4.5") for cell in entries[code]["ventilations"]), entries["I4.6"])
    if not sheet.is_said("I4.1") or (_is_extreme(total) and any(map(_is_hidden, parts))):
        sheet.hide(*REACHED)
    _workshops(sheet, tiny)


def _workshops(sheet: _Sheet, tiny: bool) -> None:
    """E20 counts the pupils of the last classes: a tiny one would be the rest; at 100 %, all of them were reached."""
    final = sheet.entries["E20"]
    if (
        tiny
        or sheet.is_unsafe("E20", final)
        or (_is_extreme(final) and final["n"] and any(map(_is_hidden, sheet.entries["I4.1"]["ventilations"])))
    ):
        sheet.hide("E20")


def _participation(sheet: _Sheet) -> None:
    """Presences are counted by I4.2 and by I4.3, over participations and over pupils: what hides the second hides the first."""
    entries = sheet.entries
    mean, mix = entries["I4.3"], sheet.cells("I4.3", "intensite")
    # Not one action is what I4.1 lacks; one, when there was one, is I4.1: shown with it.
    same = ("0", "1") if entries["I3.1"]["n"] == 1 else ("0",)
    some = [cell for key, cell in mix.items() if key not in same]
    pupils, presences = entries["I4.1"]["n"], mean["n"]
    if sheet.is_unsafe("I4.3", mean):
        for cell in (mean, *some):
            _hide(cell)
        sheet.hide("I4.2")
    elif any(sheet.is_unsafe("I4.3", cell) for cell in some):
        for cell in some:
            _hide(cell)
        if pupils and not _is_open(pupils, presences, entries["I3.1"]["n"]):
            _hide(mean)
            sheet.hide("I4.2")
    if sheet.is_unsafe("I4.2", entries["I4.2"]):
        sheet.hide("I4.2")
    if _is_hidden(mean) and len(sheet.cells("I4.1", "type_action")) > 1:  # the pupils of one action are its presences
        sheet.hide_axis("type_action", "I4.1")


def _is_open(pupils: int, presences: int, actions: int) -> bool:
    """Pupils seen once, twice, three times and more: could each of the three be another number, from these two sums?"""
    seen: tuple[set[int], ...] = (set(), set(), set())
    for often in range(pupils + 1 if actions > 2 else 1):
        for twice in range(pupils - often + 1):
            once = pupils - often - twice
            few = once + 2 * twice
            if few + 3 * often <= presences <= few + actions * often:
                for found, number in zip(seen, (once, twice, often), strict=True):
                    found.add(number)
        if all(len(found) > 1 for found in (seen if actions > 2 else seen[:2])):
            return True
    return False


def _kinds(sheet: _Sheet) -> None:
    """Pupils reached by a kind of action are at most its presences: the same kinds are hidden in I4.1 and I4.2."""
    shown = ("I4.1", "I4.2") if sheet.is_said("I4.2") else ("I4.1",)
    for code in ("I4.2",):
        if code in shown and _is_extreme(sheet.entries[code]) and sheet.unsafe_keys(code, "type_action"):
            sheet.hide(code)
            shown = ("I4.1",)
    keys = set().union(*(sheet.unsafe_keys(code, "type_action") for code in shown))
    if not keys:
        return
    if "I4.2" in shown:
        presences = sheet.cells("I4.2", "type_action")
        rest = sorted(presences.keys() - keys, key=lambda key: (presences[key]["n"], key))
        while rest and not sheet.is_vague(presences[key] for key in keys & presences.keys()):
            keys.add(rest.pop(0))
        if not sheet.is_vague(presences[key] for key in keys & presences.keys()):
            sheet.hide("I4.2")
    by_kind = sheet.cells("I4.1", "type_action")
    others = sorted(by_kind.keys() - keys, key=lambda key: (by_kind[key]["n"], key))
    if len(keys & by_kind.keys()) == 1 and others:
        keys.add(others[-1])  # of those shown, the widest: it alone could hold all the others
    for code in ("I4.1", "I4.2"):
        for key, cell in sheet.cells(code, "type_action").items():
            if key in keys:
                _hide(cell)


def _are_priorities_safe(sheet: _Sheet, reached: Cell) -> bool:
    """Priority pupils, the others, the unknown: with the total and the gap, each can be worked out. All may be shown, or none."""
    priority, gap = sheet.entries["I4.6"], sheet.entries["I4.7"]
    known = priority["renseignement"]
    if known is None or not _is_said(reached):
        return False
    if not _is_said(priority):  # of nobody, or of everybody, that they are not
        return known == 0 or bool(known == 1 and reached["d"] >= sheet.least.extremes)
    told = round(known * reached["d"])
    asked = (priority["n"] or 0, priority["d"] or 0)
    others = (round((priority["valeur"] - gap["valeur"]) * (told - asked[1])) if _is_said(gap) else 0, told - asked[1])
    unknown = (reached["n"] - asked[0] - others[0], reached["d"] - told)
    return all(not d or sheet.is_safe_rate(n, d, sheet.least.pupils) for n, d in (asked, others, unknown))


# ---------------------------------------------------------------------------------------------- heading 5


def _places(sheet: _Sheet) -> None:
    """Solved, secured, without a place, to replace, days: I5.3 is what I5.1 lacks, and a class the sum of its periods."""
    entries = sheet.entries
    if sheet.any_unsafe("I5.1"):
        sheet.hide(*PLACES)
        return
    if sheet.any_unsafe("I5.2"):
        sheet.hide("I5.2")
    both = ("I5.1", "I5.2") if sheet.is_said("I5.2") else ("I5.1",)
    solved = dict(entries["I5.1"])
    # The couples of a class are its pupils as many times as it has periods: 100 % of twenty couples may be of ten pupils.
    few = any(
        _is_extreme(cell) and sheet.is_unsafe(code, cell)
        for code in both
        for cell in sheet.cells(code, "periode").values()
    )
    alike = {key for code in both for key, cell in sheet.cells(code, "classe").items() if few and _is_extreme(cell)}
    classes = sheet.pool("classe", *both, also=alike)
    for code in ("I5.2", "I5.3"):
        for key, cell in sheet.cells(code, "classe").items():
            if key in classes:
                _hide(cell)
    if classes or any(sheet.any_unsafe(code, "periode") for code in (*both, "I5.5")):
        sheet.hide_axis("periode", "I5.1", "I5.2", "I5.3", "I5.5")
    for code in both:
        if _is_extreme(entries[code]) and any(map(_is_hidden, entries[code]["ventilations"])):
            sheet.hide(code)
    if sheet.any_unsafe("I5.4"):
        sheet.hide("I5.4")
    elif sheet.any_unsafe("I5.4", "periode"):
        sheet.hide_axis("periode", "I5.4")
    if sheet.any_unsafe("I5.5"):
        sheet.hide("I5.5")
    if _is_said(solved) and not sheet.is_said("I5.1"):
        sheet.hide(*PLACES)


def _offers(sheet: _Sheet) -> None:
    """Pupils taken on, and benefits over positions: nearly the same people."""
    if sheet.any_unsafe("I5.7") or sheet.any_unsafe("I5.8"):
        sheet.hide("I5.7", "I5.8")
    elif sheet.any_unsafe("I5.7", "type_offre"):
        sheet.hide_axis("type_offre", "I5.7")


# ---------------------------------------------------------------------------------------------- leavers


def _leavers(sheet: _Sheet) -> None:
    """At each term, the known are the base of E2, those in a job the base of E6: one after the other."""
    entries = sheet.entries
    terms = {code: sheet.cells(code, "echeance") for code in ("E1", "E2", "E3", "E6")}
    for term in terms["E1"]:
        cells = {code: by[term] for code, by in terms.items()}
        unsafe = next((code for code in cells if sheet.is_unsafe(code, cells[code])), None)
        hidden = {None: (), "E1": ("E1", "E2", "E3", "E6"), "E2": ("E2", "E3", "E6"), "E3": ("E3", "E6"), "E6": ("E6",)}
        for code in hidden[unsafe]:
            _hide(cells[code])
        if unsafe == "E3" and _is_extreme(cells["E2"]):
            _hide(cells["E2"])
    for code, by in terms.items():
        if _is_hidden(by["6"]):  # the main value is that of six months
            _hide(entries[code])
    bases = (terms["E3"]["6"], terms["E1"]["12"], terms["E1"]["6"])
    if sheet.any_unsafe("E4") or any(map(_is_hidden, bases)):
        sheet.hide("E4")


# ---------------------------------------------------------------------------------------------- placements


def _followed(sheet: _Sheet) -> None:
    """Placements finished (E21), finished or interrupted (E22), started (E25): each base is known from the two others."""
    entries = sheet.entries
    finished, started = dict(entries["E21.sur_place"]), dict(entries["E25"])
    for code in FOLLOWED:
        if sheet.any_unsafe(code):
            sheet.hide(code)
    few = _is_said(finished) and finished["d"] < sheet.least.small
    if _is_hidden(entries["E25"]) or (few and not sheet.is_said("E21.sur_place")):
        sheet.hide("E22", "E23")
    if _is_hidden(entries["E25"]) and finished["d"] == started["d"]:
        sheet.hide("E21.sur_place", "E21.contact")  # all that started is finished: nothing was interrupted
    if _is_hidden(entries["E25"]) or sheet.any_unsafe("E25", "motif"):
        entries["E25"]["ventilations"] = []  # a reason that is named, even without its number, is somebody's
    if _is_hidden(entries["E22"]):
        entries["E23"]["renseignement"] = None
        if not sheet.is_said("E23"):
            sheet.hide("E23")
    _origins(sheet)


def _origins(sheet: _Sheet) -> None:
    """Origins add up to all that is told; the main value of E28 is that of « bde »."""
    cells = sheet.cells("E28", "origine")
    hidden = sheet.unsafe_keys("E28", "origine")
    rest = sorted(cells.keys() - hidden, key=lambda key: (cells[key]["n"] or 0, key))
    small = sheet.least.small
    while hidden and rest and (len(hidden) < 2 or sum(cells[key]["n"] for key in hidden) < small):
        hidden.add(rest.pop(0))
    for key in hidden:
        _hide(cells[key])
    if "bde" in hidden:
        _hide(sheet.entries["E28"])
    if all(map(_is_hidden, cells.values())):
        sheet.entries["E28"]["ventilations"] = []  # the only origin there is would be that of all


# ---------------------------------------------------------------------------------------------- answers


def _answers(sheet: _Sheet) -> None:
    """Three publics add up to the total, for satisfaction, grades and replies alike: what is hidden of one is hidden of all."""
    opinions = ("I8.1", "I8.2")
    if any(sheet.any_unsafe(code) for code in opinions):
        sheet.hide_said(*ANSWERS)
        return
    parts = {code: sheet.cells(code, "public") for code in ANSWERS}
    hidden = set().union(*(sheet.unsafe_keys(code, "public") for code in ANSWERS))
    if sheet.any_unsafe("I8.3"):
        _hide(sheet.entries["I8.3"])
    if not hidden:
        return
    rest = sorted(
        (key for key, cell in parts["I8.1"].items() if key not in hidden and cell["d"]),
        key=lambda key: parts["I8.1"][key]["d"],
    )

    def is_vague() -> bool:
        good, told = (sum(parts["I8.1"][key][side] or 0 for key in hidden) for side in "nd")
        grades = sum(parts["I8.2"][key]["n"] or 0 for key in hidden)
        several = sum(bool(parts["I8.1"][key]["d"]) for key in hidden) > 1
        return several and told >= 2 * sheet.least.answers and 0 < good < told and told < grades < 4 * told

    while rest and not is_vague():
        hidden.add(rest.pop(0))
    if not is_vague():
        sheet.hide_said(*ANSWERS)
    for code in ANSWERS:
        for key in hidden:
            if _is_said(parts[code][key]):
                _hide(parts[code][key])


def places(figures: Mapping[str, Any]) -> Iterator[tuple[str, Cell]]:
    """Every value of the figures with its place: "I4.1", then "I4.1|classe|1TMA"."""
    for entry in figures["indicateurs"]:
        yield entry["code"], entry
        for cell in entry["ventilations"]:
            yield f"{entry['code']}|{cell['axe']}|{cell['cle']}", cell
