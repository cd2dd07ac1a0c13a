"""From the bytes of a CSV file to rows of values, with the physical line of each (B-01, B-04, B-05, B-07 to B-10, B-21)."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from exchange.definitions import Resource
from exchange.problems import Problems
from exchange.values import MAX_CELL, Rounded, as_text, parser

# A cell may be as long as the file when a quote is not closed: our own limit, MAX_CELL, comes after with its line.
csv.field_size_limit(2**31 - 1)

BOM = b"\xef\xbb\xbf"
UNCLOSED = "Un guillemet ouvert ici n’est pas fermé : fermez-le, ou doublez les guillemets qui sont dans le texte."
MISPLACED = (
    "Un guillemet est mal placé dans cette ligne : entourez toute la cellule, et doublez les guillemets du texte."
)
MAC_LINES = (
    "Les lignes de ce fichier finissent par un retour chariot seul : enregistrez-le avec des fins de ligne CRLF ou LF."
)
_LONE_CR = re.compile(r"\r(?!\n)")


class Row:
    """One record: its texts and values, in the order of the contract's columns."""

    __slots__ = ("bad", "key", "line", "links", "raw", "uai", "values")

    def __init__(self, line: int, raw: list[str], values: list[Any], bad: set[int]) -> None:
        self.line = line
        self.raw = raw
        self.values = values
        self.bad = bad  # columns whose text gave no value
        self.key: tuple[str, ...] = ()
        self.uai: str | None = None  # the school; "" for a frame above schools, None when it cannot be known
        self.links: dict[str, Any] = {}  # column of a reference → the row it names, here or in the database


@dataclass
class Table:
    """One file of the dossier, read."""

    resource: Resource
    rows: list[Row] = field(default_factory=list)
    present: frozenset[str] = frozenset()  # columns of the header
    unread: frozenset[int] = frozenset()  # columns missing or doubled: no row has a value for them (B-04)
    # False when some rows could not be read: a reference to this resource that finds nothing proves nothing (B-07).
    complete: bool = True


def _broken(error: csv.Error, *, swallowed: bool) -> str:
    return UNCLOSED if swallowed or "end of data" in str(error) else MISPLACED


def _records(text: str, table: Table, problems: Problems) -> Iterator[tuple[int, list[str]]]:
    """(line, cells) of each record; blank lines are skipped, but counted. Stops where a quote swallows lines, or the header."""
    # Lines end with CRLF or LF: a carriage return alone is a character like another, but csv would not have it.
    stand_in = ""
    if _LONE_CR.search(text):
        stand_in = next(chr(code) for code in range(0xE000, 0xF900) if chr(code) not in text)
        text = _LONE_CR.sub(stand_in, text)
    reader = csv.reader(io.StringIO(text, newline="\n"), delimiter=";", strict=True)
    begun = False
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            table.complete = False
            problems.error(table.resource.file, _broken(error, swallowed=reader.line_num > line), line=line)
            if reader.line_num > line or not begun:
                return
            continue
        if not cells or (len(cells) == 1 and not cells[0].strip()):
            continue
        begun = True
        yield line, [cell.replace(stand_in, "\r") for cell in cells] if stand_in else cells


def _decoded(data: bytes, table: Table, problems: Problems) -> str:
    """The text of the file, "" when it is not UTF-8."""
    start = len(BOM) if data.startswith(BOM) else 0
    try:
        return data[start:].decode("utf-8")
    except UnicodeDecodeError as error:
        table.complete = False
        problems.error(
            table.resource.file,
            "Ce fichier n’est pas en UTF-8 : un octet ne se lit pas ici. Enregistrez-le au format « CSV UTF-8 ».",
            line=data.count(b"\n", 0, start + error.start) + 1,
        )
        return ""


def _nul_lines(text: str, table: Table, problems: Problems) -> frozenset[int]:
    """Lines with a NUL character, each an error (B-21)."""
    if "\0" not in text:
        return frozenset()
    lines = frozenset(number for number, line in enumerate(text.split("\n"), 1) if "\0" in line)
    for line in lines:
        problems.error(table.resource.file, "Cette ligne contient un caractère nul : retirez-le.", line=line)
    return lines


