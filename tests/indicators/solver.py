"""Who reads what is published and knows the definitions: everything that can be worked out from it (P-22).

Each published value, and each hidden one, is an integer unknown of a linear system: totals and their parts, codes that count
the same people, what is filled in, n ≤ d. A hidden cell is disclosed when what it hides has one solution only. The reader is
given more than the publication: which class is of which level, which period of which class, that nobody changed class, that
a placement lasts its period.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

HIDDEN = "n.d."
MOST = 100_000
Var = tuple[str, str]
"""(moment and place, "n" or "d" or a name of its own)."""
Sum = dict[Var, float]


@dataclass(frozen=True)
class Known:
    """What everybody knows of the school."""

    niveaux: Mapping[str, str]  # of each class
    classes: Mapping[str, str] = field(default_factory=dict)  # of each period
    final: frozenset[str] = frozenset()  # classes of last year
    days: int = 26  # of each period


class System:
    """One publication, or several of the same school (`moment` tells them apart)."""

    def __init__(self) -> None:
        self.index: dict[Var, int] = {}
        self.rows: list[tuple[Sum, float, float]] = []
        self.said: dict[Var, float] = {}

    def add(self, terms: Sum, low: float, high: float) -> None:
        for var in terms:
            self.index.setdefault(var, len(self.index))
        self.rows.append((terms, low, high))

    def equal(self, terms: Sum, to: float = 0) -> None:
        self.add(terms, to, to)

    def at_most(self, part: Var, whole: Var) -> None:
        self.add({whole: 1, part: -1}, 0, np.inf)

    def sums(self, parts: Iterable[Var], whole: Var) -> None:
        terms: Sum = defaultdict(float, {whole: -1.0})
        for part in parts:
            terms[part] += 1
        self.equal(dict(terms))

    # -------------------------------------------------------------------------------------------- answers

    def ready(self) -> None:
        matrix = np.zeros((len(self.rows), len(self.index)))
        for line, (terms, _, _) in enumerate(self.rows):
            for var, factor in terms.items():
                matrix[line, self.index[var]] = factor
        low, high = np.array([row[1] for row in self.rows]), np.array([row[2] for row in self.rows])
        self.constraints = LinearConstraint(matrix, low, high)

    def solve(self, goal: Mapping[Var, float]) -> np.ndarray | None:
        """The solution where `goal` is least; None when there is no solution at all."""
        cost = np.zeros(len(self.index))
        for var, factor in goal.items():
            cost[self.index[var]] = factor
        found = milp(cost, constraints=self.constraints, integrality=np.ones(len(cost)), bounds=Bounds(0, MOST))
        return None if found.x is None else np.rint(found.x)

    def vague(self, wanted: Mapping[Any, Sum], truth: Mapping[Any, float]) -> set[Any]:
        """Those of the wanted sums that have another solution than the truth."""
        self.ready()
        open_: set[Any] = set()

        def look(solution: np.ndarray | None) -> None:
            assert solution is not None, "the system contradicts what is true"
            for name, terms in wanted.items():
                if round(sum(solution[self.index[var]] * factor for var, factor in terms.items())) != truth[name]:
                    open_.add(name)

        draw = np.random.default_rng(1)
        for _ in range(6):  # one solution tells of many cells
            look(self.solve({var: draw.integers(-9, 10) for terms in wanted.values() for var in terms}))
        for name, terms in wanted.items():
            for sign in (1, -1):
                if name not in open_:
                    look(self.solve({var: sign * factor for var, factor in terms.items()}))
        return open_


def places(figures: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for entry in figures["indicateurs"]:
        yield entry["code"], entry
        for cell in entry["ventilations"]:
            yield f"{entry['code']}|{cell['axe']}|{cell['cle']}", cell


def is_hidden(cell: Mapping[str, Any]) -> bool:
    return bool(cell["statut"] == "non_calculable" and (cell.get("motif") or "").startswith(HIDDEN))


class Reader:
    """Writes the system of one publication. Later ones of the same year hold at least the same people (`after`)."""

    def __init__(self, system: System, shown: Mapping[str, Any], known: Known, moment: str = "") -> None:
        self.system, self.moment, self.known = system, moment, known
        self.cells = dict(places(shown))
        self.entries = {entry["code"]: entry for entry in shown["indicateurs"]}
        for place, cell in self.cells.items():
            if cell["statut"] == "pas_encore_mesurable" or (
                cell["statut"] != "calcule" and cell["n"] is None and not is_hidden(cell)
            ):
                continue
            for side in ("n", "d"):
                if not is_hidden(cell) and cell[side] is not None and float(cell[side]).is_integer():
                    system.equal({self.v(place, side): 1}, cell[side])
            if self.is_part(place):
                system.at_most(self.v(place), self.v(place, "d"))
        for part in (self.pupils, self.kinds, self.places, self.leavers, self.placements, self.answers):
            part()

    def v(self, place: str, side: str = "n") -> Var:
        return f"{self.moment}{place}", side

    def own(self, name: str) -> Var:
        var = (f"{self.moment}{name}", "")
        self.system.add({var: 1}, 0, np.inf)
        return var

    def is_part(self, place: str) -> bool:
        code = place.split("|")[0]
        heads = ("I4.1", "I4.2", "I4.4.beneficiaires", "I4.4.inscrits", "I4.5", "I4.6", "I5.1", "I5.2", "I8.1", "I8.3")
        return code in heads or "|intensite|" in place or (code[0] == "E" and code not in ("E14", "E23", "E27", "E12"))

    def keys(self, code: str, axis: str) -> list[str]:
        return [place for place in self.cells if place.startswith(f"{code}|{axis}|")]

    def has(self, *names: str) -> bool:
        return all(
            self.cells[name]["statut"] == "calcule" or is_hidden(self.cells[name]) or self.cells[name]["n"] == 0
            for name in names
        )

    def same(self, left: Var, right: Var) -> None:
        self.system.sums([left], right)

    # -------------------------------------------------------------------------------------------- heading 4

    def pupils(self) -> None:
        s, v = self.system, self.v
        for side in ("n", "d"):
            s.sums((v(place, side) for place in self.keys("I4.1", "classe")), v("I4.1", side))
            for niveau in self.keys("I4.1", "niveau"):
                inside = [
                    p
                    for p in self.keys("I4.1", "classe")
                    if self.known.niveaux[p.split("|")[2]] == niveau.split("|")[2]
                ]
                s.sums((v(place, side) for place in inside), v(niveau, side))
            s.sums((v(place, side) for place in self.keys("I4.5", "sexe")), v("I4.1", side))
            self.same(v("I4.5", side), v("I4.1", side))
            of = {"n": "I4.4.beneficiaires", "d": "I4.4.inscrits"}[side]
            self.same(v(of), v("I4.5|sexe|F", side))
            s.sums((v("I4.5|sexe|F", side), v("I4.5|sexe|M", side)), v(of, "d"))
            s.sums((v("I4.6", side), self.own(f"others {side}"), self.own(f"unknown {side}")), v("I4.1", side))
        for who in ("others", "unknown"):
            s.at_most(self.own(f"{who} n"), self.own(f"{who} d"))
        total = self.cells["I4.1"]["d"]
        if total and (share := self.entries["I4.5"]["renseignement"]) is not None:
            s.equal({v("I4.5|sexe|F", "d"): 1, v("I4.5|sexe|M", "d"): 1}, round(share * total))
        if total and (share := self.entries["I4.6"]["renseignement"]) is not None:
            s.equal({self.own("unknown d"): 1}, total - round(share * total))
        # how often
        mix = self.keys("I4.3", "intensite")
        for place in mix:
            self.same(v(place, "d"), v("I4.1", "d"))
        self.same(v("I4.3", "d"), v("I4.1"))
        self.same(v("I4.3"), v("I4.2"))
        s.sums([v(mix[0]), v("I4.1")], v("I4.1", "d"))
        s.sums([v(place) for place in mix], v("I4.1", "d"))
        actions = self.cells["I3.1"]["n"]
        times = {v(place): -float(n) for n, place in enumerate(mix)}
        s.add({v("I4.3"): 1, **times}, 0, np.inf)
        s.add({v("I4.3"): 1, **times, v(mix[3]): -float(max(actions, 3))}, -np.inf, 0)
        # the last classes
        final = [p for p in self.keys("I4.1", "classe") if p.split("|")[2] in self.known.final]
        if final:
            s.sums([v(place, "d") for place in final], v("E20", "d"))
            s.add({**{v(place): 1 for place in final}, v("E20"): -1}, 0, np.inf)

    def kinds(self) -> None:
        s, v = self.system, self.v
        for axis in ("n", "d"):
            s.sums((v(place, axis) for place in self.keys("I4.2", "type_action")), v("I4.2", axis))
        everyone: Sum = {v("I4.1"): -1}
        for place in self.keys("I4.1", "type_action"):
            key = place.split("|")[2]
            many = self.cells[f"I3.1|type_action|{key}"]["n"]
            self.same(v(place, "d"), v("I4.1", "d"))
            s.at_most(v(place), v("I4.1"))
            everyone[v(place)] = 1
            seen = f"I4.2|type_action|{key}"
            if seen in self.cells:
                s.at_most(v(place), v(seen))
                s.add({v(place): many, v(seen): -1}, 0, np.inf)
        s.add(everyone, 0, np.inf)

    # -------------------------------------------------------------------------------------------- heading 5

    def places(self) -> None:
        s, v = self.system, self.v
        for code, sides in (("I5.1", "nd"), ("I5.2", "nd"), ("I5.3", "n"), ("I5.4", "n")):
            for side in sides:
                for axis in ("classe", "periode"):
                    if cells := self.keys(code, axis):
                        s.sums((v(place, side) for place in cells), v(code, side))
                for place in self.keys(code, "classe"):
                    inside = [
                        f"{code}|periode|{p}" for p, klass in self.known.classes.items() if klass == place.split("|")[2]
                    ]
                    s.sums((v(p, side) for p in inside if p in self.cells), v(place, side))
        for place in ("I5.1", *self.keys("I5.1", "classe"), *self.keys("I5.1", "periode")):
            rest = place.partition("|")[2]
            second, third, fourth, days = (
                code + ("|" + rest if rest else "") for code in ("I5.2", "I5.3", "I5.4", "I5.5")
            )
            self.same(v(second, "d"), v(place, "d"))
            s.at_most(v(second), v(place))
            s.sums([v(place), v(third)], v(place, "d"))
            if fourth in self.cells:
                s.at_most(v(fourth), v(second))
            if days in self.cells:
                s.equal({v(days, "d"): 1, v(place, "d"): -self.known.days})
                s.add({v(days): -1, v(place): self.known.days}, 0, np.inf)
        kinds = self.keys("I5.7", "type_offre")
        for place in kinds:
            s.at_most(v(place), v("I5.7"))
        s.add({v("I5.7"): -1, **{v(place): 1 for place in kinds}}, 0 if kinds else -np.inf, np.inf)
        if self.has("I5.8"):
            s.at_most(v("I5.7"), v("I5.8"))
            self.same(v("I5.8", "d"), v("I5.6.postes"))

    # -------------------------------------------------------------------------------------------- E

    def leavers(self) -> None:
        s, v = self.system, self.v
        terms = [t for t in ("6", "12") if self.has(*(f"{code}|echeance|{t}" for code in ("E1", "E2", "E3", "E6")))]
        for term in terms:
            reply, placed, job, kept = (f"{code}|echeance|{term}" for code in ("E1", "E2", "E3", "E6"))
            further, seeking = self.own(f"further {term}"), self.own(f"seeking {term}")
            self.same(v(placed, "d"), v(reply))
            s.sums([v(job), further], v(placed))
            s.sums([v(job), further, seeking], v(reply))
            s.sums([v(job), seeking], v(job, "d"))
            self.same(v(kept, "d"), v(job))
            for code, place in zip(("E1", "E2", "E3", "E6"), (reply, placed, job, kept), strict=True):
                if term == "6":
                    for side in ("n", "d"):
                        self.same(v(code, side), v(place, side))
        if len(terms) == 2:
            self.same(v("E1|echeance|6", "d"), v("E1|echeance|12", "d"))
            s.at_most(v("E4", "d"), v("E3|echeance|6"))
            s.at_most(v("E4"), v("E3|echeance|12"))

    def placements(self) -> None:
        s, v = self.system, self.v
        if not self.has("E21.sur_place", "E22", "E25"):
            return
        self.same(v("E21.contact", "d"), v("E21.sur_place", "d"))
        s.at_most(v("E21.sur_place"), v("E21.contact"))
        s.sums([v("E21.sur_place", "d"), v("E25")], v("E22", "d"))
        s.add({v("E25", "d"): 1, v("E21.sur_place", "d"): -1, v("E25"): -1}, 0, np.inf)
        self.same(v("E26", "d"), v("E25", "d"))
        if self.keys("E25", "motif"):
            s.sums([v(place) for place in self.keys("E25", "motif")], v("E25"))
        origins = self.keys("E28", "origine")
        for place in (*self.keys("E25", "motif"), *origins):
            self.same(v(place, "d"), v(place.split("|")[0], "d"))
            s.add({v(place): 1}, 1, np.inf)
        if origins:
            s.sums([v(place) for place in origins], v("E28", "d"))
        if "E28|origine|bde" in self.cells:
            self.same(v("E28"), v("E28|origine|bde"))
        share, known = self.entries["E23"]["renseignement"], self.cells["E22"]
        if share is not None and known["d"]:
            s.equal({v("E22"): 1}, round(share * known["d"]))

    # -------------------------------------------------------------------------------------------- heading 8

    def answers(self) -> None:
        s, v = self.system, self.v
        if not self.has("I8.1"):
            return
        for code in ("I8.1", "I8.2") + (("I8.3",) if self.has("I8.3") else ()):
            for side in ("n", "d"):
                s.sums((v(place, side) for place in self.keys(code, "public")), v(code, side))
        for place in ("I8.1", *self.keys("I8.1", "public")):
            grades = place.replace("I8.1", "I8.2")
            self.same(v(grades, "d"), v(place, "d"))
            s.add({v(grades): 1, v(place): -2, v(place, "d"): -1}, 0, np.inf)
            s.add({v(grades): 1, v(place): -2, v(place, "d"): -2}, -np.inf, 0)
            if self.has("I8.3"):
                s.at_most(v(place.replace("I8.1", "I8.3")), v(place, "d"))

    # -------------------------------------------------------------------------------------------- secrets

    def secrets(self, truth: Mapping[str, Any]) -> tuple[dict[Any, Sum], dict[Any, float]]:
        """What each hidden cell hides: a count of one to four, all or nobody of few, and the pair of n and d together."""
        wanted: dict[Any, Sum] = {}
        values: dict[Any, float] = {}
        real = dict(places(truth))
        # Actions where presences are noted: the kinds of I4.2 say which.
        kinds = [place.split("|")[2] for place in self.keys("I4.2", "type_action")]
        noted = sum(self.cells[f"I3.1|type_action|{kind}"]["n"] for kind in kinds)
        beyond = [f"I4.3|intensite|{key}" for key, least in (("2", 2), ("3+", 3)) if least > noted]
        if noted == 1:
            beyond.append("I4.3")
        for place, cell in self.cells.items():
            if place in beyond:
                continue  # nobody came to more actions than there were, nor twice to one: no secret
            if not is_hidden(cell) or self.v(place) not in self.system.index or real[place]["n"] is None:
                continue
            n, d = real[place]["n"], real[place]["d"]
            n_var, d_var = self.v(place), self.v(place, "d")
            sides: dict[str, tuple[Sum, float]] = {"n": ({n_var: 1}, n)}
            if d is not None and d_var in self.system.index:
                sides["d"] = ({d_var: 1}, d)
                if self.is_part(place):
                    sides["rest"] = ({d_var: 1, n_var: -1}, d - n)
            for side, (terms, value) in sides.items():
                wanted[self.moment, place, side] = terms
                values[self.moment, place, side] = value
        return wanted, values


def disclosed(
    system: System,
    readers: Iterable[tuple[Reader, Mapping[str, Any]]],
    twins: Mapping[str, Iterable[str]] | None = None,
) -> list[str]:
    """Hidden places that can be read all the same. `twins`: places that are the sum of others; when these are shown, no secret."""
    wanted: dict[Any, Sum] = {}
    values: dict[Any, float] = {}
    shown: set[str] = set()
    for reader, truth in readers:
        more, true = reader.secrets(truth)
        wanted |= more
        values |= true
        shown |= {f"{reader.moment}{place}" for place, cell in reader.cells.items() if cell["statut"] == "calcule"}
    vague = system.vague(wanted, values) if wanted else set()
    found = []
    by_place: dict[tuple[str, str], set[str]] = defaultdict(set)
    for moment, place, side in wanted:
        by_place[moment, place].add(side)
    for (moment, place), sides in sorted(by_place.items()):
        if place in (twins or {}) and {f"{moment}{part}" for part in (twins or {})[place]} <= shown:
            continue
        fixed = {side for side in sides if (moment, place, side) not in vague}
        telling = {
            side
            for side in fixed
            if values[moment, place, side] < 5 and not (side == "d" and not values[moment, place, side])
        }
        if "d" in sides and not values[moment, place, "d"]:
            continue  # of nobody: nobody's secret
        # A level that the hidden classes add up to is a sum large enough to be shown; it tells of none of them.
        if telling or (fixed == sides and "|niveau|" not in place):
            found.append(f"{moment}{place}: {', '.join(sorted(fixed))}")
    return found
