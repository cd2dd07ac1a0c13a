"""The follow-up of the taxe d'apprentissage: transfers, who was asked and what they said, who was thanked."""

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal

from exchange.seeding.draw import Draw
from exchange.seeding.world import Host, World
from partners.enums import Channel, ContributionNature, ContributionOrigin, PartnerStatus, TaxIntention
from partners.models import Contact, Contribution, TaxApproach, TaxCampaign, TaxTransfer
from schools.enums import Role

CAMPAIGNS = 2
"""Campaigns followed one by one: the last ones; older ones only have their payments."""


def follow_taxe(world: World) -> None:
    """Group the payments by transfer, say who was asked, thank for the campaigns that are over. Adds to rows that exist."""
    draw = world.draw("taxe-follow-up")
    payments: dict[int, list[Contribution]] = defaultdict(list)
    for row in world.all(Contribution):
        payments[row.campaign].append(row)
    closings = {one.campaign: one.closing_date for one in world.all(TaxCampaign)}
    begun = [campaign for campaign in sorted(closings) if date(campaign, 1, 5) <= world.today]
    for campaign in begun[-CAMPAIGNS:]:
        _transfers(world, draw, campaign, payments[campaign])
        _thanks(world, draw, payments[campaign], closings[campaign])
        _approaches(world, draw, campaign, payments[campaign])


def _transfers(world: World, draw: Draw, campaign: int, rows: list[Contribution]) -> None:
    """Two transfers a year, in July and in November: what came before the first day is paid with it (R-TA-03)."""
    taxe = [row for row in rows if row.nature == ContributionNature.TAXE and row.received_date]
    for label, first, last, day in (
        ("1er virement SOLTéA", date(campaign, 1, 1), date(campaign, 7, 11), date(campaign, 7, 11)),
        ("2e virement SOLTéA", date(campaign, 7, 12), date(campaign, 12, 31), date(campaign, 11, 7)),
    ):
        lines = [row for row in taxe if row.received_date and first <= row.received_date <= last]
        if not lines:
            continue
        total = sum((row.amount for row in lines), Decimal(0))
        transfer = world.add(TaxTransfer, campaign=campaign, date=min(day, world.today), label=label, amount=total)
        for row in lines:
            row.transfer = transfer
            row.origin = ContributionOrigin.REMAINDER if draw.happens(0.08) else ContributionOrigin.EMPLOYER


def _thanks(world: World, draw: Draw, rows: list[Contribution], closing: date | None) -> None:
    is_over = closing is not None and closing + timedelta(days=120) < world.today
    for row in rows:
        if row.received_date is None:
            continue
        if row.nature != ContributionNature.TAXE and draw.happens(0.7):
            row.board_date = min(world.today, row.received_date + timedelta(days=draw.randint(10, 60)))
        if is_over or draw.happens(0.3):
            row.thanked_date = min(world.today, row.received_date + timedelta(days=draw.randint(5, 40)))


def _approaches(world: World, draw: Draw, campaign: int, rows: list[Contribution]) -> None:
    """Those who gave, and as many hosts again: asked in spring, reminded, some said no, some are still to ask."""
    taxe: dict[object, list[Contribution]] = defaultdict(list)
    for row in rows:
        if row.nature == ContributionNature.TAXE:
            taxe[row.partner.public_id].append(row)
    hosts = [host for host in world.hosts if host.partner.status == PartnerStatus.ACTIVE]
    givers = [host for host in hosts if taxe[host.partner.public_id]]
    others = draw.some([host for host in hosts if host not in givers], len(givers) or 3)
    member = (world.team[Role.BDE] or world.team[Role.DDFPT])[0]
    for host in [*givers, *others]:
        asked = draw.weekday(date(campaign, 4, 20), date(campaign, 6, 10))
        contact = _contact(host)
        approach = world.add(TaxApproach, campaign=campaign, partner=host.partner, contact=contact)
        found = taxe[host.partner.public_id]
        if asked > world.today or (not found and draw.happens(0.2)):
            continue
        approach.asked_date, approach.asked_by = asked, member
        approach.channel = Channel.MAIL if draw.happens(0.7) else Channel.CALL
        approach.intention = TaxIntention.ASKED
        promise = next((row for row in found if row.received_date is None), None)
        if promise is not None:
            approach.promise, approach.promised_amount = promise, promise.amount
            approach.intention = TaxIntention.PROMISED
        if any(row.received_date for row in found):
            approach.intention = TaxIntention.PAID
        elif promise is None and draw.happens(0.25):
            approach.intention = TaxIntention.REFUSED
        if approach.intention != TaxIntention.ASKED:
            approach.answered_date = min(world.today, asked + timedelta(days=draw.randint(2, 30)))
        elif draw.happens(0.5):
            approach.reminded_date = min(world.today, asked + timedelta(days=draw.randint(15, 40)))


def _contact(host: Host) -> Contact | None:
    return host.contacts[0] if host.contacts else None
