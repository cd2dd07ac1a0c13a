"""The papers of past and coming placements: what the rules say, the conventions issued, and who signed when.

No PDF is drawn here: `sha256` and `file` stay empty, and opening the paper makes it from its frozen content.
"""

from collections import defaultdict
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from documents import delegations
from documents import services as numbering
from documents.enums import DocumentType, SignatureRole, SignatureStatus, Subject
from documents.models import Document, Signature, SignatureEvent
from exchange.seeding import signing, store
from exchange.seeding.draw import Draw
from exchange.seeding.world import World
from partners.models import Contact
from pfmp import documents as placement_papers
from pfmp import paper_text, parties, rules, selectors
from pfmp.enums import PlacementStatus
from pfmp.models import PfmpSettings, Placement
from schools.models import Membership

PARIS = ZoneInfo("Europe/Paris")
S = PlacementStatus
ISSUED = (S.ISSUED, S.SIGNED, S.ONGOING, S.FINISHED, S.INTERRUPTED)
REASONS = (
    "Accord de la direction après échange avec l’organisme d’accueil.",
    "Situation connue de la famille et du référent, suivi renforcé prévu.",
    "Aucune autre place trouvée dans ce métier à ces dates.",
)


def judge_placements(world: World) -> dict[str, rules.CheckResult]:
    """What the rules answer on each placement that has a convention, by dossier id.

    Alerts are accepted with a reason. What the rules refuse and is still ahead goes back to « place trouvée ».
    To be called once the placements are written.
    """
    draw = world.draw("alerts")
    judged = [placement for placement in world.all(Placement) if placement.status in ISSUED]
    answers, changed = {}, []
    for placement, facts in zip(
        judged, selectors.placement_facts(judged, approval=rules.BoardApproval.GIVEN), strict=True
    ):
        answer = rules.check(facts)
        if not answer.blocking:
            answers[placement.dossier_id] = answer
            placement.accepted_alerts = {problem.rule: draw.choice(REASONS) for problem in answer.warnings}
        elif placement.status in (S.ISSUED, S.SIGNED):
            placement.status = S.CONFIRMED
        if answer.problems:
            changed.append(placement)
    Placement.objects.bulk_update(changed, ["accepted_alerts", "status"], batch_size=200)
    return answers


def issue_papers(world: World) -> None:
    """Conventions of the placements that the rules let through, frozen as they were, their signatures and their proof.

    To be called once the other rows are written.
    """
    answers = judge_placements(world)
    draw = world.draw("papers")
    contacts: dict[int, list[Contact]] = defaultdict(list)
    for contact in world.all(Contact):
        contacts[contact.partner_id].append(contact)
    staff = {member.email.casefold(): member for member in world.all(Membership)}
    text_version = paper_text.MODEL.default().version
    head = delegations.head_of(world.school)
    insurance = next((one.school_insurance for one in world.all(PfmpSettings)), "")
    counts: dict[int, int] = defaultdict(int)
    moments = [(_moment(world, draw, p), p.dossier_id, p) for p in world.all(Placement) if p.dossier_id in answers]
    for issued, key, placement in sorted(moments, key=lambda found: found[:2]):
        counts[issued.year] += 1
        placement.partner._prefetched_objects_cache = {"contacts": contacts[placement.partner_id]}  # type: ignore[attr-defined]
        placement._state.fields_cache.setdefault("terms", None)  # known to have none: nothing to look for
        content = placement_papers.content_of(
            placement,
            number=_number(world, issued.year, counts[issued.year]),
            version=1,
            issued_date=issued.date(),
            checked=answers[key],
            referents=staff,
            insurance=insurance,
        )
        document = world.add(
            Document,
            "doc",
            type=DocumentType.PFMP_CONVENTION,
            subject=Subject.PLACEMENT,
            subject_id=placement.dossier_id,
            number=content.number,
            issued_at=issued,
            content=content.to_json(),
            template_version=text_version,
        )
        asked = parties.of(
            content, placement, referent=staff.get(placement.referent_email.strip().casefold()), head=head
        )
        _sign(world, draw, placement, document, asked)
    signing.live(world, contacts, head=head, staff=staff)
    store.write_tables(world, (Document, Signature, SignatureEvent))


def _moment(world: World, draw: Draw, placement: Placement) -> datetime:
    """When the convention was issued: some weeks before the start, days for one after an interruption; before today."""
    resumed = placement.start_date > placement.period.start_date
    lead = draw.randint(1, 3) if resumed else draw.randint(12, 32)
    day = min(placement.start_date - timedelta(days=lead), world.today - timedelta(days=1))
    return datetime.combine(day, time(draw.randint(8, 17), draw.randint(0, 59)), PARIS)


def _number(world: World, year: int, rank: int) -> str:
    """As the platform numbers them: « PFMP-2026-00042 »."""
    number = f"{numbering.PREFIXES[DocumentType.PFMP_CONVENTION]}-{year}-{rank:0{numbering.DIGITS}d}"
    return f"{number} {world.marker}".strip()


def _sign(world: World, draw: Draw, placement: Placement, document: Document, asked: list[numbering.Party]) -> None:
    """Everyone has signed a paper of a signed placement, a few of them late; an issued one still waits for some."""
    pending = placement.status == S.ISSUED
    forgotten = placement.status in (S.FINISHED, S.INTERRUPTED) and draw.happens(0.03)
    day = document.issued_at
    for rank, party in enumerate(party for party in asked if not party.optional):
        day = day + timedelta(days=draw.randint(0, 3), hours=draw.randint(0, 2))
        if day.date() >= world.today:
            day = datetime.combine(world.today - timedelta(days=1), time(18, rank), PARIS)
        late = placement.status in (S.FINISHED, S.ONGOING) and party.role is SignatureRole.HEAD and draw.happens(0.07)
        if late:
            first_day = datetime.combine(placement.start_date, time(9), PARIS)
            day = min(first_day + timedelta(days=draw.randint(0, 3)), datetime.combine(world.today, time(0, 30), PARIS))
        waiting = (pending and (rank >= 3 or draw.happens(0.5))) or (forgotten and party.role is SignatureRole.HOST)
        signing.ask(
            world,
            document,
            party,
            status=SignatureStatus.AWAITED
            if waiting
            else draw.one_of({SignatureStatus.ON_PAPER: 55, SignatureStatus.ONLINE: 45}),
            date=None if waiting else day,
        )
    for party in asked:
        if party.optional:
            signing.ask(world, document, party, status=SignatureStatus.AWAITED, date=None)
