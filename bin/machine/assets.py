"""What the browser gets: static/build/, made by bin/build_assets.mjs from npm's packages and our theme."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from machine import environment
from machine.places import ROOT, VENV, digest, say, stamped, write_whole
from machine.processes import run_quietly

MODULES_STAMP = ROOT / "node_modules" / ".stamp"
BUILT = ROOT / "static" / "build"
BUILT_STAMP = BUILT / ".stamp"
BUILDER = ROOT / "bin" / "build_assets.mjs"  # reads the theme, and every source for the icons it names
READ = {".html", ".js", ".mjs", ".py", ".scss", ".svg"}
NOT_READ = {"build", "node_modules", "var", "artifacts", "migrations", "__pycache__"}
OLDEST_NODE = (20, 19)  # what sass asks for
FAILED = "La préparation des feuilles de style et des scripts a échoué ; le journal est ci-dessus."


def levels() -> list[str]:
    """The requirements that building needs now: Node's, when there is something to build and the machine has none."""
    return [] if stamped(BUILT_STAMP, _state()) or _machine_node() else ["node"]


def ensure() -> None:
    """Builds static/build/ when a source or the lock file changed; asks nothing of the network otherwise.

    Raises `Refused` when npm cannot bring the packages or the theme does not compile.
    """
    state = _state()
    if stamped(BUILT_STAMP, state):
        return
    node, npm = _machine_node() or (VENV / "bin" / "node", VENV / "bin" / "npm")
    packages = _packages()
    if not stamped(MODULES_STAMP, packages):
        say("Téléchargement des bibliothèques du navigateur (npm)…")
        run_quietly([npm, "ci", "--ignore-scripts"], env=environment.registry_environment(), otherwise=FAILED)
        write_whole(MODULES_STAMP, packages)
    BUILT_STAMP.unlink(missing_ok=True)
    run_quietly([node, BUILDER], otherwise=FAILED)
    write_whole(BUILT_STAMP, state)


def _packages() -> str:
    return digest([ROOT / "package-lock.json", ROOT / "package.json"])


def _state() -> str:
    return digest(_sources(), _packages())


def _sources() -> Iterator[Path]:
    for folder, inside, files in os.walk(ROOT):
        inside[:] = [name for name in inside if name not in NOT_READ and not name.startswith(".")]
        yield from (Path(folder, name) for name in files if Path(name).suffix in READ)


def _machine_node() -> tuple[Path, Path] | None:
    """The machine's Node and npm, when recent enough."""
    node, npm = shutil.which("node"), shutil.which("npm")
    return (Path(node), Path(npm)) if node and npm and _version(node) >= OLDEST_NODE else None


def _version(node: str) -> tuple[int, ...]:
    told = subprocess.run([node, "--version"], capture_output=True, text=True).stdout
    found = re.match(r"v(\d+)\.(\d+)", told)
    return tuple(map(int, found.groups())) if found else (0,)
