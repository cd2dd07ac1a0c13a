"""The PDF of conventions and avenants: one of each, those of a class put together to print."""

from collections.abc import Iterable, Iterator

from core import jobs, pdf
from documents.drawing import Paper
from documents.models import Document
from documents.wording.texts import PaperText
from pfmp import paper_text
from pfmp.documents import pages
from pfmp.documents.content import ConventionContent

STYLES = ("paper", "convention")
FIT = pdf.Fit(pages=5, dense="convention_dense")
PAPER = Paper(
    ConventionContent,
    paper_text.MODEL,
    pages.html,
    pages.title_of,
    STYLES,
    FIT,
    model_of=lambda content: paper_text.model_of(content.kind),
)

render = PAPER.render
render_specimen = PAPER.render_specimen
render_and_store = PAPER.render_and_store
make_file = PAPER.make_file
draw_signed = PAPER.draw_signed
content_in = PAPER.content_in


def render_class(documents: Iterable[Document], *, title: str) -> bytes:
    """The issued papers of a class as one PDF to print, each on a new sheet, composed anew from the frozen contents.

    Tells the job how far it is. Errors of `render_and_store`.
    """
    found = list(documents)

    def composed() -> Iterator[str]:
        for number, document in enumerate(found):
            jobs.progress(number, len(found), "Les conventions sont réunies une à une.")
            yield draw_signed(document, ()).html

    return pdf.combine(composed(), title=title, styles=STYLES, fit=FIT, start_on_recto=True)


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