def _header(line: int, cells: list[str], table: Table, problems: Problems) -> list[tuple[int, int]]:
    """(position in the file, position in the contract) of the known columns. A column twice is read nowhere."""
    resource, file = table.resource, table.resource.file
    names = [cell.strip() for cell in cells]
    counts = Counter(filter(None, names))
    for name, count in counts.items():
        if count > 1:
            problems.error(
                file, f"La colonne « {name} » figure {count} fois : gardez-en une.", line=line, column=name, value=name
            )
        elif name not in resource.by_name:
            problems.warn(
                file, "Cette colonne n’est pas dans le format : elle est ignorée.", line=line, column=name, value=name
            )
    for column in resource.columns:
        if column.required and column.name not in counts:
            problems.error(
                file,
                f"La colonne obligatoire « {column.name} » manque : ajoutez-la à l’en-tête.",
                line=line,
                column=column.name,
            )
    table.present = frozenset(name for name, count in counts.items() if count == 1 and name in resource.by_name)
    table.unread = frozenset(
        column.index
        for column in resource.columns
        if counts[column.name] > 1 or (column.required and column.name not in counts)
    )
    if not table.unread.isdisjoint(resource.key_indexes):
        table.complete = False
    return [(position, resource.at(name)) for position, name in enumerate(names) if name in table.present]


def read_table(resource: Resource, data: bytes, problems: Problems) -> Table:
    """Every row of a file, and every error of its cells. An empty file is a file without rows (B-27)."""
    table, file = Table(resource), resource.file
    text = _decoded(data, table, problems)
    if "\r" in text and "\n" not in text:
        table.complete = False
        problems.error(file, MAC_LINES, line=1)
        return table
    nul_lines = _nul_lines(text, table, problems)
    records = _records(text.replace("\0", "") if nul_lines else text, table, problems)
    first = next(records, None)
    if first is None:
        return table
    places = _header(*first, table, problems)
    width = len(first[1])
    parsers = {index: parser(resource.columns[index]) for _, index in places}
    columns = resource.columns
    empty: list[Any] = ["" if column.type == "string" else None for column in columns]
    required = [index for _, index in places if columns[index].required]
    key = resource.key_indexes
    for line, cells in records:
        if len(cells) < width:
            if not any(cell.strip() for cell in cells):
                problems.warn(file, "Cette ligne ne contient aucune donnée : elle est ignorée.", line=line)
                continue
            problems.warn(
                file,
                f"Cette ligne a {len(cells)} cellules pour {width} colonnes : les cellules manquantes sont vides.",
                line=line,
            )
            cells += [""] * (width - len(cells))
        elif not any(map(str.strip, cells)):
            problems.warn(file, "Cette ligne ne contient aucune donnée : elle est ignorée.", line=line)
            continue
        raw, values, bad = [""] * len(columns), empty.copy(), set(table.unread)
        told = bool(nul_lines) and not nul_lines.isdisjoint(
            range(line, line + sum(cell.count("\n") for cell in cells) + 1)
        )
        if len(cells) > width:
            told = True
            problems.error(
                file,
                f"Cette ligne a {len(cells)} cellules pour {width} colonnes : entourez de guillemets les textes qui contiennent « ; ».",
                line=line,
            )
        for position, index in places:
            cell = cells[position].strip()
            if not cell:
                continue
            if len(cell) > MAX_CELL:
                bad.add(index)
                if not told:
                    problems.error(
                        file,
                        f"Cette cellule a {len(cell)} caractères : une cellule en accepte {MAX_CELL} au plus.",
                        line=line,
                        column=columns[index].name,
                        value=cell,
                    )
                continue
            raw[index] = cell
            try:
                values[index] = parsers[index](cell)
            except Rounded as rounded:
                values[index] = rounded.value
                problems.warn(file, str(rounded), line=line, column=columns[index].name, value=cell)
            except ValueError as error:
                bad.add(index)
                if not told:
                    problems.error(file, str(error), line=line, column=columns[index].name, value=cell)
        for index in required:
            if not raw[index] and index not in bad:
                bad.add(index)
                if not told:
                    problems.error(
                        file,
                        f"Cette cellule est vide, et la colonne « {columns[index].name} » est obligatoire : complétez-la.",
                        line=line,
                        column=columns[index].name,
                        value="",
                    )
        if told:  # one error says it all: no check may add another on the same line
            values, bad = empty, set(range(len(columns)))
        row = Row(line, raw, values, bad)
        row.key = tuple([raw[index] if index in bad else as_text(values[index]) for index in key])
        table.rows.append(row)
    return table
