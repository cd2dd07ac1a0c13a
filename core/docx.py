"""Texts as DOCX files, which open in every word processor and on a telephone: a plain letter, a report of `core.blocks`."""

from collections.abc import Iterable
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import docx
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from core import blocks

TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
INK, SOFT = RGBColor(0x1B, 0x21, 0x30), RGBColor(0x54, 0x5B, 0x6B)
SIZES = {"Title": 22, "Heading 1": 15, "Heading 2": 12, "Heading 3": 11}


def letter(lines: Iterable[str], *, now: datetime) -> bytes:
    """A file of these lines, one paragraph each; a line that starts with « # » is bold. `now`: when the file says it was made."""
    made = _page(now)
    for line in lines:
        made.add_paragraph().add_run(blocks.plain(line.removeprefix("# "))).bold = line.startswith("# ") or None
    return _saved(made)


def report(content: Iterable[blocks.Block], *, title: str, reference: str, now: datetime) -> bytes:
    """A file of these blocks. `reference` stands at the foot of each page, before its number; `now`: when the file was made.

    Titles are the word processor's own, so that its outline and a screen reader know them; a table's head repeats on each page.
    """
    made = _page(now)
    made.core_properties.title = blocks.plain(title)
    for name, size in SIZES.items():
        look = made.styles[name]
        look.font.name, look.font.size, look.font.bold, look.font.color.rgb = "Arial", Pt(size), True, INK
        fonts = look.element.rPr.rFonts
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
        look.paragraph_format.space_before, look.paragraph_format.space_after = Pt(12), Pt(4)
        look.paragraph_format.keep_with_next = True
    for border in made.styles["Title"].element.iter(qn("w:pBdr")):
        border.getparent().remove(border)
        break
    _foot(made, blocks.plain(reference))
    for block in content:
        _add(made, block)
    return _saved(made)


def _page(now: datetime) -> Any:
    made = docx.Document()
    about = made.core_properties  # the library's model signs and dates itself
    about.author = about.comments = ""
    about.created = about.modified = now.astimezone(UTC)
    about.language = "fr-FR"
    look = made.styles["Normal"]
    look.font.name, look.font.size = "Arial", Pt(11)
    look.paragraph_format.space_after, look.paragraph_format.line_spacing = Pt(3), 1.2
    for language in made.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), "fr-FR")
    (page,) = made.sections
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = Cm(2)
    return made


def _saved(made: Any) -> bytes:
    kept = BytesIO()
    made.save(kept)
    return kept.getvalue()


def _foot(made: Any, reference: str) -> None:
    """The reference and « page 3 », counted by the word processor."""
    foot = made.sections[0].footer.paragraphs[0]
    run = foot.add_run(f"{reference} · page ")
    run.font.size, run.font.color.rgb = Pt(8), SOFT
    number = foot.add_run()
    number.font.size, number.font.color.rgb = Pt(8), SOFT
    for kind in ("begin", "", "end"):
        part = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            part.set(qn("w:fldCharType"), kind)
        else:
            part.text = "PAGE"
        number._r.append(part)


def _add(made: Any, block: blocks.Block) -> None:
    if isinstance(block, blocks.Heading):
        title = made.add_heading(blocks.plain(block.text), block.level)
        title.paragraph_format.page_break_before = block.opens_page or None
    elif isinstance(block, blocks.Paragraph):
        _write(made.add_paragraph(), block.text, tone=block.tone)
    elif isinstance(block, blocks.Bullets):
        for item in block.items:
            _write(made.add_paragraph(style="List Bullet"), item)
    else:
        _table(made, block)


def _write(paragraph: Any, text: str, *, tone: str = "", size: float | None = None) -> None:
    run = None
    for rank, line in enumerate(blocks.lines(text)):
        if run is not None and rank:
            run.add_break()
        run = paragraph.add_run(line)
        run.bold = tone == "strong" or None
        if tone == "soft":
            run.font.color.rgb, run.font.size = SOFT, Pt(9.5)
        if size:
            run.font.size = Pt(size)


def _table(made: Any, block: blocks.Table) -> None:
    caption = made.add_paragraph()
    _write(caption, block.caption, tone="strong", size=10)
    caption.paragraph_format.keep_with_next = True
    table = made.add_table(rows=0, cols=len(block.head), style="Table Grid")
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.LEFT, False
    for rank, texts in enumerate((block.head, *block.rows)):
        row = table.add_row()
        properties = row._tr.get_or_add_trPr()
        properties.append(OxmlElement("w:cantSplit"))
        if not rank:
            properties.append(OxmlElement("w:tblHeader"))
        for column, (cell, text) in enumerate(zip(row.cells, texts, strict=True)):
            cell.width = Cm(block.widths[column])
            (paragraph,) = cell.paragraphs
            paragraph.paragraph_format.space_after, paragraph.paragraph_format.line_spacing = Pt(1), 1.0
            if column in block.numbers:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            _write(paragraph, text, tone="" if rank else "strong", size=9)
    made.add_paragraph().paragraph_format.space_after = Pt(2)
