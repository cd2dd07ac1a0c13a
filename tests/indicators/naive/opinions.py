"""Headings 6, 7 and 8: shares, involvement of partners, satisfaction."""

from fractions import Fraction

from tests.indicators.naive.basis import computed, flag, impossible, must, number, rate
from tests.indicators.naive.placements import Placements


class Opinions(Placements):
    """Headings 6, 7 and 8: shares, involvement of partners, satisfaction."""

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
