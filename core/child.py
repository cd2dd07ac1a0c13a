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


def bound(*, memory: int, processor: int) -> None:
    """In the child: no more memory, processor time or written bytes than allowed, whatever the file says."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (processor, processor))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))  # nothing is written but the answer, which is a pipe
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
