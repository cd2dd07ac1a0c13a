"""What the rows of a dossier must be to each other: keys, references, scope, dates, and the rules of B-11 to B-20."""

import csv
import json
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

from conventions.enums import AgreementLevel
from core import naf
from core.school_year import SchoolYear
from core.siret import is_siret
from core.uai import is_uai
from exchange.definitions import DATE_ORDER, RESOURCES, SCHOOLS, SUBJECTS, Reference
from exchange.imports.reading import Row, Table
from exchange.imports.world import World
from exchange.problems import Problems
from exchange.rows import Stored
from pfmp.enums import PlacementStatus

ACADEMIES_FILE = Path(settings.BASE_DIR) / "core" / "data" / "academies.csv"
INDICATORS_FILE = Path(settings.BASE_DIR) / "indicators" / "data" / "indicateurs.json"
MISSING = "Aucune ligne de {file} n’a cette clé, et l’établissement ne l’a pas déjà : corrigez la référence ou ajoutez la ligne."
PRUNED = "Cette ligne n’est plus dans {file}, et serait supprimée : gardez-la dans le fichier ou retirez la référence."
ELSEWHERE = (
    "Cette référence mène à une ligne d’un autre établissement : un établissement n’utilise que ses propres lignes."
)
FOREIGN = "Cette ligne est de l’établissement {uai} : l’import ne concerne que l’établissement {only}."


@cache
def academies() -> frozenset[str]:
    """Names of académies and of régions académiques."""
    with ACADEMIES_FILE.open(encoding="utf-8", newline="") as file:
        return frozenset(name for row in csv.DictReader(file) for name in (row["nom"], row["region_academique"]))


@cache
def indicator_codes() -> frozenset[str]:
    return frozenset(entry["code"] for entry in json.loads(INDICATORS_FILE.read_text(encoding="utf-8")))


