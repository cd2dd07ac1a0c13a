"""A dossier of a few rows, told by a test, and what the indicators say of it.

Every answer is compared, whole, with the naive computation: a test of one precision checks all the others on the way.
"""

from datetime import date
from itertools import count
from typing import Any

from core.school_year import SchoolYear
from indicators import figures
from schools.models import School
from tests.indicators import dossiers, naive
from tests.indicators.test_naive import answers, differences

UAI, OTHER = "own", "other"
_numbers = count(1)
YEAR, BEFORE, AFTER = "2025-2026", "2024-2025", "2026-2027"
START, END = "2025-09-01", "2026-08-31"
NOT_COMPUTABLE, NOT_YET, COMPUTED = "non_calculable", "pas_encore_mesurable", "calcule"

_DEFAULTS: dict[str, dict[str, str]] = {
    "classes": {"uai": UAI, "annee": YEAR, "libelle": "Classe", "niveau": "1re_pro"},
    "eleves": {"uai": UAI, "nom": "Nom", "prenom": "P"},
    "scolarites": {"uai": UAI, "annee": YEAR, "date_entree": START},
    "partenaires": {"uai": UAI, "raison_sociale": "Maison", "type": "entreprise", "statut": "actif"},
    "contacts": {"nom": "Nom"},
    "echanges": {"canal": "appel", "initiative": "etablissement", "objet": "Point"},
    "conventions": {"uai": UAI, "niveau": "etablissement", "titre": "Accord"},
    "reseaux": {"uai": UAI, "nom": "Réseau", "type": "clee", "date_adhesion": "2024-01-10"},
    "actions": {
        "uai": UAI, "type": "visite_entreprise", "intitule": "Action", "statut": "realisee", "initiative": "etablissement",
    },
    "periodes_pfmp": {"uai": UAI, "annee": YEAR, "libelle": "PFMP", "date_debut": "2026-03-02", "date_fin": "2026-03-27"},
    "placements": {"date_debut": "2026-03-02", "date_fin": "2026-03-27", "statut": "confirme"},
    "visites": {"mode": "sur_place"},
    "offres": {"uai": UAI, "type": "emploi", "intitule": "Poste", "postes": "1", "recue_le": "2025-11-12"},
    "taxe_apprentissage": {"uai": UAI, "nature": "solde_taxe", "campagne": "2026", "recu_le": "2026-06-01"},
    "campagnes_taxe": {"uai": UAI, "campagne": "2026"},
    "enquetes": {"uai": UAI, "public": "eleve", "titre": "Enquête", "ouverte_le": "2026-01-12"},
    "satisfaction": {"uai": UAI, "public": "eleve", "date": "2026-01-20", "note": "3"},
    "insertion": {"uai": UAI, "annee_sortie": BEFORE, "echeance_mois": "6", "situation": "emploi"},
    "partages": {"uai": UAI, "indicateurs": "I4.1", "partage_le": "2026-01-12"},
    "documents": {
        "uai": UAI, "type": "convention_pfmp", "objet": "placement", "version": "1", "emis_le": "2026-02-01T08:00:00+01:00",
        "sha256": "0" * 64, "numero": "1",
    },
    "signatures": {"nom": "Nom", "role": "eleve", "statut": "signee_papier", "date": "2026-02-10T08:00:00+01:00"},
}  # fmt: skip


