"""One import from end to end, the same for the command, the dry run and the page."""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import DatabaseError, IntegrityError, OperationalError, transaction

from core import audit
from core.uai import is_uai
from exchange.definitions import BY_FILE, PACKAGE_NAME, RESOURCES, SCHOOLS
from exchange.imports import completing, planning, scope, writing
from exchange.imports import world as worlds
from exchange.imports.attachments import Attachments
from exchange.imports.checking import Checks
from exchange.imports.reading import read_table
from exchange.imports.world import Tables, World
from exchange.problems import Problem, Problems
from exchange.sources import Source, Unreadable
from schools.models import Membership

ATTEMPTS = 4
Report = Callable[[int, int, str], None]


@dataclass
class Outcome:
    """What an import found and did."""

    dry_run: bool
    problems: Problems
    resources: dict[str, dict[str, int]] = field(default_factory=planning.no_counts)
    lock_seconds: float = 0.0

    @property
    def ok(self) -> bool:
        return not self.problems.errors

    @property
    def rows(self) -> int:
        """Rows read, whatever becomes of them."""
        return sum(counts[kind] for counts in self.resources.values() for kind in ("created", "updated", "unchanged"))

    @property
    def written(self) -> int:
        return sum(counts[kind] for counts in self.resources.values() for kind in ("created", "updated", "deleted"))

    def as_json(self) -> dict[str, Any]:
        """The answer of `import_dossier` (contract/commands.md)."""
        return {
            "ok": self.ok,
            "dry_run": self.dry_run,
            "resources": self.resources,
            "errors": [problem.as_json() for problem in self.problems.errors],
            "warnings": [problem.as_json() for problem in self.problems.warnings],
        }


def refused(error: Unreadable, *, dry_run: bool) -> Outcome:
    """The outcome of a dossier that does not open (B-06)."""
    return Outcome(dry_run, Problems([Problem(error.file, None, None, None, str(error))]))


def _read(source: Source, problems: Problems, report: Report) -> Tables:
    tables: Tables = {}
    present = [file for file in BY_FILE if file in source]
    for number, file in enumerate(present):
        report(number, len(present) + 2, f"Lecture de {file}")
        resource = BY_FILE[file]
        try:
            tables[resource.name] = read_table(resource, source.read(file), problems)
        except Unreadable as error:
            problems.error(error.file, str(error))
    return tables


def _report_files(source: Source, used: set[str], problems: Problems) -> None:
    """Files that nothing explains, and the data package that is not there (B-22)."""
    if PACKAGE_NAME not in source:
        problems.warn(PACKAGE_NAME, "Ce fichier manque : le dossier est lu avec le format de référence.")
    for path in source.unknown:
        if path not in used:
            problems.warn(path, "Ce fichier n’est pas dans le format du dossier : il est ignoré.")


def run(
    source: Source,
    *,
    now: datetime,
    uai: str = "",
    dry_run: bool = False,
    prune: bool = False,
    by: Any = None,
    guard_role: bool = False,
    report: Report = lambda done, total, message: None,
    closing: Callable[[Outcome], AbstractContextManager[Any]] = lambda outcome: nullcontext(),
) -> Outcome:
    """Import a dossier, or say why not.

    `uai` restricts it to one school (B-19). `guard_role` refuses a change of the role of `by`. `closing` wraps what is
    written inside the same transaction, which begins even when nothing changes if it is given.
    """
    reading = Problems()
    tables = _read(source, reading, report)
    try:
        attachments = Attachments(source, tables.get("documents"))
    except Unreadable as error:
        return refused(error, dry_run=dry_run)
    _report_files(source, attachments.used, reading)
    reading = reading.merged(attachments.problems)
    schools = scope.of(tables, uai=uai, name=source.name, problems=reading)
    own = _addresses(by) if by is not None and guard_role else frozenset()
    for _ in range(ATTEMPTS):
        report(len(tables), len(tables) + 2, "Vérification des données")
        world = worlds.load(tables, schools, everything=prune)
        found = Checks(world, only=uai, prune=prune, own=own).run().merged(attachments.against(world))
        _check_school(world, uai, found)
        problems = reading.merged(found)
        outcome = Outcome(dry_run, problems)
        if problems.errors:
            return outcome
        plan = planning.make(world, prune=prune, problems=problems, has_new_file=attachments.has_new_file)
        outcome.problems = problems.merged(Problems())
        outcome.resources = plan.counts
        if dry_run:
            return outcome
        report(len(tables) + 1, len(tables) + 2, "Enregistrement")
        try:
            _write(plan, world, outcome, attachments=attachments, by=by, now=now, closing=closing)
        except (writing.Overtaken, IntegrityError):
            attachments.give_up()
        except OperationalError as error:
            attachments.give_up()
            if not _is_conflict(error):
                raise
        except BaseException:
            attachments.give_up()
            raise
        else:
            return outcome
    busy = Problems(
        [
            Problem(
                source.name, None, None, None, "Les données de l’établissement changent pendant l’import : recommencez."
            )
        ]
    )
    return Outcome(dry_run, busy)


def _addresses(user: Any) -> frozenset[str]:
    """What a person is called in a dossier, in lower case."""
    held = Membership.objects.across_schools(why="one person's own addresses").filter(user=user)
    return frozenset(address.casefold() for address in (user.email, *held.values_list("email", flat=True)))


def _check_school(world: World, uai: str, problems: Problems) -> None:
    """The school asked for must be in the dossier or already here (B-27)."""
    table = world.tables.get(SCHOOLS)
    if table is not None and not table.complete:
        return
    if uai and uai not in world.schools and (uai,) not in world.given[SCHOOLS]:
        message = (
            "Cet établissement n’est ni dans le dossier ni déjà enregistré : joignez etablissements.csv."
            if is_uai(uai)
            else "Ce numéro UAI n’est pas valable : vérifiez les sept chiffres et la lettre."
        )
        problems.error(RESOURCES[SCHOOLS].file, message, column="uai", value=uai)


def _is_conflict(error: DatabaseError) -> bool:
    """PostgreSQL gave up one of two transactions that waited for each other: it may be tried again."""
    return getattr(error.__cause__, "sqlstate", "") == "40P01"


def _write(
    plan: planning.Plan,
    world: World,
    outcome: Outcome,
    *,
    attachments: Attachments,
    by: Any,
    now: datetime,
    closing: Callable[[Outcome], AbstractContextManager[Any]],
) -> None:
    """The one transaction. Nothing to write is no transaction, unless a job has to be closed."""
    prepared = writing.prepare(plan, world, by=by, now=now, files=attachments)
    with closing(outcome):
        if plan.is_empty:
            return
        with transaction.atomic():
            start = time.perf_counter()  # SQLite holds its lock since BEGIN IMMEDIATE, one line above
            writing.execute(prepared)
            if plan.changes.get("signatures") or plan.changes.get("documents"):
                completing.complete([prepared.schools[uai] for uai in _touched(plan)])
            for uai in _touched(plan):
                audit.record(
                    "exchange.dossier_imported",
                    by=by,
                    scope=uai,
                    resources={name: counts for name, counts in plan.counts.items() if any(counts.values())},
                )
        outcome.lock_seconds = time.perf_counter() - start


def _touched(plan: planning.Plan) -> list[str]:
    """Schools in which something is written."""
    changed = {change.uai for changes in plan.changes.values() for change in changes}
    return sorted(changed | {stored.uai for rows in plan.deletions.values() for stored in rows})
