"""The attestations of stays that are over: most are signed within the week, some are still awaited."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from documents import services as numbering
from documents.enums import DocumentType, SignatureStatus, Subject
from documents.models import Document, Signature
from documents.models.circuit import default_order
from exchange.seeding.world import World
from partners.models import Contact
from pfmp import attesting
from pfmp import documents as placement_papers
from pfmp.days import Days
from pfmp.documents import certificate
from pfmp.enums import PlacementStatus
from pfmp.models import Absence, Placement, Recovery

PARIS = ZoneInfo("Europe/Paris")
LATEST = timedelta(days=120)
"""Older ones stay in the school's cupboard: a demonstration needs no thousand of them."""


def attest(world: World, contacts: Mapping[int, list[Contact]]) -> None:
    """Issue the attestations of the stays that ended in the last months, with their one signature.

    Those whose line was typed in ApLyPro are all signed. To be called once the rows are written, before the proofs.
    """
    draw = world.draw("attestations")
    absences: dict[int, list[Absence]] = defaultdict(list)
    recoveries: dict[int, list[Recovery]] = defaultdict(list)
    for one in world.all(Absence):
        absences[one.placement_id].append(one)
    for found in world.all(Recovery):
        recoveries[found.placement_id].append(found)
    conventions = {one.subject_id: one for one in world.all(Document) if one.type == DocumentType.PFMP_CONVENTION}
    counts: dict[int, int] = defaultdict(int)
    version = certificate.MODEL.default().version
    for placement in sorted(world.all(Placement), key=lambda row: (row.end_date, row.dossier_id)):
        convention = conventions.get(placement.dossier_id)
        days = Days(placement, absences[placement.pk], recoveries[placement.pk])
        if convention is None or not _is_due(placement, days, world.today):
            continue
        if placement.allowance_entered_date is None and not draw.happens(0.8):
            continue
        issued = datetime.combine(placement.end_date, time(draw.randint(14, 17), draw.randint(0, 59)), PARIS)
        counts[issued.year] += 1
        placement.partner._prefetched_objects_cache = {"contacts": contacts[placement.partner_id]}  # type: ignore[attr-defined]
        person = placement_papers.signer_of(placement)
        number = f"{numbering.PREFIXES[DocumentType.PFMP_CERTIFICATE]}-{issued.year}-{counts[issued.year]:0{numbering.DIGITS}d}"
        content = attesting.content_of(
            days,
            number=f"{number} {world.marker}".strip(),
            version=1,
            issued_date=issued.date(),
            person=person,
            terms=None,
            convention=convention,
        )
        document = world.add(
            Document,
            "doc",
            type=DocumentType.PFMP_CERTIFICATE,
            subject=Subject.PLACEMENT,
            subject_id=placement.dossier_id,
            number=content.number,
            issued_at=issued,
            content=content.to_json(),
            template_version=version,
        )
        signed = issued + timedelta(days=draw.randint(0, 5), minutes=20)
        is_here = signed.date() < world.today and (placement.allowance_entered_date is not None or draw.happens(0.85))
        party = attesting.party_of(content, placement, person)
        kinds = {SignatureStatus.ON_PAPER: 55, SignatureStatus.ONLINE: 45}
        world.add(
            Signature,
            document=document,
            status=draw.one_of(kinds) if is_here else SignatureStatus.AWAITED,
            date=signed if is_here else None,
            **party.columns(default_order()),
        )


def _is_due(placement: Placement, days: Days, today: date) -> bool:
    whole = days.written is not None and days.written == int(days.written)
    recent = today - LATEST <= placement.end_date < today
    return placement.status == PlacementStatus.FINISHED and whole and recent
