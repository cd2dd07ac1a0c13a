"""How the guests of actions were written to, and what they said: addresses, another date, somebody else, those at the door."""

from datetime import datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from events.enums import ActionStatus, InvitationReply
from events.models import Invitation
from exchange.seeding.world import World
from partners.models import Contact

PARIS = ZoneInfo("Europe/Paris")
WORDS = (
    "Nous viendrons avec notre apprentie.", "Nous apportons notre stand.", "Présents dès l’ouverture.",
    "En chantier ce jour-là, désolés.", "Une autre fois avec plaisir.",
)  # fmt: skip


def write_to_guests(world: World) -> None:
    """Each invitation left to somebody of the partner; some replies say more than yes or no."""
    draw = world.draw("inviting")
    people: dict[UUID, list[Contact]] = {}
    for contact in world.all(Contact):
        if contact.is_active is not False and not contact.refuses_mailings and contact.email:
            people.setdefault(contact.partner.public_id, []).append(contact)
    for row in world.all(Invitation):
        known = people.get(row.partner.public_id, [])
        row.contact = draw.choice(known) if known and draw.happens(0.85) else None
        row.email = row.contact.email if row.contact else row.partner.email
        if row.reply == InvitationReply.ACCEPTED:
            row.people = draw.one_of({1: 55, 2: 32, 3: 9, 5: 4})
            row.message = draw.choice(WORDS[:3]) if draw.happens(0.2) else ""
        elif row.reply == InvitationReply.DECLINED:
            row.message = draw.choice(WORDS[3:]) if draw.happens(0.25) else ""
        day = row.action.start_date
        if row.present and draw.happens(0.5):
            row.arrived_at = datetime.combine(day, time(draw.randint(8, 10), draw.randint(0, 59)), PARIS)
        if row.present and row.email and day + timedelta(days=8) <= world.today and draw.happens(0.7):
            row.thanked_at = datetime.combine(day + timedelta(days=draw.randint(1, 7)), time(11), PARIS)
        if row.action.status != ActionStatus.PLANNED or day <= world.today or row.reply:
            continue
        reminded = row.sent_date + timedelta(days=7)
        if row.email and reminded < world.today and draw.happens(0.6):
            row.reminders, row.reminded_at = 1, datetime.combine(reminded, time(8, 20), PARIS)
        if draw.happens(0.08):
            row.suggested_date = day + timedelta(days=draw.choice((7, 14, 21)))
        elif known and draw.happens(0.08):
            row.substitute_name, row.substitute_email = "Nour Haddad", f"nour.haddad@{world.place.slug}.example"
