"""How the list of partners is narrowed: the choices that a school has, and what each means to the database."""

from collections import defaultdict
from collections.abc import Callable
from datetime import date
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from core import naf
from core.text import search_words, searchable
from partners.enums import ContributionNature, Headcount, PartnerStatus, PartnerType, TaxIntention
from partners.models import Contact, Contribution, Interaction, Partner, PartnerTag, TaxApproach
from partners.permissions import visible_contacts
from partners.rules.follow_up import months_later
from schools.filters import Choices
from schools.middleware import SchoolRequest
from schools.models import Membership

Partners = QuerySet[Partner]
PRESENT = "_partner_values"  # on the request: read once for all the lists of the bar
MINE, NOBODY = "moi", "personne"
NEVER, THIS_MONTH = "jamais", "mois"
LAST_CONTACT = [
    (THIS_MONTH, "Ce mois-ci"),
    ("3", "Il y a plus de 3 mois"),
    ("6", "Il y a plus de 6 mois"),
    ("12", "Il y a plus d’un an"),
    (NEVER, "Jamais"),
]


def present(request: SchoolRequest) -> dict[str, set[Any]]:
    """Which states, types, sizes, trades, marks and owners the school's partners have: one query a request."""
    found: dict[str, set[Any]] | None = getattr(request, PRESENT, None)
    if found is None:
        names = ("status", "type", "headcount", "naf", "closed", "avoid")
        rows = (
            Partner.objects.in_school(request.school)
            .order_by()
            .annotate(closed=Q(closed_date__isnull=False), avoid=Q(avoid_since__isnull=False))
        )
        found = defaultdict(set)
        for *row, owner, first_name, last_name in rows.values_list(
            *names, "owner__public_id", "owner__first_name", "owner__last_name"
        ).distinct():
            for name, value in zip(names, row, strict=True):
                found[name].add(value)
            if owner is not None:
                found["owner"].add((last_name, first_name, str(owner)))
        setattr(request, PRESENT, found)
    return found


def _among(name: str, choices: list[tuple[Any, Any]]) -> Callable[[SchoolRequest], Choices]:
    def offered(request: SchoolRequest) -> Choices:
        here = present(request)[name]
        return [(value, label) for value, label in choices if value in here]

    return offered


statuses = _among("status", PartnerStatus.choices)
types = _among("type", PartnerType.choices)
sizes = _among("headcount", Headcount.choices)


def yes_if_any(name: str, label: str) -> Callable[[SchoolRequest], Choices]:
    """« oui » and « non », when at least one partner bears the mark."""

    def offered(request: SchoolRequest) -> Choices:
        return [("oui", label), ("non", "Non")] if True in present(request)[name] else []

    return offered


def trades(request: SchoolRequest) -> Choices:
    """The sections that the school has, each with its divisions: « Construction » holds 41, 42 and 43."""
    divisions: dict[str, set[str]] = defaultdict(set)
    for code in present(request)["naf"]:
        if letter := naf.section(code):
            divisions[letter].add(code.strip()[:2])
    return [
        (label, [(letter, f"{label} : tout"), *((code, naf.label(code)) for code in sorted(divisions[letter]))])
        for letter, label in naf.section_choices()
        if letter in divisions
    ]


def of_trade(partners: Partners, value: str) -> Partners:
    """A section is a set of divisions, a division the first two digits of the code."""
    codes = [value] if value.isdigit() else naf.divisions_of(value)
    return partners.filter(reduce(or_, (Q(naf__startswith=code) for code in codes), Q(pk__in=[])))


def holding(partners: Partners, text: str, membership: Membership) -> Partners:
    """Each word stands in the partner's own text, or in that of a contact whom this person may see."""
    words = search_words(text)
    if text.strip() and not words:
        return partners.filter(name__icontains=text.strip())
    contacts = visible_contacts(membership)
    for word in words:
        people = contacts.filter(search_text__contains=word).values("partner")
        partners = partners.filter(Q(search_text__contains=word) | Q(pk__in=people))
    return partners


