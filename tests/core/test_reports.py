"""Reports for a word processor: the same blocks as DOCX and ODT, read back by the libraries that others read them with."""

import io
import re
import zipfile
from datetime import UTC, datetime

import docx as word
import pytest
from defusedxml import ElementTree
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st
from odfdo import Document

from core import blocks, docx, odt

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
TITLE, REFERENCE = "Dossier qualité <2025>", "Lycée Jeanne-Barret"
FORMATS = {"docx": docx.report, "odt": odt.report}


CONTENT = (
    blocks.Heading(TITLE, 0),
    blocks.Heading("1. Conventions", 1, opens_page=True),
    blocks.Heading("Prévoir", 2),
    blocks.Paragraph("Une ligne & <b>\nl’autre\u0007 🙂"),
    blocks.Paragraph("question proposée", tone="soft"),
    blocks.Bullets(("un", "deux")),
    blocks.Table("Indicateurs", ("Indicateur", "Valeur"), (("Conventions", "12"), ("=cmd()", "")), (12, 5), frozenset({1})),
)  # fmt: skip


def made(kind: str) -> bytes:
    return FORMATS[kind](CONTENT, title=TITLE, reference=REFERENCE, now=NOW)


def test_a_docx_has_an_outline_and_a_repeated_head():
    file = word.Document(io.BytesIO(made("docx")))
    styles = [(one.style.name, one.text) for one in file.paragraphs if one.style.name != "Normal"]
    assert styles == [
        ("Title", TITLE), ("Heading 1", "1. Conventions"), ("Heading 2", "Prévoir"), ("List Bullet", "un"), ("List Bullet", "deux"),
    ]  # fmt: skip
    assert "Une ligne & <b>\nl’autre 🙂" in [one.text for one in file.paragraphs]
    (table,) = file.tables
    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        ["Indicateur", "Valeur"], ["Conventions", "12"], ["=cmd()", ""],
    ]  # fmt: skip
    assert [bool(row._tr.trPr.findall(qn("w:tblHeader"))) for row in table.rows] == [True, False, False]
    assert file.sections[0].footer.paragraphs[0].text.startswith(f"{REFERENCE} · page ")
    about = file.core_properties
    assert (about.title, about.author, about.language, about.created) == (TITLE, "", "fr-FR", NOW)


def test_an_odt_says_the_same():
    file = Document(io.BytesIO(made("odt")))
    assert [(int(one.level), one.text_recursive) for one in file.body.headers] == [
        (1, "1. Conventions"),
        (2, "Prévoir"),
    ]
    texts = [one.inner_text for one in file.body.paragraphs]
    assert TITLE in texts and "question proposée" in texts and "un" in texts
    assert any("Une ligne & <b>" in text and "l’autre 🙂" in text for text in texts)
    (table,) = file.body.tables
    assert [[cell.inner_text.strip() for cell in row.get_elements("table:table-cell")] for row in table.get_elements("//table:table-row")] == [
        ["Indicateur", "Valeur"], ["Conventions", "12"], ["=cmd()", ""],
    ]  # fmt: skip
    assert len(file.body.get_elements("//table:table-header-rows/table:table-row")) == 1
    assert "=cmd()" not in str(
        [one.get_attribute("table:formula") for one in file.body.get_elements("//table:table-cell")]
    )
    assert (file.meta.title, str(file.meta.language)) == (TITLE, "fr-FR")
    with zipfile.ZipFile(io.BytesIO(made("odt"))) as archive:
        styles, content = (archive.read(name).decode() for name in ("styles.xml", "content.xml"))
        used = set(re.findall(r'(?:text|table):style-name="([^"]+)"', content))
        assert {"Titre1EnPage", "Titre2", "Puces", "Cellule", "Nombre"} <= used
        assert used <= set(re.findall(r'style:name="([^"]+)"', styles + content))
        assert archive.namelist()[0] == "mimetype"
        assert archive.read("mimetype").decode() == odt.TYPE
        assert REFERENCE in archive.read("styles.xml").decode()


@pytest.mark.parametrize("kind", FORMATS)
@settings(max_examples=15, deadline=None)
@given(text=st.text(max_size=60))
def test_any_text_goes_into_both(kind: str, text: str):
    content = (
        blocks.Heading(text),
        blocks.Paragraph(text),
        blocks.Bullets((text,)),
        blocks.Table(text, (text,), ((text,),), (17,)),
    )
    file = FORMATS[kind](content, title=text, reference=text, now=NOW)
    with zipfile.ZipFile(io.BytesIO(file)) as archive:
        for name in archive.namelist():
            if name.endswith(".xml") and "Configurations2" not in name:
                ElementTree.fromstring(archive.read(name))
