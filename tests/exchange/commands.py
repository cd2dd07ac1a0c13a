"""The commands of the dossier as another program sees them: exit code and last line."""

import io
import json
from pathlib import Path
from typing import Any

from django.core.management import call_command


def answer(*command: str) -> dict[str, Any]:
    """The JSON answer of a command; its exit code stands under `code`."""
    out, code = io.StringIO(), 0
    try:
        call_command(*command, stdout=out, stderr=io.StringIO())
    except SystemExit as leaving:
        code = int(leaving.code or 0)
    return json.loads(out.getvalue().splitlines()[-1]) | {"code": code}


def import_dossier(path: Path, *options: str) -> dict[str, Any]:
    return answer("import_dossier", str(path), *options)


def export_dossier(uai: str, path: Path, *options: str) -> dict[str, Any]:
    return answer("export_dossier", uai, str(path), *options)


def places(found: list[dict[str, Any]]) -> list[tuple[str, int | None, str | None]]:
    """(file, line, column) of each problem."""
    return [(problem["file"], problem["line"], problem["column"]) for problem in found]


def written(result: dict[str, Any]) -> int:
    """Rows created, updated or deleted."""
    return sum(counts[kind] for counts in result["resources"].values() for kind in ("created", "updated", "deleted"))
