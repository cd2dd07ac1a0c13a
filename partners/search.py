"""The search of the bar."""

from dataclasses import dataclass

from partners.models import Contact, Partner
from partners.permissions import visible_contacts
from schools.lookups import matching
from schools.models import Membership, Student
from schools.permissions import allows, visible_students
from schools.roles import Permission

MOST = 20


@dataclass(frozen=True)
class Found:
    """What the search of the bar answers, each list at most twenty long."""

    partners: list[Partner]
    contacts: list[Contact]
    students: list[Student]

    @property
    def count(self) -> int:
        return len(self.partners) + len(self.contacts) + len(self.students)


def everything(membership: Membership, words: str) -> Found:
    """Partners by name, town, trade, SIRET or phone; contacts and pupils by name; as far as this person may see."""
    school = membership.school_id
    partners: list[Partner] = []
    if allows(membership, Permission.VIEW_PARTNERS):
        found = Partner.objects.in_school(school).select_related("school").matching(words).order_by("search_text")
        partners = list(found[:MOST])
    contacts = matching(visible_contacts(membership).select_related("partner__school", "school"), words)
    students = matching(visible_students(membership).select_related("school"), words)
    return Found(
        partners,
        list(contacts.order_by("search_text")[:MOST]),
        list(students.order_by("search_text")[:MOST]),
    )
