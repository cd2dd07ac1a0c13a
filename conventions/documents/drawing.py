"""The PDF of agreements and avenants, and the draft of one that is not issued yet."""

from datetime import date

from conventions import paper_text
from conventions.documents import pages
from conventions.documents.content import AgreementContent
from conventions.documents.reading import content_of, signer_of
from conventions.models import Agreement
from core import pdf
from documents.drawing import Paper
from documents.wording import versions

STYLES = ("paper", "agreement")
FIT = pdf.Fit(pages=3, dense="agreement_dense")
PAPER = Paper(AgreementContent, paper_text.MODEL, pages.html, pages.title_of, STYLES, FIT)

render = PAPER.render
render_specimen = PAPER.render_specimen
render_and_store = PAPER.render_and_store
make_file = PAPER.make_file
draw_signed = PAPER.draw_signed
frozen = PAPER.frozen


def render_draft(agreement: Agreement, *, today: date) -> bytes:
    """The paper as it would be issued today, marked on each page; ``agreement`` with its relations."""
    content = content_of(agreement, number="À ÉDITER", version=1, issued_date=today, signer=signer_of(agreement))
    return render_specimen(content, versions.text_for(agreement.school, paper_text.MODEL))
