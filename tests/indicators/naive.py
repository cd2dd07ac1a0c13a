"""The indicators a second time, in the most literal way: the rows of a dossier as text, day by day, no database.

Written from the definitions and their precisions, not from the platform's code; slow on purpose. `compute` gives, for each
(code, axis, key), the status, value, n, d and (for main values) renseignement that the text promises.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

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


class Naive:
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

    # -------------------------------------------------------------------------------- heading 1

    def holds(self, row: Row, moment: date) -> bool:
        signed, start = day(row.get("date_signature")), day(row.get("date_debut"))
        end, stopped = day(row.get("date_fin")), day(row.get("resiliee_le"))
        return (
            signed is not None
            and signed <= moment
            and (start is None or start <= moment)
            and (stopped is None or stopped > moment)
            and (end is None or end >= moment or flag(row.get("tacite_reconduction")) is True)
        )

    def ancestors(self, row: Row) -> list[Row]:
        seen, found = {row["id"]}, []
        parent = row.get("parente_id")
        while parent and parent not in seen:
            seen.add(parent)
            found.append(self.agreements[parent])
            parent = self.agreements[parent].get("parente_id")
        return found

    def heading_1(self) -> None:
        force = [r for r in self.local if self.holds(r, self.asof)]
        self.force = force
        self.agreed = {r["partenaire_id"] for r in force}
        self.say("I1.1", number(len(force)))
        self.open_counts("I1.1", "type_partenaire", (self.kind(r["partenaire_id"]) for r in force))
        self.open_counts("I1.1", "secteur", (self.sector(r["partenaire_id"]) for r in force))
        schools = [r for r in force if self.kind(r["partenaire_id"]) == "etablissement_formation"]
        self.say("I1.2", rate(len(schools), len(force)))
        self.say("I1.3", number(sum(any(self.holds(r, d) for d in self.period) for r in self.local)))

        signed = [r for r in self.local if r.get("date_signature") and must(r["date_signature"]) <= self.asof]
        self.say("I1.4.signees", number(sum(self.inside(must(r["date_signature"])) for r in signed)))
        ended = stopped = 0
        for r in signed:
            end, stop = day(r.get("date_fin")), day(r.get("resiliee_le"))
            tacit = flag(r.get("tacite_reconduction")) is True
            if not tacit and end and self.inside(end + timedelta(1)) and not (stop and stop <= end):
                ended += 1
            if stop and self.inside(stop) and (tacit or end is None or stop <= end):
                stopped += 1
        self.say("I1.4.echues", number(ended))
        self.say("I1.4.resiliees", number(stopped))
        soon = [
            r
            for r in force
            if flag(r.get("tacite_reconduction")) is not True
            and r.get("date_fin")
            and 0 <= (must(r["date_fin"]) - self.asof).days <= 90
        ]
        self.say("I1.4.a_echeance", number(len(soon)))
        self.say("I1.5", number(len(self.agreed)))

        chains = {r["id"]: [a["id"] for a in self.ancestors(r) if a["niveau"] != "etablissement"] for r in force}
        self.say("I1.6.declinaisons", number(sum(bool(c) for c in chains.values())))
        cited = {
            a["convention_id"]
            for a in self.done.values()
            if a.get("convention_id") and self.agreements[a["convention_id"]]["niveau"] != "etablissement"
        }
        self.say("I1.6.cadres", number(len(cited | {a for c in chains.values() for a in c})))

        living = 0
        for r in force:
            partner = r["partenaire_id"]
            theirs = {c["action_id"] for c in self.carried if c["partenaire_id"] == partner}
            by_citation = any(a.get("convention_id") == r["id"] for a in self.done.values())
            by_partner = any(k in theirs and not a.get("convention_id") for k, a in self.done.items())
            by_exchange = any(e["partenaire_id"] == partner and self.inside(must(e["date"])) for e in self.exchanges)
            living += by_citation or by_partner or by_exchange
        self.say("I1.7", rate(living, len(force)))

    # -------------------------------------------------------------------------------- traces, heading 2

    def traces(self, partner: str) -> list[tuple[str, date, date]]:
        """A-40: (kind, first day, last day) of every trace."""
        found = []
        for r in self.local:
            if r["partenaire_id"] == partner and r.get("date_signature"):
                first = max(must(r["date_signature"]), day(r.get("date_debut")) or date.min)
                last = date(2999, 1, 1)
                if r.get("date_fin") and flag(r.get("tacite_reconduction")) is not True:
                    last = must(r["date_fin"])
                if r.get("resiliee_le"):
                    last = min(last, must(r["resiliee_le"]) - timedelta(1))
                if first <= last:
                    found.append(("convention", first, last))
        for c in self.carried:
            action = self.actions[c["action_id"]]
            if c["partenaire_id"] == partner and action["statut"] == "realisee":
                found.append(("action", must(action["date_debut"]), must(action["date_debut"])))
        for p in self.placements:
            if p["partenaire_id"] == partner and p["statut"] != "annule":
                found.append(("placement", must(p["date_debut"]), must(p["date_fin"])))
        for e in self.exchanges:
            if e["partenaire_id"] == partner:
                found.append(("echange", must(e["date"]), must(e["date"])))
        for o in self.offers.values():
            if o["partenaire_id"] == partner:
                found.append(("offre", must(o["recue_le"]), must(o["recue_le"])))
        for t in self.taxe:
            if t["partenaire_id"] == partner and t.get("recu_le"):
                found.append(("versement", must(t["recu_le"]), must(t["recu_le"])))
        return found

    def traced(self, partner: str, first: date, last: date) -> list[str]:
        return [kind for kind, a, b in self.traces(partner) if a <= last and b >= first]

    def heading_2(self) -> None:
        member = [
            r
            for r in self.mine("reseaux")
            if must(r["date_adhesion"]) <= self.asof
            and (not r.get("date_sortie") or must(r["date_sortie"]) >= self.asof)
        ]
        formal = [r for r in member if r.get("date_formalisation") and must(r["date_formalisation"]) <= self.asof]
        self.say("I2.1", rate(len(formal), len(member)))
        self.say("I2.2", number(len(member)))
        self.open_counts("I2.2", "type_reseau", (r["type"] for r in member))
        cited = {a.get("reseau_id") for a in self.done.values()}
        self.say("I2.3", rate(sum(r["id"] in cited for r in member), len(member)))
        self.active = [
            k
            for k, p in self.partners.items()
            if p["statut"] not in ("archive", "prospect") and self.traced(k, self.start, self.asof)
        ]
        self.say("I2.4", rate(sum(k in self.agreed for k in self.active), len(self.active)))

    # -------------------------------------------------------------------------------- heading 3

    def heading_3(self) -> None:
        done = list(self.done.values())
        self.say("I3.1", number(len(done)))
        self.open_counts("I3.1", "type_action", (a["type"] for a in done))
        self.open_counts("I3.1", "initiative", (a["initiative"] for a in done))
        self.open_counts("I3.1", "mois", (a["date_debut"][:7] for a in done))
        events = (a.get("evenement_national", "").strip() for a in done)
        self.open_counts("I3.1", "evenement_national", (e for e in events if e))

        timed = [a for a in done if a.get("duree_heures")]
        known = Fraction(len(timed), len(done)) if done else None
        hours = [Fraction(Decimal(a["duree_heures"])) for a in timed]
        self.say("I3.3.total", computed(sum(hours)) if hours else impossible(), known)
        for type_ in {a["type"] for a in timed}:
            of_type = (Fraction(Decimal(a["duree_heures"])) for a in timed if a["type"] == type_)
            self.sub("I3.3.total", "type_action", type_, computed(sum(of_type)))
        self.say("I3.3.moyenne", computed(sum(hours) / len(hours)) if hours else impossible(), known)
        self.say("I3.3.mediane", computed(median(hours)) if hours else impossible(), known)
        self.say(
            "I3.4",
            number(sum(len(days(must(a["date_debut"]), must(a.get("date_fin") or a["date_debut"]))) for a in done)),
        )
        elapsed = len(self.period)
        if self.asof == self.end:
            months = Fraction(12)
        else:
            months = Fraction(elapsed) / Fraction("30.4375")
        if elapsed <= 30:
            self.say("I3.5", impossible())
            self.say("I3.5.mois_actifs", impossible())
        else:
            self.say("I3.5", computed(len(done) / months, len(done)))
            touched = {d.strftime("%Y-%m") for d in self.period}
            self.say("I3.5.mois_actifs", rate(len({a["date_debut"][:7] for a in done} & touched), len(touched)))
        cancelled = [
            a for a in self.actions.values() if a["statut"] == "annulee" and self.inside(must(a["date_debut"]))
        ]
        self.say("I3.7", rate(len(done), len(done) + len(cancelled)))
        engaged = {c["partenaire_id"] for c in self.carried if c["action_id"] in self.done}
        self.say("I3.8", number(len(engaged)))
        self.open_counts("I3.8", "type_partenaire", (self.kind(k) for k in engaged))
        self.open_counts("I3.8", "secteur", (self.sector(k) for k in engaged))

    # -------------------------------------------------------------------------------- heading 4

    def heading_4(self) -> None:
        enrolled = self.enrolled()
        valid = []  # (action, pupil, class on the day, present)
        for row in self.dossier.get("participations", ()):
            action = self.done.get(row["action_id"])
            if action:
                moment = self.day_of_presence(action, row["eleve_id"])
                if moment:
                    klass = self.class_on(row["eleve_id"], moment)
                    valid.append((action, row["eleve_id"], klass, flag(row.get("present"))))
        self.valid = valid
        came = [v for v in valid if v[3] is True]
        reached = {v[1] for v in came}
        self.say("I4.1", rate(len(reached), len(enrolled)))
        attended: dict[str, set[str]] = {}
        for pupil in enrolled:
            for first, _, klass, _ in self.spans(pupil):
                if first <= self.asof:
                    attended.setdefault(klass, set()).add(pupil)
        for klass, pupils in attended.items():
            self.sub("I4.1", "classe", klass, rate(len({v[1] for v in came if v[2] == klass}), len(pupils)))
        for niveau in {self.classes[c]["niveau"] for c in attended}:
            of_level = {c for c in self.classes if self.classes[c]["niveau"] == niveau}
            pupils = set().union(*(attended[c] for c in of_level if c in attended))
            self.sub("I4.1", "niveau", niveau, rate(len({v[1] for v in came if v[2] in of_level}), len(pupils)))
        for type_ in {a["type"] for a in self.done.values()} if enrolled else set():
            self.sub(
                "I4.1", "type_action", type_, rate(len({v[1] for v in came if v[0]["type"] == type_}), len(enrolled))
            )

        told = [v for v in valid if v[3] is not None]
        self.say("I4.2", rate(len(came), len(told)), Fraction(len(told), len(valid)) if valid else None)
        self.open_rates("I4.2", "type_action", [v[0]["type"] for v in came], [v[0]["type"] for v in told])

        self.say("I4.3", rate(len(came), len(reached)))
        times = {pupil: sum(v[1] == pupil for v in came) for pupil in enrolled}
        for key in ("0", "1", "2"):
            self.sub("I4.3", "intensite", key, rate(sum(t == int(key) for t in times.values()), len(enrolled)))
        self.sub("I4.3", "intensite", "3+", rate(sum(t >= 3 for t in times.values()), len(enrolled)))

        def sexed(pupils: Iterable[str], sex: str) -> int:
            return sum(self.pupils[p].get("sexe", "") == sex for p in pupils)

        def girls(pupils: Sequence[str]) -> tuple[dict[str, Any], Fraction | None]:
            both = sexed(pupils, "F") + sexed(pupils, "M")
            return rate(sexed(pupils, "F"), both), Fraction(both, len(pupils)) if pupils else None

        self.say("I4.4.beneficiaires", *girls(list(reached)))
        self.say("I4.4.inscrits", *girls(enrolled))
        one, two = girls(list(reached))[0]["valeur"], girls(enrolled)[0]["valeur"]
        self.say("I4.4.ecart", impossible() if one is None or two is None else computed(one - two))
        both = sexed(enrolled, "F") + sexed(enrolled, "M")
        self.say("I4.5", rate(len(reached), len(enrolled)), Fraction(both, len(enrolled)) if enrolled else None)
        for key, sex in (("F", "F"), ("M", "M"), ("inconnu", "")):
            self.sub("I4.5", "sexe", key, rate(sexed(reached, sex), sexed(enrolled, sex)))

        priority = {pupil: self.is_priority(pupil) for pupil in enrolled}
        known = Fraction(sum(p is not None for p in priority.values()), len(enrolled)) if enrolled else None

        def reached_among(wanted: bool) -> dict[str, Any]:
            group = [pupil for pupil, value in priority.items() if value is wanted]
            return rate(sum(pupil in reached for pupil in group), len(group))

        self.say("I4.6", reached_among(True), known)
        one, two = reached_among(True)["valeur"], reached_among(False)["valeur"]
        self.say("I4.7", impossible() if one is None or two is None else computed(one - two), known)
        aimed = [flag(a.get("cible_prioritaire")) for a in self.done.values()]
        told_aim = [a for a in aimed if a is not None]
        self.say("I4.8", rate(sum(told_aim), len(told_aim)), Fraction(len(told_aim), len(aimed)) if aimed else None)

    # -------------------------------------------------------------------------------- heading 5

    def expected(self, period: Row) -> list[str]:
        begins = must(period["date_debut"])
        r = min(begins, self.asof)
        excused = {e["eleve_id"] for e in self.dossier.get("dispenses", ()) if e["periode_id"] == period["id"]}
        found = []
        for pupil in self.pupils:
            if self.class_on(pupil, r) != period["classe_code"] or pupil in excused:
                continue
            here = [s for s in self.spans(pupil) if s[0] <= r <= s[1] and s[2] == period["classe_code"]]
            if here[0][1] >= begins:
                found.append(pupil)
        return found

    def stops(self, p: Row) -> date:
        if p["statut"] == "interrompu" and p.get("interrompu_le"):
            return min(must(p["interrompu_le"]), must(p["date_fin"]))
        return must(p["date_fin"])

    def heading_5(self) -> None:
        periods = [p for p in self.pfmp.values() if p["annee"] == self.year]
        solved: list[tuple[str, str]] = []
        secured: list[tuple[str, str]] = []
        missing: list[tuple[str, str]] = []
        replace: list[tuple[str, str]] = []
        pairs: list[tuple[str, str]] = []
        covered: dict[str, int] = {}
        asked: dict[str, int] = {}
        for period in periods:
            whole = set(days(must(period["date_debut"]), must(period["date_fin"])))
            for pupil in self.expected(period):
                pair = (period["id"], period["classe_code"])
                pairs.append(pair)
                theirs = [p for p in self.placements if p["periode_id"] == period["id"] and p["eleve_id"] == pupil]
                good = [p for p in theirs if p["statut"] in SOLUTION]
                (solved if good else missing).append(pair)
                if any(p["statut"] in SECURED for p in theirs):
                    secured.append(pair)
                if (
                    good
                    and all(
                        p["statut"] == "interrompu" and p.get("interrompu_le") and must(p["interrompu_le"]) <= self.asof
                        for p in good
                    )
                    and self.asof < must(period["date_fin"])
                ):
                    replace.append(pair)
                there = {d for p in good for d in days(must(p["date_debut"]), self.stops(p))}
                covered[period["id"]] = covered.get(period["id"], 0) + len(there & whole)
                asked[period["id"]] = asked.get(period["id"], 0) + len(whole)
        for code, found in (("I5.1", solved), ("I5.2", secured)):
            self.say(code, rate(len(found), len(pairs)))
            self.open_rates(code, "periode", [p for p, _ in found], [p for p, _ in pairs])
            self.open_rates(code, "classe", [c for _, c in found], [c for _, c in pairs])
        self.say("I5.3", number(len(missing)))
        self.say("I5.4", number(len(replace)))
        for period_id in {p for p, _ in pairs}:
            self.sub("I5.3", "periode", period_id, number(sum(p == period_id for p, _ in missing)))
            self.sub("I5.4", "periode", period_id, number(sum(p == period_id for p, _ in replace)))
            self.sub("I5.5", "periode", period_id, rate(covered[period_id], asked[period_id]))
        for klass in {c for _, c in pairs}:
            self.sub("I5.3", "classe", klass, number(sum(c == klass for _, c in missing)))
        self.say("I5.5", rate(sum(covered.values()), sum(asked.values())))

        offers = {
            k: o
            for k, o in self.offers.items()
            if self.inside(must(o["recue_le"])) and o["type"] in JOBS and self.kind(o["partenaire_id"]) == "entreprise"
        }
        self.say("I5.6.offres", number(len(offers)))
        self.open_counts("I5.6.offres", "type_offre", (o["type"] for o in offers.values()))
        self.open_counts("I5.6.offres", "secteur", (self.sector(o["partenaire_id"]) for o in offers.values()))
        self.say("I5.6.postes", number(sum(int(o["postes"]) for o in offers.values())))
        self.open_counts(
            "I5.6.postes", "type_offre", (o["type"] for o in offers.values() for _ in range(int(o["postes"])))
        )
        self.open_counts(
            "I5.6.postes",
            "secteur",
            (self.sector(o["partenaire_id"]) for o in offers.values() for _ in range(int(o["postes"]))),
        )
        taken = [b for b in self.dossier.get("offres_beneficiaires", ()) if b["offre_id"] in offers]
        in_time = [b for b in taken if self.inside(must(b["date"]))]
        self.say("I5.7", number(len({b["eleve_id"] for b in in_time})))
        for type_ in {offers[b["offre_id"]]["type"] for b in in_time}:
            of_type = {b["eleve_id"] for b in in_time if offers[b["offre_id"]]["type"] == type_}
            self.sub("I5.7", "type_offre", type_, number(len(of_type)))
        self.say("I5.8", rate(len(taken), sum(int(o["postes"]) for o in offers.values())))
        self.heading_5_taxe()

    def heading_5_taxe(self) -> None:
        c = self.first + 1

        def rows(nature: str, campaign: int) -> list[Row]:
            return [t for t in self.taxe if t["nature"] == nature and int(t["campagne"]) == campaign]

        def received(nature: str, campaign: int, by: date) -> list[Row]:
            return [t for t in rows(nature, campaign) if t.get("recu_le") and must(t["recu_le"]) <= by]

        def euros(found: Iterable[Row]) -> Fraction:
            return sum((Fraction(Decimal(t["montant"])) for t in found), Fraction(0))

        here = received("solde_taxe", c, self.J)
        self.say("I5.9", computed(euros(here)))
        self.say("I5.9.promis", computed(euros(t for t in rows("solde_taxe", c) if t not in here)))
        campaigns = {int(r["campagne"]): r for r in self.mine("campagnes_taxe")}
        if all(n in campaigns or rows("solde_taxe", n) for n in (c, c - 1)):
            closed = day(campaigns.get(c, {}).get("close_le"))
            is_open = closed is None or closed > self.J
            now = euros(here)
            then = euros(received("solde_taxe", c - 1, year_before(self.J) if is_open else self.J))
            self.say("I5.10", computed((now - then) / then) if then else impossible())
            self.say("I5.10.ecart", computed(now - then))
        else:
            self.say("I5.10", impossible())
            self.say("I5.10.ecart", impossible())
        self.say("I5.11", number(len({t["partenaire_id"] for t in here if Decimal(t["montant"]) > 0})))
        self.say("I5.12.numeraire", computed(euros(received("don_numeraire", c, self.J))))
        self.say("I5.12.nature", computed(euros(received("don_nature", c, self.J))))
        self.say("I5.13", rate(sum(bool(t.get("usage")) for t in here), len(here)))

    # -------------------------------------------------------------------------------- headings 6, 7, 8

    def heading_6(self) -> None:
        active = [
            r
            for r in self.mine("partages")
            if r["indicateurs"]
            and must(r["partage_le"]) <= self.asof
            and (not r.get("revoque_le") or must(r["revoque_le"]) > self.asof)
        ]
        self.say("I6.1", computed(bool(active)))
        to = {r["partenaire_id"] for r in active if r.get("partenaire_id")}
        self.say("I6.2", number(len(to)))
        self.say("I6.3", rate(len(to & self.agreed), len(self.agreed)))
        self.say("I6.4", computed(max(r["partage_le"] for r in active)) if active else impossible())

    def heading_7(self) -> None:
        sent = [
            i
            for i in self.dossier.get("invitations", ())
            if i["action_id"] in self.actions
            and self.actions[i["action_id"]]["statut"] != "annulee"
            and self.inside(must(i["envoyee_le"]))
        ]
        replied = [i for i in sent if i.get("reponse")]
        accepted = [i for i in replied if i["reponse"] == "acceptee"]
        to_done = [i for i in accepted if self.actions[i["action_id"]]["statut"] == "realisee"]
        noted = [i for i in to_done if i.get("present")]
        came = [i for i in noted if flag(i["present"])]
        known = Fraction(len(noted), len(to_done)) if to_done else None
        for code, n, d, told in (
            ("I7.1", replied, sent, None),
            ("I7.2", accepted, replied, None),
            ("I7.3", came, noted, known),
        ):
            self.say(code, rate(len(n), len(d)), told)
            self.open_rates(
                code,
                "secteur",
                [self.sector(i["partenaire_id"]) for i in n],
                [self.sector(i["partenaire_id"]) for i in d],
            )
        theirs = [k for k, a in self.done.items() if a["initiative"] == "partenaire"]
        self.say("I7.4", rate(len(theirs), len(self.done)))
        sectors = {k: {self.sector(c["partenaire_id"]) for c in self.carried if c["action_id"] == k} for k in self.done}
        for letter in set().union(*sectors.values()):
            here = [k for k in self.done if letter in sectors[k]]
            self.sub("I7.4", "secteur", letter, rate(sum(k in theirs for k in here), len(here)))
        talks = [e for e in self.exchanges if self.inside(must(e["date"]))]
        self.say("I7.5", rate(sum(e["initiative"] == "partenaire" for e in talks), len(talks)))
        doing = [k for k in self.active if set(self.traced(k, self.start, self.asof)) - {"convention", "echange"}]
        self.say("I7.6", rate(len(doing), len(self.active)))
        self.open_rates("I7.6", "secteur", [self.sector(k) for k in doing], [self.sector(k) for k in self.active])

    def heading_8(self) -> None:
        publics = ("equipe", "eleve", "partenaire")
        answers = [r for r in self.mine("satisfaction") if self.inside(must(r["date"]))]
        self.say("I8.1", rate(sum(int(r["note"]) >= 3 for r in answers), len(answers)))
        self.say("I8.2", rate(sum(int(r["note"]) for r in answers), len(answers)))
        opened = [r for r in self.mine("enquetes") if self.inside(must(r["ouverte_le"]))]
        asked = {r["id"]: r for r in opened if r.get("sollicites")}
        replies = [r for r in answers if r.get("enquete_id") in asked]
        self.say(
            "I8.3",
            rate(len(replies), sum(int(r["sollicites"]) for r in asked.values())),
            Fraction(len(asked), len(opened)) if opened else None,
        )
        for public in publics:
            of_public = [int(r["note"]) for r in answers if r["public"] == public]
            self.sub("I8.1", "public", public, rate(sum(note >= 3 for note in of_public), len(of_public)))
            self.sub("I8.2", "public", public, rate(sum(of_public), len(of_public)))
            here = sum(asked[r["enquete_id"]]["public"] == public for r in replies)
            total = sum(int(r["sollicites"]) for r in asked.values() if r["public"] == public)
            self.sub("I8.3", "public", public, rate(here, total))

    # -------------------------------------------------------------------------------- complements

    def insertion(self) -> None:
        levels = {
            r["code"]: r["niveau"]
            for r in self.dossier.get("classes", ())
            if r["uai"] == self.uai and r["annee"] == self.before
        }
        schooled = [r for r in self.dossier.get("scolarites", ()) if r["uai"] == self.uai]
        left = {
            r["eleve_id"]
            for r in schooled
            if r["annee"] == self.before and levels[r["classe_code"]] in ("cap2", "tle_pro", "cs", "bts2")
        } - {r["eleve_id"] for r in schooled if r["annee"] == self.year}
        outcomes = {
            (r["eleve_id"], int(r["echeance_mois"])): r
            for r in self.mine("insertion")
            if r["annee_sortie"] == self.before and r["eleve_id"] in left
        }
        due = {6: date(self.first + 1, 3, 1) - timedelta(1), 12: self.end}

        def who(months: int, *situations: str) -> set[str]:
            return {e for (e, m), r in outcomes.items() if m == months and r["situation"] in situations}

        for months, code_key in ((6, "6"), (12, "12")):
            known = who(months, "emploi", "apprentissage", "poursuite_etudes", "recherche_emploi", "autre")
            jobs = who(months, "emploi")
            cells = {
                "E1": rate(len(known), len(left)),
                "E2": rate(len(who(months, "emploi", "apprentissage", "poursuite_etudes")), len(known)),
                "E3": rate(len(jobs), len(who(months, "emploi", "recherche_emploi", "autre"))),
                "E6": rate(sum(bool(outcomes[e, months].get("partenaire_id")) for e in jobs), len(jobs)),
            }
            for code, cell in cells.items():
                shown = cell if self.asof >= due[months] else too_soon()
                self.sub(code, "echeance", code_key, shown)
                if months == 6:
                    self.say(code, shown)
        known_12 = who(12, "emploi", "apprentissage", "poursuite_etudes", "recherche_emploi", "autre")
        followed = who(6, "emploi") & known_12
        kept = followed & who(12, "emploi")
        self.say("E4", rate(len(kept), len(followed)) if self.asof >= due[12] else too_soon())

    def met(self, partner: str) -> set[date]:
        dates = {
            must(self.done[c["action_id"]]["date_debut"])
            for c in self.carried
            if c["partenaire_id"] == partner and c["action_id"] in self.done
        }
        for i in self.dossier.get("invitations", ()):
            if i["partenaire_id"] == partner and i["action_id"] in self.done and flag(i.get("present")) is True:
                dates.add(must(self.done[i["action_id"]]["date_debut"]))
        for e in self.exchanges:
            if (
                e["partenaire_id"] == partner
                and e["canal"] in ("visite", "rendez_vous", "salon")
                and self.inside(must(e["date"]))
            ):
                dates.add(must(e["date"]))
        hosted = {p["id"] for p in self.placements if p["partenaire_id"] == partner}
        for v in self.dossier.get("visites", ()):
            if v["placement_id"] in hosted and v["mode"] == "sur_place" and self.inside(must(v["date"])):
                dates.add(must(v["date"]))
        return dates

    def is_started(self, p: Row) -> bool:
        return p["statut"] in SOLUTION and must(p["date_debut"]) <= self.asof

    def reciprocity(self) -> None:
        known = [
            k
            for k in self.active
            if (
                self.partners[k].get("premier_contact_le")
                and must(self.partners[k]["premier_contact_le"]) <= self.start
            )
            or any(first < self.start for _, first, _ in self.traces(k))
        ]
        times = [len(self.met(k)) for k in known]
        self.say("E10", rate(sum(t >= 2 for t in times), len(known)))
        self.say("E11", rate(sum(t >= 3 for t in times), len(known)))
        self.say("E12", computed(Fraction(median([Fraction(t) for t in times]))) if times else impossible())
        for key in ("0", "1", "2"):
            self.sub("E12", "rencontres", key, rate(sum(t == int(key) for t in times), len(known)))
        self.sub("E12", "rencontres", "3+", rate(sum(t >= 3 for t in times), len(known)))
        since = year_before(self.asof)
        asleep = 0
        for k, p in self.partners.items():
            if p["statut"] in ("archive", "prospect"):
                continue
            first = day(p.get("premier_contact_le"))
            asleep += not self.traced(k, since, self.asof) and not (first and since <= first <= self.asof)
        self.say("E14", number(asleep))

        def hosts(year: str) -> set[str]:
            return {
                p["partenaire_id"]
                for p in self.placements
                if self.pfmp[p["periode_id"]]["annee"] == year and self.is_started(p)
            }

        self.say("E15", rate(len(hosts(self.before) & hosts(self.year)), len(hosts(self.before))))

    def follow_up(self) -> None:
        final = {
            pupil
            for pupil in self.pupils
            for first, _, klass, _ in self.spans(pupil)
            if first <= self.asof and self.classes[klass]["niveau"] in ("cap2", "tle_pro")
        }
        workshops = {
            pupil: {v[0]["id"] for v in self.valid if v[1] == pupil and v[3] is True and v[0]["type"] == "avenirpro"}
            for pupil in final
        }
        self.say("E20", rate(sum(len(w) >= 4 for w in workshops.values()), len(final)))

        finished = [p for p in self.of_year if p["statut"] == "termine" and must(p["date_fin"]) <= self.asof]
        visits = [v for v in self.dossier.get("visites", ()) if must(v["date"]) <= self.asof]
        on_site = {v["placement_id"] for v in visits if v["mode"] == "sur_place"}
        any_mode = {v["placement_id"] for v in visits}
        self.say("E21.sur_place", rate(sum(p["id"] in on_site for p in finished), len(finished)))
        self.say("E21.contact", rate(sum(p["id"] in any_mode for p in finished), len(finished)))

        started = [p for p in self.of_year if self.is_started(p)]
        stopped = [
            p
            for p in self.of_year
            if p["statut"] == "interrompu"
            and must(p["date_debut"]) <= self.asof
            and (not p.get("interrompu_le") or must(p["interrompu_le"]) <= self.asof)
        ]
        over = finished + stopped
        attested = [p for p in over if p.get("jours_effectues")]
        self.say("E22", rate(len(attested), len(over)))
        done = sum((Fraction(Decimal(p["jours_effectues"])) for p in attested), Fraction(0))
        planned = sum(d.weekday() < 5 for p in attested for d in days(must(p["date_debut"]), must(p["date_fin"])))
        self.say("E23", rate(done, planned), Fraction(len(attested), len(over)) if over else None)

        told = signed = 0
        for p in started:
            papers = [
                r
                for r in self.mine("documents")
                if r["type"] == "convention_pfmp" and r["objet"] == "placement" and r["objet_id"] == p["id"]
            ]
            if not papers:
                continue
            latest = max(papers, key=lambda r: int(r["version"]))
            lines = [s for s in self.dossier.get("signatures", ()) if s["document_id"] == latest["id"]]
            told += bool(lines)
            asked = [s for s in lines if s["statut"] != "annulee"]
            signed += bool(asked) and all(
                s["statut"] in ("signee_papier", "signee_en_ligne")
                and bool(s.get("date"))
                and datetime.fromisoformat(s["date"]).astimezone(ZoneInfo("Europe/Paris")).date()
                < must(p["date_debut"])
                for s in asked
            )
        known = Fraction(told, len(started)) if started else None
        self.say("E24", impossible() if started and not told else rate(signed, len(started)), known)
        self.say("E25", rate(len(stopped), len(started)))
        reasons = [p.get("motif_interruption") or "non_renseigne" for p in stopped]
        for reason in set(reasons):
            self.sub("E25", "motif", reason, rate(reasons.count(reason), len(started)))
        kept = 0
        for p in started:
            tutor = self.contacts.get(p.get("tuteur_id") or "")
            kept += bool(tutor and (tutor.get("courriel") or tutor.get("telephone")))
        self.say("E26", rate(kept, len(started)))

        busiest = 0
        referents = {p.get("referent_courriel", "").lower() for p in self.of_year} - {""}
        for referent in referents:
            theirs = [
                (must(p["date_debut"]), self.stops(p))
                for p in self.of_year
                if p.get("referent_courriel", "").lower() == referent and p["statut"] != "annule"
            ]
            for moment in self.period:
                busiest = max(busiest, sum(a <= moment <= b for a, b in theirs))
        self.say("E27", number(busiest))

        found = [p for p in self.of_year if p["statut"] in SOLUTION]
        origins = [p["origine"] for p in found if p.get("origine")]
        self.say("E28", rate(origins.count("bde"), len(origins)), Fraction(len(origins), len(found)) if found else None)
        for origin in set(origins):
            self.sub("E28", "origine", origin, rate(origins.count(origin), len(origins)))


def compute(dossier: Mapping[str, Sequence[Row]], uai: str, year: str, asked: date) -> dict[Place, dict[str, Any]]:
    """Every value by (code, axis, key); axis and key are None for the main one."""
    naive = Naive(dossier, uai, year, asked)
    steps: list[Callable[[], None]] = [
        naive.heading_1, naive.heading_2, naive.heading_3, naive.heading_4, naive.heading_5, naive.heading_6,
        naive.heading_7, naive.heading_8, naive.insertion, naive.reciprocity, naive.follow_up,
    ]  # fmt: skip
    for step in steps:
        step()
    return naive.out
