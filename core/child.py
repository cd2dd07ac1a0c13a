"""Opening what people send in a process of its own, that dies alone: memory, processor time and written bytes are bounded (S-27)."""

import json
import os
import resource
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]


class TooSlow(Exception):
    """The child did not answer within the time allowed."""


class Died(Exception):
    """The child did not finish its answer: its limits ended it, or it was too slow."""


class Refused(Exception):
    """The child understood what was sent and does not take it; its French sentence says why."""


def ask(module: str, request: Mapping[str, Any], *, wall: float) -> bytes:
    """What `python -m module REQUEST` writes: REQUEST is JSON, and nothing of our environment is given. Raises TooSlow."""
    environment = {"PATH": os.environ.get("PATH", ""), "LANG": "C.UTF-8", "OPENPYXL_LXML": "False"}
    try:
        done = subprocess.run(
            [sys.executable, "-m", module, json.dumps(request)],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=wall,
        )
    except subprocess.TimeoutExpired:
        raise TooSlow from None
    return done.stdout


def ask_for_file(module: str, request: Mapping[str, Any], *, wall: float) -> tuple[dict[str, Any], bytes]:
    """What the child tells of the file that it made, and the file. Raises Refused and Died."""
    try:
        answer = ask(module, request, wall=wall)
    except TooSlow:
        raise Died from None
    head, cut, content = answer.partition(b"\n")
    if not cut or not head.endswith(b"}"):
        raise Died  # before its first line
    told: dict[str, Any] = json.loads(head)
    if "refused" in told:
        raise Refused(told["refused"])
    if len(content) != told["size"]:
        raise Died
    return told, content


def tell(about: Mapping[str, Any], content: bytes) -> None:
    """In the child: the answer that `ask_for_file` reads, one line of JSON then the bytes of the file."""
    sys.stdout.buffer.write(json.dumps({**about, "size": len(content)}).encode() + b"\n" + content)


def refuse(sentence: str) -> None:
    """In the child: the answer that says no."""
    sys.stdout.buffer.write(json.dumps({"refused": sentence}).encode() + b"\n")


def bound(*, memory: int, processor: int) -> None:
    """In the child: no more memory, processor time or written bytes than allowed, whatever the file says."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (processor, processor))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))  # nothing is written but the answer, which is a pipe
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
