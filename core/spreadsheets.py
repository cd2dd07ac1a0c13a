"""Tables as files for spreadsheets, with nothing in them that a spreadsheet would run (S-26)."""

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\0")
CSV_TYPE = "text/csv; charset=utf-8"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ODS_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
JSON_TYPE = "application/json"
_UNPRINTABLE = re.compile(r"[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML cannot hold, in either workbook."""


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


def _json_value(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if value is None or isinstance(value, (bool, int, float)):
        return value
    return value.isoformat() if isinstance(value, date) else str(value)


def as_json(headers: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """A list of objects, one a row, for programs: numbers are numbers, dates AAAA-MM-JJ, an empty cell null."""
    lines = [dict(zip(headers, map(_json_value, row), strict=True)) for row in rows]
    return json.dumps(lines, ensure_ascii=False, indent=1).encode()


def _xlsx_value(value: Any) -> Any:
    if isinstance(value, bool):
        return "oui" if value else "non"
    if value is None or isinstance(value, (int, float, Decimal)):
        return value
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)
    return value if isinstance(value, date) else _UNPRINTABLE.sub("", str(value))


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

    sheet.append([cell(_xlsx_value(header), bold=True) for header in headers])
    for row in body:
        sheet.append([cell(value) for value in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


_ODS_NAMESPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{urn}:1.0"'
    for name, urn in {
        "office": "office", "table": "table", "text": "text", "style": "style", "number": "datastyle",
        "fo": "xsl-fo-compatible",
    }.items()
)  # fmt: skip
_ODS_STYLES = (
    '<number:date-style style:name="jour"><number:day number:style="long"/><number:text>/</number:text>'
    '<number:month number:style="long"/><number:text>/</number:text><number:year number:style="long"/>'
    "</number:date-style>"
    '<style:style style:name="date" style:family="table-cell" style:data-style-name="jour"/>'
    '<style:style style:name="head" style:family="table-cell"><style:text-properties fo:font-weight="bold"/></style:style>'
)


def _ods_cell(value: Any, style: str = "") -> str:
    """A typed cell; a text is a text whatever it starts with: nothing here is ever a formula."""
    match value:
        case None | "":
            return "<table:table-cell/>"
        case bool():
            return _ods_cell("oui" if value else "non")
        case datetime() | date():
            day = value.date() if isinstance(value, datetime) else value
            kind, shown = f'office:value-type="date" office:date-value="{day.isoformat()}"', f"{day:%d/%m/%Y}"
            style = "date"
        case int() | float() | Decimal():
            kind, shown = f'office:value-type="float" office:value="{value}"', str(value).replace(".", ",")
        case _:
            kind, shown = 'office:value-type="string"', _UNPRINTABLE.sub("", str(value))
    named = f" table:style-name={quoteattr(style)}" if style else ""
    lines = "".join(f"<text:p>{escape(line)}</text:p>" for line in shown.splitlines() or [""])
    return f"<table:table-cell {kind}{named}>{lines}</table:table-cell>"


def as_ods(title: str, headers: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """One sheet of a LibreOffice workbook, typed as `as_xlsx` types it.

    Written as text: odfdo builds a tree of objects, thirty times slower for the 20,000 lines of a list. It reads the file back in the tests.
    """
    lines = ["".join(_ods_cell(header, "head") for header in headers)]
    lines += ["".join(_ods_cell(value) for value in row) for row in rows]
    table = "".join(f"<table:table-row>{line}</table:table-row>" for line in lines)
    name = _UNPRINTABLE.sub("", title)[:31].translate(str.maketrans("[]:*?/\\'", "--------"))
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {_ODS_NAMESPACES} office:version="1.3">'
        f"<office:automatic-styles>{_ODS_STYLES}</office:automatic-styles><office:body><office:spreadsheet>"
        f"<table:table table:name={quoteattr(name)}>{table}</table:table>"
        "</office:spreadsheet></office:body></office:document-content>"
    )
    manifest = (
        '<?xml version="1.0" encoding="UTF-8"?><manifest:manifest manifest:version="1.3" '
        'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{ODS_TYPE}"/>'
        '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr(
            "mimetype", ODS_TYPE, zipfile.ZIP_STORED
        )  # first and as it is: what the file is, told by its bytes
        parts.writestr("META-INF/manifest.xml", manifest)
        parts.writestr("content.xml", content)
    return out.getvalue()
