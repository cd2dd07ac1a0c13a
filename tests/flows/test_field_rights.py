"""What each role reads of people (S-05), on every page and file that its own links lead to: what is not granted is absent."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.utils import timezone

from exchange.seeding import schools as seeding
from exchange.seeding.world import Size
from partners.models import Contact, Contribution, Partner
from pfmp.models import Placement
from schools.enums import Role
from schools.models import Membership, School, Schooling, Student
from schools.permissions import followed_students
from surveys.models import SurveyAnswer
from tests import outside

pytestmark = pytest.mark.django_db

# An action's aim tells of nobody; nor do the publics that an agreement names.
PRIORITY = re.compile(r"(?<!conçue pour des )publics? prioritaires?", re.IGNORECASE)
NAMES = re.compile(r"(Eleve|Parent|Contact|Usage|Commentaire)\d+zz|\d+zz@", re.IGNORECASE)


@dataclass(frozen=True)
class Told:
    """A school where every person has a name of their own, and everything that each role's pages and files say."""

    school: School
    by_role: dict[Role, Client]
    teacher: Membership
    said: dict[Role, dict[str, str]]

    def where(self, role: Role, word: str) -> list[str]:
        """The addresses where a role reads a word."""
        return [url for url, text in self.said[role].items() if word in text]


def renamed(school: School) -> None:
    """Pupils, guardians, contacts and comments that no other text holds by chance."""
    for one in Student.objects.in_school(school):
        one.last_name, one.first_name = f"Eleve{one.pk}zz", "Alix"
        one.email, one.phone = f"courriel{one.pk}zz@eleve.example", f"06 39 98 {one.pk % 100:02d} {one.pk // 100:02d}"
        one.guardian_name, one.guardian_phone = f"Parent{one.pk}zz", ""
        one.guardian_email, one.address = f"parent{one.pk}zz@famille.example", f"{one.pk}zz rue du Secret"
        one.ine = f"{one.pk:010d}zz"
        one.save()
    for contact in Contact.objects.in_school(school):
        contact.last_name, contact.email = f"Contact{contact.pk}zz", f"contact{contact.pk}zz@firme.example"
        contact.save()
    for answer in SurveyAnswer.objects.in_school(school):
        answer.comment = f"Commentaire{answer.pk}zz"
        answer.save()
    for gift in Contribution.objects.in_school(school):
        gift.use = f"Usage{gift.pk}zz"
        gift.save()


@pytest.fixture(scope="module")
def told(django_db_setup: None, django_db_blocker: Any) -> Iterator[Told]:
    with outside.kept(django_db_blocker):
        seeding.seed(schools=1, size=Size(students=60, years=1), seed=5, today=timezone.localdate())
        school = School.objects.get()
        renamed(school)
        members = {Role(one.role): one for one in Membership.objects.in_school(school).filter(user__isnull=False)}
        clients = {role: outside.signed_in(member) for role, member in members.items()}
        said = {}
        for role in (Role.TEACHER, Role.OFFICE, Role.HEAD, Role.READER):
            # a teacher's rights stop at some pupils: two things of each shape are seen by them, one by the others
            said[role] = dict(everything(clients[role], school, each=2 if role is Role.TEACHER else 1))
        yield Told(school, clients, members[Role.TEACHER], said)


def everything(client: Client, school: School, *, each: int) -> Iterator[tuple[str, str]]:
    """What the site's links lead to, each list as a file, and searches for what everybody's records hold."""
    lists = set()
    for url, response, text in outside.crawl(client, school.get_absolute_url(), each=each):
        yield url, text if response.status_code == 200 else ""
        if url.endswith("/") and "format=csv" in text:
            lists.add(url)
    for url in sorted(lists):
        yield f"{url}?format=csv", outside.text_of(client.get(f"{url}?format=csv"))
    for words in ("zz", "alix", "contact", "parent", "secret"):
        for path in ("recherche/?q=", "eleves/suggestions/?student=", "eleves/?tous=1&q=", "contacts/?q="):
            url = f"{school.get_absolute_url()}{path}{words}"
            yield url, outside.text_of(client.get(url))


def test_a_teacher_reads_the_names_of_their_own_pupils_only(told: Told):
    own = set(Student.objects.in_school(told.school).taught_by(told.teacher).values_list("pk", flat=True))
    own |= set(followed_students(told.teacher).values_list("pk", flat=True))
    others = Student.objects.in_school(told.school).exclude(pk__in=own)
    assert own
    assert others.exists()
    assert told.where(Role.TEACHER, f"Eleve{min(own)}zz")
    assert {one.last_name: found for one in others if (found := told.where(Role.TEACHER, one.last_name))} == {}


