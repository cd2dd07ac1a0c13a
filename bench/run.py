"""Every measure of this folder as one table: ours, its floor in the same run, their ratio, the target, the verdict.

    .venv/bin/python -m bench.run                            # SQLite
    bin/with-services .venv/bin/python -m bench.run          # PostgreSQL, as DATABASE_URL says
    .venv/bin/python -m bench.run --only pages imports       # some of them

Each script runs alone, in a process and on a database of its own, one after the other. The table goes to standard output;
exit status 1 when a target is missed.
"""

import argparse
import json
import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Line:
    """A line of the table: keys of a script's answer, and the largest value that meets the target."""

    what: str
    ours: str
    floor: str  # "" when the value itself is the measure
    measure: str  # the key compared with the target
    target: float
    unit: str = "×"
    against: str = ""


SCRIPTS: dict[str, list[Line]] = {
    "imports": [
        Line("import of a dossier of 10,000 lines", "import_ms", "executemany_ms", "import_ratio", 10, "×", "executemany of the same rows"),
        Line("… from the files to the commit, by the wall", "import_wall_s", "", "import_wall_s", 10, "s"),
        Line("… longest hold of the write lock", "import_lock_s", "", "import_lock_s", 1, "s"),
    ],
    "indicators": [
        Line("indicators of a school year, among 200 others", "among_ms.ours", "among_ms.sql_pass", "ours_on_sql_pass", 2, "×", "a pass of SQL written by hand"),
        Line("… beside the same school alone", "among_ms.ours", "alone_ms.ours", "among_on_alone", 1.3, "×", "the school alone"),
        Line("… in all", "among_ms.ours", "", "among_ms.ours", 250, "ms"),
    ],
    "papers": [
        Line("one convention, PDF/UA-1", "one_convention_ms", "plain_weasyprint_ms", "one_convention_ratio", 1.2, "×", "plain WeasyPrint, shared objects"),
        Line("class of 30 in one file, each", "class_of_30_ms_each", "plain_weasyprint_ms", "class_of_30_ratio", 1.2, "×", "the same, one paper"),
    ],
    "pages": [
        Line("filtered list of 25 rows, full page", "full_ms", "hello_ms", "full_ratio", 20, "×", "hello-world view, no middleware"),
        Line("… fragment", "fragment_ms", "hello_ms", "fragment_ratio", 12, "×", "hello-world view, no middleware"),
        Line("… full page", "full_ms", "behind_ms", "full_behind_ratio", 20, "×", "hello-world view behind our middleware, signed in"),
        Line("… fragment", "fragment_ms", "behind_ms", "fragment_behind_ratio", 12, "×", "hello-world view behind our middleware, signed in"),
        Line("… full page among 10,000 rows", "full_among_10000_ms", "full_ms", "flat_ratio", 1.3, "×", "the same among 100 rows"),
        Line("… queries", "queries", "", "queries", 10, "queries"),
    ],
    "board": [
        Line("board of PFMP of a class", "class_ms", "", "class_ms", 150, "ms"),
        Line("… queries", "class_queries", "", "class_queries", 20, "queries"),
        Line("board of the whole school, 600 pupils", "school_ms", "", "school_ms", 500, "ms"),
        Line("… queries", "school_queries", "", "school_queries", 20, "queries"),
    ],
}  # fmt: skip


def main(names: list[str]) -> int:
    """Runs the scripts, prints the table; 1 when a target is missed or a script fails."""
    missed = False
    print(f"Database: {'PostgreSQL' if server() else 'SQLite'}\n")
    print("| measure | ours | floor | ratio | target | verdict |\n|---|---:|---:|---:|---:|---|")
    for name in names:
        print(f"{name}…", file=sys.stderr, flush=True)
        answer = run(name)
        if answer is None:
            print(f"| {name} | | | | | the script failed |", flush=True)
            missed = True
            continue
        for line in SCRIPTS[name]:
            met = value(answer, line.measure) <= line.target
            missed |= not met
            print(row(line, answer, met), flush=True)
    return int(missed)


def row(line: Line, answer: dict[str, Any], met: bool) -> str:
    """A line of the table, in Markdown."""
    unit = f" {line.unit}" if line.unit != "×" else " ms"
    ours = f"{value(answer, line.ours):g}{unit}"
    floor = f"{value(answer, line.floor):g} ms, {line.against}" if line.floor else ""
    ratio = f"{value(answer, line.measure):g} ×" if line.floor else ""
    target = f"≤ {line.target:g} {line.unit}"
    return f"| {line.what} | {ours} | {floor} | {ratio} | {target} | {'met' if met else '**missed**'} |"


def value(answer: dict[str, Any], key: str) -> float:
    """`alone_ms.ours` of an answer."""
    found: Any = answer
    for part in key.split("."):
        found = found[part]
    return float(found)


def run(name: str) -> dict[str, Any] | None:
    """The last line of a script, read as JSON; None when it failed, its own words being on standard error."""
    with empty_database() as env:
        done = subprocess.run(
            [sys.executable, "-m", f"bench.{name}"], cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True, check=False
        )
    if done.returncode:
        return None
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


def server() -> str:
    """The DATABASE_URL of a PostgreSQL server, or an empty text."""
    url = os.environ.get("DATABASE_URL", "")
    return url if url.startswith("postgres") else ""


@contextmanager
def empty_database() -> Iterator[dict[str, str]]:
    """The environment of a script: a new database of the server, dropped afterwards; on SQLite, a file of the script's own."""
    env = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}}
    if not server():
        yield env
        return
    name = f"bench_{uuid.uuid4().hex[:8]}"
    with psycopg.connect(server(), autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield env | {"DATABASE_URL": urlunsplit(urlsplit(server())._replace(path=f"/{name}"))}
        finally:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="+", choices=sorted(SCRIPTS), default=list(SCRIPTS), metavar="SCRIPT")
    sys.exit(main(parser.parse_args().only))
