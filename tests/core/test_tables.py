"""Any spreadsheet read back as it was written; and those that must not be read, refused with a sentence."""

import csv
import io
import struct
import time
import zipfile
import zlib
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from odfdo import Cell, Document, Element, Paragraph, Row
from odfdo import Table as OdfTable

from core import tables
from core.spreadsheets import as_csv, as_xlsx
from core.tables.cells import clean
from core.tables.headers import body

Cells = list[list[str]]
LETTERS = "abcdeéèàçœÉÔ€’'ABC xyz0123456789;,|\t\"=+-@.\n"


def as_ods(rows: Cells) -> bytes:
    book = Document("spreadsheet")
    book.body.clear()
    table = OdfTable("Feuille 1")
    for row in rows:
        line = Row()
        for cell in row:
            made = Cell(cell_type="string")
            for paragraph in cell.split("\n"):
                made.append(Paragraph(paragraph))
            Element.append(line, made)
        Element.append(table, line)
    book.body.append(table)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def as_text(rows: Cells, delimiter: str, encoding: str) -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(rows)
    return out.getvalue().encode(encoding)


def kept(path: Path, name: str, data: bytes) -> tables.Table:
    (path / "file").write_bytes(data)  # a random name, without extension, as uploads are kept
    return tables.read(path / "file", name)


def refusal(path: Path, name: str, data: bytes) -> str:
    with pytest.raises(tables.Unreadable) as refused:
        kept(path, name, data)
    return str(refused.value)


@st.composite
def drawn_tables(draw: Any, letters: str = LETTERS) -> Cells:
    """A header and rows as people fill them: edges without spaces, which readers take off, and never an empty row."""
    width = draw(st.integers(3, 6))
    text = st.text(letters, max_size=12).map(clean)
    header = [f"Colonne {number}" for number in range(width)]
    rows = draw(st.lists(st.lists(text, min_size=width, max_size=width), min_size=1, max_size=6))
    return [header, *[[f"l{number}", *row[1:]] for number, row in enumerate(rows)]]


def texts(table: tables.Table) -> Cells:
    width = max(len(row.cells) for row in table.rows)
    return [[row.at(column) for column in range(width)] for row in table.rows]


def trimmed(rows: Cells) -> Cells:
    """As a reader sees them: columns after the last one that holds something are not there."""
    width = max(column + 1 for row in rows for column, cell in enumerate(row) if cell)
    return [[clean(cell) for cell in row[:width]] for row in rows]


FEW = settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


# ------------------------------------------------------------------------------------------------ read back equal
@FEW
@given(
    rows=drawn_tables(), delimiter=st.sampled_from(";,\t|"), encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"])
)
def test_a_text_file_is_read_back(tmp_path: Path, rows: Cells, delimiter: str, encoding: str) -> None:
    (tmp_path / "file").write_bytes(as_text(rows, delimiter, encoding))
    table = tables.read(tmp_path / "file", "liste.csv", delimiter=delimiter)
    assert texts(table) == trimmed(rows)


@FEW
@given(
    rows=drawn_tables(letters="abcdeéèàçêôùÉ ABC xyz0123456789.'-"),
    delimiter=st.sampled_from(";,\t|"),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "cp1252", "iso8859_15", "utf-16", "utf-16-le"]),
)
def test_encoding_and_separator_are_found(tmp_path: Path, rows: Cells, delimiter: str, encoding: str) -> None:
    table = kept(tmp_path, "liste.txt", as_text(rows, delimiter, encoding))
    assert (texts(table), table.delimiter) == (trimmed(rows), delimiter)


@FEW
@given(rows=drawn_tables())
def test_an_xlsx_and_an_ods_are_read_back(tmp_path: Path, rows: Cells) -> None:
    assert texts(kept(tmp_path, "liste.xlsx", as_xlsx("Liste", rows[0], rows[1:]))) == trimmed(rows)
    ods = [[cell.replace("\t", " ") for cell in row] for row in rows]  # a tab in a cell is read as a space
    flat = [[" ".join(cell.split(" ")) for cell in row] for row in ods]
    assert texts(kept(tmp_path, "liste.ods", as_ods(flat))) == trimmed(flat)


@FEW
@given(rows=drawn_tables())
def test_what_the_platform_exports_comes_back_without_its_marks(tmp_path: Path, rows: Cells) -> None:
    """S-26: the apostrophe that an export puts before « = » goes, and only that one."""
    plain = [[cell.lstrip("'") for cell in row] for row in rows]
    assert texts(kept(tmp_path, "export.csv", as_csv(plain[0], plain[1:]))) == trimmed(plain)


@pytest.mark.parametrize(
    ("text", "encoding"),
    [("cœur 10 €;l’été;x\n1;2;3\n", "cp1252"), ("cœur;été;Œuvre\n1;2;3\n", "iso8859_15"), ("éà;ê;x\n1;2;3\n", "mac_roman"),
     ("forêt élève;là;x\n1;déjà;3\n", "cp850"), ("été;à;b\n1;2;3\n", "utf-16-be")],
)  # fmt: skip
def test_letters_that_encodings_write_differently(tmp_path: Path, text: str, encoding: str) -> None:
    assert texts(kept(tmp_path, "a.csv", text.encode(encoding)))[0] == text.splitlines()[0].split(";")


