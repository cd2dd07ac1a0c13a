"""The same reports as `core.docx` writes, as ODT files: the format of LibreOffice, and of many schools."""

from collections.abc import Iterable
from datetime import datetime
from io import BytesIO
from typing import Any

from odfdo import (
    Cell,
    Column,
    Document,
    Element,
    Header,
    HeaderRows,
    LineBreak,
    List,
    ListItem,
    Paragraph,
    Row,
    Span,
    Style,
    Table,
    VarPageNumber,
)

from core import blocks

TYPE = "application/vnd.oasis.opendocument.text"
FONT = "Arial"
INK, SOFT = "#1b2130", "#545b6b"
SIZES = {0: "22pt", 1: "15pt", 2: "12pt", 3: "11pt"}
LINE = "0.5pt solid #9aa0aa"
BULLETS = """<text:list-style style:name="Puces"><text:list-level-style-bullet text:level="1" text:bullet-char="•"
><style:list-level-properties text:space-before="0.3cm" text:min-label-width="0.4cm"
/></text:list-level-style-bullet></text:list-style>"""


def report(content: Iterable[blocks.Block], *, title: str, reference: str, now: datetime) -> bytes:
    """A file of these blocks. `reference` stands at the foot of each page, before its number; `now`: when the file was made.

    Titles are outline levels, so that the navigator and a screen reader know them; a table's head repeats on each page.
    """
    made: Any = Document("odt")
    made.body.clear()
    _about(made, blocks.plain(title), now)
    for style in _styles():
        made.insert_style(style)
    for style in _cell_styles():
        made.insert_style(style, automatic=True)  # writers read those of cells and rows among the automatic ones only
    (common,) = made.get_part("styles.xml").get_elements("//office:styles")
    common.append(Element.from_tag(BULLETS))
    _foot(made, blocks.plain(reference))
    for rank, block in enumerate(content):
        for element in _elements(made, block, rank):
            made.body.append(element)
    kept = BytesIO()
    made.save(kept)
    return kept.getvalue()


def _about(made: Any, title: str, now: datetime) -> None:
    about = made.meta
    about.title, about.language, about.generator = title, "fr-FR", "bdeplatform"
    about.creation_date = about.date = now.replace(microsecond=0, tzinfo=None)


def _paragraph_style(name: str, *, text: dict[str, str], paragraph: dict[str, str], parent: str = "Standard") -> Any:
    style = Style("paragraph", name=name, parent_style=parent)  # the name of a style holds no space
    style.set_properties(properties=paragraph, area="paragraph")
    style.set_properties(properties={"fo:font-family": FONT, **text}, area="text")
    return style


def _styles() -> Iterable[Any]:
    body = {"fo:margin-bottom": "0.12cm", "fo:line-height": "120%"}
    cell = {"fo:margin-bottom": "0cm"}
    yield _paragraph_style("Texte", text={"fo:font-size": "11pt"}, paragraph=body)
    yield _paragraph_style("Fort", text={"fo:font-size": "11pt", "fo:font-weight": "bold"}, paragraph=body)
    yield _paragraph_style("Discret", text={"fo:font-size": "9.5pt", "fo:color": SOFT}, paragraph=body)
    legend = {"fo:font-size": "10pt", "fo:font-weight": "bold"}
    yield _paragraph_style("Légende", text=legend, paragraph={**body, "fo:keep-with-next": "always"})
    yield _paragraph_style("Case", text={"fo:font-size": "9pt"}, paragraph=cell)
    yield _paragraph_style("Nombre", text={"fo:font-size": "9pt"}, paragraph={**cell, "fo:text-align": "end"})
    yield _paragraph_style("Tête", text={"fo:font-size": "9pt", "fo:font-weight": "bold"}, paragraph=cell)
    number = {**cell, "fo:text-align": "end"}
    yield _paragraph_style("TêteNombre", text={"fo:font-size": "9pt", "fo:font-weight": "bold"}, paragraph=number)
    yield _paragraph_style("Pied", text={"fo:font-size": "8pt", "fo:color": SOFT}, paragraph={})
    for level, size in SIZES.items():
        text = {"fo:font-size": size, "fo:font-weight": "bold", "fo:font-style": "normal", "fo:color": INK}
        spaces = {"fo:margin-top": "0.4cm", "fo:margin-bottom": "0.15cm", "fo:keep-with-next": "always"}
        yield _paragraph_style(f"Titre{level}", text=text, paragraph=spaces, parent="Heading")
        opening = {**spaces, "fo:break-before": "page"}
        yield _paragraph_style(f"Titre{level}EnPage", text=text, paragraph=opening, parent="Heading")


