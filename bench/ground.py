"""What the scripts of this folder share: a data folder of their own, Django set up on it, one clock, interleaved rounds.

Import it before anything of Django. The database is the one of DATABASE_URL, which must be empty, else SQLite.
"""

import os
import statistics
import tempfile
import time
from collections.abc import Callable, Mapping
from datetime import date

import django

_folder = tempfile.TemporaryDirectory(prefix="bde-bench-")
os.environ["DATA_DIR"] = _folder.name
os.environ.setdefault("SECRET_KEY", "only-for-the-bench")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bdeplatform.settings.test")
django.setup()

from django.apps import apps  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, models, transaction  # noqa: E402

from schools.models import School, SchoolRecord  # noqa: E402

TODAY = date(2026, 11, 22)
STEP = 1_000_000  # between the keys of one copy of a school and those of the next; 2,100 of them fit an integer


def seeded(**options: object) -> None:
    """Migrate, then make a demo lycée; options are those of `seed`."""
    call_command("migrate", verbosity=0)
    with open(os.devnull, "w") as nowhere:
        call_command("seed", today=TODAY, stdout=nowhere, stderr=nowhere, **options)
    tidy()


def tidy() -> None:
    """Statistics for the planner, as a database that lives has them."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE" if connection.vendor == "sqlite" else "VACUUM ANALYZE")


def now() -> float:
    """Seconds: of this process's processor on SQLite, of the wall when a server does part of the work."""
    return time.process_time() if connection.vendor == "sqlite" else time.perf_counter()


def medians(calls: Mapping[str, Callable[[], object]], rounds: int, *, times: int = 1) -> dict[str, float]:
    """Milliseconds of one call, by name: medians of interleaved rounds after one that warms up."""
    found: dict[str, list[float]] = {name: [] for name in calls}
    for _ in range(rounds + 1):
        for name, call in calls.items():
            before = now()
            for _ in range(times):
                call()
            found[name].append((now() - before) * 1000 / times)
    return {name: statistics.median(values[1:]) for name, values in found.items()}


def multiply(school: School, copies: int) -> None:
    """A school and all its rows, `copies` times, with keys moved by STEP."""
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
            whose = "id" if model is School else "school_id"
            table = quote(model._meta.db_table)
            cursor.execute(
                f"INSERT INTO {table} ({columns}) SELECT {values} FROM {table} t, {numbers} WHERE t.{whose} = {school.pk}"
            )


def _moved(field: models.Field, moved: set[type[models.Model]]) -> str:
    column = f"t.{connection.ops.quote_name(field.column)}"
    if field.name == "public_id":
        return "lower(hex(randomblob(16)))" if connection.vendor == "sqlite" else "gen_random_uuid()"
    if field.name == "uai":
        return (
            "substr('0000000' || n.k, -7) || 'X'" if connection.vendor == "sqlite" else "lpad(n.k::text, 7, '0') || 'X'"
        )
    if getattr(field, "unique", False) and isinstance(field, models.CharField):  # fingerprints of links
        return (
            "lower(hex(randomblob(32)))"
            if connection.vendor == "sqlite"
            else "md5(random()::text) || md5(random()::text)"
        )
    if field.primary_key or (field.is_relation and field.related_model in moved):
        return f"{column} + n.k * {STEP}"
    return column
