"""The engine behind core.pdf, loaded with the first paper. This module is the only one that calls WeasyPrint.

The engine opens nothing but ``data:`` URLs and the files of ``static/pdf`` named by ``asset:`` URLs: a paper never reads
the disk or the network. The same HTML and title always give the same bytes, so that the SHA-256 of a paper can be kept.
"""

from __future__ import annotations

import base64
import gc
import hashlib
import io
import re
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

import pikepdf
from weasyprint import CSS, HTML
from weasyprint.document import Document, Page
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from core.pdf import Attachment, Drawing, Fit, ForbiddenResource, PdfError

ASSETS = Path(__file__).resolve().parent.parent / "static" / "pdf"
VARIANT = "pdf/ua-1"
ARCHIVE = "pdf/a-3a"
AMBIGUOUS = b"\r\nendstream"
LANGUAGE = "fr"

_ASSET_TYPES = {".css": "text/css", ".svg": "image/svg+xml", ".png": "image/png"}
_ASSET_NAME = re.compile(r"[a-z0-9_-]+\.(?:css|svg|png)")
_BLANK_PAGE = (
    f'<html lang="{LANGUAGE}"><title>Page blanche</title><style>@page {{ size: A4 }}</style><body></body></html>'
)


# A PDF/A file may only carry the properties it describes: here, the one that says that it is also a PDF/UA-1 file.
_ALSO_UA = b"""
<rdf:Description xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" rdf:about="" pdfuaid:part="1"/>
<rdf:Description xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
  xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#"
  rdf:about=""><pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA Universal Accessibility Schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Indicates, which part of ISO 14289 standard is followed</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>
</rdf:RDF>"""


class AssetFetcher(URLFetcher):
    """Opens ``data:`` URLs and ``asset:name.ext``, a file of ``static/pdf``; refuses the rest (S-25)."""

    def __init__(self) -> None:
        super().__init__(allowed_protocols=("data",), allow_redirects=False, fail_on_errors=True)
        self.refused: list[str] = []

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        scheme, _, name = url.partition(":")
        if scheme.lower() == "data":
            return super().fetch(url, headers)
        path = ASSETS / name if scheme == "asset" and _ASSET_NAME.fullmatch(name) else None
        if path is None or not path.is_file():
            self.refused.append(url)
            raise ForbiddenResource(f"A paper may not open {url!r}.")
        return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": _ASSET_TYPES[path.suffix]})

    def demand_clean(self) -> None:
        """Raise ForbiddenResource when something was refused, even where WeasyPrint only logs it (inside SVG)."""
        if self.refused:
            raise ForbiddenResource(f"A paper may not open {', '.join(map(repr, self.refused))}.")


