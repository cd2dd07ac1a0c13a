"""The site's processes on one machine: web server, background worker and clock, started, watched and stopped together."""

import fcntl
import os
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from machine.places import VENV, Refused, say
from machine.processes import start, stop

PATIENCE = 120  # seconds for the first answer
GRACE = 8  # seconds for a request or a job to end; the job table takes up what is cut
MOST_RESTARTS, WITHIN = 5, 60.0


def cores() -> int:
    """The processor's cores that this process may use."""
    return len(os.sched_getaffinity(0))


@dataclass
class Service:
    """One process of the site, its log, and when it was last started."""

    name: str
    argv: Sequence[str | Path]
    env: Mapping[str, str]
    log: Path
    starts: deque[float] = field(default_factory=lambda: deque(maxlen=MOST_RESTARTS))
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Starts the process, its output added to its log."""
        if self.process:
            stop(self.process)  # what it left behind
        self.starts.append(time.monotonic())
        with self.log.open("ab") as out:
            self.process = start(self.argv, env=self.env, output=out.fileno())

    @property
    def ended(self) -> bool:
        """Whether the process that was started is no longer there."""
        return self.process is not None and self.process.poll() is not None

    @property
    def hopeless(self) -> bool:
        """Whether it ended so often of late that starting it again makes no sense."""
        return len(self.starts) == MOST_RESTARTS and self.starts[-1] - self.starts[0] < WITHIN

    def last_words(self) -> str:
        """The end of its log."""
        lines = self.log.read_text(errors="replace").splitlines() if self.log.exists() else []
        return "\n".join(lines[-25:])


def services(data: Path, env: Mapping[str, str], port: int) -> list[Service]:
    """Web: one synchronous process more than cores. Worker: one job per core. Beat: the clock. As docker-compose.yml does."""
    logs = data / "log"
    logs.mkdir(exist_ok=True)
    heartbeats = Path("/dev/shm") if os.access("/dev/shm", os.W_OK) else data  # gunicorn's, off the disk
    celery: list[str | Path] = [VENV / "bin" / "celery", "--app=bdeplatform"]
    commands: dict[str, list[str | Path]] = {
        "web": [
            *(VENV / "bin" / "gunicorn", "bdeplatform.wsgi", f"--bind=127.0.0.1:{port}", f"--workers={cores() + 1}"),
            *("--timeout=60", "--graceful-timeout=5", f"--worker-tmp-dir={heartbeats}"),
        ],
        "worker": [
            *(*celery, "worker", f"--concurrency={cores()}", "--loglevel=INFO"),
            *("--without-gossip", "--without-mingle", "--without-heartbeat"),
        ],
        "beat": [*celery, "beat", "--loglevel=INFO", "--pidfile="],
    }
    return [Service(name, argv, env, logs / f"{name}.log") for name, argv in commands.items()]


@contextmanager
def alone(data: Path) -> Iterator[None]:
    """Holds the data folder for this run; raises `Refused` when a site already runs on it."""
    with (data / "run.lock").open("a") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Refused(
                f"La plateforme tourne déjà avec le dossier de données {data}. Arrêtez-la (Ctrl-C), ou "
                "choisissez un autre dossier et un autre port : « bin/run --data DOSSIER --port N »."
            ) from None
        yield


def check_port(port: int) -> None:
    """Raises `Refused` when another program already listens on the port, or when this user may not."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except PermissionError:
            raise Refused(
                f"Le port {port} est réservé à l'administrateur : choisissez-en un autre au-dessus de 1023."
            ) from None
        except OSError:
            raise Refused(
                f"Le port {port} est déjà pris par un autre programme : choisissez-en un autre, "
                f"par exemple « bin/run --port {port + 1} »."
            ) from None


def answers(address: str) -> bool:
    """Whether the site gives a page at this address."""
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with direct.open(address, timeout=10) as response:
            return bool(response.status < 400)
    except (urllib.error.URLError, OSError):
        return False


def run(members: Sequence[Service], address: str, when_ready: str) -> None:
    """Starts the services, says `when_ready` after the first real answer, starts again what dies, until a signal.

    Raises `Refused`, after showing the log's end, when the site does not answer or a service keeps dying.
    """
    try:
        for service in members:
            service.start()
        deadline = time.monotonic() + PATIENCE
        while not answers(address):
            if dead := next((service for service in members if service.ended), None):
                _give_up(dead, "s'est arrêté au démarrage")
            if time.monotonic() > deadline:
                _give_up(members[0], "ne répond pas")
            time.sleep(0.2)
        print(when_ready, flush=True)
        while True:
            for service in members:
                if service.ended:
                    if service.hopeless:
                        _give_up(service, "s'arrête sans cesse")
                    say(f"Le processus « {service.name} » s'est arrêté ; il est relancé ({service.log}).")
                    service.start()
            time.sleep(1)
    finally:
        stop(*(service.process for service in members if service.process), grace=GRACE)


def _give_up(service: Service, reason: str) -> None:
    say(service.last_words())
    raise Refused(f"Le processus « {service.name} » {reason} ; son journal est {service.log}.")
