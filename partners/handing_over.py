"""What this app hands over (schools.handover): calls, offers, proposals, the taxe, people to know; who follows whom."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, F, QuerySet
from django.urls import reverse
from django.utils import timezone

from core.french import plural
from partners import followups
from partners.enums import ContactRole, ProposalStatus, TaxIntention
from partners.models import Contact, Offer, OfferProposal, Partner, TaxApproach
from partners.permissions import visible_contacts
from partners.rules.offers import positions_left
from schools.bulk import change_each
from schools.handover import MOST, Part, Row, inside, provider
from schools.models import Membership, School
from schools.permissions import allows
from schools.roles import Permission

MAIN_PARTNERS = 20
KNOWN_ROLES = (ContactRole.LEADER, ContactRole.HR, ContactRole.TUTOR, ContactRole.TAXE)
YEAR = timedelta(days=365)


def _list(membership: Membership, name: str) -> str:
    return reverse(f"partners:{name}", args=[membership.school.uai])


@provider
def calls(membership: Membership, today: date) -> Iterable[Part]:
    """Call-backs that wait, everybody's."""
    if not allows(membership, Permission.VIEW_INTERACTIONS):
        return
    found = followups.waiting(membership).select_related("partner__school", "contact").order_by("call_again_date", "pk")
    rows = [
        Row(
            f"{call.partner}, {call.contact}" if call.contact else str(call.partner),
            call.subject,
            "Rappeler",
            call.call_again_date,
            call.partner.get_absolute_url(),
        )
        for call in found[:MOST]
    ]
    # The list is for those who call; others read the partners' pages.
    url = _list(membership, "follow_ups") if allows(membership, Permission.ADD_INTERACTION) else ""
    columns = ("Qui rappeler", "Pourquoi", "Prochaine étape", "Quand")
    yield Part("Rappels promis", rows, _total(found, rows), 10, url, columns=columns)


@provider
def offers(membership: Membership, today: date) -> Iterable[Part]:
    """Offers for which somebody may still be taken on, and those that wait for the bureau's word."""
    if allows(membership, Permission.VIEW_OFFERS):
        found = (
            Offer.objects.in_school(membership.school_id)
            .open_on(today)
            .select_related("partner", "school")
            .annotate(taken=Count("beneficiaries"))
            .order_by(F("closing_date").asc(nulls_last=True), "-received_date", "pk")
        )
        rows = [
            Row(
                f"{offer.title} ({inside(offer.get_type_display())})",
                offer.partner.name,
                f"Trouver {plural(positions_left(offer.positions, offer.taken), 'candidat')}"
                if offer.published_date
                else "Montrer aux classes concernées",
                offer.closing_date,
                offer.get_absolute_url(),
            )
            for offer in found[:MOST]
        ]
        yield Part("Offres ouvertes", rows, _total(found, rows), 50, _list(membership, "offer_list"))
    if allows(membership, Permission.EDIT_OFFERS):
        waiting = (
            OfferProposal.objects.in_school(membership.school_id)
            .filter(status=ProposalStatus.WAITING)
            .select_related("school")
            .order_by("created_at")
        )
        rows = [
            Row(
                one.title,
                one.company,
                "Accepter ou refuser",
                timezone.localdate(one.created_at),
                one.get_absolute_url(),
            )
            for one in waiting[:MOST]
        ]
        yield Part("Offres proposées, à examiner", rows, _total(waiting, rows), 55, _list(membership, "proposal_list"))


ASKING = {
    TaxIntention.TO_ASK: "Solliciter",
    TaxIntention.ASKED: "Relancer",
    TaxIntention.PROMISED: "Suivre le versement promis",
}


