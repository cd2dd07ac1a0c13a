"""Whom a survey asks by mail: the partners who came, the referents, the pupils, of its action, its period or its year."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Q

from core import mail
from core.school_year import SchoolYear
from events.models import ActionClass, ActionPartner, Invitation, Participation
from partners.enums import PartnerStatus
from partners.mailing import refused_addresses
from partners.models import Contact, Partner
from pfmp.enums import SOLUTION
from pfmp.models import Placement
from schools.enums import Role
from schools.models import Membership, Schooling, Student
from surveys.enums import Audience
from surveys.models import Survey

MOST = 3000
"""Messages of one survey: a large lycée's pupils. The outbox spreads them over the days."""

TEAM = (Role.TEACHER, Role.DDFPT)


@dataclass(frozen=True)
class Person:
    """Somebody to ask, and what an answer that is not anonymous will say of them."""

    name: str
    email: str
    partner_id: int | None = None
    contact_id: int | None = None
    membership_id: int | None = None
    placement_id: int | None = None


@dataclass
class Circle:
    """Who can be written to, once an address; who cannot, and why."""

    people: list[Person] = field(default_factory=list)
    without_address: list[str] = field(default_factory=list)
    refusing: list[str] = field(default_factory=list)
    who: str = ""


def circle(survey: Survey) -> Circle:
    """The people that a survey is about, each address once, by name."""
    match Audience(survey.audience):
        case Audience.TEAM:
            who, found = _team(survey)
        case Audience.STUDENTS:
            who, found = _pupils(survey)
        case Audience.PARTNERS:
            who, found = _partners(survey)
    circle = Circle(who=who)
    refused = refused_addresses(survey.school) if survey.audience == Audience.PARTNERS else frozenset()
    taken: dict[str, int] = {}
    for person in found:
        address = person.email.strip().casefold()
        if not mail.is_address(address):
            circle.without_address.append(person.name)
        elif address in refused:
            circle.refusing.append(person.name)
        elif address not in taken:
            taken[address] = len(circle.people)
            circle.people.append(person)
        elif person.placement_id != circle.people[taken[address]].placement_id:
            # One tutor of several pupils says what they think once: of no placement in particular.
            first = circle.people[taken[address]]
            circle.people[taken[address]] = Person(
                first.name, first.email, first.partner_id, first.contact_id, first.membership_id
            )
    circle.people.sort(key=lambda person: (person.name.casefold(), person.email))
    return circle


def _year(survey: Survey) -> SchoolYear:
    return SchoolYear.on(survey.opened_date)


def _placements(survey: Survey) -> Iterable[Placement]:
    return (
        Placement.objects.in_school(survey.school_id)
        .filter(period=survey.period_id, status__in=SOLUTION)
        .select_related("tutor", "partner", "student")
        .order_by("pk")
    )


def _team(survey: Survey) -> tuple[str, list[Person]]:
    staff = Membership.objects.in_school(survey.school_id).filter(is_active=True)
    if survey.period_id:
        referents = {one.referent_email.strip().lower() for one in _placements(survey)} - {""}
        who, staff = "les enseignants référents de la période", staff.filter(email__in=referents)
    elif survey.action_id:
        classes = ActionClass.objects.in_school(survey.school_id).filter(action=survey.action_id)
        pupils = Participation.objects.in_school(survey.school_id).filter(action=survey.action_id)
        expected = Schooling.objects.in_school(survey.school_id).filter(
            student__in=pupils.values("student"), year=_year(survey).code
        )
        who = "les enseignants des classes de l’action et son responsable"
        staff = staff.filter(
            Q(assignments__school_class__in=classes.values("school_class"))
            | Q(assignments__school_class__in=expected.values("school_class"))
            | Q(owned_actions=survey.action_id)
        ).distinct()
    else:
        who, staff = "les enseignants et le DDFPT", staff.filter(role__in=TEAM)
    return who, [Person(one.full_name, one.email, membership_id=one.pk) for one in staff]


def _pupils(survey: Survey) -> tuple[str, list[Person]]:
    if survey.period_id:
        return "les élèves de la période", [
            Person(one.student.full_name, one.student.email, one.partner_id, placement_id=one.pk)
            for one in _placements(survey)
        ]
    students = Student.objects.in_school(survey.school_id)
    if survey.action_id:
        came = Participation.objects.in_school(survey.school_id).filter(action=survey.action_id, present=True)
        who, students = "les élèves venus à l’action", students.filter(pk__in=came.values("student"))
    else:
        here = Schooling.objects.in_school(survey.school_id).filter(year=_year(survey).code, exit_date=None)
        who, students = "les élèves de l’année", students.filter(pk__in=here.values("student"))
    return who, [Person(one.full_name, one.email) for one in students]


def _partners(survey: Survey) -> tuple[str, list[Person]]:
    if survey.period_id:
        return "les tuteurs de la période", [
            Person(
                one.tutor.full_name if one.tutor else one.partner.name,
                (one.tutor.email if one.tutor else "") or one.partner.email,
                one.partner_id,
                one.tutor_id,
                placement_id=one.pk,
            )
            for one in _placements(survey)
        ]
    if survey.action_id:
        return "les partenaires venus à l’action et ceux qui la portent", _at_the_action(survey)
    active = Partner.objects.in_school(survey.school_id).filter(status=PartnerStatus.ACTIVE, closed_date=None)
    return "les partenaires actifs", _of_companies(survey, active)


def _at_the_action(survey: Survey) -> list[Person]:
    came = list(
        Invitation.objects.in_school(survey.school_id)
        .filter(action=survey.action_id, present=True)
        .select_related("contact", "partner")
    )
    said = [
        Person(
            one.contact.full_name if one.contact else one.partner.name,
            one.email or (one.contact.email if one.contact else ""),
            one.partner_id,
            one.contact_id,
        )
        for one in came
        if one.email or (one.contact and one.contact.email)
    ]
    known = [person.partner_id for person in said if person.partner_id]
    carrying = ActionPartner.objects.in_school(survey.school_id).filter(action=survey.action_id)
    others = Partner.objects.in_school(survey.school_id).filter(
        Q(pk__in=[one.partner_id for one in came]) | Q(pk__in=carrying.values("partner"))
    )
    return said + _of_companies(survey, others.exclude(pk__in=known))


def _of_companies(survey: Survey, partners: Iterable[Partner]) -> list[Person]:
    """The first contact of each who has an address, else the company's own; a contact's refusal is not gone around (P-08)."""
    companies = list(partners)
    contacts: dict[int, list[Contact]] = defaultdict(list)
    rows = Contact.objects.in_school(survey.school_id).filter(partner__in=[one.pk for one in companies])
    for contact in rows.exclude(is_active=False).order_by("pk"):
        contacts[contact.partner_id].append(contact)
    found = []
    for one in companies:
        reachable = [contact for contact in contacts[one.pk] if mail.is_address(contact.email.strip())]
        willing = [contact for contact in reachable if not contact.refuses_mailings]
        if chosen := willing or reachable:
            found.append(Person(chosen[0].full_name, chosen[0].email, one.pk, chosen[0].pk))
        else:
            found.append(Person(one.name, one.email, one.pk))
    return found
