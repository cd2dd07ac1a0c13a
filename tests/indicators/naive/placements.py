"""Heading 5: solutions for each period, offers, the taxe."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from fractions import Fraction

from tests.indicators.naive.actions import Actions
from tests.indicators.naive.basis import (
    JOBS,
    SECURED,
    SOLUTION,
    Row,
    computed,
    day,
    days,
    impossible,
    must,
    number,
    rate,
    year_before,
)


class Placements(Actions):
    """Heading 5: solutions for each period, offers, the taxe."""

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
