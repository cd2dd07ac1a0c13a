"""Dossiers drawn at random: small, valid, and full of the days and gaps where definitions are misread."""

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random

Dossier = dict[str, list[dict[str, str]]]

UAIS = ("0755890V", "0750655E")
YEARS = ("2024-2025", "2025-2026", "2026-2027")
START, END = date(2025, 9, 1), date(2026, 8, 31)
EDGES = [
    date(2024, 8, 31), date(2024, 9, 1), date(2025, 2, 28), date(2025, 8, 31), START, date(2025, 9, 2), date(2025, 9, 30),
    date(2025, 10, 1), date(2026, 1, 15), date(2026, 1, 16), date(2026, 2, 28), date(2026, 3, 1), date(2026, 3, 31),
    date(2026, 8, 30), END, date(2026, 9, 1), date(2026, 11, 30),
]  # fmt: skip
ASKED = [
    START,
    date(2025, 9, 30),
    date(2025, 10, 1),
    date(2026, 2, 27),
    date(2026, 2, 28),
    date(2026, 3, 1),
    END,
    END,
    END,
]
NIVEAUX = ("cap1", "cap2", "2nde_pro", "1re_pro", "tle_pro", "cs", "bts2")
ACTION_TYPES = ("visite_entreprise", "avenirpro", "forum_salon", "job_dating")
PARTNER_TYPES = ("entreprise", "entreprise", "etablissement_formation", "association")
NAFS = ("43.21A", "4321A", "47.11F", "56.10C", "", "ZZ", "04.10Z", "01.11Z")
STATUSES = (
    "pressenti",
    "confirme",
    "convention_editee",
    "convention_signee",
    "en_cours",
    "termine",
    "interrompu",
    "annule",
)


