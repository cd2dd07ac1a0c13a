"""Management commands that others rely on: one JSON line, last on standard output; words for people on standard error.

Exit codes: 0 done, 1 refused (the JSON says why), 2 wrong usage (argparse's own).
"""

import json
from typing import Any

from django.core.management.base import BaseCommand


class Refused(Exception):
    """A command that will not do what is asked: the reason is a French sentence, printed as `motif`."""

    def __init__(self, reason: str, **details: Any) -> None:
        super().__init__(reason)
        self.answer: dict[str, Any] = {"ok": False, "motif": reason, **details}


class JsonLineCommand(BaseCommand):
    """A command that answers: write `answer(**options) -> dict`, raise Refused to refuse.

    An answer whose "ok" is False is a refusal too: exit code 1.
    """

    requires_system_checks: list[str] = []  # the answer must not wait for checks of the web site

    def answer(self, **options: Any) -> dict[str, Any]:
        """What the command found or did, ready for JSON."""
        raise NotImplementedError

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the answer; leave with code 1 when it is a refusal."""
        try:
            answer = self.answer(**options)
        except Refused as refusal:
            answer = refusal.answer
        # ASCII only: in a text, U+2028 or U+0085 would end the line for some readers.
        self.stdout.write(json.dumps(answer, allow_nan=False))
        if answer.get("ok") is False:
            raise SystemExit(1)
