"""Headings 3 and 4: actions, and the pupils that they reach."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from statistics import median
from typing import Any

from tests.indicators.naive.agreements import Agreements
from tests.indicators.naive.basis import computed, days, flag, impossible, must, number, rate


class Actions(Agreements):
    """Headings 3 and 4: actions, and the pupils that they reach."""

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
