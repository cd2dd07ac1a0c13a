"""What an import will do, row by row: created, updated, unchanged, deleted. Nothing is written here."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from conventions.enums import AgreementLevel
from exchange.definitions import RESOURCES, SCHOOLS, SUBJECTS, Resource
from exchange.imports.reading import Row, Table
from exchange.imports.world import World
from exchange.problems import Problems
from exchange.rows import Stored

FILE = RESOURCES["documents"].at("fichier")
SHA256 = RESOURCES["documents"].at("sha256")
KEPT = "Cette ligne n’est plus dans le fichier, mais elle sert encore ({used}) : elle est gardée."


@dataclass(frozen=True, slots=True)
class Change:
    """One row to write in one school; `stored` is what it replaces, None for a new row."""

    row: Row
    uai: str
    stored: Stored | None


def no_counts() -> dict[str, dict[str, int]]:
    return {name: {"created": 0, "updated": 0, "unchanged": 0, "deleted": 0} for name in RESOURCES}


@dataclass
class Plan:
    """Everything to write, by resource, and the counts of the report."""

    changes: dict[str, list[Change]] = field(default_factory=lambda: defaultdict(list))
    deletions: dict[str, list[Stored]] = field(default_factory=lambda: defaultdict(list))
    counts: dict[str, dict[str, int]] = field(default_factory=no_counts)

    @property
    def is_empty(self) -> bool:
        return not self.changes and not self.deletions


def schools_of(row: Row, world: World) -> tuple[str, ...]:
    """A frame above schools (B-25) has a copy in each school of the dossier; any other row is in its own."""
    return (row.uai,) if row.uai else world.scope


def make(world: World, *, prune: bool, problems: Problems, has_new_file: Callable[[Row, Stored | None], bool]) -> Plan:
    """Compare the dossier, already checked, with what is stored. `has_new_file` says that a document brings its PDF."""
    plan = Plan()
    for name, resource in RESOURCES.items():
        table = world.tables.get(name)
        if table is None:
            continue
        compared = [
            column.index for column in resource.columns if column.name in table.present and column.name != "fichier"
        ]
        stored_rows = world.stored[name]
        for row in table.rows:
            news = olds = 0
            for uai in schools_of(row, world):
                stored = stored_rows.get((uai, row.key))
                brings_file = name == "documents" and has_new_file(row, stored)
                if stored is None:
                    news += 1
                elif brings_file or any(row.values[index] != stored.values[index] for index in compared):
                    olds += 1
                else:
                    continue
                plan.changes[name].append(Change(row, uai, stored))
            plan.counts[name]["created" if news else "updated" if olds else "unchanged"] += 1
    if prune:
        _prune(world, plan, problems)
    plan.changes = {name: changes for name, changes in plan.changes.items() if changes}
    plan.deletions = {name: rows for name, rows in plan.deletions.items() if rows}
    return plan


Place = tuple[str, str, tuple[str, ...]]  # resource, school, key


def _prune(world: World, plan: Plan, problems: Problems) -> None:
    """Delete what the present files no longer have, but for rows that rows of absent files still use (B-26)."""
    doomed: dict[Place, Stored] = {}
    for name, table in world.tables.items():
        if name == SCHOOLS:
            continue
        kept = {(uai, row.key) for row in table.rows for uai in schools_of(row, world)}
        for (uai, key), stored in world.stored[name].items():
            unmade = name == "documents" and not stored.values[SHA256]
            if (uai, key) not in kept and not stored.is_silent and not unmade and not _of_unmade(name, stored, world):
                doomed[name, uai, key] = stored
    used: dict[Place, str] = {}
    living = [
        (name, uai, key, stored)
        for name, rows in world.stored.items()
        for (uai, key), stored in rows.items()
        if (name, uai, key) not in doomed
    ]
    while living:
        name, uai, _, stored = living.pop()
        for target in _uses(RESOURCES[name], _effective(name, stored, world), uai):
            if target in doomed:
                living.append((target[0], target[1], target[2], doomed.pop(target)))
                used[target] = RESOURCES[name].file
    for (name, _, key), by in sorted(used.items()):
        resource = RESOURCES[name]
        problems.warn(resource.file, KEPT.format(used=by), column=resource.key[-1], value=key[-1])
    frames: set[tuple[str, ...]] = set()
    for (name, _, key), stored in doomed.items():
        plan.deletions[name].append(stored)
        frame = name == "conventions" and stored.values[RESOURCES[name].at("niveau")] != AgreementLevel.SCHOOL
        if not frame or key not in frames:
            plan.counts[name]["deleted"] += 1
        if frame:
            frames.add(key)


def _of_unmade(name: str, stored: Stored, world: World) -> bool:
    """Signatures of a document whose PDF is not made yet: no dossier speaks of them."""
    if name != "signatures":
        return False
    document = world.stored["documents"].get((stored.uai, stored.key[:1]))
    return document is not None and not document.values[SHA256]


def _effective(name: str, stored: Stored, world: World) -> list[Any]:
    """The values that a stored row will have: the dossier's where it has them."""
    table: Table | None = world.tables.get(name)
    row = world.given.get(name, {}).get(stored.key) if table else None
    if table is None or row is None or (row.uai and row.uai != stored.uai):
        return list(stored.values)
    return [
        row.values[column.index] if column.name in table.present else stored.values[column.index]
        for column in table.resource.columns
    ]


def _uses(resource: Resource, values: list[Any], uai: str) -> list[Place]:
    """The rows that a row of these values refers to."""
    found = []
    for reference in resource.references:
        key = tuple(str(values[index] or "") for index in reference.indexes)
        if reference.target != SCHOOLS and all(key):
            found.append((reference.target, uai, key))
    if resource.name == "documents":
        subject = values[resource.at("objet")]
        found.append((SUBJECTS[subject], uai, (values[resource.at("objet_id")],)))
    return found
