"""bin/: what it says on a machine that does not allow something, and that it leaves nothing running."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from machine import data, environment, packages, places, services, supervisor
from machine.places import BIN, Refused
from machine.processes import start, stop


def one_french_sentence(text: str) -> bool:
    """No trace of Python, one paragraph, ended."""
    return "Traceback" not in text and len(text.strip().splitlines()) == 1 and text.strip().endswith((".", "»."))


def alive(pid: int) -> bool:
    """Whether a process exists and is not a zombie."""
    status = Path(f"/proc/{pid}/stat")
    try:
        return status.read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def eventually(condition, seconds: float = 10) -> bool:
    """Whether the condition comes true in time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.05)
    return False


def test_a_taken_port_is_told_in_one_sentence():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        told = subprocess.run([BIN / "run", "--port", str(port)], capture_output=True, text=True)
    assert told.returncode == 1
    assert one_french_sentence(told.stderr)
    assert f"--port {port + 1}" in told.stderr


def test_a_second_site_on_the_same_data_is_refused(tmp_path):
    with supervisor.alone(tmp_path), pytest.raises(Refused, match="tourne déjà"), supervisor.alone(tmp_path):
        pass


def test_without_rights_the_administrator_gets_the_command(monkeypatch):
    monkeypatch.setattr(packages, "_as_root", lambda: None)
    need = packages.Need(("libsomething0",), "les PDF", lambda: False)
    with pytest.raises(Refused) as refusal:
        packages.ensure([need])
    assert one_french_sentence(str(refusal.value))
    assert "apt-get install -y --no-install-recommends libsomething0" in str(refusal.value)


def test_what_is_there_is_not_installed(monkeypatch):
    monkeypatch.setattr(packages, "_install", lambda *_: pytest.fail("asked apt"))
    packages.ensure([packages.Need(("libsomething0",), "les PDF", lambda: True)])


@pytest.mark.parametrize("left_behind", ["nothing", "half", "unfinished"])
def test_a_half_made_environment_is_not_taken_for_a_finished_one(monkeypatch, tmp_path, left_behind):
    monkeypatch.setattr(environment, "STAMP", tmp_path / "stamp.json")
    monkeypatch.setattr(environment, "BUILDING", tmp_path / "unfinished")
    monkeypatch.setattr(environment, "VENV", tmp_path)
    monkeypatch.setattr(environment, "PYTHON", tmp_path / "bin" / "python")
    monkeypatch.setattr(places, "ROOT", tmp_path)
    built = []
    monkeypatch.setattr(environment, "_build", lambda levels, afresh: built.append(afresh))
    monkeypatch.setattr(environment, "_expected", lambda levels: dict.fromkeys(levels, "hash"))
    if left_behind != "nothing":
        (tmp_path / "bin").mkdir()
        (tmp_path / "bin" / "python").touch()
    (tmp_path / "unfinished").touch()
    if left_behind == "unfinished":
        (tmp_path / "stamp.json").write_text('{"run": "hash"}')
    environment.ensure("run")
    assert built == [True]
    (tmp_path / "bin").mkdir(exist_ok=True)
    (tmp_path / "bin" / "python").touch()
    environment.ensure("run")
    assert built == [True]


def test_the_secret_key_is_made_once_and_for_its_owner_only(tmp_path):
    file = tmp_path / "secret_key"
    file.touch()  # a power cut may leave an empty one
    data._secret_key(file)
    first = file.read_text()
    data._secret_key(file)
    assert file.read_text() == first
    assert len(first.strip()) >= 50
    assert file.stat().st_mode & 0o077 == 0


def test_links_of_mails_follow_the_port_unless_the_environment_says_where_the_site_is(monkeypatch, tmp_path):
    for name in ("TRUSTED_ORIGINS", "ALLOWED_HOSTS", "HTTPS"):
        monkeypatch.delenv(name, raising=False)
    assert data.settings(tmp_path, 8417)["TRUSTED_ORIGINS"] == "http://127.0.0.1:8417"
    assert "TRUSTED_ORIGINS" not in data.settings(tmp_path)
    monkeypatch.setenv("ALLOWED_HOSTS", "bde.example.org")
    assert "TRUSTED_ORIGINS" not in data.settings(tmp_path, 8417)


