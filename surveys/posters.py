"""The poster of a survey: its title, a QR code to answer with one's own telephone, and until when."""

from django.template.loader import render_to_string

from core import pdf, qr
from surveys import answering
from surveys.models import Survey

STYLES = ("paper", "survey_poster")
FIT = pdf.Fit(1, "survey_poster_dense")
"""A long title is printed smaller."""


def poster(survey: Survey, url: str) -> bytes:
    """One A4 page to put on the wall (PDF/UA-1). `url`: that of a link for everybody, which the paper alone will know."""
    html = render_to_string(
        "pdf/survey_poster.html",
        {
            "survey": survey,
            "school": survey.school,
            "url": url,
            "qr": qr.picture(url),
            "questions": len(answering.questions_of(survey)),
        },
    )
    return pdf.render(html, title=f"Affiche : {survey.title}", styles=STYLES, fit=FIT)
