"""Companies typed twice, as it happens in a hurry: another form of the name, a letter left out, no SIRET, one list imported."""

from datetime import timedelta

from exchange.seeding.world import World
from partners.enums import Channel, Initiative, PartnerStatus
from partners.models import Contact, Interaction, Partner
from schools.enums import Role


def type_some_twice(world: World) -> None:
    """Four records more, of hosts that are there already; the first was called since, and its tutor is in both."""
    draw = world.draw("doubles")
    hosts = [host for host in world.hosts if host.trade and host.contacts and host.partner.siret]
    known = draw.some(hosts, 4)
    if len(known) < 4:
        return
    capitals, misspelt, imported, local = known
    again = _partner(world, capitals.partner.name.upper(), capitals.partner)
    tutor = capitals.contacts[0]
    person = world.add(
        Contact,
        "contact",
        partner=again,
        last_name=tutor.last_name,
        first_name=tutor.first_name,
        phone=world.mobile(draw),
    )
    world.add(
        Interaction,
        "echange",
        partner=again,
        contact=person,
        date=draw.weekday(world.today - timedelta(days=60), world.today - timedelta(days=30)),
        channel=Channel.CALL,
        initiative=Initiative.SCHOOL,
        subject="Recherche de places de PFMP",
        report="Rappeler après les congés.",
        author_email=world.team[Role.BDE][0].email,
    )
    name = misspelt.partner.name
    _partner(world, f"{name[:4]}{name[5:]}", misspelt.partner)
    _partner(world, f"{imported.partner.name} Exploitation", imported.partner, siret=imported.partner.siret)
    _partner(world, f"Ets {local.partner.name} et Fils", local.partner, postal_code="")


def _partner(world: World, name: str, model: Partner, **values: str) -> Partner:
    place = {"postal_code": model.postal_code, "city": model.city}
    return world.add(Partner, "part", name=name, status=PartnerStatus.PROSPECT, type=model.type, **(place | values))
