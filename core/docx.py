"""A plain letter as a DOCX file: paragraphs, bold titles, nothing else. Opens in every word processor and on a telephone."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from io import BytesIO

import docx
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

_CONTROL = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold."""


def letter(lines: Iterable[str], *, now: datetime) -> bytes:
    """A file of these lines, one paragraph each; a line that starts with « # » is bold. `now`: when the file says it was made."""
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
    for line in lines:
        made.add_paragraph().add_run(_CONTROL.sub("", line.removeprefix("# "))).bold = line.startswith("# ") or None
    kept = BytesIO()
    made.save(kept)
    return kept.getvalue()
