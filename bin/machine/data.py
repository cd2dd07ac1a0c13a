"""The data folder: secret key, database, collected static files, the demo school."""

import hashlib
import os
import secrets
import sys
from collections.abc import Iterator
from pathlib import Path

from machine import assets, environment, packages
from machine.places import BIN, PYTHON, ROOT, Refused, digest, only_one, say, write_whole
from machine.processes import start, stop

WAITING = "Une autre mise en place est en cours sur cette machine : attente de sa fin…"
DATABASE = "bdeplatform.sqlite3"
DEMO = "demo"
DEMO_ACCOUNTS = "demo.json"  # written by the `seed` command into the data folder


def folder(asked: str | None = None) -> Path:
    """The data folder: the one asked for, else DATA_DIR, else var/ of the checkout."""
    return Path(asked or os.environ.get("DATA_DIR") or ROOT / "var").expanduser().absolute()


def settings(data: Path, port: int | None = None) -> dict[str, str]:
    """The environment of Django's processes on this data folder; what is already set wins.

    With `port`, mails and QR codes lead to this machine's port, unless the environment says where the site stands.
    """
    given = {"DJANGO_SETTINGS_MODULE": "bdeplatform.settings.base", "PYTHONUNBUFFERED": "1"} | os.environ
    if port and not any(given.get(name) for name in ("TRUSTED_ORIGINS", "ALLOWED_HOSTS", "HTTPS")):
        given["TRUSTED_ORIGINS"] = f"http://127.0.0.1:{port}"
    return given | {"DATA_DIR": str(data)}


def set_up(data: Path, *, prepare: bool = True, migrate: bool = False, demo: bool = False) -> None:
    """Everything between a fresh clone and a site that can answer; on a second start, next to nothing.

    Without `prepare`, the database and the collected static files are left alone. A database named by DATABASE_URL
    belongs to its operator: it is migrated when empty, or when `migrate` asks for it.
    Raises `Refused` with one French sentence when the machine does not allow it.
    """
    with only_one(ROOT / ".setup.lock", WAITING):
        packages.ensure(packages.RUN)
        environment.ensure("run", *assets.levels())
        assets.ensure()
        try:
            data.mkdir(parents=True, exist_ok=True)
            _secret_key(data / "secret_key")
        except OSError as problem:
            raise Refused(f"Le dossier de données {data} n'est pas utilisable : {problem.strerror}.") from None
        if prepare:
            _prepare(data, migrate=migrate, demo=demo)


def _secret_key(file: Path) -> None:
    """Made once, whole or not at all: sessions and invitations depend on it."""
    if not file.exists() or not file.read_text().strip():
        write_whole(file, secrets.token_urlsafe(48) + "\n", mode=0o600)


def _prepare(data: Path, *, migrate: bool, demo: bool) -> None:
    """Migrations, static files and the demo school, in one process; skipped when all of it was done before."""
    url = os.environ.get("DATABASE_URL", "")
    file = data / DATABASE if not url else Path(url.removeprefix("sqlite:///")) if url.startswith("sqlite:") else None
    stamp = data / "prepared" / hashlib.sha256(url.encode()).hexdigest()[:12]
    state = digest(_what_matters(), str(ROOT))
    done = stamp.read_text().split() if stamp.exists() and (file is None or file.exists()) else []
    if state in done and (DEMO in done or not demo) and not (url and migrate):
        return
    say("Préparation de la base de données et des fichiers du site…")
    words = [*(["migrate"] if migrate or not url else []), *([DEMO] if demo else [])]
    child = start([PYTHON, BIN / "machine" / "prepare.py", *words], env=settings(data), output=sys.stderr.fileno())
    try:
        status = child.wait()
    finally:
        stop(child)
    if status:
        raise Refused("La préparation de la base de données a échoué ; la raison est ci-dessus.")
    stamp.parent.mkdir(exist_ok=True)
    write_whole(stamp, " ".join([state, *([DEMO] if demo else [])]))


def _what_matters() -> Iterator[Path]:
    """The files that, changed, ask for a new preparation."""
    yield from (ROOT / "requirements" / "run.txt", BIN / "machine" / "prepare.py", assets.BUILT_STAMP)
    yield from ROOT.glob("*/migrations/*.py")
    yield from (file for file in (ROOT / "static").rglob("*") if file.is_file() and "build" not in file.parts)
