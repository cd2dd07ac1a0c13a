"""`kill -9` in the middle of fifty jobs, several times: each is done exactly once (stack.md, R-07).

Real processes, both brokers, and the database of DATABASE_URL (SQLite when it is not set).
"""

import os
import secrets
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest

ROOT = Path(__file__).resolve().parents[2]
JOBS = 50


@pytest.fixture
def database(tmp_path: Path) -> Iterator[str]:
    """The address of an empty database: the processes of the drill must see each other's rows."""
    server = os.environ.get("DATABASE_URL", "")
    if not server.startswith(("postgres", "pgsql")):
        yield f"sqlite:///{tmp_path / 'drill.sqlite3'}"
        return
    name = f"drill_{secrets.token_hex(4)}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
        yield urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


class Redis:
    """A server of our own on a free port, with its append-only file as in production."""

    def __init__(self, folder: Path) -> None:
        program = shutil.which("redis-server")
        if program is None:
            pytest.skip("redis-server is not installed")
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.command = [program, "--port", str(self.port), "--bind", "127.0.0.1", "--dir", str(folder)]
        self.command += ["--appendonly", "yes", "--save", ""]
        self.start()

    def start(self) -> None:
        self.process = subprocess.Popen(self.command, stdout=subprocess.DEVNULL)
        _wait_until(lambda: _answers(self.port), seconds=10, what="Redis to answer")

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(10)


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[Redis]:
    server = Redis(tmp_path)
    yield server
    server.kill()


@pytest.fixture(params=["filesystem", "redis"])
def broker(request: pytest.FixtureRequest) -> str:
    """REDIS_URL for the drill: empty for the folder."""
    if request.param == "filesystem":
        return ""
    return f"redis://127.0.0.1:{request.getfixturevalue('redis').port}/0"


def _answers(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


def _wait_until(done, *, seconds: float, what: str) -> None:
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end, f"Waited {seconds} s for {what}."
        time.sleep(0.1)


class Drill:
    """One installation: its data folder, its database, its broker, its scheduler, and the worker that we kill."""

    def __init__(self, folder: Path, database: str, broker: str) -> None:
        self.database = database
        self.log = folder / "processes.log"
        self.environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "tests.drills.settings",
            "DATA_DIR": str(folder / "data"),
            "SECRET_KEY": "drill",
            "DATABASE_URL": database,
            "JOBS_LEASE_SECONDS": "2",
            "JOBS_RESEND_SECONDS": "2",
            "JOBS_SWEEP_SECONDS": "1",
            "REDIS_URL": broker,
        }
        self.groups: list[subprocess.Popen] = []

    def begin(self, *command: str, **environment: str) -> subprocess.Popen:
        whole = [sys.executable, "-m", "tests.drills.command", *command]
        with self.log.open("ab") as log:
            return subprocess.Popen(whole, cwd=ROOT, env=self.environment | environment, stderr=log)

    def do(self, *command: str, **environment: str) -> None:
        assert self.begin(*command, **environment).wait(60) == 0

    def start(self, *command: str, **environment: str) -> subprocess.Popen:
        """Start a Celery process in a group of its own, its children included."""
        with self.log.open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "celery", "-A", "bdeplatform", *command],
                cwd=ROOT,
                env=self.environment | environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.groups.append(process)
        return process

    def start_worker(self, **environment: str) -> subprocess.Popen:
        options = ["--concurrency", "2", "--without-gossip", "--without-mingle", "--without-heartbeat"]
        return self.start("worker", *options, **environment)

    def kill(self, process: subprocess.Popen) -> None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)
        self.groups.remove(process)

    def numbers(self, query: str) -> list[int]:
        """The first row of a query, read beside Django so that it costs nothing."""
        if self.database.startswith("sqlite"):
            with closing(sqlite3.connect(self.database.removeprefix("sqlite:///"), timeout=20)) as connection:
                return list(connection.execute(query).fetchone())
        with psycopg.connect(self.database) as connection:
            return list(connection.execute(query).fetchone() or ())

    def marks(self) -> int:
        return self.numbers("SELECT count(*) FROM drills_mark")[0]

    def is_over(self) -> bool:
        return self.numbers("SELECT count(*) FROM core_job WHERE state = 'done'") == [JOBS]


