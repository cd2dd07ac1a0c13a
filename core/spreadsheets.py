"""Tables as files for spreadsheets, with nothing in them that a spreadsheet would run (S-26)."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\0")
CSV_TYPE = "text/csv; charset=utf-8"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def neutralised(text: str) -> str:
    """A text that a spreadsheet would take for a formula gets a leading apostrophe; imports strip exactly that mark."""
    return f"'{text}" if text.startswith(DANGEROUS) else text


def _csv_cell(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "oui" if value else "non"
        case date() | datetime():
            return value.isoformat()
        case int() | float() | Decimal():
            return str(value).replace(".", ",")
        case _:
            return neutralised(str(value))


def as_csv(headers: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """UTF-8 with a byte-order mark, `;` between columns: what a French spreadsheet opens by itself."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";")
    writer.writerow([neutralised(header) for header in headers])
    writer.writerows([_csv_cell(value) for value in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def _xlsx_value(value: Any) -> Any:
    if isinstance(value, bool):
        return "oui" if value else "non"
    if value is None or isinstance(value, (int, float, Decimal)):
        return value
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)
    return value if isinstance(value, date) else str(value).replace("\0", "")


def as_xlsx(title: str, headers: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """One sheet, a frozen bold first line; texts stay texts, dates are dates."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title=title[:31].translate(str.maketrans("[]:*?/\\", "-------")))
    sheet.freeze_panes = "A2"
    widths = [len(header) + 2 for header in headers]
    body = [[_xlsx_value(value) for value in row] for row in rows]
    for row in body[:500]:
        widths = [
            max(width, min(60, len(str(value if value is not None else "")) + 2))
            for width, value in zip(widths, row, strict=True)
        ]
    for number, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(number)].width = width

    def cell(value: Any, *, bold: bool = False) -> WriteOnlyCell:
        made = WriteOnlyCell(sheet, value=value)
        if isinstance(value, str):
            made.data_type = "s"  # openpyxl would make a formula of "=…"
        if isinstance(value, date):
            made.number_format = "dd/mm/yyyy"
        if bold:
            made.font = Font(bold=True)
        return made

    sheet.append([cell(header, bold=True) for header in headers])
    for row in body:
        sheet.append([cell(value) for value in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
