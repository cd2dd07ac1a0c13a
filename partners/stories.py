"""What this app adds to the home page and to a partner's timeline."""

from collections.abc import Iterable
from datetime import date, timedelta

from partners import tabs
from partners.enums import Channel
from partners.models import Contribution, Offer, Partner
from partners.permissions import visible_interactions
from schools import todo
from schools.models import Membership
from schools.permissions import allows
from schools.roles import Permission

AHEAD = timedelta(days=14)
MOST = 30
ICONS = {Channel.CALL: "telephone", Channel.MAIL: "envelope", Channel.VISIT: "geo-alt", Channel.FAIR: "people"}


@todo.provider
def calls_to_make(membership: Membership, today: date) -> Iterable[todo.Task]:
    """Call-backs that are due, or will be within a fortnight."""
    due = (
        visible_interactions(membership)
        .filter(call_again_date__lte=today + AHEAD)
        .exclude(called_again=True)
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


@tabs.facts
def interactions(partner: Partner, membership: Membership, most: int) -> Iterable[tabs.Fact]:
    found = visible_interactions(membership).filter(partner=partner).select_related("school").order_by("-date")[:most]
    for interaction in found:
        yield tabs.Fact(
            interaction.date,
            interaction.subject,
            ICONS.get(Channel(interaction.channel), "chat-left-text"),
            interaction.report,
            interaction.get_absolute_url(),
        )


@tabs.facts
def offers(partner: Partner, membership: Membership, most: int) -> Iterable[tabs.Fact]:
    if not allows(membership, Permission.VIEW_OFFERS):
        return
    found = Offer.objects.in_school(membership.school_id).filter(partner=partner).select_related("school")
    for offer in found.order_by("-received_date")[:most]:
        yield tabs.Fact(
            offer.received_date,
            f"Offre : {offer.title}",
            "megaphone",
            offer.get_type_display(),
            offer.get_absolute_url(),
        )


@tabs.facts
def contributions(partner: Partner, membership: Membership, most: int) -> Iterable[tabs.Fact]:
    if not allows(membership, Permission.VIEW_TAXE):
        return
    found = (
        Contribution.objects.in_school(membership.school_id)
        .filter(partner=partner, received_date__isnull=False)
        .select_related("school")
    )
    for gift in found.order_by("-received_date")[:most]:
        yield tabs.Fact(gift.received_date or date.min, str(gift), "cash-coin", gift.use, gift.get_absolute_url())