class Draw:
    """A random dossier of two schools over three years."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.dossier: Dossier = {}
        self.scale = self.random.choice((1, 3, 6))
        # Some dossiers are about one thing, so that rare values come up.
        self.action_types = self.random.choice((ACTION_TYPES, ACTION_TYPES, ("avenirpro",)))
        self.statuses = self.random.choice((STATUSES, STATUSES, ("interrompu", "interrompu", "annule", "pressenti")))
        self.final = self.random.choice((NIVEAUX, ("cap2", "tle_pro", "cs", "bts2", "1re_pro")))

    def row(self, resource: str, **cells: object) -> dict[str, str]:
        made = {name: "" if value is None else str(value) for name, value in cells.items()}
        self.dossier.setdefault(resource, []).append(made)
        return made

    def any(self, *values: str) -> str:
        return self.random.choice(values)

    def some(self, most: int) -> range:
        return range(self.random.randint(self.scale // 3, most * self.scale))

    def chance(self, likely: float) -> bool:
        return self.random.random() < likely

    def day(self, first: date = date(2024, 6, 1), last: date = date(2026, 12, 31)) -> date:
        if self.chance(0.35):
            within = [edge for edge in EDGES if first <= edge <= last]
            if within:
                return self.random.choice(within)
        return first + timedelta(self.random.randint(0, (last - first).days))

    def day_of(self, year: str) -> date:
        """Mostly inside a school year."""
        first = date(int(year[:4]), 9, 1)
        if self.chance(0.1):
            return self.day()
        return self.day(first, first.replace(year=first.year + 1) - timedelta(1))

    def maybe(self, likely: float, value: object) -> object:
        return value if self.chance(likely) else None

    def after(self, first: date, most: int) -> date:
        return first + timedelta(self.random.choice((0, 1, self.random.randint(0, most), self.random.randint(0, most))))

    def flag(self) -> str:
        return self.any("true", "false", "")

    def of(self, resource: str, uai: str) -> Sequence[dict[str, str]]:
        return [row for row in self.dossier.get(resource, ()) if row.get("uai") == uai]

    def pick(self, rows: Sequence[dict[str, str]], name: str = "id") -> str:
        return self.random.choice(rows)[name]

    # -------------------------------------------------------------------------------- the rows

    def everything(self) -> Dossier:
        for uai in UAIS:
            self.row("etablissements", uai=uai, nom=f"Lycée {uai}", type="lp")
        for number in range(3):
            self.row(
                "conventions", id=f"cadre{number}", uai="", niveau=self.any("nationale", "region_academique", "academique"),
                parente_id=self.maybe(0.4, f"cadre{self.random.randint(0, number)}") if number else None,
                partenaire_id="", titre="Cadre", date_signature=self.maybe(0.8, self.day()),
            )  # fmt: skip
        for index, uai in enumerate(UAIS):
            self.people(uai, index)
            self.relations(uai, index)
            self.work(uai, index)
            self.pfmp(uai, index)
            self.rest(uai, index)
        return self.dossier

    def people(self, uai: str, index: int) -> None:
        for year in YEARS:
            for number in range(self.random.randint(1, 3)):
                self.row(
                    "classes", uai=uai, annee=year, code=f"C{number}", libelle="Classe", niveau=self.any(*self.final)
                )
        for number in self.some(8):
            pupil = f"s{index}e{number}"
            self.row("eleves", id=pupil, uai=uai, nom="Nom", prenom="P", sexe=self.any("F", "M", ""))
            for year in self.random.choice((YEARS, YEARS, YEARS[:1], YEARS[1:], YEARS[1:2])):
                codes = [r["code"] for r in self.of("classes", uai) if r["annee"] == year]
                for code in self.random.sample(codes, min(len(codes), self.random.choice((0, 1, 1, 1, 2, 3)))):
                    entry = date(int(year[:4]), 9, 1) if self.chance(0.6) else self.day_of(year)
                    self.row(
                        "scolarites", eleve_id=pupil, uai=uai, annee=year, classe_code=code, date_entree=entry,
                        date_sortie=self.maybe(0.5, self.after(entry, 300)), public_prioritaire=self.flag(),
                    )  # fmt: skip

    def relations(self, uai: str, index: int) -> None:
        for number in self.some(5):
            partner = f"s{index}p{number}"
            self.row(
                "partenaires", id=partner, uai=uai, raison_sociale="Maison", type=self.any(*PARTNER_TYPES),
                naf=self.any(*NAFS), statut=self.any("prospect", "actif", "actif", "dormant", "archive"),
                premier_contact_le=self.maybe(0.4, self.day()),
            )  # fmt: skip
            self.row(
                "contacts", id=f"{partner}c", partenaire_id=partner, nom="Nom",
                courriel=self.maybe(0.3, "a@b.example"), telephone=self.maybe(0.3, "0102030405"),
            )  # fmt: skip
            for more in range(self.random.choice((0, 0, 1, 2, 5))):
                self.row(
                    "echanges", id=f"{partner}x{more}", partenaire_id=partner, date=self.day_of(self.any(*YEARS)),
                    canal=self.any("appel", "courriel", "visite", "rendez_vous", "salon", "autre"),
                    initiative=self.any("etablissement", "partenaire"), objet="Point",
                )  # fmt: skip
        partners = self.of("partenaires", uai)
        parents = ["cadre0", "cadre1", "cadre2"]
        for number in self.some(5) if partners else ():
            start = self.maybe(0.6, self.day())
            end = self.maybe(0.6, self.after(start if isinstance(start, date) else self.day(), 500))
            parents.append(f"s{index}v{number}")
            self.row(
                "conventions", id=f"s{index}v{number}", uai=uai, niveau="etablissement", titre="Accord",
                parente_id=self.maybe(0.5, self.random.choice(parents)), partenaire_id=self.pick(partners),
                date_signature=self.maybe(0.85, self.day()), date_debut=start, date_fin=end,
                tacite_reconduction=self.flag(), resiliee_le=self.maybe(0.3, self.day()),
            )  # fmt: skip
        for number in self.some(3):
            joined = self.day()
            self.row(
                "reseaux", id=f"s{index}r{number}", uai=uai, nom="Réseau", type=self.any("clee", "campus_metiers"),
                date_adhesion=joined, date_sortie=self.maybe(0.4, self.after(joined, 500)),
                date_formalisation=self.maybe(0.6, self.day()),
            )  # fmt: skip

    def work(self, uai: str, index: int) -> None:
        partners, pupils = self.of("partenaires", uai), self.of("eleves", uai)
        agreements = [*self.of("conventions", uai), *self.of("conventions", "")]
        networks = self.of("reseaux", uai)
        for number in self.some(9):
            action, first = f"s{index}a{number}", self.day_of(self.any(*YEARS, YEARS[1]))
            self.row(
                "actions", id=action, uai=uai, type=self.any(*self.action_types), intitule="Action", date_debut=first,
                date_fin=self.maybe(0.3, self.after(first, 20)),
                duree_heures=self.maybe(0.6, self.any("0", "1.5", "2", "3.25")),
                statut=self.any("prevue", "realisee", "realisee", "realisee", "annulee"),
                initiative=self.any("etablissement", "partenaire"),
                convention_id=self.maybe(0.4, self.pick(agreements)),
                reseau_id=self.maybe(0.3, self.pick(networks)) if networks else None,
                evenement_national=self.any("", "", " Semaine école-entreprise ", "Semaine école-entreprise", "   "),
                cible_prioritaire=self.flag(),
            )  # fmt: skip
            for pupil in self.random.sample(pupils, self.random.randint(0, len(pupils))):
                self.row(
                    "participations",
                    action_id=action,
                    eleve_id=pupil["id"],
                    present=self.any("true", "true", "false", ""),
                )
            for partner in self.random.sample(partners, self.random.randint(0, min(3, len(partners)))):
                self.row("actions_partenaires", action_id=action, partenaire_id=partner["id"])
            for partner in self.random.sample(partners, self.random.randint(0, len(partners))):
                self.row(
                    "invitations", action_id=action, partenaire_id=partner["id"],
                    envoyee_le=self.day(first - timedelta(60), first + timedelta(5)),
                    reponse=self.any("acceptee", "declinee", ""), present=self.flag(),
                )  # fmt: skip

    def pfmp(self, uai: str, index: int) -> None:
        partners, pupils = self.of("partenaires", uai), self.of("eleves", uai)
        for number, klass in enumerate([c for c in self.of("classes", uai) for _ in range(self.random.randint(0, 3))]):
            period = f"s{index}q{number}"
            first = self.day_of(klass["annee"])
            last = self.after(first, 30)
            self.row(
                "periodes_pfmp", id=period, uai=uai, annee=klass["annee"], classe_code=klass["code"], libelle="PFMP",
                date_debut=first, date_fin=last,
            )  # fmt: skip
            for pupil in pupils:
                if self.chance(0.15):
                    self.row("dispenses", periode_id=period, eleve_id=pupil["id"], motif=self.any("", "report"))
                for more in range(self.random.choice((0, 0, 1, 1, 2))) if partners else ():
                    self.placement(f"{period}-{pupil['id']}-{more}", uai, period, pupil["id"], first)

    def placement(self, key: str, uai: str, period: str, pupil: str, near: date) -> None:
        first = near if self.chance(0.6) else near + timedelta(self.random.randint(-10, 20))
        last = self.after(first, 30)
        partner = self.pick(self.of("partenaires", uai))
        status = self.any(*self.statuses)
        stopped = status == "interrompu" and self.chance(0.8)
        self.row(
            "placements", id=key, periode_id=period, eleve_id=pupil, partenaire_id=partner,
            tuteur_id=self.maybe(0.5, f"{partner}c"), statut=status,
            referent_courriel=self.any("", "Anne@lycee.example", "anne@lycee.example", "bob@lycee.example"),
            date_debut=first, date_fin=last,
            interrompu_le=self.day(first, last) if stopped else None,
            motif_interruption=self.any("", "eleve", "organisme") if status == "interrompu" else "",
            origine=self.any("", "bde", "equipe", "eleve", "famille"),
            jours_effectues=self.maybe(0.5, self.any("0", "5", "9.5", "20")),
        )  # fmt: skip
        for more in range(self.random.choice((0, 0, 1, 2))):
            self.row(
                "visites", id=f"{key}-v{more}", placement_id=key, date=self.day(first - timedelta(20), last + timedelta(20)),
                mode=self.any("sur_place", "telephone", "visio"),
            )  # fmt: skip
        for version in range(self.random.choice((0, 0, 1, 2))):
            self.row(
                "documents", id=f"{key}-d{version}", uai=uai, objet="placement", objet_id=key, numero=f"{key}-{version}",
                type=self.any("convention_pfmp", "convention_pfmp", "avenant_pfmp"), version=version + 1,
                emis_le="2025-10-01T08:00:00+02:00", sha256="0" * 64,
            )  # fmt: skip
            for role in ("chef_etablissement", "organisme_accueil", "eleve"):
                if self.chance(0.4):
                    signed = first - timedelta(self.random.choice((0, 1, 1, 5)))
                    self.row(
                        "signatures", document_id=f"{key}-d{version}", role=role, nom="Nom",
                        statut=self.any("signee_papier", "signee_en_ligne", "signee_papier", "annulee", "attendue"),
                        date=self.maybe(0.9, f"{signed}T{self.any('10:00', '22:30', '23:30')}:00+00:00"),
                    )  # fmt: skip

    def rest(self, uai: str, index: int) -> None:
        partners, pupils = self.of("partenaires", uai), self.of("eleves", uai)
        for number in self.some(5) if partners else ():
            offer, received = f"s{index}o{number}", self.day_of(self.any(*YEARS, YEARS[1]))
            self.row(
                "offres", id=offer, uai=uai, partenaire_id=self.pick(partners), intitule="Poste", recue_le=received,
                type=self.any("emploi", "apprentissage", "professionnalisation", "pfmp", "stage", "saisonnier"),
                postes=self.random.randint(1, 3),
            )  # fmt: skip
            for pupil in self.random.sample(pupils, self.random.randint(0, min(3, len(pupils)))):
                self.row("offres_beneficiaires", offre_id=offer, eleve_id=pupil["id"], date=self.day())
        for number in self.some(6) if partners else ():
            self.row(
                "taxe_apprentissage", id=f"s{index}t{number}", uai=uai, partenaire_id=self.pick(partners),
                campagne=self.random.choice((2025, 2026, 2026, 2027)), montant=self.any("0", "1500", "2000.55", "33.333333"),
                nature=self.any("solde_taxe", "solde_taxe", "don_numeraire", "don_nature"),
                recu_le=self.maybe(0.8, self.day()), usage=self.any("", "Outillage"),
            )  # fmt: skip
        for campaign in (2025, 2026, 2027):
            if self.chance(0.4):
                self.row("campagnes_taxe", uai=uai, campagne=campaign, close_le=self.maybe(0.6, self.day()))
        for number in self.some(2):
            self.row(
                "enquetes", id=f"s{index}n{number}", uai=uai, public=self.any("equipe", "eleve", "partenaire"),
                titre="Enquête", ouverte_le=self.day_of(self.any(*YEARS)), sollicites=self.maybe(0.6, self.random.randint(0, 9)),
            )  # fmt: skip
        surveys = self.of("enquetes", uai)
        for number in self.some(6):
            survey = self.random.choice(surveys) if surveys and self.chance(0.6) else None
            self.row(
                "satisfaction", id=f"s{index}z{number}", uai=uai, date=self.day_of(self.any(*YEARS)),
                public=survey["public"] if survey else self.any("equipe", "eleve", "partenaire"),
                note=self.random.randint(1, 4), enquete_id=survey["id"] if survey else None,
            )  # fmt: skip
        for pupil in pupils:
            for months in (6, 12):
                if self.chance(0.8):
                    self.row(
                        "insertion", eleve_id=pupil["id"], uai=uai, annee_sortie=self.any(YEARS[1], *[YEARS[0]] * 5),
                        echeance_mois=months, partenaire_id=self.maybe(0.3, self.pick(partners)) if partners else None,
                        situation=self.any("emploi", "emploi", "apprentissage", "poursuite_etudes", "recherche_emploi", "autre", "sans_reponse"),
                    )  # fmt: skip
        for number in self.some(2):
            shared = self.day()
            self.row(
                "partages", id=f"s{index}g{number}", uai=uai, indicateurs="I4.1|I5.1", partage_le=shared,
                partenaire_id=self.maybe(0.7, self.pick(partners)) if partners else None,
                revoque_le=self.maybe(0.3, self.after(shared, 300)),
            )  # fmt: skip

    def asked(self) -> date:
        """A day to ask the figures of 2025-2026 for, often at an edge, sometimes after the year."""
        if self.chance(0.4):
            return self.random.choice(ASKED)
        periods = [row for row in self.dossier.get("periodes_pfmp", ()) if row["annee"] == YEARS[1]]
        if periods and self.chance(0.6):
            period = self.random.choice(periods)
            first, last = date.fromisoformat(period["date_debut"]), date.fromisoformat(period["date_fin"])
            return max(START, self.day(first - timedelta(2), last + timedelta(2)))
        return self.day(START, date(2026, 12, 15))