class Checks:
    """All the checks of one dossier against one state of the database. `run` fills `problems`."""

    def __init__(self, world: World, *, only: str = "", prune: bool = False, own: frozenset[str] = frozenset()) -> None:
        self.world = world
        self.only = only
        self.prune = prune
        self.own = own
        self.problems = Problems()

    def run(self) -> Problems:
        tables = [self.world.tables[name] for name in RESOURCES if name in self.world.tables]
        for table in tables:
            for row in table.rows:
                row.links = {}
                row.uai = self._school_of(table, row)
        for table in tables:
            self._keys(table)
            self._references(table)
            self._date_order(table)
            self._staff_addresses(table)
            if rule := _RULES.get(table.resource.name):
                rule(self, table)
        return self.problems

    # ------------------------------------------------------------ saying it
    def _error(self, table: Table, row: Row, column: str, message: str) -> None:
        value = row.raw[table.resource.at(column)]
        self.problems.error(table.resource.file, message, line=row.line, column=column, value=value)

    def _warn(self, table: Table, row: Row, column: str, message: str) -> None:
        value = row.raw[table.resource.at(column)]
        self.problems.warn(table.resource.file, message, line=row.line, column=column, value=value)

    # ------------------------------------------------------------ keys and references
    def _school_of(self, table: Table, row: Row) -> str | None:
        resource = table.resource
        if resource.owner is None:
            uai = row.raw[resource.at("uai")]
            if resource.name == "conventions" and not uai:
                level = row.values[resource.at("niveau")]
                return "" if level and level != AgreementLevel.SCHOOL else None
            return uai or None
        key = (row.raw[resource.owner.indexes[0]],)
        owner = self.world.given.get(resource.owner.target, {}).get(key)
        if owner is not None:
            return owner.uai
        found = self.world.here(resource.owner.target, None, key)
        return found[0].uai if len(found) == 1 else None

    def _keys(self, table: Table) -> None:
        seen = self.world.given[table.resource.name]
        names = table.resource.key
        if not table.present.issuperset(names):
            return
        for row in table.rows:
            first = seen[row.key]
            if first is not row and all(row.key) and len(row.bad) < len(row.values):
                which = "Cette clé" if len(names) == 1 else f"La clé ({', '.join(names)})"
                self._error(
                    table, row, names[-1], f"{which} figure déjà à la ligne {first.line} : gardez une seule ligne."
                )

    def _references(self, table: Table) -> None:
        resource = table.resource
        for reference in resource.references:
            if not table.present.issuperset(reference.columns):
                continue
            for row in table.rows:
                if row.raw[reference.indexes[-1]] and row.bad.isdisjoint(reference.indexes):
                    self._reference(table, row, reference)
        if self.only and "uai" in table.present:
            for row in table.rows:
                uai = row.raw[resource.at("uai")]
                if uai and uai != self.only and len(row.bad) < len(row.values):
                    self._error(table, row, "uai", FOREIGN.format(uai=uai, only=self.only))

    def _reference(self, table: Table, row: Row, reference: Reference) -> None:
        target, key = reference.target, tuple(row.raw[index] for index in reference.indexes)
        given = self.world.given.get(target, {}).get(key)
        if target == SCHOOLS:
            if given is None and not self._school_exists(key[0]) and not (self.only and key[0] != self.only):
                self._nothing(table, row, reference)
            return
        if given is not None and self._reachable(row, given):
            row.links[reference.column] = given
            return
        found = [] if self.prune and target in self.world.tables else self.world.here(target, row.uai, key)
        if len(found) == (len(self.world.scope) if row.uai == "" else 1):
            row.links[reference.column] = found[0]  # a frame above schools refers to the copies of each school
        elif found and row.uai == "":
            self._error(table, row, reference.column, ELSEWHERE)
        elif found:
            self._error(
                table, row, reference.column, "Plusieurs établissements ont cette ligne : précisez l’UAI de l’import."
            )
        elif given is not None:
            # A pupil of another school is told on the school of the line (B-11).
            column = "uai" if table.resource.name == "scolarites" else reference.column
            self._error(table, row, column, ELSEWHERE)
        else:
            self._nothing(table, row, reference)

    def _school_exists(self, uai: str) -> bool:
        return uai in self.world.schools

    def _reachable(self, row: Row, target: Row) -> bool:
        if row.uai is None or target.uai is None or target.uai in ("", row.uai):
            return True
        return row.uai == "" and self.world.scope == (target.uai,)

    def _nothing(self, table: Table, row: Row, reference: Reference) -> None:
        """Nothing has that key: an error, unless the file that could hold it was not read whole (B-07)."""
        target = self.world.tables.get(reference.target)
        if not self.world.scope or (target is not None and not target.complete):
            return
        key = tuple(row.raw[index] for index in reference.indexes)
        pruned = self.prune and target is not None and self.world.here(reference.target, row.uai, key)
        message = PRUNED if pruned else MISSING
        self._error(table, row, reference.column, message.format(file=RESOURCES[reference.target].file))

    # ------------------------------------------------------------ dates and persons
    def _date_order(self, table: Table) -> None:
        for start, end in DATE_ORDER.get(table.resource.name, ()):
            first, last = table.resource.at(start), table.resource.at(end)
            for row in table.rows:
                if row.values[first] and row.values[last] and row.values[last] < row.values[first]:
                    self._error(
                        table,
                        row,
                        end,
                        f"Cette date est avant « {start} » ({row.raw[first]}) : corrigez l’une des deux.",
                    )

    def _staff_addresses(self, table: Table) -> None:
        for column in ("referent_courriel", "auteur_courriel"):
            if column not in table.present:
                continue
            index = table.resource.at(column)
            for row in table.rows:
                if row.raw[index] and row.uai is not None and row.raw[index].casefold() not in self._staff[row.uai]:
                    self._warn(
                        table,
                        row,
                        column,
                        "Cette adresse n’est pas dans personnels.csv ni parmi les personnels de l’établissement.",
                    )

    @property
    def _staff(self) -> dict[str, set[str]]:
        """Addresses of each school's staff, in lower case."""
        if not hasattr(self, "_staff_cache"):
            found: dict[str, set[str]] = defaultdict(set)
            for row in self.world.given.get("personnels", {}).values():
                found[row.uai or ""].add(row.key[0].casefold())
            for uai, key in self.world.stored.get("personnels", {}):
                found[uai].add(key[0].casefold())
            self._staff_cache = found
        return self._staff_cache

    def all_rows(self, name: str) -> Iterator[Row | Stored]:
        """The rows as they will be: those of the dossier, and those here that it does not speak of."""
        given = self.world.given.get(name, {})
        yield from given.values()
        if self.prune and name in self.world.tables:
            return
        for (_, key), stored in self.world.stored.get(name, {}).items():
            if key not in given:
                yield stored

    def value(self, row: Row | Stored, name: str, column: str) -> Any:
        return row.values[RESOURCES[name].at(column)]


