"""Where things lie in a checkout, and how the scripts speak to people."""

import fcntl
import hashlib
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
BIN = ROOT / "bin"
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
REQUIREMENTS = ROOT / "requirements"


class Refused(Exception):
    """The set-up cannot go on; the message is one French sentence for the person at the keyboard."""


def say(sentence: str) -> None:
    """Tells people what happens, on standard error: standard output belongs to the command asked for."""
    print(sentence, file=sys.stderr, flush=True)


def digest(files: Iterable[Path], *words: str) -> str:
    """A hash of the files' names and contents and of the words: what a stamp is compared with."""
    total = hashlib.sha256("\0".join(words).encode())
    for file in sorted(files):
        total.update(f"\0{file.relative_to(ROOT)}\0".encode())
        total.update(file.read_bytes())
    return total.hexdigest()


def write_whole(file: Path, text: str, *, mode: int = 0o644) -> None:
    """Writes a small file so that a power cut leaves the old one or the new one, never half of it."""
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "w") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    draft.replace(file)


def stamped(stamp: Path, value: str) -> bool:
    """Whether the work that this stamp stands for was finished with this very input."""
    return stamp.is_file() and stamp.read_text() == value


@contextmanager
def only_one(lock: Path, waiting: str) -> Iterator[None]:
    """Runs the block alone on this machine; a second one waits for its turn and says so."""
    try:
        held = lock.open("a")
    except PermissionError:
        raise Refused(
            f"Vous n'avez pas le droit d'écrire dans {lock.parent} : ce dossier est à un autre compte."
        ) from None
    with held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(waiting)
            fcntl.flock(held, fcntl.LOCK_EX)
        yield
