"""Leavers, reciprocity, AvenirPro and the follow-up of placements."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from statistics import median
from zoneinfo import ZoneInfo

from tests.indicators.naive.basis import (
    SOLUTION,
    Row,
    computed,
    day,
    days,
    flag,
    impossible,
    must,
    number,
    rate,
    too_soon,
    year_before,
)
from tests.indicators.naive.opinions import Opinions


class Complements(Opinions):
    """Leavers, reciprocity, AvenirPro and the follow-up of placements."""

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
