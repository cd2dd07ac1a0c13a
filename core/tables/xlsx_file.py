"""XLSX and XLSM: the cells that are there, never the empty ones in between (a 5 KB file may announce 17 billion)."""

import warnings
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from openpyxl import load_workbook
from openpyxl.worksheet._read_only import ReadOnlyWorksheet
from openpyxl.worksheet._reader import WorkSheetParser

Cells = dict[int, str]  # column, from 0 → text
Merge = tuple[int, int, int, int]  # first row and column, last row and column, both included; from 1


def text_of(value: Any) -> str:
    """A cell as a person would type it: whole numbers without a point, days as 2026-03-12."""
    match value:
        case None:
            return ""
        case bool():
            return "oui" if value else "non"
        case int():
            return str(value)
        case float():
            return str(int(value)) if value.is_integer() and abs(value) < 1e17 else repr(value)
        case datetime():
            return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ")
        case date() | time():
            return value.isoformat()
        case timedelta():
            return str(value)
        case _:
            return str(value)


class Book:
    """A workbook's visible sheets."""

    def __init__(self, path: str) -> None:
        warnings.simplefilter("ignore")
        # By its bytes: openpyxl judges a path by its extension, and files are kept under random names.
        self._file = open(path, "rb")  # noqa: SIM115  read until the process ends
        self._book = load_workbook(self._file, read_only=True, data_only=True, keep_links=False)
        shown = [
            sheet
            for sheet in self._book.worksheets
            if isinstance(sheet, ReadOnlyWorksheet) and sheet.sheet_state == "visible"
        ]
        self._sheets = shown or [sheet for sheet in self._book.worksheets if isinstance(sheet, ReadOnlyWorksheet)]
        self.names = [str(sheet.title) for sheet in self._sheets]
        self.merges: list[Merge] = []

    def rows(self, number: int) -> Iterator[tuple[int, Cells]]:
        """(row number, its cells that hold something). Merged ranges are known when the last row was read."""
        sheet = self._sheets[number]
        book: Any = self._book
        with sheet._get_source() as source:
            parser = WorkSheetParser(
                source,
                sheet._shared_strings,
                data_only=True,
                epoch=book.epoch,
                date_formats=book._date_formats,
                timedelta_formats=book._timedelta_formats,
            )
            for line, cells in parser.parse():
                filled = {cell["column"] - 1: text_of(cell["value"]) for cell in cells if cell["value"] is not None}
                if filled:
                    yield line, filled
            merged: Any = parser.merged_cells
            if merged is not None:
                for one in merged.mergeCell:
                    self.merges.append((one.min_row, one.min_col, one.max_row, one.max_col))
