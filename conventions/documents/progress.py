"""What was done of an agreement, as a second paper: the « point d’étape »."""

from collections.abc import Sequence
from datetime import date

from django.template.loader import render_to_string

from conventions import commitments, emblems
from conventions.documents import words
from conventions.documents.drawing import FIT, STYLES
from conventions.enums import CommitmentSide, EmblemKind
from conventions.models import Agreement
from core import pdf, status, typography
from documents.printing import long_day
from schools.models import Membership


def progress_html(agreement: Agreement, rows: Sequence[commitments.Progress], *, today: date) -> str:
    """The « point d’étape » of an agreement: what each side promised, what is done on a day."""
    sides = [
        {
            "title": CommitmentSide(side).label,
            "rows": [
                {
                    "commitment": row.commitment,
                    "promised": row.promised,
                    "done": row.noun.done(row.done).capitalize(),
                    "state": status.word(row.state),
                }
                for row in rows
                if row.commitment.side == side
            ],
        }
        for side in (CommitmentSide.SCHOOL, CommitmentSide.PARTNER)
    ]
    kept = sum(row.is_kept for row in rows)
    return render_to_string(
        "pdf/agreement_progress.html",
        {
            "agreement": agreement,
            "school": agreement.school,
            "title": progress_title(agreement, today),
            "day": typography.long_date(today),
            "signed": long_day(agreement.signed_date),
            "end": long_day(agreement.end_date),
            "sides": [side for side in sides if side["rows"]],
            "kept": kept,
            "late": sum(row.is_late for row in rows),
            "total": len(rows),
            "logos": words.drawn(
                emblems.pictures_of(agreement.school, agreement.partner, EmblemKind.LOGO), words.LOGO_BOX
            ),
        },
    )


def progress_title(agreement: Agreement, today: date) -> str:
    """The title of the file."""
    return f"Point d’étape au {typography.long_date(today)}, {agreement.partner or agreement.signatory}"


def render_progress(agreement: Agreement, *, today: date, membership: Membership) -> bytes:
    """The « point d’étape » as PDF, without the amounts that this person may not read (S-05)."""
    rows = [row for row in commitments.progress_of(agreement, today) if row.shown_to(membership)]
    return pdf.render(
        progress_html(agreement, rows, today=today), title=progress_title(agreement, today), styles=STYLES, fit=FIT
    )
