"""Made-up dossiers: every resource, every column, as large as asked. Written from the contract, not from the models."""

import csv
import io
import json
import random
from datetime import date, timedelta
from pathlib import Path
from typing import Any

PACKAGE = json.loads((Path(__file__).parents[2] / "exchange" / "data" / "datapackage.json").read_text("utf-8"))
SCHEMAS = {item["name"]: item["schema"] for item in PACKAGE["resources"]}
Rows = dict[str, list[dict[str, str]]]

SIRETS = ("73282932000074", "35600000000048", "")
END_OF = {
    "date_sortie": ("date_entree", "date_adhesion"), "date_fin": ("date_debut",), "close_le": ("ouverte_le",),
    "pourvue_le": ("recue_le",), "retiree_le": ("recue_le",), "revoque_le": ("partage_le",),
}  # fmt: skip
SMALL = dict.fromkeys(SCHEMAS, 2)


class Chance:
    """Where the choices come from: a seeded random generator here, hypothesis in the property tests."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def integer(self, low: int, high: int) -> int:
        return self.random.randint(low, high)

    def text(self) -> str:
        words = (
            "Société",
            "Éts Durand ; fils",
            'dit « le "Grand" »',
            "=1+1",
            "L’Hay",
            "ligne\nsuivante",
            "-5",
            "ŒUVRE",
            "日本",
        )
        return " ".join(self.random.choice(words) for _ in range(self.random.randint(1, 3)))

    def pick(self, items: Any) -> Any:
        return items[self.integer(0, len(items) - 1)]

    def day(self) -> date:
        return date(2025, 9, 1) + timedelta(days=self.integer(0, 300))


def _cell(chance: Chance, field: dict[str, Any], row: dict[str, str]) -> str:
    limits = field.get("constraints", {})
    if not limits.get("required") and chance.integer(0, 2) == 0:
        return ""
    if "enum" in limits:
        return chance.pick(limits["enum"])
    low, high = limits.get("minimum", -3), limits.get("maximum", 400)
    match field["type"]:
        case "date":
            start = max((row.get(name, "") for name in END_OF.get(field["name"], ())), default="")
            return max(start, chance.day().isoformat())
        case "datetime":
            minute = chance.integer(0, 24 * 60 - 1)
            fraction = chance.pick(["", ".5", ".000001"])
            return f"{chance.day()}T{minute // 60:02}:{minute % 60:02}:07{fraction}{chance.pick(['Z', '+01:00', '-09:30'])}"
        case "boolean":
            return chance.pick(["true", "false", "Oui", "non", "1", "0"])
        case "integer":
            return str(chance.integer(low, high))
        case "number":
            whole = chance.integer(max(low, -400_000), 900_000)
            return chance.pick([f"{whole}", f"{whole}.50", f"{whole},123456", f"{whole}.000001"])
        case _:
            return chance.text()


def make(chance: Chance, uai: str = "0755890V", counts: dict[str, int] | None = None, prefix: str = "") -> Rows:
    """A right dossier of one school: `counts` rows a resource (fewer where keys run out)."""
    counts = SMALL | (counts or {})
    rows: Rows = {}
    for name, schema in SCHEMAS.items():
        rows[name] = []
        seen: set[tuple[str, ...]] = set()
        for number in range(1 if name == "etablissements" else counts[name]):
            row: dict[str, str] = {}
            for field in schema["fields"]:
                row[field["name"]] = _cell(chance, field, row)
            if "id" in row:
                row["id"] = f"{prefix}{name[:3]}{number}"
            if "uai" in row:
                row["uai"] = uai
            _special(name, row, number, chance, prefix)
            if not _relate(name, row, rows, chance, uai):
                continue
            key = tuple(row[column] for column in schema["primaryKey"])
            if key not in seen:
                seen.add(key)
                rows[name].append(row)
    return rows


def _special(name: str, row: dict[str, str], number: int, chance: Chance, prefix: str) -> None:
    for column in ("annee", "annee_sortie"):
        if column in row:
            row[column] = chance.pick(["2024-2025", "2025-2026"])
    match name:
        case "classes":
            row["code"] = f"C{number}"
        case "personnels":
            row["courriel"] = f"{prefix}p{number}@example.test"
        case "partenaires":
            row["siret"] = chance.pick(SIRETS)
        case "campagnes_taxe":
            row["campagne"] = str(2000 + number)
        case "insertion":
            row["echeance_mois"] = chance.pick(["6", "12"])
        case "documents":
            row["sha256"] = f"{chance.integer(0, 16**12):064x}"
            row["fichier"] = ""
            row["numero"] = row["numero"][:200]


def _relate(name: str, row: dict[str, str], rows: Rows, chance: Chance, uai: str) -> bool:
    """Fill in the references; False when there is nothing to refer to."""
    schema = SCHEMAS[name]
    required = {field["name"] for field in schema["fields"] if field.get("constraints", {}).get("required")}
    for link in schema.get("foreignKeys", ()):
        target, columns = link["reference"]["resource"] or name, link["fields"]
        if target == "etablissements":
            continue
        if columns[-1] in ("contact_id", "tuteur_id"):
            found = [item for item in rows["contacts"] if item["partenaire_id"] == row["partenaire_id"]]
        else:
            found = rows[target]
        optional = columns[0] not in required
        if not found and not optional:
            return False
        chosen = chance.pick(found) if found and (not optional or chance.integer(0, 2)) else None
        for column, named in zip(columns, link["reference"]["fields"], strict=True):
            row[column] = chosen[named] if chosen else ""
    if name == "conventions":
        if row["niveau"] != "etablissement" or not rows["partenaires"]:
            row |= {
                "niveau": row["niveau"] if row["niveau"] != "etablissement" else "nationale",
                "uai": "",
                "partenaire_id": "",
            }
        else:
            row["partenaire_id"] = row["partenaire_id"] or rows["partenaires"][0]["id"]
    if name == "satisfaction" and row["enquete_id"]:
        row["public"] = next(item["public"] for item in rows["enquetes"] if item["id"] == row["enquete_id"])
    if name == "documents":
        target = {"placement": "placements", "convention": "conventions"}.get(row["objet"])
        if target and not rows[target]:
            return False
        row["objet_id"] = chance.pick(rows[target])["id"] if target else uai
    return True


def as_csv(
    name: str, rows: list[dict[str, str]], *, bom: bool = False, end: str = "\n", columns: list[str] | None = None
) -> bytes:
    """One file of a dossier."""
    columns = columns or [field["name"] for field in SCHEMAS[name]["fields"]]
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, columns, delimiter=";", lineterminator=end, extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode("utf-8-sig" if bom else "utf-8")


def write(folder: Path, rows: Rows, **options: Any) -> Path:
    """A dossier on disk."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, lines in rows.items():
        (folder / f"{name}.csv").write_bytes(as_csv(name, lines, **options))
    (folder / "datapackage.json").write_text(json.dumps(PACKAGE), encoding="utf-8")
    return folder


def both(first: Rows, second: Rows) -> Rows:
    """One dossier of two schools."""
    return {name: first[name] + second[name] for name in first}


LARGE = {
    "classes": 26, "eleves": 600, "scolarites": 1200, "personnels": 60, "affectations": 150, "partenaires": 400,
    "contacts": 600, "echanges": 900, "conventions": 40, "reseaux": 8, "actions": 250, "actions_partenaires": 400,
    "invitations": 500, "participations": 2600, "periodes_pfmp": 80, "dispenses": 60, "placements": 1500, "visites": 700,
    "offres": 150, "offres_beneficiaires": 80, "taxe_apprentissage": 150, "campagnes_taxe": 3, "enquetes": 12,
    "satisfaction": 400, "insertion": 200, "partages": 6, "documents": 300, "signatures": 600,
}  # fmt: skip
"""About 10,000 lines: a lycée over two years."""
