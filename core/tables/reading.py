"""Ask the child for the rows of a file."""

import json
import os
from dataclasses import dataclass
from pathlib import Path

from core import child
from core.tables.guard import check_name_and_size
from core.tables.limits import TOO_HEAVY, UPLOAD, Limits, Unreadable


@dataclass(frozen=True)
class Row:
    """A line that holds something: its number as a spreadsheet shows it, and the texts of its cells."""

    line: int
    cells: list[str]

    def at(self, column: int) -> str:
        """The text of a column, "" beyond the last."""
        return self.cells[column] if 0 <= column < len(self.cells) else ""


@dataclass(frozen=True)
class Table:
    """What a file holds, and how it was read. `sheets` is empty for a CSV."""

    format: str
    encoding: str
    delimiter: str
    sheets: list[str]
    sheet: int
    rows: list[Row]


def read(
    path: str | Path,
    name: str,
    *,
    sheet: int | None = None,
    encoding: str = "",
    delimiter: str = "",
    limits: Limits = UPLOAD,
) -> Table:
    """The rows of a file called `name` by who sent it. Left out, the sheet, encoding and delimiter are found.

    Raises Unreadable. Lines without anything are left out; those kept bear their number in the file.
    """
    check_name_and_size(name, os.stat(path).st_size, limits)
    request = {
        "path": str(path),
        "name": name,
        "sheet": sheet,
        "encoding": encoding,
        "delimiter": delimiter,
        "limits": limits.as_json(),
    }
    try:
        answer = child.ask("core.tables.child", request, wall=limits.wall)
    except child.TooSlow:
        raise Unreadable(TOO_HEAVY) from None
    return _table(answer)


def _table(answer: bytes) -> Table:
    lines = answer.splitlines()
    if not lines or not lines[-1].endswith(b"}"):
        raise Unreadable(TOO_HEAVY)  # the limits ended the child in the middle of a line, or before the first
    last = json.loads(lines[-1])
    if "refused" in last:
        raise Unreadable(last["refused"])
    if "end" not in last or last["end"] != len(lines) - 2:
        raise Unreadable(TOO_HEAVY)
    rows = [Row(line, cells) for line, cells in map(json.loads, lines[1:-1])]
    return Table(rows=rows, **json.loads(lines[0]))