@contextmanager
def _uncollected() -> Iterator[None]:
    """Pause the collector of cycles: it walks the whole process again and again while pages are laid out, a fifth of the time of
    a paper. What a paper leaves behind is collected afterwards."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


@lru_cache(maxsize=1)
def _fonts() -> FontConfiguration:
    """The fonts found once per process: finding them again costs a tenth of a paper."""
    return FontConfiguration()


@lru_cache(maxsize=16)
def _stylesheet(name: str) -> CSS:
    """``static/pdf/<name>.css``, parsed once per process."""
    return CSS(string=(ASSETS / f"{name}.css").read_text("utf-8"), font_config=_fonts(), url_fetcher=AssetFetcher())


def _laid_out(html: str, fetcher: AssetFetcher, *, styles: tuple[str, ...], fit: Fit | None = None) -> Document:
    try:
        document = HTML(string=html, url_fetcher=fetcher).render(
            font_config=_fonts(), stylesheets=[_stylesheet(name) for name in styles]
        )
    except FatalURLFetchingError as error:  # a BaseException: it would pass through every handler of the caller
        fetcher.demand_clean()
        raise PdfError(str(error)) from error
    if fit and len(document.pages) > fit.pages:
        return _laid_out(html, fetcher, styles=(*styles, fit.dense))
    return document


def _written(
    document: Document, fetcher: AssetFetcher, *, title: str, content: Iterable[str], variant: str = VARIANT
) -> bytes:
    document.metadata.title = title
    document.metadata.lang = LANGUAGE
    document.metadata.generator = "bdeplatform"
    digest = hashlib.sha256(title.encode())
    for html in content:
        digest.update(html.encode())
    file: bytes = document.write_pdf(pdf_variant=variant, pdf_identifier=digest.hexdigest()[:32].encode())
    fetcher.demand_clean()  # pictures inside SVG are opened while the page is painted
    return file


@_uncollected()
def render(html: str, *, title: str, styles: tuple[str, ...] = ("paper",), fit: Fit | None = None) -> bytes:
    """See core.pdf."""
    fetcher = AssetFetcher()
    return _written(_laid_out(html, fetcher, styles=styles, fit=fit), fetcher, title=title, content=[html])


@_uncollected()
def combine(
    papers: Iterable[str],
    *,
    title: str,
    styles: tuple[str, ...] = ("paper",),
    fit: Fit | None = None,
    start_on_recto: bool = False,
) -> bytes:
    """See core.pdf."""
    fetcher = AssetFetcher()
    pages: list[Page] = []
    first = None
    content = [str(start_on_recto)]
    for html in papers:
        document = _laid_out(html, fetcher, styles=styles, fit=fit)
        if start_on_recto and len(pages) % 2:
            pages += _laid_out(_BLANK_PAGE, fetcher, styles=()).pages
        pages += document.pages
        content.append(html)
        first = first or document
    if first is None:
        raise ValueError("There is no paper to combine.")
    return _written(first.copy(pages), fetcher, title=title, content=content)


@_uncollected()
def archive(
    drawings: Sequence[Drawing], *, title: str, moment: datetime, attachments: Sequence[Attachment] = ()
) -> bytes:
    """See core.pdf."""
    fetcher = AssetFetcher()
    laid_out = [_laid_out(one.html, fetcher, styles=one.styles, fit=one.fit) for one in drawings]
    if not laid_out:
        raise ValueError("There is no paper to draw.")
    document = laid_out[0].copy([page for one in laid_out for page in one.pages])
    document.metadata.created = document.metadata.modified = moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    content = [one.html for one in drawings]
    drawn = _written(document, fetcher, title=title, content=content, variant=ARCHIVE)
    with pikepdf.open(io.BytesIO(drawn)) as file:
        metadata = file.Root.Metadata
        metadata.write(metadata.read_bytes().replace(b"</rdf:RDF>", _ALSO_UA))
        for page in file.pages:
            page.Tabs = pikepdf.Name.S  # the seal is an annotation: the order of tabs must be that of the structure
        _attach(file, attachments, moment)
        _end_streams_plainly(file)
        for mode in (pikepdf.ObjectStreamMode.generate, pikepdf.ObjectStreamMode.disable):
            saved = io.BytesIO()
            file.save(saved, deterministic_id=True, compress_streams=False, object_stream_mode=mode)
            if AMBIGUOUS not in saved.getvalue():
                break
    return saved.getvalue()


def _end_streams_plainly(file: pikepdf.Pdf) -> None:
    """Wrap the streams whose last byte is a carriage return: with the line feed that follows, some checks of PDF/A take both for
    the end of the line, and the length for a wrong one."""
    for one in file.objects:
        if not isinstance(one, pikepdf.Stream):
            continue
        raw = one.read_raw_bytes()
        if not raw.endswith(b"\r"):
            continue
        filters, parameters = one.get("/Filter"), one.get("/DecodeParms")
        inner = list(filters) if isinstance(filters, pikepdf.Array) else [filters] if filters is not None else []
        of_each = list(parameters) if isinstance(parameters, pikepdf.Array) else [parameters] * len(inner)
        one.write(
            base64.a85encode(raw) + b"~>",
            filter=pikepdf.Array([pikepdf.Name.ASCII85Decode, *inner]),
            decode_parms=None if parameters is None else pikepdf.Array([None, *of_each]),
        )


def _attach(file: pikepdf.Pdf, attachments: Sequence[Attachment], moment: datetime) -> None:
    """Put files inside, each with what it is to the paper (AFRelationship), its description and its type (PDF/A-3)."""
    if not attachments:
        return
    at = moment.astimezone(UTC).strftime("D:%Y%m%d%H%M%SZ")
    names, kept = pikepdf.Array(), pikepdf.Array()
    for one in sorted(attachments, key=lambda one: one.name):  # a name tree is sorted
        stream = file.make_stream(b"")
        stream.write(zlib.compress(one.content, 9), filter=pikepdf.Name.FlateDecode)
        stream.Type = pikepdf.Name.EmbeddedFile
        stream.Subtype = pikepdf.Name(f"/{one.media_type}")
        stream.Params = pikepdf.Dictionary(Size=len(one.content), CreationDate=at, ModDate=at)
        about = pikepdf.Dictionary(
            Type=pikepdf.Name.Filespec,
            F=one.name,
            UF=one.name,
            Desc=one.description,
            AFRelationship=pikepdf.Name(f"/{one.relationship}"),
            EF=pikepdf.Dictionary(F=stream, UF=stream),
        )
        spec = file.make_indirect(about)
        names.extend([pikepdf.String(one.name), spec])
        kept.append(spec)
    file.Root.Names = pikepdf.Dictionary(EmbeddedFiles=pikepdf.Dictionary(Names=names))
    file.Root.AF = kept


def page_count(pdf: bytes) -> int:
    """See core.pdf."""
    try:
        with pikepdf.open(io.BytesIO(pdf)) as opened:
            return len(opened.pages)
    except pikepdf.PdfError as error:
        raise PdfError("This file is not a PDF that can be read.") from error
