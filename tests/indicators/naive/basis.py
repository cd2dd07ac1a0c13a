"""What the naive computation stands on: the rows of a school as text, days, small words, where each pupil is enrolled."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

Row = Mapping[str, str]
Place = tuple[str, str | None, str | None]

SOLUTION = {"confirme", "convention_editee", "convention_signee", "en_cours", "termine", "interrompu"}
SECURED = {"convention_signee", "en_cours", "termine", "interrompu"}
JOBS = {"emploi", "apprentissage", "professionnalisation", "saisonnier"}
DIVISIONS = {
    "A": (1, 3), "B": (5, 9), "C": (10, 33), "D": (35, 35), "E": (36, 39), "F": (41, 43), "G": (45, 47), "H": (49, 53),
    "I": (55, 56), "J": (58, 63), "K": (64, 66), "L": (68, 68), "M": (69, 75), "N": (77, 82), "O": (84, 84),
    "P": (85, 85), "Q": (86, 88), "R": (90, 93), "S": (94, 96), "T": (97, 98), "U": (99, 99),
}  # fmt: skip


def day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def must(text: str) -> date:
    return date.fromisoformat(text)


def flag(text: str | None) -> bool | None:
    return None if not text else text.lower() in ("true", "oui", "1")


def days(first: date, last: date) -> list[date]:
    return [first + timedelta(n) for n in range((last - first).days + 1)]


def year_before(moment: date) -> date:
    if (moment.month, moment.day) == (2, 29):
        return date(moment.year - 1, 2, 28)
    return date(moment.year - 1, moment.month, moment.day)


def computed(value: Any, n: Any = None, d: Any = None) -> dict[str, Any]:
    return {"statut": "calcule", "valeur": value, "n": n, "d": d}


def number(value: int) -> dict[str, Any]:
    return computed(value, value)


def rate(n: Any, d: int) -> dict[str, Any]:
    if d == 0:
        return {"statut": "non_calculable", "valeur": None, "n": 0, "d": 0}
    return computed(Fraction(n) / d, n, d)


def impossible() -> dict[str, Any]:
    return {"statut": "non_calculable", "valeur": None, "n": None, "d": None}


def too_soon() -> dict[str, Any]:
    return {"statut": "pas_encore_mesurable", "valeur": None, "n": None, "d": None}


class Basis:
    """One school of a dossier, one year, one day asked for."""

    def __init__(self, dossier: Mapping[str, Sequence[Row]], uai: str, year: str, asked: date) -> None:
        self.uai, self.year, self.J = uai, year, asked
        first = int(year[:4])
        self.first = first
        self.before = f"{first - 1}-{first}"
        self.start, self.end = date(first, 9, 1), date(first + 1, 8, 31)
        self.asof = min(asked, self.end)
        self.period = days(self.start, self.asof)
        self.dossier = dossier
        self.out: dict[Place, dict[str, Any]] = {}

        self.classes = {r["code"]: r for r in self.mine("classes") if r["annee"] == year}
        self.pupils = {r["id"]: r for r in self.mine("eleves")}
        self.partners = {r["id"]: r for r in self.mine("partenaires")}
        self.actions = {r["id"]: r for r in self.mine("actions")}
        self.agreements = {
            r["id"]: r for r in dossier.get("conventions", ()) if r.get("uai") == uai or r["niveau"] != "etablissement"
        }
        self.local = [r for r in self.agreements.values() if r["niveau"] == "etablissement"]
        self.pfmp = {r["id"]: r for r in self.mine("periodes_pfmp")}
        self.placements = [r for r in dossier.get("placements", ()) if r["periode_id"] in self.pfmp]
        self.carried = [r for r in dossier.get("actions_partenaires", ()) if r["action_id"] in self.actions]
        self.exchanges = [r for r in dossier.get("echanges", ()) if r["partenaire_id"] in self.partners]
        self.contacts = {r["id"]: r for r in dossier.get("contacts", ())}
        self.offers = {r["id"]: r for r in self.mine("offres")}
        self.taxe = self.mine("taxe_apprentissage")
        self.done = {
            k: a for k, a in self.actions.items() if a["statut"] == "realisee" and self.inside(must(a["date_debut"]))
        }
        self.of_year = [p for p in self.placements if self.pfmp[p["periode_id"]]["annee"] == year]

    # -------------------------------------------------------------------------------- small words

    def mine(self, resource: str) -> list[Row]:
        return [row for row in self.dossier.get(resource, ()) if row.get("uai") == self.uai]

    def inside(self, moment: date | None) -> bool:
        return moment is not None and self.start <= moment <= self.asof

    def say(self, code: str, cell: dict[str, Any], known: Fraction | None = None) -> None:
        self.out[code, None, None] = {**cell, "renseignement": known}

    def sub(self, code: str, axis: str, key: str, cell: dict[str, Any]) -> None:
        self.out[code, axis, key] = cell

    def open_counts(self, code: str, axis: str, keys: Iterable[str]) -> None:
        keys = list(keys)
        for key in set(keys):
            self.sub(code, axis, key, number(keys.count(key)))

    def open_rates(self, code: str, axis: str, n: Sequence[str], d: Sequence[str]) -> None:
        for key in set(d):
            self.sub(code, axis, key, rate(list(n).count(key), list(d).count(key)))

    def sector(self, partner: str) -> str:
        naf = self.partners[partner].get("naf", "").strip()
        if len(naf) < 2 or not naf[:2].isdigit():
            return "non_renseigne"
        found = [letter for letter, (low, high) in DIVISIONS.items() if low <= int(naf[:2]) <= high]
        return found[0] if found else "non_renseigne"

    def kind(self, partner: str) -> str:
        return self.partners[partner]["type"]

    # -------------------------------------------------------------------------------- pupils

    def spans(self, pupil: str) -> list[tuple[date, date, str, date]]:
        """C-06 to C-08, A-05: (first day, last day, class, date_entree) inside the school year."""
        found = []
        for row in self.dossier.get("scolarites", ()):
            if row["eleve_id"] == pupil and row["annee"] == self.year and row["uai"] == self.uai:
                entry = must(row["date_entree"])
                first = max(entry, self.start)
                last = min(day(row.get("date_sortie")) or self.end, self.end)
                if first <= last:
                    found.append((first, last, row["classe_code"], entry))
        return found

    def class_on(self, pupil: str, moment: date) -> str | None:
        here = [s for s in self.spans(pupil) if s[0] <= moment <= s[1]]
        if not here:
            return None
        latest = max(s[3] for s in here)
        return min(s[2] for s in here if s[3] == latest)

    def enrolled(self) -> list[str]:
        return [p for p in self.pupils if any(s[0] <= self.asof for s in self.spans(p))]

    def is_priority(self, pupil: str) -> bool | None:
        """C-12, A-12."""
        values = []
        for row in self.dossier.get("scolarites", ()):
            if row["eleve_id"] == pupil and row["annee"] == self.year and row["uai"] == self.uai:
                first = max(must(row["date_entree"]), self.start)
                last = min(day(row.get("date_sortie")) or self.end, self.end)
                if first <= last and first <= self.asof:
                    values.append(flag(row.get("public_prioritaire")))
        if True in values:
            return True
        return None if None in values else False

    def day_of_presence(self, action: Row, pupil: str) -> date | None:
        """First day of the action, up to the date of the figures, on which the pupil is enrolled (A-10, A-11)."""
        first = must(action["date_debut"])
        last = min(day(action.get("date_fin")) or first, self.asof)
        for moment in days(first, last):
            if self.class_on(pupil, moment) is not None:
                return moment
        return None
