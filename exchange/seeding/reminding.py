"""How papers get signed in the demo lycées: the settings, a deputy, what was sent to signers, what one of them proposes."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from core import typography
from documents import reminder_rules
from documents.enums import LinkChannel, ProposalKind, ReminderKind, SignatureRole, SignatureStatus
from documents.models import CircuitSettings, Delegation, Reminder, Signature, SignerProposal
from exchange.seeding import marking, names, store
from exchange.seeding.draw import Draw
from exchange.seeding.world import World
from schools.enums import Role

PARIS = ZoneInfo("Europe/Paris")
OUTSIDE = (SignatureRole.HOST, SignatureRole.TUTOR, SignatureRole.GUARDIAN, SignatureRole.STUDENT)
MORNING = time(8, 10)
TIMETABLE = reminder_rules.Timetable(True, 4, 4, 4, frozenset(range(5)))


def follow_signatures(world: World) -> None:
    """The settings, a deputy who signs when the head is away, messages on the days of the timetable, two proposals.

    To be called once the papers are issued.
    """
    draw = world.draw("reminders")
    world.add(CircuitSettings, link_days=25)
    first_day = world.year.start.replace(day=4)
    for deputy in world.team[Role.DDFPT][:1]:
        act = f"arrêté de délégation de signature du {typography.long_date(first_day)}"
        world.add(Delegation, membership=deputy, act=act, since=first_day, until=world.year.end)
    waiting = [
        row
        for row in world.all(Signature)
        if row.status == SignatureStatus.AWAITED and row.role in OUTSIDE and row.email and draw.happens(0.7)
    ]
    for row in waiting:
        _write_to(world, row)
    hosts = [row for row in waiting if row.role == SignatureRole.HOST]
    for row in hosts[-1:]:
        first, last = names.adult(draw, woman=True)
        said = {"first_name": first, "last_name": last, "position": "Responsable"}
        _propose(world, row, ProposalKind.SIGNER, draw, message="C’est moi qui signe depuis la rentrée.", **said)
    tutors = [row for row in waiting if row.role == SignatureRole.TUTOR]
    for row in tutors[-1:]:
        _propose(world, row, ProposalKind.CORRECTION, draw)
    if world.marker:
        marking.mark_unmarked([*world.all(Delegation), *world.all(SignerProposal)], world.marker)
    store.write_tables(world, (CircuitSettings, Delegation, Reminder, SignerProposal))


def _write_to(world: World, row: Signature) -> None:
    """The first message, then the reminders of the timetable, up to yesterday."""
    issued = row.document.issued_at.astimezone(PARIS)
    first = min(issued + timedelta(hours=2), datetime.combine(world.today, MORNING, PARIS))
    world.add(Reminder, signature=row, kind=ReminderKind.FIRST, channel=LinkChannel.MAIL, sent_at=first)
    for day in reminder_rules.reminders_after(TIMETABLE, first.date()):
        if day < world.today:
            moment = datetime.combine(day, MORNING, PARIS)
            world.add(Reminder, signature=row, kind=ReminderKind.AUTOMATIC, channel=LinkChannel.MAIL, sent_at=moment)


def _propose(world: World, row: Signature, kind: ProposalKind, draw: Draw, **said: str) -> None:
    address = f"signature@{world.place.slug}.example"
    world.add(SignerProposal, signature=row, kind=kind, email=address, phone=world.mobile(draw), **said)
