"""Reading from the database what the convention of a placement says on the day it is issued."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from core import holidays_fr, typography
from documents.printing import address_of
from partners.enums import ContactRole
from partners.models import Contact, Partner
from pfmp import rules
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
from pfmp.models import Placement, PlacementQuerySet, Terms
from pfmp.rules import works
from schools.models import Membership, Student
from schools.models import School as SchoolModel

MAJORITY = 18
GRATUITY_RULE = "R-GRAT-01"


def with_relations(placements: PlacementQuerySet) -> PlacementQuerySet:
    """The placements with all that ``content_of`` reads, in as many queries for one as for a class."""
    return placements.select_related(
        "school", "period__school_class", "student", "partner", "tutor", "signer", "terms"
    ).prefetch_related("partner__contacts")


def referents_of(placements: Iterable[Placement]) -> dict[str, Membership]:
    """The staff members who follow these placements of one school, by lower-case address; one query."""
    placements = list(placements)
    if not placements:
        return {}
    members = Membership.objects.in_school(placements[0].school_id)
    wanted = {placement.referent_email.strip().casefold() for placement in placements}
    return {member.email.casefold(): member for member in members if member.email.casefold() in wanted}


def content_of(
    placement: Placement,
    *,
    number: str,
    version: int,
    issued_date: date,
    checked: rules.CheckResult,
    referents: Mapping[str, Membership],
    insurance: str = "",
    country_sheet: str = "",
    **amendment: Any,
) -> ConventionContent:
    """What the convention of a placement says on the day it is issued.

    ``checked`` is the answer of the rules: the accepted alerts are printed with its sentences, and the gratification is
    obligatory when R-GRAT-01 is among its problems. ``referents`` comes from ``referents_of``, ``insurance`` is the school's
    (PfmpSettings), ``country_sheet`` the text annexed to a stay abroad. What is not known stays
    None and becomes a dotted line. Reads no other table than those of ``with_relations``. ``amendment``: what makes it an
    avenant (``amends_number``, ``changes``…).
    """
    student, tutor = placement.student, placement.tutor
    terms = terms_of(placement)
    birth_date = student.birth_date
    is_minor = None
    if birth_date:
        is_minor = rules.age_on(birth_date, min(issued_date, placement.start_date)) < MAJORITY
    timetable = rules.parse_timetable(placement.timetable)
    email = placement.referent_email.strip()
    referent = referents.get(email.casefold())
    return ConventionContent(
        number=number,
        version=version,
        issued_date=issued_date,
        year=placement.period.year,
        school=school_of(placement.school),
        host=_host_of(placement),
        pupil=_pupil_of(student, placement, is_minor=is_minor),
        guardian=_guardian_of(student) if is_minor is not False else None,
        tutor=_person_of(tutor),
        referent=Person(name=referent.full_name if referent else None, email=email or None),
        period_label=placement.period.label,
        kind=placement.period.kind,
        start_date=placement.start_date,
        end_date=placement.end_date,
        activities=placement.tasks or None,
        finance=_finance_of(placement, terms, checked, insurance),
        alerts=_alerts_of(placement, checked),
        country_sheet=country_sheet or None,
        **amendment,
        **_annexes_of(terms),
        **_hours_of(placement, timetable, is_minor=is_minor),
    )


def school_of(school: SchoolModel) -> School:
    """The lycée, as its conventions name it."""
    return School(
        name=school.name,
        uai=school.uai,
        address=address_of(school),
        phone=school.phone or None,
        email=school.email or None,
        head_name=school.head_name or None,
        board_decision_date=school.board_vote_date,
    )


def signer_of(placement: Placement) -> Contact | None:
    """Who signs for the company: the contact chosen for this placement, else the first who leads the company."""
    chosen = placement.signer
    if chosen is not None and chosen.partner_id == placement.partner_id:
        return chosen
    return leader_of(placement.partner)


def leader_of(partner: Partner) -> Contact | None:
    """The first contact in post who leads the company and signs for it."""
    return next((c for c in _by_id(partner) if c.role == ContactRole.LEADER and c.is_active is not False), None)


def _host_of(placement: Placement) -> Host:
    partner, signer = placement.partner, signer_of(placement)
    return Host(
        name=partner.name,
        siret=partner.siret or None,
        naf=partner.naf or None,
        activity=partner.trade or None,
        address=address_of(partner),
        phone=partner.phone or None,
        email=partner.email or None,
        representative_name=_contact_name(signer) if signer else None,
        representative_role=signer.position or None if signer else None,
        workplace=placement.place_address or None,
        is_abroad=bool(placement.country)
        or (bool(partner.postal_code) and not re.fullmatch(r"\d{5}", partner.postal_code.replace(" ", ""))),
        in_alsace_moselle=holidays_fr.is_alsace_moselle(partner.postal_code),
    )


def _by_id(partner: Partner) -> list[Contact]:
    return sorted(partner.contacts.all(), key=lambda contact: contact.pk)


def _contact_name(contact: Contact) -> str:
    return f"{contact.first_name} {contact.last_name}".strip()


def _person_of(contact: Contact | None) -> Person:
    if contact is None:
        return Person()
    return Person(
        name=_contact_name(contact),
        role=contact.position or None,
        email=contact.email or None,
        phone=contact.phone or None,
    )


def _pupil_of(student: Student, placement: Placement, *, is_minor: bool | None) -> Pupil:
    school_class = placement.period.school_class
    return Pupil(
        first_name=student.first_name,
        last_name=student.last_name,
        birth_date=student.birth_date,
        address=address_of(student),
        phone=student.phone or None,
        email=student.email or None,
        class_label=school_class.label,
        diploma=school_class.diploma or None,
        is_minor=is_minor,
    )


def _guardian_of(student: Student) -> Person | None:
    if not student.guardian_name:
        return None
    return Person(
        name=student.guardian_name, email=student.guardian_email or None, phone=student.guardian_phone or None
    )


def _hours_of(
    placement: Placement, timetable: rules.Timetable | rules.UnreadableTimetable, *, is_minor: bool | None
) -> dict[str, Any]:
    if isinstance(timetable, rules.UnreadableTimetable):
        return {"timetable_note": timetable.text or None}
    start, end = placement.start_date, placement.end_date
    alsace_moselle = holidays_fr.is_alsace_moselle(placement.partner.postal_code)
    planned = rules.planned_days(timetable, start, end, alsace_moselle=alsace_moselle)
    limits = rules.parameters_on(start)
    night_start = limits.minor_night_start if is_minor else limits.adult_night_start
    return {
        "total_minutes": rules.counted_minutes(timetable, start, end, alsace_moselle=alsace_moselle),
        "weekly_minutes": timetable.weekly_minutes,
        "days": tuple(
            Day(weekday=weekday, slots=tuple(Slot(start=_written(r.start), end=_written(r.end)) for r in ranges))
            for weekday, ranges in enumerate(timetable.days)
            if ranges
        ),
        "holidays_excluded": timetable.except_holidays,
        "works_at_night": any(day.range_outside(limits.adult_night_end, night_start) for day in planned),
        "works_on_sunday": any(day.day.isoweekday() == 7 for day in planned),
        "works_on_holidays": any(day.holiday for day in planned),
    }


def _written(minutes: int) -> str:
    """Minutes since midnight as "HH:MM"; past midnight, the hour of the next day."""
    minutes = minutes if minutes <= 24 * 60 else minutes - 24 * 60
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def terms_of(placement: Placement) -> Terms | None:
    """The annexes of a placement; None when nothing was agreed beside hours and tasks."""
    try:
        return placement.terms
    except Terms.DoesNotExist:
        return None


def _annexes_of(terms: Terms | None) -> dict[str, Any]:
    """What the pedagogical annex says, and its part on safety (§ 5.4)."""
    if terms is None:
        return {}
    return {
        "skills": "\n".join(f"{skill['code']} {skill['label']}".strip() for skill in terms.skills) or None,
        "supervision": terms.supervision or None,
        "assessment": terms.evaluation or None,
        "has_variable_hours": terms.has_variable_hours,
        "safety": Safety(
            regulated_work=tuple(
                works.BY_ARTICLE[code].sentence for code in terms.regulated_works if code in works.BY_ARTICLE
            ),
            equipment=terms.protections or None,
            machines=terms.equipment or None,
            works_supervisor=terms.works_supervisor or None,
            electrical_level=terms.electrical_level or None,
        ),
    }


def gratuity_in_words(terms: Terms) -> str:
    """« 4,50 € par heure, versée en fin de mois », or what was written of it alone."""
    rate = f"{typography.number(float(terms.gratuity), 2)} € par heure" if terms.gratuity else ""
    return ", ".join(part for part in (rate, terms.gratuity_terms.strip()) if part)


def _finance_of(placement: Placement, terms: Terms | None, checked: rules.CheckResult, insurance: str) -> Finance:
    due: bool | None = any(problem.rule == GRATUITY_RULE for problem in checked.problems)
    if not due and any(gap.rule == GRATUITY_RULE for gap in checked.unchecked):
        due = None
    cents = rules.parameters_on(placement.start_date).gratuity_hourly_cents
    agreed: dict[str, str | None] = {}
    if terms is not None:
        agreed = {
            "meals": terms.meals or None,
            "transport": terms.transport or None,
            "lodging": terms.housing or None,
            "gratification": gratuity_in_words(terms) or None,
            "host_insurer": terms.insurer or None,
            "host_contract": terms.insurance_number or None,
        }
    return Finance(
        gratification_due=due,
        gratification_hourly_minimum=Decimal(cents) / 100,
        school_insurer=insurance.strip() or None,
        **agreed,
    )


def _alerts_of(placement: Placement, checked: rules.CheckResult) -> tuple[Alert, ...]:
    sentences = {problem.rule: problem.message for problem in checked.problems}
    return tuple(
        Alert(rule=rule, message=sentences[rule], reason=str(reason))
        for rule, reason in sorted(placement.accepted_alerts.items())
        if rule in sentences and reason
    )
