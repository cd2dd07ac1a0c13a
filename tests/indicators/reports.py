"""Hand-written outputs of the command `indicators`, for the tests of the report: none is computed."""

import json
import random
from pathlib import Path
from typing import Any

REGISTER: list[dict[str, Any]] = json.loads(
    (Path(__file__).parents[2] / "indicators" / "data" / "indicateurs.json").read_text("utf-8")
)

KEYS = {
    "type_partenaire": ["entreprise", "association", "collectivite", "etablissement_formation", "opco"],
    "secteur": ["C", "F", "G", "H", "I", "M", "N", "Q", "non_renseigne"],
    "type_reseau": ["campus_metiers", "clee", "cordees_reussite", "reseau_entreprises"],
    "type_action": [
        "visite_entreprise", "intervention_professionnel", "forum_salon", "job_dating", "jury_examen", "avenirpro",
        "simulation_entretien", "portes_ouvertes", "mentorat", "don_equipement", "stage_observation", "reunion_reseau",
        "projet_collaboratif", "mobilite",
    ],
    "initiative": ["etablissement", "partenaire"],
    "mois": [f"2025-{month:02d}" for month in (9, 10, 11, 12)] + [f"2026-{month:02d}" for month in (1, 2, 3, 5, 6)],
    "evenement_national": ["Semaine de l’industrie", "Semaine École-Entreprise", "Semaine des lycées professionnels"],
    "classe": [f"{level}{name}" for level in ("2", "1", "T") for name in ("MELEC", "TMA", "MCV", "AGORA", "ASSP", "CIEL", "MM", "MVA", "TCI")],
    "niveau": ["cap1", "cap2", "2nde_pro", "1re_pro", "tle_pro", "bts1", "bts2"],
    "intensite": ["0", "1", "2", "3+"],
    "rencontres": ["0", "1", "2", "3+"],
    "sexe": ["F", "M", "inconnu"],
    "periode": [f"P{number:02d}" for number in range(1, 55)],
    "type_offre": ["emploi", "apprentissage", "professionnalisation", "saisonnier"],
    "public": ["equipe", "eleve", "partenaire"],
    "echeance": ["6", "12"],
    "motif": ["organisme", "eleve", "etablissement"],
    "origine": ["bde", "equipe", "eleve", "famille", "partenaire"],
}  # fmt: skip


def output(year: str = "2025-2026", *, empty: bool = False, provisional: bool = False, seed: int = 1) -> dict[str, Any]:
    """An output with every code of the register: random plausible values, or none at all."""
    random.seed(seed)
    return {
        "etablissement": "0021987K",
        "annee": year,
        "arrete": f"{year[5:]}-{'03-15' if provisional else '08-31'}",
        "provisoire": provisional,
        "definitions": "1",
        "indicateurs": [_entry(entry, empty=empty) for entry in REGISTER],
    }


def _entry(entry: dict[str, Any], *, empty: bool) -> dict[str, Any]:
    base = {"code": entry["code"], "rubrique": entry["rubrique"], "libelle": entry["libelle"], "unite": entry["unite"]}
    lines = [] if empty else [line for axis in entry["ventilations"] for line in _lines(axis, entry["unite"])]
    return {
        **base,
        **_value(entry["unite"], empty=empty),
        "renseignement": None if empty else 0.9,
        "ventilations": lines,
    }


def _lines(axis: str, unit: str) -> list[dict[str, Any]]:
    shares = axis in ("intensite", "rencontres")
    return [{"axe": axis, "cle": key, **_value("taux" if shares else unit, empty=False)} for key in KEYS[axis]]


def _value(unit: str, *, empty: bool) -> dict[str, Any]:
    if empty and unit in ("taux", "points", "note", "heures", "date"):
        return {
            "statut": "non_calculable", "valeur": None, "n": 0, "d": 0,
            "motif": "Aucune ligne saisie pour cette année : l’indicateur n’a pas de dénominateur.",
        }  # fmt: skip
    if unit == "taux":
        d = random.randint(10, 600)
        n = random.randint(0, d)
        return {"statut": "calcule", "valeur": n / d, "n": n, "d": d, "motif": None}
    value: Any = {
        "points": lambda: random.uniform(-0.2, 0.2),
        "euros": lambda: random.choice([18450.0, 1250.5]),
        "heures": lambda: random.choice([412.5, 7.0]),
        "note": lambda: random.uniform(1, 4),
        "oui_non": lambda: True,
        "date": lambda: "2026-06-18",
    }.get(unit, lambda: random.randint(0, 250))()
    if empty:
        value = False if unit == "oui_non" else 0
    return {"statut": "calcule", "valeur": value, "n": None, "d": None, "motif": None}
