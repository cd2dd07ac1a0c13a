"""What this app adds to the home page and to a partner's page."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum, TextField, Value
from django.db.models.functions import Cast, Concat
from django.urls import reverse
from django.utils import timezone

from core.french import day, euros, plural
from partners import doubles, followups, register, tabs
from partners.enums import Channel, ContributionNature, Initiative, OfferType, ProposalStatus, TaxIntention
from partners.models import Contribution, OfferBeneficiary, OfferProposal, TaxApproach
from partners.permissions import visible_interactions, visible_offers
from partners.rules.offers import positions_left
from schools import todo
from schools.models import Membership
from schools.permissions import allows, is_own_only, visible_students
from schools.roles import Permission

AHEAD = timedelta(days=14)
MOST = 30
MOST_CLOSED = 8
ICONS = {Channel.CALL: "telephone", Channel.MAIL: "envelope", Channel.VISIT: "geo-alt", Channel.FAIR: "people"}


@todo.provider
def calls_to_make(membership: Membership, today: date) -> Iterable[todo.Task]:
    """Call-backs that are due, or will be within a fortnight."""
    due = (
        followups.waiting(membership)
        .filter(call_again_date__lte=today + AHEAD)
        .select_related("partner__school", "contact")
        .order_by("call_again_date")[:MOST]
    )
    for interaction in due:
        yield todo.Task(
            due=interaction.call_again_date or today,
            title=f"Rappeler {interaction.partner}",
            text=f"{interaction.contact} : {interaction.subject}" if interaction.contact else interaction.subject,
            url=interaction.partner.get_absolute_url(),
            action_label="Ouvrir la fiche",
        )


@todo.provider
def companies_closed(membership: Membership, today: date) -> Iterable[todo.Task]:
    """Partners that Sirene says are closed: what was planned there is to be moved, then the record put away."""
    if not allows(membership, Permission.EDIT_PARTNERS):
        return
    found = list(register.closed_partners(membership.school_id).select_related("school")[:MOST_CLOSED])
    plans = register.at_stake(membership.school_id, [partner.pk for partner in found], today)
    for partner in found:
        plan = plans.get(partner.pk)
        learnt = partner.register_checked_at
        yield todo.Task(
            due=timezone.localdate(learnt) if learnt else partner.closed_date or today,
            title=f"Entreprise fermée : {partner}",
            text=f"Fermée le {day(partner.closed_date)} d’après Sirene. "
            + (f"{plan} : à déplacer." if plan else "Archivez sa fiche ; son historique reste."),
            url=partner.get_absolute_url(),
            action_label="Ouvrir la fiche",
        )


@todo.provider
def proposals_to_read(membership: Membership, today: date) -> Iterable[todo.Task]:
    """Offers that companies wrote on the public form."""
    if not allows(membership, Permission.EDIT_OFFERS):
        return
    waiting = OfferProposal.objects.in_school(membership.school_id).filter(status=ProposalStatus.WAITING)
    for proposal in waiting.select_related("school").order_by("created_at")[:MOST]:
        yield todo.Task(
            due=timezone.localdate(proposal.created_at),
            title=f"Offre proposée : {proposal.title}",
            text=f"{proposal.company}, {proposal.get_type_display().lower()}.",
            url=proposal.get_absolute_url(),
            action_label="L’examiner",
            action_icon="inbox",
        )


# ------------------------------------------------------------------------------------------------ a partner's page: tabs

tabs.register(
    tabs.Tab(
        "Échanges",
        "partners:partner_interactions",
        (Permission.VIEW_INTERACTIONS, Permission.ADD_INTERACTION),
        lambda partner, membership: visible_interactions(membership).filter(partner=partner).values("pk"),
        order=20,
    )
)
tabs.register(
    tabs.Tab(
        "Offres",
        "partners:partner_offers",
        Permission.VIEW_OFFERS,
        lambda partner, membership: visible_offers(membership).filter(partner=partner).values("pk"),
        order=50,
    )
)
tabs.register(
    tabs.Tab(
        "Taxe et dons",
        "partners:partner_contributions",
        Permission.VIEW_TAXE,
        lambda partner, membership: (
            Contribution.objects.in_school(membership.school_id).filter(partner=partner).values("pk")
        ),
        order=60,
    )
)
tabs.register(
    tabs.Tab(
        "Documents",
        "partners:partner_documents",
        Permission.VIEW_DOCUMENTS,
        lambda partner, membership: tabs.papers_of(partner, membership).values("pk"),
        order=70,
    )
)


# ----------------------------------------------------------------------------------------- a partner's page: timeline


def _interactions(look: tabs.Look) -> QuerySet[Any]:
    """Whom one spoke to is said to those who may see every contact."""
    rows = visible_interactions(look.membership).filter(partner=look.partner)
    who: Any = Value("")
    if look.may(Permission.VIEW_INTERACTIONS):
        who = tabs.full_name("contact")
    return tabs.dated(
        rows,
        day="date",
        title="subject",
        text=tabs.beginning("report"),
        code="channel",
        more=Concat("initiative", Value("|"), who, output_field=TextField()),
    )


@tabs.happens(tabs.Kind.EXCHANGES, _interactions)
def tell_interactions(rows: Sequence[tabs.Row], look: tabs.Look) -> Iterable[tabs.Fact]:
    for row in rows:
        initiative, _, who = row.more.partition("|")
        channel = Channel(row.code)
        how = f"{channel.label} avec {who.strip()}" if who.strip() else str(channel.label)
        if initiative == Initiative.PARTNER:
            how += ", à leur initiative"
        yield tabs.Fact(
            row.day,
            row.title,
            ICONS.get(channel, "chat-left-text"),
            f"{how}. {tabs.shortened(row.text)}".strip(),
            reverse("partners:interaction_detail", args=[look.membership.school.uai, row.id]),
        )


def _offers(look: tabs.Look) -> QuerySet[Any] | None:
    if not look.may(Permission.VIEW_OFFERS):
        return None
    return tabs.dated(
        visible_offers(look.membership).filter(partner=look.partner),
        day="received_date",
        title="title",
        code="type",
        more="positions",
    )


@tabs.happens(tabs.Kind.OFFERS, _offers)
def tell_offers(rows: Sequence[tabs.Row], look: tabs.Look) -> Iterable[tabs.Fact]:
    for row in rows:
        yield tabs.Fact(
            row.day,
            f"Offre : {row.title}",
            "megaphone",
            f"{OfferType(row.code).label}, {plural(int(row.more), 'poste')}.",
            reverse("partners:offer_detail", args=[look.membership.school.uai, row.id]),
        )


def _taken_on(look: tabs.Look) -> QuerySet[Any] | None:
    if not look.may(Permission.VIEW_OFFERS, Permission.VIEW_STUDENTS):
        return None
    rows = OfferBeneficiary.objects.in_school(look.membership.school_id).filter(
        offer__in=visible_offers(look.membership).filter(partner=look.partner).values("pk")
    )
    if is_own_only(look.membership):
        rows = rows.filter(student__in=visible_students(look.membership).values("pk"))
    return tabs.dated(
        rows,
        day="date",
        id="offer__public_id",
        title=tabs.full_name("student"),
        text="offer__title",
        code="offer__type",
        more="student__public_id",
    )


@tabs.happens(tabs.Kind.OFFERS, _taken_on)
def tell_taken_on(rows: Sequence[tabs.Row], look: tabs.Look) -> Iterable[tabs.Fact]:
    for row in rows:
        yield tabs.Fact(
            row.day,
            f"{row.title.strip()} a obtenu un poste",
            "mortarboard",
            f"{OfferType(row.code).label} : {row.text}, par une offre du lycée.",
            reverse("partners:offer_detail", args=[look.membership.school.uai, row.id]),
        )


def _contributions(look: tabs.Look) -> QuerySet[Any] | None:
    if not look.may(Permission.VIEW_TAXE):
        return None
    rows = Contribution.objects.in_school(look.membership.school_id).filter(
        partner=look.partner, received_date__isnull=False
    )
    return tabs.dated(
        rows,
        day="received_date",
        title="amount",
        text=tabs.beginning("use"),
        code="nature",
        more=Concat(
            Cast("campaign", TextField()), Value("|"), Cast("thanked_date", TextField()), output_field=TextField()
        ),
    )


@tabs.happens(tabs.Kind.TAXE, _contributions)
def tell_contributions(rows: Sequence[tabs.Row], look: tabs.Look) -> Iterable[tabs.Fact]:
    for row in rows:
        nature = ContributionNature(row.code)
        campaign, _, thanked = row.more.partition("|")
        amount = euros(Decimal(row.title))
        if nature == ContributionNature.TAXE:
            title = f"{amount} de taxe d’apprentissage"
        elif nature == ContributionNature.GIFT_MONEY:
            title = f"Don de {amount}"
        else:
            title = f"Don en nature, estimé {amount}"
        said = [f"Campagne {campaign}."]
        if thanked:
            said.append(f"Remercié le {day(date.fromisoformat(thanked[:10]))}.")
        if row.text:
            said.append(tabs.shortened(row.text))
        yield tabs.Fact(
            row.day,
            title,
            "cash-coin" if nature == ContributionNature.TAXE else "gift",
            " ".join(said),
            reverse("partners:contribution_detail", args=[look.membership.school.uai, row.id]),
        )


def _approaches(look: tabs.Look) -> QuerySet[Any] | None:
    if not look.may(Permission.VIEW_TAXE):
        return None
    rows = TaxApproach.objects.in_school(look.membership.school_id).filter(
        partner=look.partner, asked_date__isnull=False
    )
    return tabs.dated(
        rows, day="asked_date", title="campaign", text=tabs.beginning("note"), code="intention", more="channel"
    )


@tabs.happens(tabs.Kind.TAXE, _approaches)
def tell_approaches(rows: Sequence[tabs.Row], look: tabs.Look) -> Iterable[tabs.Fact]:
    home = reverse("partners:partner_contributions", args=[look.membership.school.uai, look.partner.public_id])
    for row in rows:
        said = [f"{TaxIntention(row.code).label}."]
        if row.more:
            said.insert(0, f"{Channel(row.more).label}.")
        if row.text:
            said.append(tabs.shortened(row.text))
        yield tabs.Fact(row.day, f"Sollicité pour la taxe, campagne {row.title}", "cash-coin", " ".join(said), home)


# ------------------------------------------------------------------------------------------- a partner's page: panels


@tabs.panel
def open_offers(look: tabs.Look) -> tabs.Panel | None:
    """Offers for which somebody may still be taken on, with the positions left."""
    if not look.may(Permission.VIEW_OFFERS):
        return None
    waiting = (
        visible_offers(look.membership)
        .open_on(look.today)
        .filter(partner=look.partner)
        .select_related("school")
        .annotate(taken=Count("beneficiaries", distinct=True))
        .order_by("closing_date", "-received_date")[:6]
    )
    lines = [(offer, positions_left(offer.positions, offer.taken)) for offer in waiting]
    if not lines:
        return None
    return tabs.Panel("partners/partials/open_offers.html", {"lines": lines}, order=40)


@todo.side
def probable_doubles(membership: Membership, today: date) -> todo.Side | None:
    """How many companies stand twice in the file, as last counted."""
    if not allows(membership, Permission.EDIT_PARTNERS):
        return None
    count = doubles.known_count(membership.school)
    return (
        todo.Side("partners/partials/doubles_side.html", {"count": count, "school": membership.school})
        if count
        else None
    )


@tabs.panel
def amounts(look: tabs.Look) -> tabs.Panel | None:
    """What came and what is promised, by campaign; gifts apart (R-TA-06, R-TA-07)."""
    if not look.may(Permission.VIEW_TAXE):
        return None
    taxe = Q(nature=ContributionNature.TAXE)
    came = Q(received_date__isnull=False)
    lines = list(
        Contribution.objects.in_school(look.membership.school_id)
        .filter(partner=look.partner)
        .values("campaign")
        .annotate(
            received=Sum("amount", filter=taxe & came),
            promised=Sum("amount", filter=taxe & ~came),
            gifts=Sum("amount", filter=~taxe & came),
        )
        .order_by("-campaign")[:4]
    )
    if not lines:
        return None
    return tabs.Panel(
        "partners/partials/amounts.html",
        {
            "lines": lines,
            "has_promises": any(line["promised"] for line in lines),
            "has_gifts": any(line["gifts"] for line in lines),
        },
        order=50,
    )
