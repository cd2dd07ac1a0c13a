"""What an import looks rows up in: the dossier first, then what the school already holds (B-14, B-24)."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from exchange.definitions import RESOURCES, SCHOOLS, SUBJECTS
from exchange.imports.reading import Row, Table
from exchange.rows import Stored, read
from exchange.snapshot import consistent_reads
from schools.models import School

Tables = dict[str, Table]


@dataclass
class World:
    """The dossier's rows by key, and those of the database by (school, key)."""

    tables: Tables
    schools: dict[str, School]  # the dossier's schools that exist here, by UAI
    scope: tuple[str, ...]  # every UAI that the import is about, in the dossier or here
    stored: dict[str, dict[tuple[str, tuple[str, ...]], Stored]] = field(default_factory=dict)
    given: dict[str, dict[tuple[str, ...], Row]] = field(default_factory=dict)

    def here(self, target: str, uai: str | None, key: tuple[str, ...]) -> list[Stored]:
        """Rows of the database of that key: in one school, or in any of the scope when the school is not known."""
        rows = self.stored.get(target, {})
        return [rows[uai, key] for uai in ([uai] if uai else self.scope) if (uai, key) in rows]


def needed(tables: Iterable[str], *, everything: bool) -> list[str]:
    """Resources to read from the database: those of the dossier, those they refer to, and what the warnings look at."""
    if everything:
        return list(RESOURCES)
    wanted = set(tables)
    for name in tuple(wanted):
        wanted |= {reference.target for reference in RESOURCES[name].references}
        if name == "documents":
            wanted |= set(SUBJECTS.values())
        if {"referent_courriel", "auteur_courriel"} & set(RESOURCES[name].by_name):
            wanted.add("personnels")
    if "placements" in wanted or "participations" in wanted:
        wanted |= {"scolarites", "periodes_pfmp"}
    return [name for name in RESOURCES if name in wanted]


def load(tables: Tables, scope: tuple[str, ...], *, everything: bool) -> World:
    """Read what the school holds: one query per resource."""
    with consistent_reads():
        schools = {school.uai: school for school in School.objects.filter(uai__in=scope)}
        world = World(tables, schools, scope)
        for name in needed(tables, everything=everything):
            world.stored[name] = {(row.uai, row.key): row for row in read(RESOURCES[name], schools.values())}
    for name, table in tables.items():
        index = world.given[name] = {}
        for row in table.rows:
            index.setdefault(row.key, row)
    world.given.setdefault(SCHOOLS, {})
    return world