SITE = """
import sys
from pathlib import Path
from machine import supervisor
from machine.processes import stop_on_signals
stop_on_signals()
folder, port = Path(sys.argv[1]), int(sys.argv[2])
web = [sys.executable, "-m", "http.server", str(port), "--bind", "127.0.0.1", "--directory", str(folder)]
worker = ["sh", "-c", "echo $$ >>workers; sleep 1000 & echo $! >>workers; wait"]
import os
members = [
    supervisor.Service("web", web, dict(os.environ), folder / "web.log"),
    supervisor.Service("worker", ["sh", "-c", f"cd {folder}; {worker[2]}"], dict(os.environ), folder / "worker.log"),
]
supervisor.run(members, f"http://127.0.0.1:{port}/", "ready")
"""


@pytest.fixture
def site(tmp_path):
    """A supervised pair of processes, started as a shell starts a background command: Ctrl-C ignored."""
    port = services.free_port()
    child = subprocess.Popen(
        ["sh", "-c", f'trap "" INT; exec "{sys.executable}" -c "$SITE" {tmp_path} {port}'],
        env=os.environ | {"SITE": SITE, "PYTHONPATH": str(BIN)},
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert child.stdout
    assert child.stdout.readline().strip() == "ready"
    yield child, tmp_path, port
    child.terminate()
    child.wait(20)
    child.stdout.close()


def workers(folder: Path) -> list[int]:
    """Every process that the worker's shell wrote down."""
    return [int(line) for line in (folder / "workers").read_text().split()]


@pytest.mark.once
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_everything_that_was_started(site, number):
    child, folder, port = site
    assert supervisor.answers(f"http://127.0.0.1:{port}/")
    pids = workers(folder)
    assert len(pids) == 2
    child.send_signal(number)
    assert child.wait(15) == 128 + number
    assert eventually(lambda: not any(map(alive, pids)))
    assert not supervisor.answers(f"http://127.0.0.1:{port}/")


@pytest.mark.once
def test_a_killed_supervisor_takes_its_processes_along(site):
    child, folder, port = site
    child.kill()
    child.wait()
    try:
        assert eventually(lambda: not alive(workers(folder)[0]) and not supervisor.answers(f"http://127.0.0.1:{port}/"))
    finally:
        for pid in filter(alive, workers(folder)):
            os.kill(pid, signal.SIGKILL)  # the shell's own child, which knew nothing


@pytest.mark.once
def test_a_killed_worker_is_started_again(site):
    child, folder, _ = site
    first = workers(folder)
    os.kill(first[0], signal.SIGKILL)
    assert eventually(lambda: len(workers(folder)) == 4)
    assert not alive(first[1])
    assert child.poll() is None


def test_a_site_that_cannot_start_shows_why(tmp_path, capfd):
    members = [
        supervisor.Service("web", ["sh", "-c", "echo la raison; exit 3"], dict(os.environ), tmp_path / "web.log")
    ]
    with pytest.raises(Refused, match=r"web\.log"):
        supervisor.run(members, f"http://127.0.0.1:{services.free_port()}/", "ready")
    assert "la raison" in capfd.readouterr().err


@pytest.mark.once
def test_our_own_servers_leave_nothing_behind():
    with services.postgresql() as database, services.redis() as redis:
        ports = [int(re.search(r":(\d+)/", url)[1]) for url in (database, redis)]
        for port in ports:
            socket.create_connection(("127.0.0.1", port), timeout=2).close()
    for port in ports:
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", port), timeout=2)


def test_stop_ends_what_ignores_the_request():
    child = start(["sh", "-c", "trap '' TERM; sleep 1000 & wait; sleep 1000"])
    time.sleep(0.2)
    stop(child, grace=0.3)
    assert child.returncode == -signal.SIGKILL
