"""How the papers of a demo lycée were signed: by which means, noted when, with which proof; a few refusals and avenants."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from core import tokens
from documents import proof
from documents import services as numbering
from documents.enums import (
    SIGNED,
    DocumentType,
    EventKind,
    SignatureMeans,
    SignatureRole,
    SignatureStatus,
    Subject,
)
from documents.models import Document, Signature, SignatureEvent
from documents.models.circuit import default_order
from exchange.seeding import attested, marking
from exchange.seeding.draw import Draw
from exchange.seeding.world import World
from partners.models import Contact
from pfmp import avenants, parties
from pfmp.documents import ConventionContent, Person
from pfmp.enums import PlacementStatus
from pfmp.models import Placement
from schools.models import Membership

PARIS = ZoneInfo("Europe/Paris")
S = PlacementStatus
ORDER = default_order()
ACCEPTED = "J’ai lu ce document et je le signe."
BROWSER = "Mozilla/5.0 (démonstration)"
REFUSALS = (
    "Les horaires du vendredi ne correspondent pas à ceux de l’atelier.",
    "Les activités prévues ne sont pas celles dont nous avions parlé.",
)
REASONS = (
    "Le tuteur prévu est en congé pendant la période.",
    "Le tuteur a changé de poste.",
    "Les activités ont été revues avec l’enseignant référent.",
)
REFUSED, SIGNED_AVENANTS, WAITING_AVENANTS = 2, 6, 2


def ask(
    world: World, document: Document, party: numbering.Party, *, status: SignatureStatus, date: datetime | None
) -> Signature:
    """A party's line on a paper, given or awaited."""
    return world.add(Signature, document=document, status=status, date=date, **party.columns(ORDER))


def live(
    world: World, contacts: Mapping[int, list[Contact]], *, head: Membership | None, staff: Mapping[str, Membership]
) -> None:
    """Means, moments and proof of every signature; refusals and avenants of a few papers. Decides the last rows of papers."""
    draw = world.draw("circuit")
    by_document = _by_document(world.all(Signature))
    placements = {placement.dossier_id: placement for placement in world.all(Placement)}
    _refuse(world, draw, by_document, placements)
    _amend(world, draw, placements, contacts, head=head, staff=staff)
    attested.attest(world, contacts)
    by_document = _by_document(world.all(Signature))
    for document in world.all(Document):
        rows = by_document[id(document)]
        for row in rows:
            _tell(draw, row, world)
        _prove(world, draw, document, rows)
    if world.marker:
        marking.mark_unmarked(world.all(Signature), world.marker)


def _by_document(signatures: Iterable[Signature]) -> dict[int, list[Signature]]:
    found: dict[int, list[Signature]] = defaultdict(list)
    for row in signatures:
        found[id(row.document)].append(row)
    return found


def _refuse(
    world: World, draw: Draw, by_document: Mapping[int, list[Signature]], placements: Mapping[str, Placement]
) -> None:
    """A company or a tutor refuses: the placement is back to « place trouvée », its convention to correct."""
    issued = [one for one in world.all(Document) if placements[one.subject_id].status == S.ISSUED]
    refused = []
    for document in draw.some(issued, REFUSED):
        row = next(one for one in by_document[id(document)] if one.role in (SignatureRole.HOST, SignatureRole.TUTOR))
        row.status, row.reason = SignatureStatus.REFUSED, draw.choice(REFUSALS)
        row.date = row.date or _at(world.today - timedelta(days=1), draw)
        placement = placements[document.subject_id]
        placement.status = S.CONFIRMED
        refused.append(placement)
    Placement.objects.bulk_update(refused, ["status"])


def _at(day: date, draw: Draw) -> datetime:
    return datetime.combine(day, time(draw.randint(8, 17), draw.randint(0, 59)), PARIS)


# ------------------------------------------------------------------------------------------------------------- avenants


