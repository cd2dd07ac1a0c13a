"""What a partnership agreement says, and its paper; what was done of it, as a second paper (« Point d'étape »).

``AgreementContent`` holds every name, date and number of the paper. It is frozen when the agreement is issued and kept as JSON
with the version of the text: the PDF is drawn from these two only, so it can be drawn again, the same. What is not known
stays None and becomes a dotted line. Logos are named there by their file and its SHA-256: files of emblems never change.
"""

from conventions.documents.content import AgreementContent, Frame, PartnerParty, Promise, School
from conventions.documents.drawing import (
    draw_signed,
    frozen,
    make_file,
    render,
    render_and_store,
    render_draft,
    render_specimen,
)
from conventions.documents.pages import html, title_of
from conventions.documents.progress import render_progress
from conventions.documents.reading import content_of, school_of, signer_of, with_relations
from conventions.documents.words import LOGO_BOX, drawn, filling_of
from documents.printing import Change

__all__ = [
    "LOGO_BOX",
    "AgreementContent",
    "Change",
    "Frame",
    "PartnerParty",
    "Promise",
    "School",
    "content_of",
    "draw_signed",
    "drawn",
    "filling_of",
    "frozen",
    "html",
    "make_file",
    "render",
    "render_and_store",
    "render_draft",
    "render_progress",
    "render_specimen",
    "school_of",
    "signer_of",
    "title_of",
    "with_relations",
]
