"""What the convention of a placement says, and its paper.

``ConventionContent`` holds every name, date and number of the paper. It is frozen when the convention is issued and kept
as JSON with the version of the text: the PDF is drawn from these two only, so it can be drawn again, the same.
Mentions: article D124-4 of the code de l'éducation (R-CONV-01); signatories: R-CONV-02.
"""

from documents.printing import Change
from pfmp.documents.content import (
    Alert,
    ConventionContent,
    Day,
    Finance,
    Host,
    Person,
    Pupil,
    Safety,
    School,
    Slot,
)
from pfmp.documents.drawing import (
    FIT,
    STYLES,
    content_in,
    draw_signed,
    make_file,
    render,
    render_and_store,
    render_class,
    render_print_file,
    render_specimen,
)
from pfmp.documents.pages import html, title_of
from pfmp.documents.reading import (
    content_of,
    gratuity_in_words,
    leader_of,
    referents_of,
    school_of,
    signer_of,
    terms_of,
    with_relations,
)
from pfmp.documents.words import filling_of, hours_of

__all__ = [
    "FIT",
    "STYLES",
    "Alert",
    "Change",
    "ConventionContent",
    "Day",
    "Finance",
    "Host",
    "Person",
    "Pupil",
    "Safety",
    "School",
    "Slot",
    "content_in",
    "content_of",
    "draw_signed",
    "filling_of",
    "gratuity_in_words",
    "hours_of",
    "html",
    "leader_of",
    "make_file",
    "referents_of",
    "render",
    "render_and_store",
    "render_class",
    "render_print_file",
    "render_specimen",
    "school_of",
    "signer_of",
    "terms_of",
    "title_of",
    "with_relations",
]