def _amend(
    world: World, draw: Draw, placements: Mapping[str, Placement], contacts: Mapping[int, list[Contact]], *,
    head: Membership | None, staff: Mapping[str, Membership],
) -> None:  # fmt: skip
    """Conventions signed with another tutor, or other activities, than what the placement says: an avenant tells since when."""
    by_document = _by_document(world.all(Signature))
    agreed = [
        one
        for one in world.all(Document)
        if all(row.status in SIGNED for row in by_document[id(one)] if not row.optional)
        and max(row.date for row in by_document[id(one)] if row.date).date() < world.today - timedelta(days=2)
    ]
    current = [one for one in agreed if placements[one.subject_id].status in (S.SIGNED, S.ONGOING)]
    waiting = draw.some(current, WAITING_AVENANTS)
    past = [
        one for one in agreed if placements[one.subject_id].status in (S.ONGOING, S.FINISHED) and one not in waiting
    ]
    counts: dict[int, int] = defaultdict(int)
    chosen = [(one, False) for one in draw.some(past, SIGNED_AVENANTS)] + [(one, True) for one in waiting]
    moments = []
    for document, waits in chosen:
        rows = by_document[id(document)]
        signed = max(row.date for row in rows if row.date)
        moments.append((min(signed + timedelta(days=1), _at(world.today - timedelta(days=1), draw)), document, waits))
    for issued, document, waits in sorted(moments, key=lambda one: (one[0], one[1].number)):
        placement = placements[document.subject_id]
        after = ConventionContent.from_json(document.content)
        others = [one for one in contacts[placement.partner_id] if one is not placement.tutor]
        if placement.tutor and others:
            former = draw.choice(others)
            before = replace(after, tutor=Person(name=former.full_name, role=former.position or None))
            row = next(one for one in by_document[id(document)] if one.role == SignatureRole.TUTOR)
            row.name, row.position, row.email, row.phone = (
                former.full_name, former.position, former.email, former.phone,
            )  # fmt: skip
            reason = draw.choice(REASONS[:2])
        else:
            before, reason = replace(after, activities=FORMER_TASKS), REASONS[2]
        document.content = before.to_json()
        counts[issued.year] += 1
        prefix = numbering.PREFIXES[DocumentType.PFMP_AVENANT]
        number = f"{prefix}-{issued.year}-{counts[issued.year]:0{numbering.DIGITS}d} {world.marker}".strip()
        changes = avenants.changes(before, after)
        effective = min(max(issued.date(), placement.start_date), placement.end_date)
        content = replace(
            after, number=number, issued_date=issued.date(), amends_number=document.number,
            amends_date=document.issued_at.date(), amendment_reason=reason, changes=changes, effective_date=effective,
        )  # fmt: skip
        avenant = world.add(
            Document,
            "doc",
            type=DocumentType.PFMP_AVENANT,
            subject=Subject.PLACEMENT,
            subject_id=document.subject_id,
            number=number,
            issued_at=issued,
            content=content.to_json(),
            template_version=document.template_version,
            amends=document,
            changes=[{"label": one.label, "before": one.before, "after": one.after} for one in changes],
            effective_date=effective,
        )
        referent = staff.get(placement.referent_email.strip().casefold())
        limit = datetime.combine(world.today, time(0, 15), PARIS)
        for rank, party in enumerate(parties.of(content, placement, referent=referent, head=head)):
            awaited = party.optional or (waits and rank >= 2)
            status = SignatureStatus.AWAITED if awaited else SignatureStatus.ON_PAPER
            moment = min(issued + timedelta(days=rank, hours=rank % 3), limit)
            ask(world, avenant, party, status=status, date=None if awaited else max(moment, issued))


FORMER_TASKS = "Observer l’atelier et préparer le poste de travail."


# ---------------------------------------------------------------------------------------------------------------- proof


def _tell(draw: Draw, row: Signature, world: World) -> None:
    """By which means a signature came, and when someone noted it."""
    if row.status == SignatureStatus.ON_PAPER and row.date:
        row.means = SignatureMeans.PAPER
        noted = row.date + timedelta(hours=draw.randint(1, 30))
        row.recorded_at = min(noted, datetime.combine(world.today, time(7), PARIS))
    elif row.status == SignatureStatus.ONLINE:
        if row.role in (SignatureRole.HEAD, SignatureRole.REFERENT):
            row.means = SignatureMeans.ACCOUNT
        else:
            row.means = SignatureMeans.MAILED_CODE if row.email else SignatureMeans.SPOKEN_CODE
    elif row.status == SignatureStatus.REFUSED:
        row.recorded_at = row.date


def _prove(world: World, draw: Draw, document: Document, rows: list[Signature]) -> None:
    """The lines of proof that the circuit would have written, chained; and when the paper was complete."""
    told: list[tuple[datetime, EventKind, str, dict[str, object]]] = []
    for row in rows:
        if not row.date:
            continue
        known: dict[str, object] = {"name": row.name, "means": str(row.means)}
        if row.status == SignatureStatus.ON_PAPER:
            day = row.date.astimezone(PARIS).date().isoformat()
            noted = {**known, "signed_on": day, "capacity": "", "scan": ""}
            told.append((row.recorded_at or row.date, EventKind.NOTED, row.role, noted))
            continue
        online: dict[str, object] = {
            "address": tokens.masked(row.email) if row.email else "",
            "ip": f"192.0.2.{draw.randint(1, 254)}",
            "browser": BROWSER,
        }
        if row.status == SignatureStatus.ONLINE:
            accepted = {"accepted": ACCEPTED, "capacity": "", "sha256": ""}
            told.append((row.date, EventKind.SIGNED, row.role, {**known, **online, **accepted}))
        elif row.status == SignatureStatus.REFUSED:
            digest = hashlib.sha256(row.reason.encode()).hexdigest()
            told.append((row.date, EventKind.REFUSED, row.role, {**known, **online, "reason_sha256": digest}))
    told.sort(key=lambda one: one[0])
    issued = {"number": document.number, "edition": 1, "roles": [str(row.role) for row in rows]}
    told.insert(0, (document.issued_at, EventKind.ISSUED, "", issued))
    if all(row.status in SIGNED for row in rows if not row.optional):
        document.completed_at = max(told[-1][0], document.issued_at)
        told.append((document.completed_at, EventKind.COMPLETED, "", {}))
    previous = ""
    for number, (at, kind, role, payload) in enumerate(told, start=1):
        event = world.add(
            SignatureEvent,
            document=document,
            number=number,
            kind=kind,
            role=str(role),
            at=at,
            payload=payload,
            previous_hash=previous,
        )
        event.hash = previous = proof.digest(document, event)
