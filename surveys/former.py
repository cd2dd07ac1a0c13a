"""Former pupils who agreed to be asked again: what they agreed to and when, its withdrawal, the contact they become (P-01)."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F

from core import audit
from core.errors import StaleEdit
from core.school_year import SchoolYear
from partners.merging import relations_to
from partners.models import Contact, Partner
from schools.models import Student
from schools.services import change_record, create_record
from surveys import cohorts
from surveys.models import FormerStudent


@dataclass(frozen=True)
class Wording:
    """What the boxes said, on and after a day."""

    contact: str
    talk: str
    hosting: str
    footnote: str


WORDINGS = {
    "2026-11-22": Wording(
        contact="J’accepte que le lycée garde mon nom et mes coordonnées dans sa liste d’anciens élèves, et me recontacte.",
        talk="Il peut me demander de venir parler de mon métier à des élèves.",
        hosting="Il peut me demander d’accueillir un élève en stage.",
        footnote="Tu n’es obligé à rien. Tu peux retirer cet accord quand tu veux, avec le même lien ou en le disant au lycée : "
        "tes coordonnées sont alors effacées de cette liste.",
    )
}
"""By day: a new text is a new entry, those that people accepted stay."""
CURRENT = max(WORDINGS)
WORDING = WORDINGS[CURRENT]

BY_VOICE = "oral"
"""What `consent_text` says of an agreement that the bureau noted, given aloud or on paper."""


@dataclass(frozen=True)
class Agreement:
    """The boxes that were ticked, and how to reach the person."""

    talk: bool = False
    hosting: bool = False
    email: str = ""
    phone: str = ""


def agree(
    student: Student,
    agreement: Agreement,
    *,
    leaving_year: str,
    formation: str,
    text: str,
    today: date,
    by: Any,
    partner: Partner | None = None,
    job_title: str = "",
) -> FormerStudent:
    """Keep the agreement of a leaver; given again, it takes the place of the one before.

    Addresses left empty are those that the school knows.
    """
    values: dict[str, Any] = {
        "first_name": student.first_name,
        "last_name": student.last_name,
        "email": agreement.email or student.email,
        "phone": agreement.phone or student.phone,
        "leaving_year": leaving_year,
        "formation": formation,
        "partner": partner,
        "job_title": job_title,
        "offers_talk": agreement.talk,
        "offers_hosting": agreement.hosting,
        "consent_date": today,
        "consent_text": text,
        "revoked_date": None,
    }
    try:
        return _keep(student, values, by=by)
    except (IntegrityError, StaleEdit, ValidationError):
        return _keep(student, values, by=by)  # two taps at the same instant: the second one finds the first one's row


@transaction.atomic
def _keep(student: Student, values: dict[str, Any], *, by: Any) -> FormerStudent:
    former = FormerStudent.objects.in_school(student.school_id).filter(student=student).first()
    if former is None:
        former = create_record(FormerStudent(school=student.school, student=student, **values), by=by)[0]
    else:
        former.school = student.school
        for name, value in values.items():
            setattr(former, name, value)
        former = change_record(former, version=former.version, by=by, changed=["consent_date"])
    audit.record("surveys.consent_given", former, by=by, text=values["consent_text"])
    return former


def formation_of(student: Student, year: SchoolYear) -> str:
    """What they were preparing the year they left."""
    return cohorts.formations(student.school, [year]).get((year, student.pk), "")


def of_student(student: Student) -> FormerStudent | None:
    """The agreement of a pupil of that time, alive or withdrawn."""
    rows = FormerStudent.objects.in_school(student.school_id)
    return rows.filter(student=student).select_related("contact", "school").first()


@transaction.atomic
def withdraw(former: FormerStudent, *, today: date, by: Any) -> bool:
    """Take the agreement back: what it allowed to keep is erased at once, here and on the contact it made.

    That somebody agreed, and until when, stays: it is the proof. Returns whether there was something to take back.
    """
    rows = FormerStudent.objects.in_school(former.school_id).filter(pk=former.pk, revoked_date=None)
    contact, email, phone = former.contact, former.email, former.phone
    erased = {"email": "", "phone": "", "job_title": "", "partner": None, "offers_talk": False, "offers_hosting": False}
    if not rows.update(revoked_date=today, updated_by=by, contact=None, version=F("version") + 1, **erased):
        return False
    if contact is not None:
        changed: dict[str, Any] = {"refuses_mailings": True}
        if not _is_known_otherwise(contact):
            changed |= {"is_active": False, "position": ""}
            changed |= {"email": ""} if contact.email == email else {}
            changed |= {"phone": ""} if contact.phone == phone else {}
        for name, value in changed.items():
            setattr(contact, name, value)
        change_record(contact, version=contact.version, by=by, changed=list(changed))
    former.refresh_from_db()
    former.save(update_fields=["search_text"])  # the trade leaves it too
    audit.record("surveys.consent_withdrawn", former, by=by)
    return True


def _is_known_otherwise(contact: Contact) -> bool:
    """Does something else speak of this contact: a placement they are tutor of, an exchange, a signature?"""
    return any(
        relation.model._base_manager.filter(**{relation.column.name: contact.pk}).exists()
        for relation in relations_to(Contact)
        if relation.model is not FormerStudent
    )


@transaction.atomic
def become_contact(former: FormerStudent, partner: Partner, *, by: Any) -> Contact:
    """The former pupil becomes someone to call at their employer's; somebody of the same name there is that person.

    Raises ValidationError once the agreement is withdrawn.
    """
    if former.revoked_date is not None:
        raise ValidationError("Cette personne a retiré son accord : elle ne peut pas devenir un contact.")
    here = Contact.objects.in_school(former.school_id).filter(partner=partner)
    contact = here.filter(last_name__iexact=former.last_name, first_name__iexact=former.first_name).first()
    if contact is None:
        contact = Contact(
            school=former.school,
            partner=partner,
            first_name=former.first_name,
            last_name=former.last_name,
            position=former.job_title,
            email=former.email,
            phone=former.phone,
            is_active=True,
            is_former_student=True,
        )
        contact = create_record(contact, by=by)[0]
    elif not contact.is_former_student:
        contact.school, contact.is_former_student = former.school, True
        contact = change_record(contact, version=contact.version, by=by, changed=["is_former_student"])
    former.partner, former.contact = partner, contact
    change_record(former, version=former.version, by=by, changed=["contact", "partner"])
    return contact
