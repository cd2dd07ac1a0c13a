"""The paper pre-convention, one sheet recto-verso: the questions of the company's pages, for a company without e-mail."""

from collections.abc import Sequence

from django.template.loader import render_to_string

from core import pdf, typography
from core.french import period
from documents.printing import address_of, joined
from pfmp.models import Placement
from pfmp.rules import works

STYLES = ("paper", "pre_convention")
DAYS = tuple(day.capitalize() for day in typography.WEEKDAYS)
MOST_TASKS = 12


def title_of(placement: Placement) -> str:
    """The title of the file."""
    return f"Pré-convention, {placement.student.full_name}"


def html(placement: Placement, *, usual_tasks: Sequence[str], asks_works: bool) -> str:
    """The sheet to fill by hand: of the pupil, first name, name, class and dates only."""
    school_class = placement.period.school_class
    return render_to_string(
        "pdf/pre_convention.html",
        {
            "title": title_of(placement),
            "school": placement.school,
            "school_line": joined(address_of(placement.school), placement.school.phone, placement.school.email),
            "pupil": placement.student.full_name,
            "school_class": joined(school_class.label, school_class.diploma),
            "dates": period(placement.start_date, placement.end_date),
            "partner": placement.partner,
            "address": address_of(placement.partner),
            "days": DAYS,
            "usual_tasks": list(usual_tasks)[:MOST_TASKS],
            "works": works.DECLARABLE if asks_works else (),
        },
    )


def render(placement: Placement, *, usual_tasks: Sequence[str], asks_works: bool) -> bytes:
    """The sheet as a PDF of two pages."""
    return pdf.render(
        html(placement, usual_tasks=usual_tasks, asks_works=asks_works), title=title_of(placement), styles=STYLES
    )
