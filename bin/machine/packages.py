"""System packages: looked for first, installed through apt only when missing and allowed."""

import ctypes
import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from machine.places import Refused, say
from machine.processes import run_quietly

APT_OPTIONS = [
    "-y",
    "-q",
    "--no-install-recommends",
    "-oDPkg::Lock::Timeout=300",  # after boot, the system's own updates may hold it
    "-oDpkg::Options::=--force-confold",
    "-oAcquire::Retries=3",
]
# sudo cleans the environment: what leads to the registries must come along
CARRIED = ("http_proxy", "https_proxy", "no_proxy", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "SSL_CERT_FILE")


@dataclass(frozen=True)
class Need:
    """Something of the system: the packages that bring it, why, and how to see that it is there."""

    packages: tuple[str, ...]
    what: str
    present: Callable[[], bool]


def has_library(*names: str) -> bool:
    """Whether the dynamic loader finds these libraries."""
    try:
        for name in names:
            ctypes.CDLL(name)
    except OSError:
        return False
    return True


def has_font(name: str) -> bool:
    """Whether a font file of this name is installed for everyone or for this user."""
    folders = [Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path.home() / ".local/share/fonts"]
    return any(next(folder.rglob(name), None) for folder in folders if folder.is_dir())


def has_program(*names: str, under: str = "") -> bool:
    """Whether these programs are in PATH, or in a folder that matches `under`."""
    return all(shutil.which(name) or (under and any(Path("/").glob(f"{under}/{name}"))) for name in names)


RUN = (
    Need(("python3-venv",), "l'environnement Python", lambda: importlib.util.find_spec("ensurepip") is not None),
    Need(
        ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0"),
        "la mise en page des PDF",
        lambda: has_library("libpango-1.0.so.0", "libpangoft2-1.0.so.0", "libharfbuzz-subset.so.0"),
    ),
    Need(("fonts-liberation2",), "les polices des PDF", lambda: has_font("LiberationSans-Regular.ttf")),
)
TEST = (
    *RUN,
    Need(("chromium",), "le navigateur des tests", lambda: has_program("chromium")),
    Need(("postgresql",), "PostgreSQL", lambda: has_program("initdb", "postgres", under="usr/lib/postgresql/*/bin")),
    Need(("redis-server",), "Redis", lambda: has_program("redis-server")),
    Need(("poppler-utils",), "la lecture des PDF", lambda: has_program("pdftotext", "pdftoppm")),
)


def ensure(needs: Iterable[Need]) -> None:
    """Brings what is missing; raises `Refused`, with the administrator's command, when that is not allowed."""
    missing = [need for need in needs if not need.present()]
    if not missing:
        return
    packages = [package for need in missing for package in need.packages]
    wanted = ", ".join(need.what for need in missing)
    if not shutil.which("apt-get"):
        raise Refused(f"Il manque à ce système : {wanted} (paquets Debian : {' '.join(packages)}).")
    as_root = _as_root()
    if as_root is None:
        raise Refused(
            f"Il manque à ce système : {wanted}. Demandez à l'administrateur de lancer « apt-get update && "
            f"apt-get install -y --no-install-recommends {' '.join(packages)} », puis recommencez."
        )
    say(f"Installation de paquets du système pour {wanted} : {' '.join(packages)}…")
    _install(as_root, packages)
    importlib.invalidate_caches()
    if still := [need.what for need in missing if not need.present()]:
        raise Refused(f"L'installation des paquets s'est terminée, mais il manque encore : {', '.join(still)}.")


def _as_root() -> list[str] | None:
    """The words that come before a command to run it as root; None when this user may not."""
    quiet = ["env", "DEBIAN_FRONTEND=noninteractive", "LC_ALL=C.UTF-8"]
    if os.geteuid() == 0:
        return quiet
    if not shutil.which("sudo"):
        return None
    if subprocess.run(["sudo", "-n", "true"], capture_output=True).returncode:
        if not sys.stdin.isatty():
            return None
        say("L'installation de paquets du système demande votre mot de passe (sudo).")
        if subprocess.run(["sudo", "-v"]).returncode:
            return None
    carried = [f"{name}={os.environ[name]}" for name in CARRIED if name in os.environ]
    return ["sudo", "-n", *quiet, *carried]


def _install(as_root: list[str], packages: list[str]) -> None:
    failed = "L'installation des paquets du système a échoué ; le journal est ci-dessus."
    apt = [*as_root, "apt-get", *APT_OPTIONS]

    def step(*argv: str) -> None:
        # apt lets dpkg finish the package at hand when it gets Ctrl-C
        run_quietly(argv, otherwise=failed, first=signal.SIGINT)

    _update(apt, failed)
    try:
        step(*apt, "install", *packages)
    except Refused:
        say("Réparation d'une installation interrompue, puis nouvel essai…")
        step(*as_root, "dpkg", "--configure", "-a")
        step(*apt, "--fix-broken", "install")
        step(*apt, "install", *packages)


def _update(apt: list[str], failed: str) -> None:
    """Reads the package lists; their lock has no time-out of its own, so another apt's end is waited for here."""
    deadline = time.monotonic() + 300
    while True:
        done = subprocess.run(
            [*apt, "update"], stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace"
        )
        if done.returncode == 0:
            return
        if "Could not get lock" not in done.stderr or time.monotonic() > deadline:
            say(done.stdout + done.stderr)
            raise Refused(failed)
        time.sleep(3)
