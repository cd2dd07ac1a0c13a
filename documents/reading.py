"""A paper shown as a page: the very words of its frozen content, between the title and the boxes of signatures."""

import re

from django.utils.safestring import SafeString, mark_safe

from core import jobs
from documents import subjects
from documents.models import Document

_BODY = re.compile(r"<body[^>]*>(.*)</body>", re.DOTALL | re.IGNORECASE)
_SIGNING = re.compile(r'<div class="signing">.*', re.DOTALL)
_IMAGE = re.compile(r"<img\b[^>]*>", re.IGNORECASE)
_STYLE = re.compile(r'\s(?:style|id)="[^"]*"')
_CLASS = re.compile(r'\sclass="([^"]*)"')
_HEADING = re.compile(r"<(/?)h([1-5])\b", re.IGNORECASE)
_TABLE = re.compile(r"<table\b.*?</table>", re.DOTALL | re.IGNORECASE)


def as_page(document: Document) -> SafeString:
    """The HTML of the paper fit for a page of the site; empty when it cannot be drawn again: the PDF remains.

    It is the HTML that becomes the PDF, from templates that escape what people wrote. Headings go one level down, wide
    tables scroll by themselves, the empty boxes of signatures are left out.
    """
    kind = subjects.kind_of(document)
    if kind is None or kind.draw_signed is None or not document.content:
        return SafeString("")
    try:
        found = _BODY.search(kind.draw_signed(document, ()).html)
    except jobs.Failure:  # an imported paper, or the content of another version of the platform
        found = None
    if found is None:
        return SafeString("")
    # Logos stay on the PDF: they are data: addresses, which pages refuse.
    text = _STYLE.sub("", _IMAGE.sub("", _SIGNING.sub("", found[1])))
    # Classes of the paper's own style sheet, told apart from those of the site.
    text = _CLASS.sub(lambda found: f' class="{" ".join(f"paper-{name}" for name in found[1].split())}"', text)
    text = _HEADING.sub(lambda tag: f"<{tag[1]}h{int(tag[2]) + 1}", text)
    text = _TABLE.sub(lambda table: f'<div class="paper-table" tabindex="0">{table[0]}</div>', text)
    return mark_safe(text)  # from our own templates, which escape
