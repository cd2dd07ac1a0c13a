"""Which line names the columns: below titles and groups, above the data."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from core.tables.reading import Row
from core.text import searchable

LOOKED_AT = 40
ABOVE = 3
_DATA = re.compile(r"[\d\s.,:/€%+-]+|\S+@\S+|(https?://|www\.)\S+")
_TOTAL = re.compile(r"(sous )?tota(l|ux)( general)?|somme|nombre d.*|effectif total|moyenne")


@dataclass(frozen=True)
class Header:
    """The line of the header, its labels, and for each the label of the group above it ("" without)."""

    line: int
    labels: list[str]
    groups: list[str]

    @property
    def full_labels(self) -> list[str]:
        """« Contact · Nom »: what tells two columns of one name apart."""
        return [
            f"{group} · {label}" if group and label and group != label else label or group
            for label, group in zip(self.labels, self.groups, strict=True)
        ]


def find_header(rows: Sequence[Row], known: Collection[str] = ()) -> Header:
    """The header of a table with at least one row; `known` are the column names that one hopes for (core.text.searchable).

    Each of the first lines is weighed: cells that are names of columns, distinct texts, a line after it that has as many
    cells; digits, addresses and titles weigh against it. With nothing to tell, it is the first line.
    """
    best, most = 0, float("-inf")
    for number, row in enumerate(rows[:LOOKED_AT]):
        weight = _weight(row, rows[number + 1 : number + 6], known)
        if weight > most:
            best, most = number, weight
    return header_at(rows, rows[best].line)


def _weight(row: Row, after: Sequence[Row], known: Collection[str]) -> float:
    filled = [cell for cell in row.cells if cell]
    names = {searchable(cell) for cell in filled} - {""}
    if not names:
        return float("-inf")
    looks_like_data = sum(bool(_DATA.fullmatch(cell)) or len(cell) > 60 for cell in filled)
    weight = 4.0 * len(names & set(known)) + len(names) - 3.0 * looks_like_data - 0.5 * (len(filled) - len(names))
    if len(names) == 1 and max((sum(map(bool, other.cells)) for other in after), default=0) > 1:
        weight -= 5  # a title over the table
    if not after:
        weight -= 2
    return weight


def header_at(rows: Sequence[Row], line: int) -> Header:
    """The header that stands on a given line, with the groups above; the first line when that one holds nothing."""
    at = next((number for number, row in enumerate(rows) if row.line == line), 0)
    width = max(len(row.cells) for row in rows)
    labels = [_label(rows[at].at(column)) for column in range(width)]
    groups = [""] * width
    for above in range(at - 1, max(-1, at - 1 - ABOVE), -1):
        row = rows[above]
        if rows[above + 1].line - row.line > 1:
            break  # an empty line ends the head of the table
        names = {cell for cell in row.cells if cell}
        if len(names) < 2 or any(_DATA.fullmatch(name) for name in names):
            continue  # a title, or something else than names
        last = ""
        for column in range(width):
            last = _label(row.at(column)) or last
            if last and not groups[column]:
                groups[column] = last
    groups = ["" if group == label else group for group, label in zip(groups, labels, strict=True)]
    return Header(rows[at].line, labels, groups)


def _label(text: str) -> str:
    return " ".join(text.split())[:100]


def body(rows: Sequence[Row], header: Header, *, totals: bool = False) -> list[Row]:
    """The lines below the header: without its repetitions on each printed page, nor (unless `totals`) the totals at the end."""
    found = [row for row in rows if row.line > header.line and _labels(row) != header.labels]
    while not totals and found and _is_total(found[-1]):
        found.pop()
    return found


def _labels(row: Row) -> list[str]:
    return [_label(cell) for cell in row.cells]


def _is_total(row: Row) -> bool:
    first = next((cell for cell in row.cells if cell), "")
    return bool(_TOTAL.fullmatch(searchable(first.rstrip(" :")))) and sum(map(bool, row.cells)) <= max(
        3, len(row.cells) // 2
    )