# ---------------------------------------------------------------- rules of one resource
def _outside_year(checks: Checks, table: Table, *columns: str, year: Callable[[Row], str]) -> None:
    for row in table.rows:
        try:
            found = SchoolYear.parse(year(row))
        except ValueError:
            continue
        for column in columns:
            day = row.values[table.resource.at(column)]
            if day and not found.start <= day <= found.end:
                checks._warn(
                    table, row, column, f"Cette date est hors de l’année scolaire {found} de la classe : vérifiez-la."
                )


def _academy(checks: Checks, table: Table) -> None:
    index = table.resource.at("academie")
    for row in table.rows:
        if row.raw[index] and row.raw[index] not in academies():
            checks._warn(table, row, "academie", "Cette académie n’est pas connue : écrivez par exemple « Amiens ».")


def _schools(checks: Checks, table: Table) -> None:
    for row in table.rows:
        if 0 not in row.bad and row.raw[0] and not is_uai(row.raw[0]):
            checks._error(table, row, "uai", "La lettre-clé de ce numéro UAI n’est pas la bonne : vérifiez le numéro.")
    _academy(checks, table)


def _schoolings(checks: Checks, table: Table) -> None:
    _outside_year(checks, table, "date_entree", "date_sortie", year=lambda row: row.raw[table.resource.at("annee")])
    _overlaps(
        checks, table, _enrolments(checks), "date_entree", "Cette scolarité chevauche une autre scolarité de l’élève."
    )


def _enrolments(checks: Checks) -> dict[tuple[str | None, str], list[tuple[date, date, Row | Stored]]]:
    """(school, pupil) → first day, last day, row."""
    found: dict[tuple[str | None, str], list[tuple[date, date, Row | Stored]]] = defaultdict(list)
    for row in checks.all_rows("scolarites"):
        entry = checks.value(row, "scolarites", "date_entree")
        try:
            year = SchoolYear.parse(checks.value(row, "scolarites", "annee") or "")
        except ValueError:
            continue
        if entry:
            found[row.uai, row.key[0]].append((entry, checks.value(row, "scolarites", "date_sortie") or year.end, row))
    return found


def _overlaps(
    checks: Checks,
    table: Table,
    groups: dict[tuple[str | None, str], list[tuple[date, date, Row | Stored]]],
    column: str,
    message: str,
) -> None:
    """Warn on each row of the dossier that begins before another one of its group has ended."""
    for rows in groups.values():
        if len(rows) < 2:
            continue
        rows.sort(key=lambda item: (item[0], item[1], getattr(item[2], "line", 0)))
        latest, before = rows[0][1], rows[0][2]
        for start, end, row in rows[1:]:
            if start <= latest:
                told = row if isinstance(row, Row) else before
                if isinstance(told, Row):
                    checks._warn(table, told, column, message)
            if end >= latest:
                latest, before = end, row