class Story:
    """Add rows, then ask. Rows go to the database at the first question."""

    def __init__(self) -> None:
        # Each story has schools of its own: a test may tell several.
        self.uais = {name: f"{next(_numbers):07d}X" for name in (UAI, OTHER)}
        self.rows: dict[str, list[dict[str, str]]] = {
            "etablissements": [{"uai": uai, "nom": "Lycée", "type": "lp"} for uai in self.uais.values()]
        }
        self.schools: dict[str, School] = {}

    def add(self, resource: str, *ids: str, **cells: str) -> "Story":
        """One row, or one for each id, with what a test of figures does not care for filled in."""
        for key in ids or ("",):
            row = {**_DEFAULTS.get(resource, {}), **({"id": key} if key else {}), **cells}
            if row.get("uai"):
                row["uai"] = self.uais[row["uai"]]
            self.rows.setdefault(resource, []).append(row)
        return self

    def pupils(self, *ids: str, in_class: str = "X", entry: str = START, exit_: str = "", **cells: str) -> "Story":
        """Pupils of a class from its first day, or between two days; the class is made when it is new."""
        year = cells.pop("annee", YEAR)
        self.klass(in_class, annee=year)
        for key in ids:
            if not any(row["id"] == key for row in self.rows.get("eleves", ())):
                self.add("eleves", key, sexe=cells.get("sexe", ""))
            self.add(
                "scolarites", eleve_id=key, annee=year, classe_code=in_class, date_entree=entry, date_sortie=exit_,
                public_prioritaire=cells.get("prioritaire", ""),
            )  # fmt: skip
        return self

    def klass(self, code: str, *, annee: str = YEAR, niveau: str = "1re_pro") -> "Story":
        if not any(row["code"] == code and row["annee"] == annee for row in self.rows.get("classes", ())):
            self.add("classes", code=code, annee=annee, niveau=niveau)
        return self

    def action(
        self, key: str, day: str, *, end: str = "", came: str = "", by: str = "", unnoted: str = "", **cells: str
    ) -> "Story":
        """An action done on a day; pupils who came and whose presence is not noted, partners who carry it, by id."""
        self.add("actions", key, date_debut=day, date_fin=end, **cells)
        for pupil in came.split():
            self.add("participations", action_id=key, eleve_id=pupil, present="true")
        for pupil in unnoted.split():
            self.add("participations", action_id=key, eleve_id=pupil, present="")
        for partner in by.split():
            self.add("actions_partenaires", action_id=key, partenaire_id=partner)
        return self

    def placed(self, key: str, pupil: str, *, period: str = "q1", partner: str = "p1", **cells: str) -> "Story":
        return self.add("placements", key, periode_id=period, eleve_id=pupil, partenaire_id=partner, **cells)

    def school(self) -> School:
        if not self.schools:
            self.schools = dossiers.load(self.rows)
        return self.schools[self.uais[UAI]]

    def all(self, on: str = END, year: str = YEAR) -> dict[naive.Place, dict[str, Any]]:
        """Every value on a day, after comparing them with the naive computation."""
        asked = date.fromisoformat(on)
        said = answers(self.school(), year, asked)
        assert not differences(said, naive.compute(self.rows, self.uais[UAI], year, asked))
        return said

    def cell(
        self, code: str, axis: str | None = None, key: str | None = None, *, on: str = END, year: str = YEAR
    ) -> dict[str, Any]:
        return self.all(on, year)[code, axis, key]

    def value(
        self, code: str, axis: str | None = None, key: str | None = None, *, on: str = END, year: str = YEAR
    ) -> Any:
        return self.cell(code, axis, key, on=on, year=year)["valeur"]

    def parts(
        self, code: str, axis: str | None = None, key: str | None = None, *, on: str = END, year: str = YEAR
    ) -> tuple[Any, Any]:
        """n and d."""
        cell = self.cell(code, axis, key, on=on, year=year)
        return cell["n"], cell["d"]

    def status(
        self, code: str, axis: str | None = None, key: str | None = None, *, on: str = END, year: str = YEAR
    ) -> str:
        return str(self.cell(code, axis, key, on=on, year=year)["statut"])

    def keys(self, code: str, axis: str, *, on: str = END) -> list[str]:
        return [place[2] or "" for place in self.all(on) if place[:2] == (code, axis)]

    def raw(self, on: str = END, year: str = YEAR) -> dict[str, Any]:
        """The whole answer, as the command prints it."""
        return figures.compute(self.school(), SchoolYear.parse(year), date.fromisoformat(on)).as_json()


def agreement(**cells: str) -> Story:
    """A school with one agreement, signed before the year."""
    return (
        Story()
        .add("partenaires", "p1")
        .add("conventions", "v1", partenaire_id="p1", **{"date_signature": "2024-03-10", **cells})
    )


def pfmp(**period: str) -> Story:
    """A school with one period of PFMP and a partner to host."""
    return Story().add("partenaires", "p1").add("periodes_pfmp", "q1", classe_code="X", **period)
