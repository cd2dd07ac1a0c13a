"""The PDF of papers: drawn from their frozen content and stored once, drawn again when signed, put together to print."""

from collections.abc import Iterable, Iterator, Sequence

from core import jobs, pdf
from core.frozen import SchemaError
from documents import services as papers
from documents.models import Document
from documents.subjects import Mark
from documents.wording import versions
from documents.wording.texts import PaperText
from pfmp import paper_text
from pfmp.documents import pages
from pfmp.documents.content import ConventionContent

STYLES = ("paper", "convention")
FIT = pdf.Fit(pages=5, dense="convention_dense")


def render(content: ConventionContent, text: PaperText | None = None) -> bytes:
    """The PDF/UA-1 file of one convention; the same content and text give the same bytes."""
    return pdf.render(pages.html(content, text), title=pages.title_of(content), styles=STYLES, fit=FIT)


def draw_signed(document: Document, marks: Sequence[Mark]) -> pdf.Drawing:
    """The paper drawn again from its frozen content, with who signed in the boxes. Errors of `render_and_store`."""
    content = _frozen(document)
    text = versions.text_of(document, paper_text.MODEL)
    return pdf.Drawing(pages.html(content, text, marks), title=pages.title_of(content), styles=STYLES, fit=FIT)


def render_and_store(document: Document) -> None:
    """Draw an issued convention from its frozen content and keep it; a second call changes nothing.

    Raises jobs.Failure with a French sentence when the disk is full or the content is of an unknown shape.
    """
    if document.sha256:
        return
    content = _frozen(document)
    papers.store(document, render(content, versions.text_of(document, paper_text.MODEL)))


def render_class(documents: Iterable[Document], *, title: str) -> bytes:
    """The issued papers of a class as one PDF to print, each on a new sheet, composed anew from the frozen contents.

    Tells the job how far it is. Errors of `render_and_store`.
    """
    found = list(documents)

    def composed() -> Iterator[str]:
        for number, document in enumerate(found):
            jobs.progress(number, len(found), "Les conventions sont réunies une à une.")
            yield pages.html(_frozen(document), versions.text_of(document, paper_text.MODEL))

    return pdf.combine(composed(), title=title, styles=STYLES, fit=FIT, start_on_recto=True)


def content_in(document: Document) -> ConventionContent | None:
    """What an issued paper says; None when it came from a dossier, without its content."""
    try:
        return ConventionContent.from_json(document.content)
    except SchemaError:
        return None


def _frozen(document: Document) -> ConventionContent:
    try:
        return ConventionContent.from_json(document.content)
    except SchemaError:
        raise jobs.Failure(
            f"Le document {document.number} n’a pas le contenu d’une convention éditée ici : il ne peut pas être dessiné."
        ) from None


def render_print_file(
    contents: Iterable[ConventionContent], text: PaperText | None = None, *, title: str, on_both_sides: bool = True
) -> bytes:
    """One file to print for several conventions, each with its own page numbers.

    ``on_both_sides`` starts each convention on a new sheet. Raises ValueError without any convention.
    """
    return pdf.combine(
        (pages.html(content, text) for content in contents),
        title=title,
        styles=STYLES,
        fit=FIT,
        start_on_recto=on_both_sides,
    )
