"""The nightly run of the indicators: every school's figures, last year's, its key numbers, on two workers.

    bin/with-services .venv/bin/python -m bench.night [--schools 100]

A seeded lycée of 600 pupils and its copies; two processes take the jobs up as workers do. By the wall, and by the workers'
processor for a machine that does something else. Target: 100 schools in one
minute. SQLite has one writer: it is measured too, without a target.
"""

import argparse
import json
import resource
import subprocess
import sys
import time

from bench import ground  # first: it sets Django up

# isort: split
from django.db import connection

from core.models import Job
from indicators import tasks
from indicators.models import KeyNumber, Snapshot
from schools.models import School

WORKERS = 2
WORK = "import django; django.setup(); from core import jobs; print(jobs.run_waiting())"


def main(schools: int) -> None:
    ground.seeded()
    ground.multiply(School.objects.get(), schools - 1)
    ground.tidy()
    before = time.perf_counter()
    tasks.refresh_every_school(date=ground.TODAY.isoformat())
    asked = time.perf_counter() - before
    connection.close()
    workers = [
        subprocess.Popen([sys.executable, "-c", WORK], stdout=subprocess.PIPE, text=True) for _ in range(WORKERS)
    ]
    took = [int(worker.communicate()[0].split()[-1]) for worker in workers]
    whole = time.perf_counter() - before
    why = "the bench counts what the night made"
    result = {
        "database": connection.vendor,
        "schools": School.objects.count(),
        "asked_s": round(asked, 1),
        "whole_s": round(whole, 1),
        "workers_cpu_s": round(sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2]), 1),
        "jobs": sum(took),
        "unfinished": Job.objects.alive().count(),
        "snapshots": Snapshot.objects.across_schools(why=why).count(),
        "key_numbers": KeyNumber.objects.across_schools(why=why).count(),
    }
    sys.stdout.write(json.dumps(result) + "\n")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--schools", type=int, default=100)
    main(parser.parse_args().schools)