def test_what_excel_writes_on_the_first_line_is_its_separator(tmp_path: Path) -> None:
    table = kept(tmp_path, "a.csv", b"sep=|\nNom|Ville, pays\nA|Laon, France\n")
    assert (table.delimiter, texts(table)) == ("|", [["Nom", "Ville, pays"], ["A", "Laon, France"]])
    assert [row.line for row in table.rows] == [2, 3]


def test_numbers_and_dates_of_a_workbook_read_as_one_types_them(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["SIRET", "Taux", "Jour", "Actif", "Formule"])
    sheet.append([73282932000074, 2.5, __import__("datetime").date(2026, 3, 12), True, "=1+1"])
    out = io.BytesIO()
    book.save(out)
    assert texts(kept(tmp_path, "a.xlsm", out.getvalue()))[1] == ["73282932000074", "2.5", "2026-03-12", "oui", ""]


# ------------------------------------------------------------------------------------------------ heads of tables
def test_three_header_lines_and_merged_cells(tmp_path: Path) -> None:
    """A title over the whole table, groups over columns, one company over the lines of its contacts, a total."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet["A1"] = "Entreprises partenaires du lycée 2026-2027"
    sheet.merge_cells("A1:F1")
    for column, label in enumerate(["Entreprise", None, None, "Contact"], 1):
        sheet.cell(3, column, label)
    sheet.merge_cells("A3:C3")
    sheet.merge_cells("D3:F3")
    for column, label in enumerate(["Nom", "CP", "Ville", "Nom", "Prénom", "Mail"], 1):
        sheet.cell(4, column, label)
    sheet.cell(5, 1, "Garage Démo")
    sheet.merge_cells("A5:A6")
    for line, name in ((5, "EXEMPLE"), (6, "ESSAI")):
        sheet.cell(line, 4, name)
    sheet.cell(8, 1, "Total")
    sheet.cell(8, 2, 2)
    out = io.BytesIO()
    book.save(out)
    table = kept(tmp_path, "a.xlsx", out.getvalue())
    header = tables.find_header(table.rows, {"nom", "cp", "ville", "prenom", "mail", "entreprise"})
    assert header.line == 4
    assert header.full_labels == [
        "Entreprise · Nom", "Entreprise · CP", "Entreprise · Ville", "Contact · Nom", "Contact · Prénom", "Contact · Mail",
    ]  # fmt: skip
    rows = body(table.rows, header)
    assert [(row.line, row.at(0), row.at(3)) for row in rows] == [
        (5, "Garage Démo", "EXEMPLE"),
        (6, "Garage Démo", "ESSAI"),
    ]


def test_empty_columns_and_a_repeated_header_do_not_count(tmp_path: Path) -> None:
    table = kept(tmp_path, "a.csv", b";;\n;Nom;Ville\n;A;Laon\n;Nom;Ville\n;B;Guise\n;;\n")
    header = tables.find_header(table.rows)
    assert (header.line, [row.at(1) for row in body(table.rows, header)]) == (2, ["A", "B"])


def test_the_sheet_that_holds_a_table_is_taken_unless_another_is_asked(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "Lisez-moi"
    book.active["A1"] = "Bonjour"
    sheet = book.create_sheet("Entreprises")
    for number in range(4):
        sheet.append([f"A{number}", "Laon"])
    hidden = book.create_sheet("Cachée")
    hidden.sheet_state = "hidden"
    out = io.BytesIO()
    book.save(out)
    table = kept(tmp_path, "a.xlsx", out.getvalue())
    assert (table.sheets, table.sheet, len(table.rows)) == (["Lisez-moi", "Entreprises"], 1, 4)
    assert len(tables.read(tmp_path / "file", "a.xlsx", sheet=0).rows) == 1


# ------------------------------------------------------------------------------------------------ refused
@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest", "XLSX ou CSV"),
        ("a.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest", "mot de passe"),
        ("a.csv", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest", "ancien format"),
        ("a.xlsx", b"<html><table><tr><td>1</table>", "page web"),
        ("a.csv", b"\n  <!DOCTYPE html><html>", "page web"),
        ("a.csv", b"%PDF-1.7 ...", "PDF"),
        ("a.pdf", b"%PDF-1.7 ...", "PDF"),
        ("a.csv", b"\x89PNG\r\n\x1a\n", "image"),
        ("photo.jpg", b"\xff\xd8\xff", "image"),
        ("a.doc", b"\xd0\xcf\x11\xe0", "Word"),
        ("a.csv", b"{\\rtf1 x", "Word"),
        ("a.xlsx", b"nom;ville\n", "ne s\u2019ouvre pas"),
        ("a.xlsx", b"PK\x03\x04 cut short", "ne s\u2019ouvre pas"),
        ("a.csv", b"", "aucune ligne"),
        ("a.csv", b"\n\n;;;\n", "aucune ligne"),
        ("a.csv", b"a;b\0\0\0c\nx;y\n", "ne s\u2019ouvre pas"),
        ("a.exe", b"MZ", "ni un CSV"),
        ("a.csv", b'a;b\n"' + b"x" * 40_000 + b"\n", "guillemet"),
    ],
)
def test_what_is_no_table_is_refused_with_what_to_do(tmp_path: Path, name: str, data: bytes, said: str) -> None:
    assert said in refusal(tmp_path, name, data)


def test_fifty_megabytes_are_refused_before_they_are_read(tmp_path: Path) -> None:
    with (tmp_path / "file").open("wb") as file:
        file.truncate(50 * 1024 * 1024)
    start = time.perf_counter()
    with pytest.raises(tables.Unreadable, match="20 Mo"):
        tables.read(tmp_path / "file", "a.csv")
    assert time.perf_counter() - start < 0.2


def _workbook(sheet: str, **others: bytes) -> bytes:
    book = openpyxl.Workbook()
    book.active["A1"] = "x"
    out = io.BytesIO()
    book.save(out)
    made = io.BytesIO()
    with zipfile.ZipFile(out) as source, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in source.infolist():
            content = source.read(entry)
            target.writestr(entry.filename, sheet if entry.filename.endswith("sheet1.xml") else content)
        for name, content in others.items():
            target.writestr(name.replace("__", "/"), content)
    return made.getvalue()


SHEET = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{}</sheetData></worksheet>'
)


def test_a_bomb_is_refused_by_its_ratio(tmp_path: Path) -> None:
    assert "cent fois" in refusal(tmp_path, "a.xlsx", _workbook(SHEET.format(" " * 5_000_000)))


def test_an_archive_that_lies_about_its_size_is_damaged(tmp_path: Path) -> None:
    data = bytearray(_workbook(SHEET.format("<row r='1'/>")))
    at = data.rindex(b"PK\x01\x02")
    struct.pack_into("<I", data, at + 24, 10)  # the size that the directory announces for its last entry
    assert refusal(tmp_path, "a.xlsx", bytes(data))
    assert zlib  # the module whose error this would be


def test_entities_are_refused(tmp_path: Path) -> None:
    lol = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>' + SHEET.format(
        '<row r="1"><c r="A1" t="inlineStr"><is><t>&b;</t></is></c></row>'
    )
    assert "définitions XML" in refusal(tmp_path, "a.xlsx", _workbook(lol))


def test_a_tiny_sparse_workbook_does_not_hurt(tmp_path: Path) -> None:
    cell = '<row r="{0}"><c r="A{0}" t="inlineStr"><is><t>{1}</t></is></c></row>'
    sparse = _workbook(SHEET.format(cell.format(1, "Nom") + cell.format(1_048_576, "Garage")))
    assert len(sparse) < 10_000
    start = time.perf_counter()
    assert [row.line for row in kept(tmp_path, "a.xlsx", sparse).rows] == [1, 1_048_576]
    wide = _workbook(SHEET.format('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'))
    assert "200 colonnes" in refusal(tmp_path, "a.xlsx", wide)
    assert time.perf_counter() - start < 10


def test_a_repeated_row_of_an_ods_does_not_hurt(tmp_path: Path) -> None:
    ods = io.BytesIO(as_ods([["Nom"], ["A"]]))
    made = io.BytesIO()
    with zipfile.ZipFile(ods) as source, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in source.infolist():
            content = source.read(entry).replace(
                b"<table:table-row>", b'<table:table-row table:number-rows-repeated="1048576">'
            )
            target.writestr(entry.filename, content)
    assert "répétée" in refusal(tmp_path, "a.ods", made.getvalue())


def test_more_lines_or_columns_than_allowed_are_refused(tmp_path: Path) -> None:
    assert "20\u202f000 lignes" in refusal(tmp_path, "a.csv", b"a;b\n" * 20_001)
    assert "200 colonnes" in refusal(tmp_path, "a.csv", b"a;" * 200 + b"b\n")


def test_the_limits_end_the_child_and_nothing_else(tmp_path: Path) -> None:
    """Out of memory, out of time: the same sentence, no exception of the parser, no process left."""
    (tmp_path / "file").write_bytes(as_xlsx("t", ["a", "b"], [["x" * 50, number] for number in range(5_000)]))
    for limits in (tables.Limits(memory=24 * 1024 * 1024), tables.Limits(wall=0)):
        with pytest.raises(tables.Unreadable, match=r"trop de place|ne s’ouvre pas"):
            tables.read(tmp_path / "file", "a.xlsx", limits=limits)


@pytest.mark.parametrize(
    ("text", "seen"),
    [("'=1+1", "=1+1"), ("'+33 6", "+33 6"), ("'abc", "'abc"), ("''=x", "''=x"), (" a\r\nb ", "a\nb"),
     ("\u00a0x\u202f", "x"), ("a\u202eb", "ab"), ("a\0b", "ab"), ("شركة", "شركة"), ("🍕 Pizza", "🍕 Pizza")],
)  # fmt: skip
def test_a_cell_loses_what_cannot_be_seen_and_nothing_else(text: str, seen: str) -> None:
    assert clean(text) == seen