def _staff_roles(checks: Checks, table: Table) -> None:
    """A person cannot change their own role; two spellings of one address are said."""
    role = table.resource.at("role")
    seen: set[tuple[str, str | None]] = set()
    for row in table.rows:
        address = (row.raw[0].casefold(), row.uai)
        if row.raw[0] and address in seen:
            checks._warn(
                table, row, "courriel", "Cette adresse figure deux fois dans l’établissement, à la casse près."
            )
        seen.add(address)
        if address[0] in checks.own and role not in row.bad and row.uai:
            stored = checks.world.stored["personnels"]
            held = {
                mine.values[role]
                for (uai, key), mine in stored.items()
                if uai == row.uai and key[0].casefold() in checks.own
            }
            if row.raw[role] not in held:
                checks._error(
                    table, row, "role", "Vous ne pouvez pas changer votre propre rôle : demandez-le à un collègue."
                )


def _partners(checks: Checks, table: Table) -> None:
    siret, code = table.resource.at("siret"), table.resource.at("naf")
    for row in table.rows:
        if row.raw[siret] and siret not in row.bad and not is_siret(row.raw[siret]):
            checks._error(
                table,
                row,
                "siret",
                "La clé de ce SIRET n’est pas la bonne : vérifiez les 14 chiffres, ou videz la cellule.",
            )
        if row.raw[code] and not naf.section(row.raw[code]):
            checks._warn(
                table,
                row,
                "naf",
                "Ce code NAF ne se lit pas : écrivez par exemple 43.21A. Le secteur sera « non renseigné ».",
            )


def _same_partner(checks: Checks, table: Table, column: str) -> None:
    index = table.resource.at("partenaire_id")
    for row in table.rows:
        contact = row.links.get(column)
        if isinstance(contact, Row) and "partenaire_id" not in contact.links:
            continue  # whose contact it is, another error says that it cannot be known
        if contact is not None and row.raw[index] and index not in row.bad:
            if checks.value(contact, "contacts", "partenaire_id") != row.raw[index]:
                checks._error(
                    table,
                    row,
                    column,
                    "Ce contact est celui d’un autre partenaire : choisissez un contact de ce partenaire.",
                )


def _interactions(checks: Checks, table: Table) -> None:
    _same_partner(checks, table, "contact_id")


def _agreements(checks: Checks, table: Table) -> None:
    resource = table.resource
    level, uai, partner = resource.at("niveau"), resource.at("uai"), resource.at("partenaire_id")
    for row in table.rows:
        if level in row.bad or not row.raw[level]:
            continue
        local = row.raw[level] == AgreementLevel.SCHOOL
        for index in (uai, partner):
            column = resource.columns[index].name
            if local and not row.raw[index] and index not in row.bad:
                checks._error(
                    table,
                    row,
                    column,
                    f"Une convention d’établissement a besoin de « {column} » : complétez la cellule.",
                )
            elif not local and row.raw[index]:
                checks._error(
                    table, row, column, f"Une convention de ce niveau n’a pas de « {column} » : videz la cellule."
                )
    _academy(checks, table)
    for row in table.rows:
        seen: set[int] = set()
        parent: Row | Stored | None = row
        while isinstance(parent, Row) and id(parent) not in seen:
            seen.add(id(parent))
            parent = parent.links.get("parente_id")
        if parent is row:
            checks._warn(
                table,
                row,
                "parente_id",
                "Cette convention se décline d’elle-même, de parente en parente : vérifiez la chaîne.",
            )


def _participations(checks: Checks, table: Table) -> None:
    enrolments = _enrolments(checks)
    for row in table.rows:
        action = row.links.get("action_id")
        if action is None or "eleve_id" not in row.links:
            continue
        start = checks.value(action, "actions", "date_debut")
        end = checks.value(action, "actions", "date_fin") or start
        if start and not any(
            entry <= end and start <= leave for entry, leave, _ in enrolments.get((row.uai, row.key[1]), ())
        ):
            checks._warn(table, row, "eleve_id", "Cet élève n’est inscrit dans aucune classe aux dates de l’action.")


def _periods(checks: Checks, table: Table) -> None:
    _outside_year(checks, table, "date_debut", "date_fin", year=lambda row: row.raw[table.resource.at("annee")])


