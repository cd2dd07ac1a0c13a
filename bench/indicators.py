"""All the indicators of a school year, against the raw read of its rows and a pass of SQL written by hand.

    .venv/bin/python -m bench.indicators [--copies 100]
    bin/with-services .venv/bin/python -m bench.indicators        # the same on PostgreSQL

A seeded lycée alone, then among copies of itself. Milliseconds are medians of interleaved runs, by the wall on PostgreSQL and
by the processor of this process on SQLite: on a noisy machine read the ratios.
Targets: at most 250 ms; at most 2 times the hand-written pass; at most 1.3 times slower among 1,000 school-years.
"""

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date

import django

_folder = tempfile.TemporaryDirectory(prefix="bde-bench-")
os.environ["DATA_DIR"] = _folder.name
os.environ.setdefault("SECRET_KEY", "only-for-the-bench")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bdeplatform.settings.base")
django.setup()

from django.apps import apps  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, models, transaction  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from bench.indicators_sql import STATEMENTS  # noqa: E402
from core.school_year import SchoolYear  # noqa: E402
from indicators import figures  # noqa: E402
from schools.models import School, SchoolRecord  # noqa: E402

ROUNDS = 9
YEAR, TODAY = SchoolYear(2025), date(2026, 8, 31)
STEP = 10_000_000  # between the keys of one copy and those of the next


def main(copies: int) -> None:
    call_command("migrate", verbosity=0)
    with open(os.devnull, "w") as nowhere:
        call_command("seed", today=date(2026, 11, 22), stdout=nowhere, stderr=nowhere)
    school = School.objects.get()
    tidy()
    alone = measure(school)
    multiply(school, copies)
    tidy()
    among = measure(school)
    result = {
        "database": connection.vendor,
        "school_years": 2 * (copies + 1),
        "queries": alone.pop("queries"),
        "alone_ms": alone,
        "among_ms": {name: among[name] for name in alone},
        "ours_on_sql_pass": round(among["ours"] / among["sql_pass"], 2),
        "ours_on_raw_read": round(among["ours"] / among["raw_read"], 2),
        "among_on_alone": round(among["ours"] / alone["ours"], 2),
    }
    sys.stdout.write(json.dumps(result) + "\n")


def measure(school: School) -> dict[str, float]:
    """Medians of the computation, of the raw read of the rows it needs, and of the SQL written by hand."""
    with CaptureQueriesContext(connection) as seen:
        figures.compute(school, YEAR, TODAY)
    queries = [query["sql"] for query in seen.captured_queries]
    bounds = {
        "s": school.pk,
        "y": YEAR.code,
        "p": YEAR.previous.code,
        "a": YEAR.start,
        "z": TODAY,
        "today": TODAY,
        "c": 2026,
    }

    def raw_read() -> None:
        with connection.cursor() as cursor:
            for query in queries:
                cursor.cursor.execute(query)  # already with its values
                cursor.fetchall()

    def sql_pass() -> None:
        with connection.cursor() as cursor:
            for statement in STATEMENTS.values():
                cursor.execute(statement, bounds)
                cursor.fetchall()

    calls: dict[str, Callable[[], object]] = {
        "ours": lambda: figures.compute(school, YEAR, TODAY).as_json(),
        "raw_read": raw_read,
        "sql_pass": sql_pass,
    }
    times: dict[str, list[float]] = {name: [] for name in calls}
    clock = time.process_time if connection.vendor == "sqlite" else time.perf_counter
    for _ in range(ROUNDS):
        for name, call in calls.items():
            before = clock()
            call()
            times[name].append((clock() - before) * 1000)
    return {name: round(statistics.median(found[1:]), 1) for name, found in times.items()} | {"queries": len(queries)}


def multiply(school: School, copies: int) -> None:
    """The school and all its rows, `copies` times, with keys moved by STEP."""
    if not copies:
        return
    numbers = f"generate_series(1, {copies}) AS n(k)"
    if connection.vendor == "sqlite":
        numbers = (
            f"(WITH RECURSIVE n(k) AS (SELECT 1 UNION ALL SELECT k + 1 FROM n WHERE k < {copies}) SELECT k FROM n) AS n"
        )
    tables = [School, *(model for model in apps.get_models() if issubclass(model, SchoolRecord))]
    moved = set(tables)
    quote = connection.ops.quote_name
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA defer_foreign_keys = ON")
        for model in tables:
            fields = model._meta.concrete_fields
            columns = ", ".join(quote(field.column) for field in fields)
            values = ", ".join(_moved(field, moved) for field in fields)
            cursor.execute(
                f"INSERT INTO {quote(model._meta.db_table)} ({columns}) SELECT {values} FROM {quote(model._meta.db_table)} t, {numbers}"
            )


def _moved(field: models.Field, moved: set[type[models.Model]]) -> str:
    column = f"t.{connection.ops.quote_name(field.column)}"
    if field.name == "public_id":
        return "lower(hex(randomblob(16)))" if connection.vendor == "sqlite" else "gen_random_uuid()"
    if field.name == "uai":
        return (
            "substr('0000000' || n.k, -7) || 'X'" if connection.vendor == "sqlite" else "lpad(n.k::text, 7, '0') || 'X'"
        )
    if field.primary_key or (field.is_relation and field.related_model in moved):
        return f"{column} + n.k * {STEP}"
    return column


def tidy() -> None:
    """Statistics for the planner, as a database that lives has them."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE" if connection.vendor == "sqlite" else "VACUUM ANALYZE")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--copies", type=int, default=100)
    main(parser.parse_args().copies)
