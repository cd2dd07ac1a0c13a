"""Who follows which partner, the name on its door, and the words that the bureau puts on it."""

from exchange.seeding.world import World
from partners.enums import PartnerStatus
from partners.models import PartnerTag
from schools.enums import Role

TAGS = ("forum des métiers", "jury de CAP", "prend des 2de", "logement possible", "taxe à relancer")
DOORS = ("Chez {}", "Maison {}", "{} et compagnie", "Atelier {}")


def follow_partners(world: World) -> None:
    """Two thirds of the living partners have someone who follows them, one in ten another name on the door, a third tags."""
    draw = world.draw("following")
    staff = [*world.team[Role.BDE], *world.team[Role.DDFPT]]
    for host in world.hosts:
        if host.partner.status == PartnerStatus.ARCHIVED:
            continue
        if staff and draw.happens(0.66):
            host.partner.owner = draw.choice(staff)
        if host.trade and draw.happens(0.1):
            host.partner.brand = draw.choice(DOORS).format(host.partner.name.split()[-1])
        if draw.happens(0.33):
            for label in draw.some(TAGS, draw.randint(1, 2)):
                world.add(PartnerTag, partner=host.partner, label=label)