@pytest.fixture
def drill(tmp_path: Path, database: str, broker: str) -> Iterator[Drill]:
    drill = Drill(tmp_path, database, broker)
    drill.do("prepare")
    yield drill
    for process in list(drill.groups):
        drill.kill(process)


def test_each_job_is_done_exactly_once_though_workers_are_killed(drill: Drill) -> None:
    drill.do("ask", str(JOBS))
    for goal in (5, 15, 25):
        worker = drill.start_worker()
        _wait_until(lambda goal=goal: drill.marks() >= goal, seconds=30, what="the worker's first marks")
        drill.kill(worker)
    assert drill.marks() < JOBS, "the kills came too late to prove anything"

    drill.start("beat")
    drill.start_worker()
    _wait_until(drill.is_over, seconds=45, what="all jobs to be done")
    once = "SELECT count(DISTINCT number), count(*) FROM drills_mark"
    assert drill.numbers(once) == [JOBS, JOBS]
    assert drill.numbers("SELECT max(tries) FROM core_job") > [1], "no job was interrupted"


@pytest.mark.parametrize("broker", ["filesystem"], indirect=True)
def test_without_the_guard_the_drill_sees_work_done_twice(drill: Drill) -> None:
    drill.do("ask", "10")
    drill.do("send_again")
    drill.start_worker(DRILL_WITHOUT_GUARD="1")
    _wait_until(lambda: drill.marks() > 10, seconds=30, what="a mark made twice")


@pytest.mark.parametrize("broker", ["filesystem"], indirect=True)
def test_people_who_ask_at_the_same_instant_get_one_job(drill: Drill) -> None:
    asking = [drill.begin("ask", "30") for _ in range(4)]
    assert [process.wait(60) for process in asking] == [0] * 4
    assert drill.numbers("SELECT count(DISTINCT key), count(*) FROM core_job") == [30, 30]


@pytest.mark.parametrize("broker", ["filesystem"], indirect=True)
def test_work_asked_for_while_the_broker_is_away_is_done_when_a_worker_comes(drill: Drill) -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:  # it takes the call and never says a word
        before = time.monotonic()
        drill.do("ask", "10", REDIS_URL=f"redis://127.0.0.1:{mute.getsockname()[1]}/0")
        assert time.monotonic() - before < 12, "ten requests wait once for the broker, not ten times"
    assert drill.numbers("SELECT count(*) FROM core_job WHERE state = 'waiting' AND sent_at IS NULL") == [10]
    drill.start_worker()
    _wait_until(lambda: drill.marks() == 10, seconds=30, what="the jobs to be done")


@pytest.mark.parametrize("broker", ["redis"], indirect=True)
def test_a_worker_outlives_its_broker(drill: Drill, redis: Redis) -> None:
    drill.do("ask", str(JOBS))
    drill.start("beat")
    drill.start_worker()
    _wait_until(lambda: drill.marks() >= 5, seconds=30, what="the worker's first marks")
    redis.kill()
    time.sleep(2)
    assert drill.marks() < JOBS, "the broker went too late to prove anything"
    redis.start()
    _wait_until(drill.is_over, seconds=45, what="all jobs to be done")
    assert drill.marks() == JOBS


@pytest.mark.parametrize("broker", ["filesystem"], indirect=True)
def test_a_job_longer_than_its_lease_stays_with_its_worker(drill: Drill) -> None:
    drill.do("ask_long")
    drill.start("beat")
    drill.start_worker()
    progress = "SELECT progress_done FROM core_job"
    _wait_until(lambda: drill.numbers(progress)[0] > 5, seconds=30, what="progress to be seen")
    _wait_until(drill.marks, seconds=30, what="the job to be done")
    assert drill.numbers("SELECT tries, count(*) FROM core_job WHERE state = 'done' GROUP BY tries") == [1, 1]
