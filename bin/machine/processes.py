"""Child processes that never outlive the script, whatever ends it."""

import contextlib
import ctypes
import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import FrameType
from typing import IO

from machine.places import ROOT, Refused, say

LIBC = ctypes.CDLL(None)
PR_SET_PDEATHSIG = 1
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def stop_on_signals() -> None:
    """Ctrl-C, SIGTERM and a closed terminal leave through SystemExit, so that every `finally` runs.

    A shell starts its background commands with Ctrl-C ignored: the handler is set all the same.
    """

    def leave(number: int, _frame: FrameType | None) -> None:
        for each in STOP_SIGNALS:  # a second Ctrl-C must not cut the tidying short; SIGKILL still does
            signal.signal(each, lambda *_: None)
        os.write(2, "Arrêt…\n".encode())  # print could be cut by this very signal
        raise SystemExit(128 + number)

    for number in STOP_SIGNALS:
        signal.signal(number, leave)


def _before_exec() -> None:
    """In the child: signals as from a terminal, and death of the parent (even by SIGKILL) is a SIGTERM."""
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    for number in (*STOP_SIGNALS, signal.SIGPIPE):
        signal.signal(number, signal.SIG_DFL)


def start(
    argv: Sequence[str | Path],
    *,
    env: Mapping[str, str] | None = None,
    output: IO[bytes] | int | None = None,
    cwd: Path = ROOT,
) -> subprocess.Popen[bytes]:
    """Starts a child in a session of its own: the terminal's Ctrl-C reaches us, and we decide who stops when."""
    return subprocess.Popen(
        [str(part) for part in argv],
        env=None if env is None else dict(env),
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT if output is not None else None,
        start_new_session=True,
        preexec_fn=_before_exec,  # noqa: PLW1509  (single-threaded here)
    )


def stop(*children: subprocess.Popen[bytes], grace: float = 10, first: signal.Signals = signal.SIGTERM) -> None:
    """Ends the children with all that they started: asked first, told after `grace` seconds."""
    for child in children:
        if child.poll() is None:
            with contextlib.suppress(PermissionError):
                child.send_signal(first)
    deadline = time.monotonic() + grace
    for child in children:
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(max(0.1, deadline - time.monotonic()))
    for child in children:
        with contextlib.suppress(ProcessLookupError, PermissionError):  # gone, or root's (sudo) and about to end
            os.killpg(child.pid, signal.SIGKILL)  # the child itself, or what it left behind
        child.wait()


def run_quietly(
    argv: Sequence[str | Path],
    *,
    env: Mapping[str, str] | None = None,
    otherwise: str,
    first: signal.Signals = signal.SIGTERM,
) -> str:
    """Runs a step to its end and returns what it printed; when it fails, shows all of it.

    Raises `Refused(otherwise)` when the step fails.
    """
    with tempfile.TemporaryFile() as log:
        child = start(argv, env=env, output=log)
        try:
            status = child.wait()
        finally:
            if child.poll() is None:
                stop(child, first=first)
        log.seek(0)
        text = log.read().decode(errors="replace")
    if status:
        say(text.rstrip())
        raise Refused(otherwise)
    return text
