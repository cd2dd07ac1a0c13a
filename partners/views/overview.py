"""What a partner's pages show: the frame with its tabs, and « where are we with this company? » on the first of them."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import BadRequest
from django.db.models import Case, F, Q, When
from django.urls import reverse
from django.utils import timezone

from core import places
from partners import followups, register, tabs
from partners.enums import PURPOSES
from partners.forms.exchanges import QuickExchangeForm
from partners.models import Contact, Interaction, Partner, PartnerTag
from partners.permissions import visible_contacts, visible_interactions
from schools.middleware import SchoolRequest
from schools.permissions import allows
from schools.roles import Permission

FACTS = 10
"""Lines of the timeline on the first page."""
SITES = 6


@dataclass(frozen=True)
class Person:
    """Someone to call, and what the apps above know of them."""

    contact: Contact
    marks: list[str]


def look(request: SchoolRequest, partner: Partner) -> tabs.Look:
    """Who looks at which partner, and when."""
    return tabs.Look(partner, request.membership, timezone.localdate(), request.school_year)


def subtitle(request: SchoolRequest, partner: Partner) -> str:
    """« Partenaire depuis 2021 · Travaux d’installation électrique · Laon, à 6 km du lycée »."""
    since = f"Partenaire depuis {partner.first_contact_date.year}" if partner.first_contact_date else ""
    where = partner.city
    if km := distance(request, partner):
        where = f"{where}, à {km}\u00a0km du lycée" if where else f"à {km}\u00a0km du lycée"
    return " · ".join(part for part in (partner.brand, since, partner.trade, where) if part)


def distance(request: SchoolRequest, partner: Partner) -> int:
    """Kilometres as the crow flies between the town of the school and the partner; 0 when one is unknown, or next door."""
    here = places.centre(request.school.postal_code, request.school.city)
    there = (partner.map_latitude, partner.map_longitude)
    return 0 if here is None or None in there else round(places.kilometres(here, there))


def partner_frame(request: SchoolRequest, partner: Partner, counts: dict[str, int] | None = None) -> dict[str, Any]:
    """What `partners/partner_base.html` needs: the partner, the sentence under its name, its tabs with their counts."""
    shown = tabs.tabs_of(partner, request.membership)
    if counts is None:
        counts = tabs.counted(partner, {tab.label: tab.rows(partner, request.membership) for tab in shown})
    args = [request.school.uai, partner.public_id]
    return {
        "record": partner,
        "subtitle": subtitle(request, partner),
        "mark_code": partner.warning,
        "sees_quality": allows(request.membership, Permission.VIEW_HOST_QUALITY),
        "tabs": [
            ("Vue d’ensemble", reverse("partners:partner_detail", args=args), None),
            *((tab.label, reverse(tab.url_name, args=args), counts[tab.label] or None) for tab in shown),
        ],
    }


def wanted_kind(request: SchoolRequest) -> tabs.Kind | None:
    """The kind of facts that the address asks for (`faits=placements`), None for all. A word unknown is a 400."""
    word = request.GET.get("faits", "")
    try:
        return tabs.Kind(word) if word else None
    except ValueError:
        raise BadRequest from None


def kind_links(counts: dict[tabs.Kind, int], now: tabs.Kind | None, path: str) -> list[tuple[str, str, bool]]:
    """(label, address, is current) of the kinds that hold something, « Tout » first."""
    shown = [kind for kind in tabs.Kind if counts.get(kind) or kind is now]
    links = [("Tout", path, now is None)] if shown else []
    return links + [(kind.label, f"{path}?faits={kind.value}", kind is now) for kind in shown]


def overview(request: SchoolRequest, partner: Partner) -> dict[str, Any]:
    """Everything of the first page. Each part asks a few queries at most, whatever the history holds."""
    seen, membership, kind = look(request, partner), request.membership, wanted_kind(request)
    shown_tabs = tabs.tabs_of(partner, membership)
    sources = tabs.sources_of(seen)
    counts = tabs.counted(
        partner,
        {tab.label: tab.rows(partner, membership) for tab in shown_tabs}
        | tabs.asked_by_sources(sources)
        | tabs.asked_by_panels(seen),
    )
    by_kind = tabs.by_kind(sources, counts)
    total = by_kind.get(kind, 0) if kind else sum(by_kind.values())
    contacts = (
        visible_contacts(membership).filter(partner=partner).select_related("school").order_by("search_text", "pk")
    )
    people = [Person(contact, marks) for contact, marks in tabs.with_marks(contacts, seen)]
    due, last = next_and_last(seen)
    timeline = tabs.timeline(seen, kind, most=FACTS)
    story = reverse("partners:partner_story", args=[request.school.uai, partner.public_id])
    here = reverse("partners:partner_detail", args=[request.school.uai, partner.public_id])
    may_note = allows(membership, Permission.ADD_INTERACTION)
    return {
        **partner_frame(request, partner, counts),
        "today": seen.today,
        "purposes": by_purpose([person for person in people if person.contact.is_active is not False]),
        "gone": [person for person in people if person.contact.is_active is False],
        "next_call": due,
        "next_person": whom_to_call(people, due),
        "last_exchange": last,
        "coming": sorted((fact for fact in timeline if fact.day > seen.today), key=lambda fact: fact.day),
        "past": [fact for fact in timeline if fact.day <= seen.today],
        "kinds": kind_links(by_kind, kind, here),
        "older": max(0, total - FACTS),
        "story_url": f"{story}?faits={kind.value}" if kind else story,
        "panels": tabs.panels_of(seen, counts),
        "owner": partner.owner.full_name if partner.owner else "",
        "sites": sites(partner),
        "register": register.panel(partner),
        "tags": PartnerTag.objects.in_school(request.school).filter(partner=partner).order_by("label"),
        "may_note": may_note,
        "may_log": allows(membership, Permission.LOG_PLACEMENT),
        "quick": QuickExchangeForm(school=request.school, membership=membership, due=due) if may_note else None,
        "quick_url": reverse("partners:exchange_quick", args=[request.school.uai, partner.public_id]),
    }


def by_purpose(people: list[Person]) -> list[tuple[str, list[Person]]]:
    """Who to call, by what one calls for, in the order of PURPOSES."""
    groups: dict[str, list[Person]] = {words: [] for words in PURPOSES.values()}
    for person in people:
        groups[PURPOSES[person.contact.role]].append(person)
    return [(words, found) for words, found in groups.items() if found]


def whom_to_call(people: list[Person], due: Interaction | None) -> Person | None:
    """The person of the call that waits, as far as one may see them; without any call, the first one calls for anything."""
    if due is not None:
        return next((person for person in people if person.contact.pk == due.contact_id), None)
    there = [person for person in people if person.contact.is_active is not False and person.contact.phone]
    order = list(PURPOSES)
    return min(there, key=lambda person: order.index(person.contact.role), default=None)


def next_and_last(seen: tabs.Look) -> tuple[Interaction | None, Interaction | None]:
    """The call that waits the longest, and without any the latest exchange, as far as this person reads exchanges."""
    waits = Q(pk__in=followups.waiting(seen.membership).filter(partner=seen.partner).values("pk"))
    found = (
        visible_interactions(seen.membership)
        .filter(waits | Q(date__lte=seen.today), partner=seen.partner)
        .annotate(due=Case(When(waits, then=F("call_again_date"))))
        .select_related("contact")
        .order_by(F("due").asc(nulls_last=True), "-date", "-pk")
        .first()
    )
    if found is None:
        return None, None
    return (found, None) if found.due else (None, found)


def sites(partner: Partner) -> list[Partner]:
    """Other partners of this school that are establishments of the same company: their SIRET begins with its SIREN."""
    if len(partner.siren) < 9:
        return []
    others = (
        Partner.objects.in_school(partner.school_id)
        .filter(siret__range=(f"{partner.siren}00000", f"{partner.siren}99999"))  # a range is read by index
        .exclude(pk=partner.pk)
    )
    return list(others.select_related("school").order_by("city", "pk")[:SITES])
