"""The Python environment, from the hashed lock files of requirements/, and nothing that is not in them."""

import json
import os
import platform
import subprocess
import sys
from collections.abc import Collection
from pathlib import Path

from machine.places import PYTHON, REQUIREMENTS, ROOT, VENV, Refused, digest, say, write_whole
from machine.processes import run_quietly

STAMP = VENV / "stamp.json"  # written last: a folder alone proves nothing
BUILDING = VENV / "unfinished"
LEVELS = ("run", "dev", "node")  # requirements/<level>.txt; dev holds run
SYSTEM_CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")


def ensure(*levels: str) -> None:
    """Makes the virtual environment hold at least these levels of requirements; what it already has is kept.

    Raises `Refused` when packages cannot be brought. Asks nothing of the network when the stamp is right.
    """
    had = _stamp()
    wanted = [level for level in LEVELS if level in {*levels, *had}]
    stamp = _expected(wanted)
    if had == stamp:
        return
    say("Installation de l'environnement Python (bibliothèques du fichier de verrouillage)…")
    half_made = VENV.exists() and not had
    try:
        _build(wanted, afresh=BUILDING.exists())
    except Refused:
        if not half_made:
            raise
        say("Nouvel essai dans un environnement neuf…")
        _build(wanted, afresh=True)
    write_whole(STAMP, json.dumps(stamp))
    BUILDING.unlink()


def _stamp() -> dict[str, str]:
    """What the finished environment was made from; empty when there is none."""
    if BUILDING.exists() or not PYTHON.exists():
        return {}
    try:
        return dict(json.loads(STAMP.read_text()))
    except (OSError, ValueError):
        return {}


def _expected(levels: Collection[str]) -> dict[str, str]:
    made_by = f"{platform.python_version()} {Path(sys.base_prefix).resolve()} {ROOT}"  # a moved checkout breaks a venv
    return {"python": made_by} | {level: digest([REQUIREMENTS / f"{level}.txt"]) for level in levels}


def _build(levels: Collection[str], *, afresh: bool) -> None:
    failed = "L'installation de l'environnement Python a échoué ; le journal est ci-dessus."
    VENV.mkdir(exist_ok=True)
    STAMP.unlink(missing_ok=True)
    run_quietly([sys.executable, "-m", "venv", *(["--clear"] if afresh else []), VENV], otherwise=failed)
    BUILDING.touch()
    env = registry_environment()
    pip: list[str | Path] = [
        PYTHON,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--require-hashes",
    ]
    run_quietly([*pip, "--only-binary", ":all:", "-r", REQUIREMENTS / "uv.txt"], env=env, otherwise=failed)
    uv: list[str | Path] = [VENV / "bin" / "uv", "pip", "sync", "--python", PYTHON, "--require-hashes", "--no-progress"]
    uv += ["--only-binary", ":all:"]  # nothing is built here
    locks = [REQUIREMENTS / f"{level}.txt" for level in levels if not (level == "run" and "dev" in levels)]
    env["UV_PYTHON_DOWNLOADS"] = "never"
    run_quietly([*uv, REQUIREMENTS / "uv.txt", *locks], env=env, otherwise=failed)


def registry_environment() -> dict[str, str]:
    """The environment for package clients: the machine's own settings, made known to those that do not read them."""
    env = dict(os.environ)
    if "SSL_CERT_FILE" not in env:
        env.setdefault("UV_SYSTEM_CERTS", "1")  # a school's proxy has its authority in the system's bundle
        if SYSTEM_CERTIFICATES.exists():
            env.setdefault("NODE_EXTRA_CA_CERTS", str(SYSTEM_CERTIFICATES))
    # uv does not read pip's configuration
    if not any(name in env for name in ("UV_DEFAULT_INDEX", "UV_INDEX_URL", "PIP_INDEX_URL")):
        if index := _pip_setting("index-url"):
            env["UV_DEFAULT_INDEX"] = index
    elif "PIP_INDEX_URL" in env:
        env.setdefault("UV_DEFAULT_INDEX", env["PIP_INDEX_URL"])
    return env


def _pip_setting(key: str) -> str:
    for section in ("install", "global"):
        found = subprocess.run(
            [PYTHON, "-m", "pip", "config", "get", f"{section}.{key}"], capture_output=True, text=True
        )
        if found.returncode == 0:
            return found.stdout.strip()
    return ""
