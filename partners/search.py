"""The search of the bar."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, IntegerField, QuerySet, Value, When

from core.text import is_number, search_words, searchable
from partners import finding
from partners.models import Contact, Offer, Partner
from partners.permissions import visible_contacts, visible_offers
from schools.lookups import close_to, matching
from schools.models import Membership, Student
from schools.permissions import allows, visible_students
from schools.roles import Permission

MOST = 20
FEW = 3
"""With fewer answers than this, near words are proposed too."""


@dataclass(frozen=True)
class Found:
    """What the search of the bar answers, each list at most twenty long and best first."""

    partners: list[Partner]
    contacts: list[Contact]
    students: list[Student]
    offers: list[Offer]
    close: list[Any]  # records whose words are nearly those
    more_partners: bool = False  # the list has others

    @property
    def count(self) -> int:
        return len(self.partners) + len(self.contacts) + len(self.students) + len(self.offers)


def everything(membership: Membership, words: str) -> Found:
    """Partners by name, brand, town, trade, SIRET or phone; contacts, pupils and offers by name; as far as one may see.

    When few answer, records of nearly those words are proposed.
    """
    school = membership.school_id
    every_partner = Partner.objects.in_school(school).select_related("school")
    partners: list[Partner] = []
    offers: list[Offer] = []
    if allows(membership, Permission.VIEW_PARTNERS):
        partners = best(_by_own_text(every_partner, words), words, limit=MOST + 1)
    if allows(membership, Permission.VIEW_OFFERS):
        offers = best(matching(visible_offers(membership).select_related("partner", "school"), words), words)
    contacts = best(
        finding.contacts_holding(visible_contacts(membership).select_related("partner__school", "school"), words), words
    )
    every_student = visible_students(membership).select_related("school")
    students = best(matching(every_student, words), words)
    close: list[Any] = []
    if len(partners) + len(contacts) + len(students) + len(offers) < FEW and not is_number(words):
        if allows(membership, Permission.VIEW_PARTNERS):
            close = close_to(every_partner, words)
        close = [record for record in close if record not in partners]
        if not close and not partners:
            close = [*close_to(visible_contacts(membership).select_related("school"), words, most=2)]
            close += close_to(every_student, words, most=2)
            close = [record for record in close if record not in contacts and record not in students]
    return Found(partners[:MOST], contacts, students, offers, close, len(partners) > MOST)


def only_one(found: Found, words: str) -> Partner | None:
    """The partner whom a SIRET or a phone number names, when it names one: nothing to choose from."""
    if not is_number(words) or found.students:
        return None
    named = {partner.pk: partner for partner in found.partners}
    named |= {contact.partner_id: contact.partner for contact in found.contacts}
    return next(iter(named.values())) if len(named) == 1 else None


def _by_own_text(partners: QuerySet[Partner], words: str) -> QuerySet[Partner]:
    """A name of signs that cannot be compared (emoji, another alphabet) is looked for as it is typed."""
    if not search_words(words):
        return partners.filter(name__icontains=words)
    return matching(partners, words)


def best(records: QuerySet[Any], words: str, *, limit: int = MOST) -> list[Any]:
    """The first records of a search: what starts with the words, then where a word starts with them, then elsewhere."""
    typed = searchable(words)
    rank = Case(
        When(search_text__startswith=typed, then=Value(0)),
        When(search_text__contains=f" {typed}", then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    found = list(records.annotate(search_rank=rank).order_by("search_rank", "search_text")[:limit])
    return list(_names_first(found, typed))


def _names_first(records: Iterable[Any], typed: str) -> list[Any]:
    """A name that holds the words stands before a town or a trade that does: among those already found, in their order."""

    def rank(record: Any) -> int:
        name = searchable(str(record))
        return 0 if name.startswith(typed) else 1 if typed in name else 2

    return sorted(records, key=rank)
