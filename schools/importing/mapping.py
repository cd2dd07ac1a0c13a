"""From the columns of a file to the fields of a kind: found by their headers, else by what they hold; then lines of values."""

from collections.abc import Mapping, Sequence
from typing import Any

from core.tables import Header, Row, Table, find_header, header_at
from core.tables.headers import body
from core.text import searchable
from schools.importing.kinds import Field, Kind, Line, Mended, Refused, Report
from schools.models import School, TableImport

SAMPLES = 3
UNREAD: dict[str, Any] = {"headers": [], "samples": [], "filled": [], "rows": 0, "header_line": 0, "remembered": False}
"""The layout of a file before it is read: what a page needs to say so."""
TOP_LINES, TOP_COLUMNS, TOP_CELL = 15, 12, 40
REMEMBERED = 20
LOOKED_AT = 40
_LINKS = frozenset({"de", "du", "des", "la", "le", "les", "l", "d", "n", "no", "num", "numero", "ou", "et", "en"})

Mapping_ = Mapping[str, int]


def plain(label: str) -> str:
    """`"N° de téléphone"` → `"telephone"`: as headers are compared."""
    words = searchable(label).split()
    return " ".join([word for word in words if word not in _LINKS] or words)


def known_headers(kind: Kind) -> frozenset[str]:
    """Every header that means something to this kind, as core.text.searchable writes it."""
    words = {alias for one in kind.fields for alias in (one.label, *one.aliases, *one.weak)}
    words |= {alias for label, aliases in kind.not_kept.items() for alias in (label, *aliases)}
    return frozenset(searchable(word) for word in words)


def header_of(table: Table, kind: Kind, line: int | None) -> Header:
    """The header at the line that a person named, else where it seems to be."""
    if line is not None and any(row.line == line for row in table.rows):
        return header_at(table.rows, line)
    return find_header(table.rows, known_headers(kind))


def layout_of(table: Table, header: Header) -> dict[str, Any]:
    """How the file was read, for the pages: its columns with samples, its first lines to choose the header from."""
    rows = body(table.rows, header)
    labels = header.full_labels
    samples: list[list[str]] = [[] for _ in labels]
    filled = [0] * len(labels)
    for row in rows:
        for column, cell in enumerate(row.cells):
            if cell:
                filled[column] += 1
                if len(samples[column]) < SAMPLES and cell not in samples[column]:
                    samples[column].append(cell[:60])
    return {
        "format": table.format,
        "encoding": table.encoding,
        "delimiter": table.delimiter,
        "sheets": table.sheets,
        "sheet": table.sheet,
        "header_line": header.line,
        "headers": labels,
        "samples": samples,
        "filled": filled,
        "rows": len(rows),
        "top": [[row.line, [cell[:TOP_CELL] for cell in row.cells[:TOP_COLUMNS]]] for row in table.rows[:TOP_LINES]],
    }


def guess(kind: Kind, header: Header, rows: Sequence[Row]) -> dict[str, int]:
    """The column of each field: by header with its group, by header or group alone, by weak header, by contents; each once."""
    found: dict[str, int] = {}
    taken: set[int] = set()
    known_useless = {plain(alias) for label, aliases in kind.not_kept.items() for alias in (label, *aliases)}
    grouped = [
        plain(f"{group} {label}") if group else "" for group, label in zip(header.groups, header.labels, strict=True)
    ]
    alone = [plain(label or group) for group, label in zip(header.groups, header.labels, strict=True)]
    filled = {column for row in rows for column, cell in enumerate(row.cells) if cell}

    def fits(one: Field, column: int) -> bool:
        cells = [cell for row in rows[:LOOKED_AT] if (cell := row.at(column))]
        return one.fits is None or 2 * sum(map(one.fits, cells)) >= len(cells)

    def claim(one: Field, words: Sequence[str], labels: Sequence[str]) -> None:
        if one.name in found:
            return
        for word in words:
            for column, label in enumerate(labels):
                if (
                    label
                    and label == word
                    and column not in taken
                    and (column in filled or not rows)
                    and fits(one, column)
                ):
                    found[one.name] = column
                    taken.add(column)
                    return

    above = [plain(group) if header.groups.count(group) == 1 else "" for group in header.groups]
    for labels in (grouped, alone, above):
        for one in kind.fields:
            claim(one, [plain(word) for word in (one.label, *one.aliases)], labels)
    for labels in (grouped, alone):
        for one in kind.fields:
            claim(one, [plain(word) for word in one.weak], labels)
    for one in kind.fields:
        if one.looks is None or one.name in found:
            continue
        for column in sorted(filled - taken):
            if alone[column] in known_useless:
                continue
            cells = [cell for row in rows[:LOOKED_AT] if (cell := row.at(column))]
            if len(cells) >= 2 and sum(map(one.looks, cells)) >= 0.8 * len(cells):
                found[one.name] = column
                taken.add(column)
                break
    return found


def remembered(school: School, kind: Kind, headers: Sequence[str], *, but: TableImport) -> dict[str, int] | None:
    """The columns chosen for the last file of this kind with these very headers, None when there was none."""
    past = (
        TableImport.objects.in_school(school)
        .filter(kind=kind.name)
        .exclude(pk=but.pk)
        .exclude(applied_at=None)
        .order_by("-created_at")
        .values_list("layout", "mapping")[:REMEMBERED]
    )
    for layout, mapping in past:
        if layout.get("headers") == list(headers) and mapping:
            fields = {one.name for one in kind.fields}
            return {name: column for name, column in mapping.items() if name in fields}
    return None


def ignored(kind: Kind, layout: Mapping[str, Any], mapping: Mapping_) -> list[tuple[str, bool]]:
    """(header, is it known and not kept) of the columns that hold something and that no field takes."""
    useless = {plain(alias) for label, aliases in kind.not_kept.items() for alias in (label, *aliases)}
    used = set(mapping.values())
    return [
        (label or f"Colonne {column + 1}", plain(label.rpartition(" · ")[2]) in useless)
        for column, label in enumerate(layout.get("headers", ()))
        if column not in used and layout["filled"][column]
    ]


def lines_of(kind: Kind, table: Table, header: Header, mapping: Mapping_, report: Report) -> list[Line]:
    """Every line below the header as values; what a cell does not give is said on its line."""
    labels = header.full_labels
    fields = [(one, mapping[one.name]) for one in kind.fields if one.name in mapping]
    rows = [
        row for row in body(table.rows, header, totals=kind.reads_totals) if any(row.at(column) for _, column in fields)
    ]
    found = []
    for number, row in enumerate(rows):
        if number % 200 == 0:
            report(number, len(rows), "Lecture des lignes")
        line = Line(row.line, {})
        for one, column in fields:
            if cell := row.at(column):
                _read(line, one, cell, labels[column] if column < len(labels) else one.label)
        for one, column in fields:
            if one.required and one.name not in line.values and not line.rejected:
                line.reject(f"Cette ligne n’a pas de valeur pour « {one.label} ».", column=labels[column])
        found.append(line)
    return found


def _read(line: Line, one: Field, cell: str, label: str) -> None:
    try:
        value = one.parse(cell)
    except Refused as refusal:
        if one.strict or one.required:
            line.reject(str(refusal), column=label, value=cell)
        else:
            line.remark(label, cell, f"{refusal} La cellule n’est pas reprise.")
        return
    if isinstance(value, Mended):
        line.remark(label, cell, value.sentence)
        value = value.value
    if value not in ("", None):
        line.values[one.name] = value
