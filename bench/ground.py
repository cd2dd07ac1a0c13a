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

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

TODAY = date(2026, 11, 22)


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
