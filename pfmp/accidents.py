"""Accidents at work and on the way: by when the host declares, what is awaited, the sheet given to the company (R-AT-01 to 04).

Facts and dates of the procedure; nothing on injuries or care.
"""

from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils import timezone

from core import holidays_fr, pdf
from pfmp import permissions
from pfmp.models import Accident, PfmpSettings
from pfmp.rules import accident_clock
from pfmp.rules.timetable import hours_in_words
from schools.models import Membership, School
from schools.permissions import is_own_only

STYLES = ("paper", "accident")

DEFAULT_TEXT = (
    "L’élève est couvert contre les accidents du travail, au travail et sur le trajet (article L412-8 du code de la sécurité "
    "sociale). L’organisme d’accueil déclare l’accident à la caisse primaire d’assurance maladie par lettre recommandée avec "
    "avis de réception, dans les quarante-huit heures, dimanches et jours fériés non compris, et en envoie sans délai une "
    "copie au chef d’établissement (article R412-4)."
)
"""Article 15 of the convention-type; a school may say it otherwise in its PFMP settings (R-AT-04)."""


def visible_accidents(membership: Membership) -> QuerySet[Accident]:
    """All for the office, those of their own pupils for a teacher."""
    rows = Accident.objects.in_school(membership.school_id).select_related(
        "placement__student", "placement__partner", "placement__period__school_class", "placement__school", "school"
    )
    if is_own_only(membership):
        return rows.filter(placement__in=permissions.visible_placements(membership).values("pk"))
    return rows


def deadline(accident: Accident) -> datetime:
    """The moment by which the host must have declared, in the time zone of the site."""
    known = timezone.localtime(accident.known_at or accident.happened_at)
    return accident_clock.declaration_deadline(
        known, alsace_moselle=holidays_fr.is_alsace_moselle(accident.placement.partner.postal_code)
    )


def state_of(accident: Accident) -> str:
    """A code of core.status: to declare, copy awaited, to close, closed."""
    if accident.closed_date:
        return "accident_clos"
    if not accident.declared_date:
        return "accident_a_declarer"
    return "accident_suivi" if accident.copy_date else "accident_copie"


def awaited(accident: Accident) -> str:
    """What comes next, in words; "" once closed."""
    return {
        "accident_a_declarer": "L’entreprise déclare l’accident à sa caisse d’assurance maladie.",
        "accident_copie": "L’entreprise envoie une copie de sa déclaration au chef d’établissement.",
        "accident_suivi": "Tout est reçu : le bureau clôt le dossier.",
    }.get(state_of(accident), "")


def open_accidents(membership: Membership) -> QuerySet[Accident]:
    """Those that are not closed, the oldest first."""
    return visible_accidents(membership).filter(closed_date=None).order_by("happened_at", "pk")


def instructions(school: School) -> str:
    """What the sheet says on the declaration: the school's own text, or that of the convention-type."""
    said = PfmpSettings.objects.in_school(school).values_list("accident_text", flat=True).first()
    return (said or "").strip() or DEFAULT_TEXT


def sheet(accident: Accident, today: date, *, sees_contacts: bool) -> bytes:
    """The emergency sheet as a PDF/UA file: what the company needs to declare, by when, to whom to send the copy.

    `sees_contacts`: may its reader know the pupil's birth date and address (S-05)? Else the lycée gives them.
    """
    title = f"Fiche d’urgence, {accident.placement.student}"
    return pdf.render(sheet_html(accident, today, sees_contacts=sees_contacts), title=title, styles=STYLES)


def sheet_html(accident: Accident, today: date, *, sees_contacts: bool) -> str:
    """The page of the sheet."""
    placement = accident.placement
    context: dict[str, Any] = {
        "title": f"Fiche d’urgence, {placement.student}",
        "accident": accident,
        "placement": placement,
        "student": placement.student,
        "sees_contacts": sees_contacts,
        "partner": placement.partner,
        "school": placement.school,
        "hours": hours_in_words(placement.timetable),
        "deadline": deadline(accident),
        "instructions": instructions(placement.school),
        "today": today,
    }
    return render_to_string("pdf/accident.html", context)
