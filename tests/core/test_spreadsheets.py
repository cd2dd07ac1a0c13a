"""Workbooks read back as other programs read them."""

import csv
import io
import json
from datetime import date
from decimal import Decimal

import openpyxl
from hypothesis import given
from hypothesis import strategies as st
from odfdo import Document

from core import spreadsheets

ROWS = [
    ["=cmd()", "<b>é</b>", 12, Decimal("3.5"), date(2026, 3, 12), True, None],
    ["a\x0bb\nc", "'", 0, 1, None, False, ""],
]
HEADERS = ["Nom", "Texte", "Nombre", "Montant", "Jour", "Oui", "Rien"]


def read_ods(data: bytes) -> list[list[tuple[str, str, str]]]:
    """Each cell: its type, its text, its formula."""
    book = Document(io.BytesIO(data))
    return [
        [
            (
                cell.get_attribute_string("office:value-type") or "",
                "".join(paragraph.text_recursive for paragraph in cell.get_elements("text:p")),
                cell.get_attribute_string("table:formula") or "",
            )
            for cell in row.get_elements("table:table-cell")
        ]
        for row in book.body.get_elements("//table:table-row")
    ]


def test_an_ods_keeps_types_and_never_holds_a_formula():
    lines = read_ods(spreadsheets.as_ods("Partenaires [1/2]", HEADERS, ROWS))
    assert [text for _, text, _ in lines[0]] == HEADERS
    assert lines[1] == [
        ("string", "=cmd()", ""), ("string", "<b>é</b>", ""), ("float", "12", ""), ("float", "3,5", ""),
        ("date", "12/03/2026", ""), ("string", "oui", ""), ("", "", ""),
    ]  # fmt: skip
    assert lines[2][0] == ("string", "abc", "")  # a line break makes two paragraphs of one cell


@given(st.text(max_size=60))
def test_any_text_goes_into_both_workbooks(text: str):
    read_ods(spreadsheets.as_ods(text, [text], [[text]]))
    sheet = openpyxl.load_workbook(io.BytesIO(spreadsheets.as_xlsx("x", [text], [[text]]))).active
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)


def test_a_csv_neutralises_what_a_spreadsheet_would_run():
    read = list(csv.reader(io.StringIO(spreadsheets.as_csv(HEADERS, ROWS).decode("utf-8-sig")), delimiter=";"))
    assert read[1][:4] == ["'=cmd()", "<b>é</b>", "12", "3,5"]


def test_a_json_keeps_numbers_dates_and_blanks():
    lines = json.loads(spreadsheets.as_json(HEADERS, ROWS))
    assert lines[0] == {
        "Nom": "=cmd()", "Texte": "<b>é</b>", "Nombre": 12, "Montant": 3.5, "Jour": "2026-03-12", "Oui": True, "Rien": None,
    }  # fmt: skip
    assert lines[1]["Texte"] == "'"