def _cell_styles() -> Iterable[Any]:
    box = Style("table-cell", name="Cellule")
    box.set_properties(properties={"fo:border": LINE, "fo:padding": "0.1cm"}, area="table-cell")
    yield box
    row = Style("table-row", name="Ligne")
    row.set_properties(properties={"fo:keep-together": "always"}, area="table-row")
    yield row


def _foot(made: Any, reference: str) -> None:
    foot = Paragraph(f"{reference} · page ", style="Pied")
    foot.append(VarPageNumber())
    holder = Element.from_tag("style:footer")
    holder.append(foot)
    (page,) = made.get_part("styles.xml").get_elements("//style:master-page")
    page.append(holder)


def _elements(made: Any, block: blocks.Block, rank: int) -> Iterable[Any]:
    if isinstance(block, blocks.Heading):
        style = f"Titre{block.level}" + ("EnPage" if block.opens_page else "")
        text = blocks.plain(block.text)
        if not block.level:
            yield Paragraph(text, style=style)
            return
        title = Header(block.level, text)
        title.set_attribute("text:style-name", style)  # the library's constructor forgets it
        yield title
    elif isinstance(block, blocks.Paragraph):
        yield _paragraph(block.text, {"strong": "Fort", "soft": "Discret"}.get(block.tone, "Texte"))
    elif isinstance(block, blocks.Bullets):
        bullets = List(style="Puces")
        for text in block.items:
            item = ListItem()
            item.append(_paragraph(text, "Texte"))
            bullets.append(item)
        yield bullets
    else:
        yield _paragraph(block.caption, "Légende")
        yield _table(made, block, f"Tableau{rank}")
        yield Paragraph("", style="Case")


def _paragraph(text: str, style: str) -> Any:
    """A paragraph that keeps the line breaks of its text."""
    paragraph = Paragraph("", style=style)
    for rank, line in enumerate(blocks.lines(text)):
        if rank:
            paragraph.append(LineBreak())
        paragraph.append(Span(line))
    return paragraph


def _table(made: Any, block: blocks.Table, name: str) -> Any:
    table = Table(name)
    look = Style("table", name=name)
    width = f"{sum(block.widths):.2f}cm"
    look.set_properties(properties={"style:width": width, "table:align": "left"}, area="table")
    made.insert_style(look, automatic=True)
    table.style = name
    for rank, centimetres in enumerate(block.widths):
        column = Style("table-column", name=f"{name}.{rank}")
        column.set_properties(properties={"style:column-width": f"{centimetres:.2f}cm"}, area="table-column")
        made.insert_style(column, automatic=True)
        Element.append(table, Column(style=f"{name}.{rank}"))
    head = HeaderRows()
    head.append(_row(block.head, block.numbers, ("Tête", "TêteNombre")))
    Element.append(table, head)
    for texts in block.rows:
        Element.append(table, _row(texts, block.numbers, ("Case", "Nombre")))
    return table


def _row(texts: Iterable[str], numbers: frozenset[int], styles: tuple[str, str]) -> Any:
    row = Row(style="Ligne")
    for column, text in enumerate(texts):
        cell = Cell(style="Cellule", cell_type="string")
        cell.append(_paragraph(text, styles[column in numbers]))
        Element.append(row, cell)
    return row