def _placements(checks: Checks, table: Table) -> None:
    _same_partner(checks, table, "tuteur_id")
    _outside_year(
        checks, table, "date_debut", "date_fin",
        year=lambda row: checks.value(row.links["periode_id"], "periodes_pfmp", "annee") if "periode_id" in row.links else "",
    )  # fmt: skip
    at = table.resource.at
    for row in table.rows:
        day, start, end = row.values[at("interrompu_le")], row.values[at("date_debut")], row.values[at("date_fin")]
        if row.raw[at("statut")] == PlacementStatus.INTERRUPTED and day is None and at("interrompu_le") not in row.bad:
            checks._warn(
                table,
                row,
                "interrompu_le",
                "Ce placement est interrompu sans date : indiquez le dernier jour de présence.",
            )
        elif day and start and end and not start <= day <= end:
            checks._warn(table, row, "interrompu_le", "Cette date est hors du placement : vérifiez-la.")
    groups: dict[tuple[str | None, str], list[tuple[date, date, Row | Stored]]] = defaultdict(list)
    for placement in checks.all_rows("placements"):
        start, end = (
            checks.value(placement, "placements", "date_debut"),
            checks.value(placement, "placements", "date_fin"),
        )
        status = checks.value(placement, "placements", "statut")
        if status == PlacementStatus.INTERRUPTED and end:
            # An interrupted placement takes its pupil up to the day it stopped, included (G-31).
            end = min(end, checks.value(placement, "placements", "interrompu_le") or end)
        if start and end and start <= end and status != PlacementStatus.CANCELLED:
            groups[placement.uai, checks.value(placement, "placements", "eleve_id")].append((start, end, placement))
    _overlaps(checks, table, groups, "date_debut", "Ce placement chevauche un autre placement de l’élève.")


def _answers(checks: Checks, table: Table) -> None:
    audience = table.resource.at("public")
    for row in table.rows:
        survey = row.links.get("enquete_id")
        if survey is not None and audience not in row.bad:
            if checks.value(survey, "enquetes", "public") not in ("", row.raw[audience]):
                checks._error(
                    table,
                    row,
                    "public",
                    "Le public de cette réponse n’est pas celui de son enquête : corrigez l’un des deux.",
                )


def _outcomes(checks: Checks, table: Table) -> None:
    term = table.resource.at("echeance_mois")
    for row in table.rows:
        if term not in row.bad and row.values[term] not in (None, 6, 12):
            checks._error(
                table, row, "echeance_mois", "L’échéance est de 6 ou de 12 mois après la sortie : écrivez 6 ou 12."
            )


def _shares(checks: Checks, table: Table) -> None:
    index = table.resource.at("indicateurs")
    for row in table.rows:
        unknown = [code for code in map(str.strip, row.raw[index].split("|")) if code and code not in indicator_codes()]
        if unknown:
            checks._warn(
                table,
                row,
                "indicateurs",
                f"Indicateur inconnu : {', '.join(unknown)[:200]}. La ligne est gardée telle quelle.",
            )


def _documents(checks: Checks, table: Table) -> None:
    at = table.resource.at
    subject, name = at("objet"), at("objet_id")
    for row in table.rows:
        if not row.bad.isdisjoint((subject, name)) or not row.raw[name] or not row.raw[subject]:
            continue
        target, key = SUBJECTS[row.raw[subject]], row.raw[name]
        if target == SCHOOLS:
            if row.uai is not None and key != row.uai:
                checks._error(
                    table,
                    row,
                    "objet_id",
                    "Un document de l’établissement désigne son propre UAI : corrigez la cellule.",
                )
        else:
            checks._reference(table, row, Reference(("objet_id",), (name,), target))


_RULES: dict[str, Callable[[Checks, Table], None]] = {
    SCHOOLS: _schools,
    "scolarites": _schoolings,
    "personnels": _staff_roles,
    "partenaires": _partners,
    "echanges": _interactions,
    "conventions": _agreements,
    "participations": _participations,
    "periodes_pfmp": _periods,
    "placements": _placements,
    "satisfaction": _answers,
    "insertion": _outcomes,
    "partages": _shares,
    "documents": _documents,
}
