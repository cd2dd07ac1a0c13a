"""A plain letter as a DOCX file: paragraphs, bold titles, nothing else. Opens in every word processor and on a telephone."""

import re
import zipfile
from collections.abc import Iterable
from io import BytesIO
from xml.sax.saxutils import escape

TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
WHEN = (2000, 1, 1, 0, 0, 0)  # of the archive's members: the same words give the same bytes

_CONTROL = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold."""

_TYPES = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/word/document.xml" ContentType="{TYPE}.main+xml"/></Types>'
)
_RELATIONS = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
    'Target="word/document.xml"/></Relationships>'
)
_BODY = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>{}'
    '<w:sectPr><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1134" w:right="1134" w:bottom="1134" w:left="1134"/>'
    "</w:sectPr></w:body></w:document>"
)


def _paragraph(text: str) -> str:
    bold = text.startswith("# ")
    words = escape(_CONTROL.sub("", text.removeprefix("# ")))
    look = (
        '<w:rFonts w:ascii="Arial" w:hAnsi="Arial" w:cs="Arial"/>' + ("<w:b/>" if bold else "") + '<w:sz w:val="22"/>'
    )
    spacing = '<w:pPr><w:spacing w:after="60" w:line="288" w:lineRule="auto"/></w:pPr>'
    run = f'<w:r><w:rPr>{look}<w:lang w:val="fr-FR"/></w:rPr><w:t xml:space="preserve">{words}</w:t></w:r>'
    return f"<w:p>{spacing}{run}</w:p>"


def letter(lines: Iterable[str]) -> bytes:
    """A file of these lines, one paragraph each; a line that starts with « # » is bold."""
    kept = BytesIO()
    parts = {
        "[Content_Types].xml": _TYPES,
        "_rels/.rels": _RELATIONS,
        "word/document.xml": _BODY.format("".join(map(_paragraph, lines))),
    }
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(zipfile.ZipInfo(name, WHEN), text.encode(), zipfile.ZIP_DEFLATED)
    return kept.getvalue()
