"""What the register of companies would have said of the invented ones: checked this month, a few otherwise, a few closed."""

from datetime import datetime, time, timedelta

from django.utils import timezone

from exchange.seeding.world import World
from partners.enums import Headcount, PartnerStatus
from partners.models import Partner
from partners.rules.register import Establishment
from pfmp.enums import PlacementStatus
from pfmp.models import Placement

OTHERWISE = 0.06
CLOSED = 2
OVER = (PlacementStatus.FINISHED, PlacementStatus.CANCELLED, PlacementStatus.INTERRUPTED)


def check_in_register(world: World) -> None:
    """Every partner with a SIRET has its answer; two have closed, and one more where pupils are to go."""
    draw = world.draw("sirene")
    partners = [
        partner for partner in world.rows[Partner] if partner.siret and partner.status != PartnerStatus.ARCHIVED
    ]
    later = [placement for placement in world.rows[Placement] if placement.end_date >= world.today]
    waited = {placement.partner.dossier_id for placement in later}
    there = {placement.partner.dossier_id for placement in later if placement.start_date <= world.today}
    planned = {p.partner.dossier_id for p in later if p.start_date > world.today and p.status not in OVER} - there
    closed = draw.some([partner for partner in partners if partner.dossier_id not in waited], CLOSED)
    closed += draw.some([partner for partner in partners if partner.dossier_id in planned], 1)
    gone = {partner.dossier_id for partner in closed}
    for partner in partners:
        night = world.today - timedelta(days=draw.randint(1, 28))
        opened = draw.weekday(world.today - timedelta(days=30 * 365), world.today - timedelta(days=5 * 365))
        if partner.dossier_id in gone:
            partner.closed_date = night - timedelta(days=draw.randint(5, 60))
        headcount = partner.headcount
        if draw.happens(OTHERWISE) and headcount:
            headcount = draw.choice([band for band in Headcount.values if band != headcount])
        partner.register_checked_at = timezone.make_aware(datetime.combine(night, time(2, 12)))
        partner.register_data = Establishment(
            siret=partner.siret,
            name=partner.name,
            address=partner.address,
            postal_code=partner.postal_code,
            city=partner.city,
            naf=partner.naf,
            headcount=headcount,
            is_open=partner.closed_date is None,
            opened_date=opened,
            closed_date=partner.closed_date,
        ).kept()
