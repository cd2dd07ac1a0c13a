"""A school's dossier of 10,000 lines, from its files to the database, against `executemany` of the same rows.

    .venv/bin/python -m bench.imports
    bin/with-services .venv/bin/python -m bench.imports        # the same on PostgreSQL

Ours reads, checks, compares and writes; the floor has the rows ready in memory. Targets: at most 10 times the floor, at most
10 s, the write lock held at most 1 s.
"""

import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from bench import ground  # first: it sets Django up

# isort: split
from django.core.management import call_command
from django.db import connection, models, transaction
from django.utils import timezone

from exchange import exports, imports, sources
from exchange.definitions import RESOURCES
from schools.models import School

ROUNDS = 3
LINES = 10_000
STUDENTS = 400  # which makes a few more; the tail of two tables is cut


def main() -> None:
    ground.seeded(students=STUDENTS)
    with tempfile.TemporaryDirectory(prefix="bde-dossier-") as name:
        folder = Path(name) / "dossier"
        exports.write(exports.collect(School.objects.get()), folder)
        shorten(folder)
        ours: list[dict[str, float]] = []
        floor: list[dict[str, float]] = []
        for _ in range(ROUNDS):
            ours.append(timed_import(folder))
            floor.append(timed_floor(stored()))
    ours.sort(key=lambda run: run["ms"])
    floor.sort(key=lambda run: run["ms"])
    middle, least = ours[ROUNDS // 2], floor[ROUNDS // 2]
    result = {
        "database": connection.vendor,
        "lines": round(middle["rows"]),
        "import_ms": round(middle["ms"]),
        "import_wall_s": round(middle["wall"], 1),
        "import_lock_s": round(max(run["lock"] for run in ours), 2),
        "executemany_ms": round(least["ms"]),
        "import_ratio": round(middle["ms"] / least["ms"], 1),
    }
    sys.stdout.write(json.dumps(result) + "\n")


def shorten(folder: Path) -> None:
    """Cuts the participations and the visits, which nothing else names, so that the dossier has about 10,000 lines."""
    tables = {path: path.read_text(encoding="utf-8").splitlines(keepends=True) for path in folder.glob("*.csv")}
    count = sum(len(rows) - 1 for rows in tables.values())
    for name in ("participations.csv", "visites.csv"):
        rows = tables[folder / name]
        kept = max(1, len(rows) - max(0, count - LINES))
        count -= len(rows) - kept
        (folder / name).write_text("".join(rows[:kept]), encoding="utf-8")


def timed_import(folder: Path) -> dict[str, float]:
    """The import into an empty database."""
    call_command("flush", interactive=False, verbosity=0)
    wall, before = time.perf_counter(), ground.now()
    source = sources.opened(folder)
    outcome = imports.run(source, now=timezone.now())
    source.close()
    took = {"ms": (ground.now() - before) * 1000, "wall": time.perf_counter() - wall, "lock": outcome.lock_seconds}
    took["rows"] = outcome.rows
    if not outcome.ok:
        raise SystemExit(f"the dossier is refused: {outcome.as_json()['errors'][:3]}")
    return took


Rows = list[tuple[type[models.Model], list[tuple[Any, ...]]]]


def stored() -> Rows:
    """The rows that the import wrote, as the database keeps them."""
    found: Rows = []
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        for resource in RESOURCES.values():
            columns = ", ".join(quote(field.column) for field in resource.model._meta.concrete_fields)
            cursor.execute(f"SELECT {columns} FROM {quote(resource.model._meta.db_table)}")
            rows = [
                tuple(json.dumps(v) if isinstance(v, (dict, list)) else v for v in row) for row in cursor.fetchall()
            ]
            found.append((resource.model, rows))
    return found


def timed_floor(tables: Rows) -> dict[str, float]:
    """The same rows into the same empty tables, in one transaction, by the driver's own `executemany`."""
    call_command("flush", interactive=False, verbosity=0)
    quote = connection.ops.quote_name
    before = ground.now()
    with transaction.atomic(), connection.cursor() as cursor:
        for model, rows in tables:
            fields = model._meta.concrete_fields
            columns = ", ".join(quote(field.column) for field in fields)
            marks = ", ".join(["%s"] * len(fields))
            cursor.executemany(f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES ({marks})", rows)
    return {"ms": (ground.now() - before) * 1000}


if __name__ == "__main__":
    main()
