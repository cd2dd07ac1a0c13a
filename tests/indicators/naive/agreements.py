"""Headings 1 and 2: agreements, traces of partners, networks."""

from datetime import date, timedelta

from tests.indicators.naive.basis import Basis, Row, day, flag, must, number, rate


class Agreements(Basis):
    """Headings 1 and 2: agreements, traces of partners, networks."""

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