def in_town(partners: Partners, text: str) -> Partners:
    """By the town alone, as typed by whoever entered it, or the start of a postal code."""
    words = searchable(text).split()
    if not words:
        return partners.none() if text.strip() else partners
    if len(words) == 1 and words[0].isdigit():
        return partners.filter(postal_code__startswith=words[0])
    towns = set(partners.order_by().values_list("city", flat=True).distinct())
    return partners.filter(city__in=[town for town in towns if all(word in searchable(town) for word in words)])


def months_before(day: date, months: int) -> date:
    """The same day so many months earlier, or the last of that month."""
    return months_later(day, -months)


def last_contact(partners: Partners, value: str, *, school: Any, today: date) -> Partners:
    """By the day of the last exchange; « il y a plus de » leaves out those whom nobody ever called."""
    said = Interaction.objects.filter(school=school, partner=OuterRef("pk"))
    if value == NEVER:
        return partners.filter(~Exists(said))
    if value == THIS_MONTH:
        return partners.filter(Exists(said.filter(date__gte=today.replace(day=1), date__lte=today)))
    since = months_before(today, int(value))
    return partners.filter(Exists(said), ~Exists(said.filter(date__gte=since)))


def taxe_choices(request: SchoolRequest) -> Choices:
    gifts = Contribution.objects.in_school(request.school).filter(nature=ContributionNature.TAXE)
    years = gifts.filter(received_date__isnull=False).order_by("-campaign").values_list("campaign", flat=True)
    found = [(f"verse-{year}", f"A versé en {year}") for year in years.distinct()]
    return [*found, ("promis", "Promis, pas reçu"), (NEVER, "Jamais versé")] if found else []


def of_taxe(partners: Partners, value: str, *, school: Any) -> Partners:
    """Who gave in a campaign, who promises, who never gave. The balance of the taxe only: a gift is another thing."""
    gifts = Contribution.objects.filter(school=school, partner=OuterRef("pk"), nature=ContributionNature.TAXE)
    received = gifts.filter(received_date__isnull=False)
    if value == NEVER:
        return partners.filter(~Exists(received))
    if value == "promis":
        asked = TaxApproach.objects.filter(school=school, partner=OuterRef("pk"), intention=TaxIntention.PROMISED)
        return partners.filter(Exists(gifts.filter(received_date=None)) | Exists(asked))
    return partners.filter(Exists(received.filter(campaign=int(value.removeprefix("verse-")))))


def owners(request: SchoolRequest) -> Choices:
    """« Les miens », « Personne », then who follows partners here."""
    people = [(public_id, f"{first} {last}") for last, first, public_id in sorted(present(request)["owner"])]
    return [(MINE, "Les miens"), (NOBODY, "Personne"), *people] if people else []


def of_owner(partners: Partners, value: str, membership: Membership) -> Partners:
    if value in (MINE, NOBODY):
        return partners.filter(owner=membership if value == MINE else None)
    return partners.filter(owner__public_id=value)


def tag_labels(school: Any) -> QuerySet[PartnerTag, str]:
    """The words that the school puts on partners, each once."""
    return PartnerTag.objects.in_school(school).order_by("label").values_list("label", flat=True).distinct()


def tags(request: SchoolRequest) -> Choices:
    return [(label, label) for label in tag_labels(request.school)]


def with_tag(partners: Partners, value: str, *, school: Any) -> Partners:
    return partners.filter(Exists(PartnerTag.objects.filter(school=school, partner=OuterRef("pk"), label=value)))


def contacts_holding(contacts: QuerySet[Contact], text: str) -> QuerySet[Contact]:
    """People found by their own text, completed by their company's: « Ferrand Laon »."""
    words = search_words(text)
    if not words:
        return contacts.none()
    for word in words:
        contacts = contacts.filter(Q(search_text__contains=word) | Q(partner__search_text__contains=word))
    return contacts.filter(reduce(or_, (Q(search_text__contains=word) for word in words)))