def test_a_teacher_reads_contacts_of_the_pupils_they_follow_or_lead(told: Told):
    led = Schooling.objects.in_school(told.school).filter(
        school_class__assignments__membership=told.teacher, school_class__assignments__is_head_teacher=True
    )
    granted = set(led.values_list("student", flat=True)) | set(
        followed_students(told.teacher).values_list("pk", flat=True)
    )
    leaks = {}
    for one in Student.objects.in_school(told.school).exclude(pk__in=granted):
        for secret in (one.email, one.guardian_name, one.guardian_email, one.address, one.ine):
            if found := told.where(Role.TEACHER, secret):
                leaks[secret] = found
    assert leaks == {}


def test_a_teacher_reads_the_contacts_of_their_own_placements_only(told: Told):
    own = Placement.objects.in_school(told.school).followed_by(told.teacher).values("tutor")
    others = Contact.objects.in_school(told.school).exclude(pk__in=own)
    leaks = {one.last_name: found for one in others if (found := told.where(Role.TEACHER, one.last_name))}
    assert leaks == {}


@pytest.mark.parametrize("role", [Role.TEACHER, Role.OFFICE, Role.READER], ids=lambda role: role.value)
def test_gifts_and_answers_are_for_the_bureau_and_the_head(told: Told, role: Role):
    leaks = {}
    for secret in [
        f"Commentaire{pk}zz" for pk in SurveyAnswer.objects.in_school(told.school).values_list("pk", flat=True)
    ]:
        if found := told.where(role, secret):
            leaks[secret] = found
    for secret in [f"Usage{pk}zz" for pk in Contribution.objects.in_school(told.school).values_list("pk", flat=True)]:
        if found := told.where(role, secret):
            leaks[secret] = found
    assert leaks == {}


@pytest.mark.parametrize("role", [Role.TEACHER, Role.OFFICE], ids=lambda role: role.value)
def test_public_prioritaire_is_not_told_to(told: Told, role: Role):
    said = {url: text for url, text in told.said[role].items() if "/conventions/" not in url}
    assert len(said) > 5
    assert [url for url, text in said.items() if PRIORITY.search(text)] == []


def test_the_head_reads_public_prioritaire(told: Told):
    assert [url for url, text in told.said[Role.HEAD].items() if PRIORITY.search(text)]


def test_a_reader_of_totals_reads_nobody_s_name(told: Told):
    """Neither pupil, guardian, contact, nor the list of companies (S-05)."""
    said = told.said[Role.READER]
    assert len(said) > 5
    assert {url: found[0] for url, text in said.items() if (found := NAMES.search(text))} == {}


def test_the_office_reads_pupils_and_contacts_but_writes_neither_partners_nor_placements(told: Told):
    client = told.by_role[Role.OFFICE]
    one = Student.objects.in_school(told.school).order_by("pk").first()
    assert told.where(Role.OFFICE, one.guardian_name) or one.guardian_name in outside.text_of(
        client.get(one.get_absolute_url())
    )
    partner = Partner.objects.in_school(told.school).order_by("pk").first()
    assert client.post(f"{partner.get_absolute_url()}modifier/", {"name": "X"}).status_code == 403


def test_a_teacher_can_not_be_given_another_pupil_by_the_form(told: Told):
    """The placement's form of a pupil that is not theirs does not open, nor does its question about the rules."""
    client, base = told.by_role[Role.TEACHER], told.school.get_absolute_url()
    own = Student.objects.in_school(told.school).taught_by(told.teacher).values("pk")
    other = (
        Student.objects.in_school(told.school)
        .exclude(pk__in=own)
        .exclude(pk__in=followed_students(told.teacher))
        .first()
    )
    page = outside.text_of(client.get(f"{base}pfmp/placements/nouveau/?{urlencode({'eleve': other.public_id})}"))
    assert other.last_name not in page
    assert client.post(f"{base}pfmp/placements/regles/{other.public_id}/", {}).status_code == 404
    before = Placement.objects.in_school(told.school).count()
    client.post(f"{base}pfmp/placements/nouveau/?{urlencode({'eleve': other.public_id})}", {"start_date": "2026-12-01"})
    assert Placement.objects.in_school(told.school).count() == before


def test_the_form_of_an_exchange_offers_a_teacher_the_contacts_they_know(told: Told):
    client, base = told.by_role[Role.TEACHER], told.school.get_absolute_url()
    own = Placement.objects.in_school(told.school).followed_by(told.teacher).values("tutor")
    offered = []
    for contact in Contact.objects.in_school(told.school).exclude(pk__in=own).select_related("partner")[:25]:
        page = client.get(f"{base}echanges/nouveau/?partenaire={contact.partner.public_id}")
        if contact.last_name in outside.text_of(page):
            offered.append(contact.last_name)
    assert offered == []