@provider
def taxe(membership: Membership, today: date) -> Iterable[Part]:
    """Who of the campaign under way is still to be asked, reminded or followed."""
    if not allows(membership, Permission.VIEW_TAXE):
        return
    found = (
        TaxApproach.objects.in_school(membership.school_id)
        .filter(campaign__gte=today.year, intention__in=ASKING)
        .select_related("partner__school", "contact")
        .order_by("campaign", F("asked_date").asc(nulls_last=True), "partner__search_text", "pk")
    )
    rows = [
        Row(
            f"{one.partner}, {one.contact}" if one.contact else str(one.partner),
            f"campagne {one.campaign} : {inside(one.get_intention_display())}",
            ASKING[TaxIntention(one.intention)],
            one.reminded_date or one.asked_date,
            one.partner.get_absolute_url(),
        )
        for one in found[:MOST]
    ]
    yield Part(
        "Taxe d’apprentissage, campagne en cours",
        rows,
        _total(found, rows),
        60,
        _list(membership, "taxe_home"),
        columns=("Avec qui", "Où l’on en est", "Prochaine étape", "Dernière démarche"),
    )


@provider
def people(membership: Membership, today: date) -> Iterable[Part]:
    """Who signs, hires, tutors and pays at the partners that the school speaks with most."""
    if not allows(membership, Permission.VIEW_INTERACTIONS):
        return
    main = (
        Partner.objects.in_school(membership.school_id)
        .in_use()
        .filter(interactions__date__range=(today - YEAR, today))
        .annotate(times=Count("interactions"))
        .order_by("-times", "search_text")
        .values_list("pk", flat=True)[:MAIN_PARTNERS]
    )
    rank = {pk: place for place, pk in enumerate(main)}
    contacts = (
        visible_contacts(membership)
        .filter(partner__in=rank, role__in=KNOWN_ROLES)
        .exclude(is_active=False)
        .select_related("partner__school")
    )
    order = [role.value for role in KNOWN_ROLES]
    found = sorted(contacts, key=lambda one: (rank[one.partner_id], order.index(one.role), one.search_text))
    rows = [
        Row(one.partner.name, _presented(one), one.phone or one.email, None, one.partner.get_absolute_url())
        for one in found[: 2 * MOST]
    ]
    yield Part(
        "Les personnes à connaître",
        rows,
        len(found),
        90,
        _list(membership, "contact_list"),
        "Chez les vingt partenaires avec qui le lycée a le plus échangé depuis un an.",
        ("Partenaire", "Qui", "Joindre", ""),
    )


def _presented(contact: Contact) -> str:
    return f"{contact}, {contact.position or inside(contact.get_role_display())}"


def _total(found: QuerySet[Any], rows: list[Row]) -> int:
    """How many there are: asked only when the first ones are not all."""
    return len(rows) if len(rows) < MOST else found.count()


# ------------------------------------------------------------------------------------------------------ who follows whom


@dataclass(frozen=True)
class Followed:
    """Someone, and how many partners in use they follow; `member` None: nobody follows these."""

    member: Membership | None
    count: int

    @property
    def key(self) -> str:
        return str(self.member.public_id) if self.member else "personne"

    @property
    def name(self) -> str:
        return str(self.member) if self.member else "Personne"


def followed_by(school: School) -> list[Followed]:
    """How many partners in use each person follows, the most first; nobody last."""
    counts = dict(
        Partner.objects.in_school(school).in_use().order_by().values_list("owner").annotate(count=Count("pk"))
    )
    members = {one.pk: one for one in Membership.objects.in_school(school).filter(pk__in=[pk for pk in counts if pk])}
    found = [Followed(members.get(pk), count) for pk, count in counts.items()]
    return sorted(found, key=lambda one: (one.member is None, -one.count, one.name))


@transaction.atomic
def reassign(school: School, *, of: Membership | None, to: Membership | None, by: Any) -> int:
    """Give all partners in use that one person follows (None: nobody) to another; how many there were."""
    rows = Partner.objects.in_school(school).in_use().filter(owner=of)
    return change_each(rows, verb="partners.partner.reassigned", by=by, school=school, owner=to)
