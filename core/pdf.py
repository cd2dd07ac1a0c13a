"""Turns HTML into PDF/UA-1 files, and into PDF/A-3a ones with attachments for papers that are sealed.

The engine (WeasyPrint and its fonts) takes two seconds of processor to load: it comes with the first paper, so that web
pages and commands that print nothing do not wait for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib import import_module
from typing import Any


class PdfError(Exception):
    """A paper could not be drawn."""


class ForbiddenResource(PdfError):
    """The HTML of a paper asks for a file or an address that papers may not open."""


@dataclass(frozen=True)
class Fit:
    """A paper of more than ``pages`` pages is drawn again with the style ``dense`` added."""

    pages: int
    dense: str


@dataclass(frozen=True)
class Drawing:
    """A paper ready to be drawn: its whole HTML page and how it is laid out."""

    html: str
    title: str
    styles: tuple[str, ...] = ("paper",)
    fit: Fit | None = None


@dataclass(frozen=True)
class Attachment:
    """A file inside a PDF/A-3 file. ``relationship``: Source, Data, Alternative, Supplement or Unspecified, as PDF/A-3 has it."""

    name: str
    description: str
    content: bytes
    media_type: str
    relationship: str = "Supplement"


@cache
def _engine() -> Any:
    return import_module("core.pdf_engine")


def render(html: str, *, title: str, styles: tuple[str, ...] = ("paper",), fit: Fit | None = None) -> bytes:
    """The PDF/UA-1 file of a whole HTML page.

    ``styles`` names files of ``static/pdf`` without their extension; their parsed form is shared by all papers.
    The bytes depend on the arguments and on the versions of the libraries only.
    Raises ForbiddenResource when the HTML asks for anything outside ``static/pdf``, PdfError when a ``data:`` URL is bad.
    """
    file: bytes = _engine().render(html, title=title, styles=styles, fit=fit)
    return file


def combine(
    papers: Iterable[str],
    *,
    title: str,
    styles: tuple[str, ...] = ("paper",),
    fit: Fit | None = None,
    start_on_recto: bool = False,
) -> bytes:
    """One print file for several papers, each with its own page numbers; the structure of each is kept.

    Papers are taken one at a time, so that a generator can tell how far it is.
    ``start_on_recto`` adds a blank page after a paper of an odd number of pages, for printing on both sides.
    Raises ValueError without any paper, and the errors of ``render``.
    """
    file: bytes = _engine().combine(papers, title=title, styles=styles, fit=fit, start_on_recto=start_on_recto)
    return file


def archive(
    drawings: Sequence[Drawing], *, title: str, moment: datetime, attachments: Sequence[Attachment] = ()
) -> bytes:
    """One file that is PDF/A-3a and PDF/UA-1 at once, for several drawings that follow each other, with its attachments (A-12).

    Each drawing keeps its own style and page numbers. ``moment`` is written as the date of the file and of what it holds.
    Raises ValueError without any drawing, and the errors of ``render``.
    """
    file: bytes = _engine().archive(drawings, title=title, moment=moment, attachments=attachments)
    return file


def page_count(pdf: bytes) -> int:
    """How many pages a PDF file has. Raises PdfError when it is not a PDF file."""
    pages: int = _engine().page_count(pdf)
    return pages
