"""A PostgreSQL and a Redis of our own, on free ports and in temporary folders; nobody else's server is touched."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from machine.places import Refused
from machine.processes import start, stop

PATIENCE = 60


def free_port() -> int:
    """A port nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def postgresql() -> Iterator[str]:
    """A new, empty cluster made for speed, not for keeping; gives its DATABASE_URL."""
    programs = max(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: float(folder.parent.name))
    as_postgres: list[str] = []
    if os.geteuid() == 0:  # which PostgreSQL refuses; and the death of this script must still end the server
        as_postgres = ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", "--pdeathsig=INT"]
    with _folder("bde-pg-", owner="postgres" if as_postgres else "") as folder:
        cluster = folder / "data"
        made = subprocess.run(
            [
                *as_postgres,
                programs / "initdb",
                "-D",
                cluster,
                "-U",
                "bdeplatform",
                "-A",
                "trust",
                "-E",
                "UTF8",
                "--locale=C.UTF-8",
                "--no-sync",
            ],
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            cwd="/",
        )
        if made.returncode:
            raise Refused(f"PostgreSQL ne peut pas créer sa base de tests :\n{made.stdout}{made.stderr}")
        port = free_port()
        options = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "jit": "off"}
        options |= {"random_page_cost": "1.1", "max_connections": "60", "listen_addresses": "127.0.0.1"}
        options |= {"unix_socket_directories": str(folder)}
        server: list[str | Path] = [*as_postgres, programs / "postgres", "-D", cluster, "-p", str(port)]
        server += [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
        ready: list[str | Path] = [
            programs / "pg_isready",
            "-h",
            "127.0.0.1",
            "-p",
            str(port),
            "-U",
            "bdeplatform",
            "-d",
            "postgres",
        ]
        answers = partial(_succeeds, ready)
        with _server(server, log=folder / "log", ready=answers, first=signal.SIGINT):  # SIGTERM waits for clients
            yield f"postgres://bdeplatform@127.0.0.1:{port}/postgres"


@contextmanager
def redis() -> Iterator[str]:
    """A Redis that keeps its append-only file, as in production; gives its REDIS_URL."""
    with _folder("bde-redis-") as folder:
        port = free_port()
        server = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--dir", str(folder)]
        server += ["--appendonly", "yes", "--save", "", "--daemonize", "no"]
        with _server(server, log=folder / "log", ready=lambda: _pongs(port)):
            yield f"redis://127.0.0.1:{port}/0"


@contextmanager
def _folder(prefix: str, *, owner: str = "") -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix=prefix, dir="/tmp"))  # short: a socket's path ends at 107 bytes
    try:
        if owner:
            account = pwd.getpwnam(owner)
            os.chown(folder, account.pw_uid, account.pw_gid)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _server(
    argv: Sequence[str | Path], *, log: Path, ready: Callable[[], bool], first: signal.Signals = signal.SIGTERM
) -> Iterator[None]:
    with log.open("wb") as out:
        process = start(argv, output=out.fileno(), cwd=Path("/"))
    try:
        deadline = time.monotonic() + PATIENCE
        while not ready():
            if process.poll() is not None or time.monotonic() > deadline:
                raise Refused(f"Un serveur des tests n'a pas démarré :\n{log.read_text(errors='replace')}")
            time.sleep(0.1)
        yield
    finally:
        stop(process, first=first)


def _succeeds(command: Sequence[str | Path]) -> bool:
    return subprocess.run(command, capture_output=True).returncode == 0


def _pongs(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1) as line:
            line.sendall(b"PING\r\n")
            return line.recv(7) == b"+PONG\r\n"
    except OSError:
        return False
