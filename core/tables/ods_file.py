"""ODS, streamed: the cells of one sheet. Repeated rows and cells are counted, not multiplied, when they are empty."""

import zipfile
from collections.abc import Iterator
from typing import Any

from defusedxml.ElementTree import iterparse

from core.tables.limits import Limits, Unreadable
from core.tables.xlsx_file import Cells, Merge, text_of

OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"


def _inside(element: Any) -> str:
    """The text of a paragraph, with the spaces and line breaks that the format writes as elements."""
    parts = [element.text or ""]
    for child in element:
        if child.tag == f"{TEXT}s":
            parts.append(" " * min(1000, int(child.get(f"{TEXT}c", "1"))))
        elif child.tag == f"{TEXT}tab":
            parts.append("\t")
        elif child.tag == f"{TEXT}line-break":
            parts.append("\n")
        elif child.tag != f"{OFFICE}annotation":
            parts.append(_inside(child))
        parts.append(child.tail or "")
    return "".join(parts)


def _value(cell: Any) -> str:
    kind = cell.get(f"{OFFICE}value-type", "")
    if kind in ("float", "currency", "percentage"):
        written = cell.get(f"{OFFICE}value", "")
        try:
            return text_of(int(written)) if written.lstrip("-").isdigit() else text_of(float(written))
        except ValueError:
            return written
    if kind == "date":
        moment = cell.get(f"{OFFICE}date-value", "")
        return moment.removesuffix("T00:00:00").replace("T", " ")
    if kind == "boolean":
        return "oui" if cell.get(f"{OFFICE}boolean-value") == "true" else "non"
    return "\n".join(_inside(child) for child in cell if child.tag == f"{TEXT}p")


class Book:
    """A spreadsheet's sheets."""

    def __init__(self, path: str, limits: Limits) -> None:
        self._path = path
        self._limits = limits
        self.names: list[str] = []
        self.merges: list[Merge] = []
        for event, element in self._events(("start", "end")):
            if event == "start" and element.tag == f"{TABLE}table":
                self.names.append(element.get(f"{TABLE}name", ""))
            elif event == "end" and element.tag == f"{TABLE}table-row":
                element.clear()

    def _events(self, events: tuple[str, ...]) -> Iterator[tuple[str, Any]]:
        with zipfile.ZipFile(self._path) as archive, archive.open("content.xml") as content:
            yield from iterparse(content, events=events, forbid_dtd=True)

    def rows(self, number: int) -> Iterator[tuple[int, Cells]]:
        """(row number, its cells that hold something)."""
        table, line, depth = -1, 0, 0
        for event, element in self._events(("start", "end")):
            if element.tag == f"{TABLE}table":
                if event == "start":
                    depth += 1
                    table += depth == 1
                    line = 0 if depth == 1 else line
                else:
                    depth -= 1
                    element.clear()
                continue
            if event == "start" or element.tag != f"{TABLE}table-row":
                continue
            if table == number and depth == 1:
                cells = self._cells(element, line + 1)
                repeated = int(element.get(f"{TABLE}number-rows-repeated", "1"))
                if cells and repeated > self._limits.rows:
                    raise Unreadable(
                        f"La ligne {line + 1} est répétée {repeated} fois : enregistrez la feuille en CSV."
                    )
                if cells:
                    for again in range(repeated):
                        yield line + 1 + again, dict(cells)
                line += repeated
            element.clear()

    def _cells(self, row: Any, line: int) -> Cells:
        found: Cells = {}
        column = 0
        for cell in row:
            if cell.tag not in (f"{TABLE}table-cell", f"{TABLE}covered-table-cell"):
                continue
            repeated = int(cell.get(f"{TABLE}number-columns-repeated", "1"))
            if text := _value(cell):
                if repeated > 4 * self._limits.columns:
                    raise Unreadable(f"Ligne {line} : une cellule est répétée {repeated} fois. Enregistrez en CSV.")
                found |= dict.fromkeys(range(column, column + repeated), text)
                wide = int(cell.get(f"{TABLE}number-columns-spanned", "1"))
                high = int(cell.get(f"{TABLE}number-rows-spanned", "1"))
                if wide > 1 or high > 1:
                    self.merges.append((line, column + 1, line + high - 1, column + wide))
            column += repeated
        return found
