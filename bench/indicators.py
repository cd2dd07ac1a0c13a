"""All the indicators of a school year, against the raw read of its rows and a pass of SQL written by hand.

    .venv/bin/python -m bench.indicators [--copies 100] [--small 2100]
    bin/with-services .venv/bin/python -m bench.indicators        # the same on PostgreSQL

A seeded lycée (600 pupils, its participations brought to 4,000) alone, then among copies of itself, or with `--small` among that
many lycées of 40 pupils. Milliseconds of processor, ours and that of PostgreSQL's process: medians of interleaved runs.
Targets: at most 250 ms on PostgreSQL, 400 on SQLite; at most 2 times the hand-written pass; at most 1.3 times slower among
1,000 school-years or 2,100 schools.
"""

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable
from datetime import date

from bench import ground  # first: it sets Django up

# isort: split
from django.db import connection, models
from django.test.utils import CaptureQueriesContext

from bench.finding import of_server
from bench.indicators_sql import STATEMENTS
from core.school_year import SchoolYear
from events.models import Action, Participation
from indicators import figures
from schools.models import School, Schooling

ROUNDS = 9
PARTICIPATIONS = 4_000
YEAR, TODAY = SchoolYear(2025), date(2026, 8, 31)


def main(copies: int, small: int) -> None:
    ground.seeded()
    school = School.objects.get()
    fill(school)
    ground.tidy()
    alone = measure(school)
    if small:
        ground.seeded(schools=2, students=40, years=1)
        ground.multiply(School.objects.exclude(pk=school.pk).get(), small - 1)
    else:
        ground.multiply(school, copies)
    ground.tidy()
    among = measure(school)
    stays = Schooling.objects.in_school(school).filter(year=YEAR.code)
    result = {
        "database": connection.vendor,
        "schools": School.objects.count(),
        "pupils": stays.values("student").distinct().count(),
        "participations": _of_year(school).count(),
        "queries": alone.pop("queries"),
        "alone_ms": alone,
        "among_ms": {name: among[name] for name in alone},
        "ours_on_sql_pass": round(among["ours"] / among["sql_pass"], 2),
        "ours_on_raw_read": round(among["ours"] / among["raw_read"], 2),
        "among_on_alone": round(among["ours"] / alone["ours"], 2),
    }
    sys.stdout.write(json.dumps(result) + "\n")


def _of_year(school: School) -> models.QuerySet[Participation]:
    return Participation.objects.in_school(school).filter(action__start_date__range=(YEAR.start, YEAR.end))


def fill(school: School) -> None:
    """Pupils expected at more of the year's actions, up to PARTICIPATIONS."""
    pupils = list(Schooling.objects.in_school(school).filter(year=YEAR.code).values_list("student_id", flat=True))
    known = set(_of_year(school).values_list("action_id", "student_id"))
    done = Action.objects.in_school(school).filter(start_date__range=(YEAR.start, YEAR.end)).order_by("pk")
    wanted = ((action.pk, pupil) for action in done for pupil in dict.fromkeys(pupils))
    more = [pair for pair in wanted if pair not in known][: max(0, PARTICIPATIONS - len(known))]
    Participation.objects.bulk_create(
        Participation(school=school, action_id=action, student_id=pupil, present=bool(rank % 4))
        for rank, (action, pupil) in enumerate(more)
    )


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

    def clock() -> float:
        return (time.process_time_ns() + of_server()) / 1e9

    for _ in range(ROUNDS):
        for name, call in calls.items():
            before = clock()
            call()
            times[name].append((clock() - before) * 1000)
    return {name: round(statistics.median(found[1:]), 1) for name, found in times.items()} | {"queries": len(queries)}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--copies", type=int, default=100)
    parser.add_argument("--small", type=int, default=0)
    asked = parser.parse_args()
    main(asked.copies, asked.small)
