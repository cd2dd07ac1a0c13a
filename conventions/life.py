"""Verbs on the life of an agreement, by the table of moves: submit, vote, sign, renew, terminate, abandon; what its paper brings.

Each verb is a compare-and-set on the agreement's version: of two people at once, one moves it and the other reads why theirs
did not.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from conventions import papers, rules
from conventions.enums import AgreementLevel, AgreementStage, AgreementState
from conventions.models import Agreement, Commitment, Network
from conventions.rules import moves
from conventions.rules.moves import Act
from core import audit
from core.verdict import Verdict, demand
from documents import circuit, proof, services
from documents.enums import SIGNED, DocumentType, EventKind, SignatureStatus, Subject
from documents.models import Document, Signature, SignatureEvent
from schools.models import Membership
from schools.permissions import allows
from schools.services import create_record

STALE = "Quelqu’un vient de changer cette convention. Regardez où elle en est, puis recommencez s’il le faut."
VERB = "conventions.agreement_moved"

# ---------------------------------------------------------------------------------------------------------- its paper


def papers_of(agreement: Agreement) -> tuple[Document | None, Document | None]:
    """The convention issued for it, last edition, and its last avenant: those that nothing voided."""
    found = (
        Document.objects.in_school(agreement.school_id)
        .about(Subject.AGREEMENT, agreement.dossier_id)
        .filter(type=DocumentType.AGREEMENT, voided_at=None)
        .order_by("-issued_at", "-edition", "-pk")
    )
    rows = list(found)
    paper = next((one for one in rows if one.amends_id is None), None)
    return paper, next((one for one in rows if one.amends_id is not None), None)


def paper_of(agreement: Agreement) -> Document | None:
    """The convention issued for it, last edition, which nothing voided; avenants apart."""
    return papers_of(agreement)[0]


def hold_paper(agreement: Agreement) -> Document | None:
    """Its paper, locked until the end of the transaction: the school's numbers, the paper, then the agreement, as everywhere.

    Whoever may write on the agreement and then on its paper calls it first, or a signature at the same moment waits for ever.
    """
    services.hold_numbers(agreement.school)
    paper = paper_of(agreement)
    return proof.hold(paper) if paper is not None else None


def paper_state(paper: Document | None) -> str:
    """What the guards read: "" without paper, out, refused or complete."""
    if paper is None:
        return ""
    statuses = set(
        Signature.objects.in_school(paper.school_id).filter(document=paper).counted().values_list("status", flat=True)
    )
    if statuses and statuses <= set(SIGNED):
        return "complete"
    return "refused" if SignatureStatus.REFUSED in statuses else "out" if statuses else ""


# ---------------------------------------------------------------------------------------------------------- the guards


def circumstances(agreement: Agreement, today: date, *, paper: str, **said: Any) -> moves.Circumstances:
    """What the guards look at. `paper`: its `paper_state`; `said`: what the person has just typed."""
    seen: dict[str, Any] = {
        "today": today,
        "is_local": agreement.level == AgreementLevel.SCHOOL,
        "has_title": bool(agreement.title.strip()),
        "has_partner": agreement.partner_id is not None,
        "has_axes": bool(agreement.axes_list),
        "start": agreement.start_date,
        "end": agreement.end_date,
        "is_tacit": bool(agreement.tacit_renewal),
        "board_vote_date": agreement.board_vote_date,
        "signed": agreement.signed_date,
        "terminated": agreement.terminated_date,
        "paper": paper,
        "is_renewed": said["is_renewed"] if "is_renewed" in said else is_renewed(agreement),
        "notice_days": agreement.notice_days,
    }
    return moves.Circumstances(**{**seen, **said})


def is_renewed(agreement: Agreement) -> bool:
    """Is there an agreement that follows it on, and that nobody abandoned?"""
    return (
        Agreement.objects.in_school(agreement.school_id)
        .filter(renews=agreement)
        .exclude(stage=AgreementStage.ABANDONED, signed_date=None)
        .exists()
    )


def _may(
    agreement: Agreement, act: Act, *, membership: Membership, today: date, paper: Document | None, **said: Any
) -> moves.Move:
    """The move of the table, its right and its guard. Raises PermissionDenied, or ValidationError with the sentence."""
    step = moves.find(act, AgreementState(agreement.state_on(today)))
    if step is None or step.permission is None:
        raise ValidationError(STALE)
    demand(allows(membership, step.permission))
    verdict = step.guard(circumstances(agreement, today, paper=paper_state(paper), **said))
    if not verdict:
        raise ValidationError(verdict.reason)
    return step


def _shift(agreement: Agreement, act: Act, *, by: Any, today: date, now: datetime, **values: Any) -> None:
    """Compare-and-set: one row changes, or ValidationError says that someone was first."""
    source = agreement.state_on(today)
    changed = (
        Agreement.objects.in_school(agreement.school_id)
        .filter(pk=agreement.pk, version=agreement.version)
        .update(version=F("version") + 1, updated_by=by, updated_at=now, **values)
    )
    if not changed:
        raise ValidationError(STALE)
    signed_before = agreement.signed_date
    for name, value in values.items():
        setattr(agreement, name, value)
    agreement.version += 1
    agreement.updated_by, agreement.updated_at = by, now
    target = agreement.state_on(today)
    audit.record(VERB, agreement, by=by, act=act.value, source=str(source), target=str(target))
    if agreement.signed_date != signed_before:
        _formalise(agreement, signed_before, by=by)


# ----------------------------------------------------------------------------------------------------------- the moves

Effect = Callable[[Agreement, Mapping[str, Any]], dict[str, Any]]


def _sign(agreement: Agreement, said: Mapping[str, Any]) -> dict[str, Any]:
    signed: date = said["signed_on"]
    return {
        "stage": AgreementStage.TO_SIGN,
        "signed_date": signed,
        "start_date": agreement.start_date or signed,
        "board_vote_date": said.get("board_vote_date") or agreement.board_vote_date,
    }


EFFECTS: Mapping[Act, Effect] = {
    Act.OPEN: lambda agreement, said: {"stage": AgreementStage.NEGOTIATION},
    Act.SUBMIT: lambda agreement, said: {"stage": AgreementStage.BOARD},
    Act.VOTE: lambda agreement, said: {
        "stage": AgreementStage.TO_SIGN,
        "board_vote_date": said.get("board_vote_date") or agreement.board_vote_date,
    },
    Act.REWORK: lambda agreement, said: {"stage": AgreementStage.NEGOTIATION},
    Act.SIGN_OUTSIDE: _sign,
    Act.UNSIGN: lambda agreement, said: {"stage": AgreementStage.TO_SIGN, "signed_date": None},
    Act.TERMINATE: lambda agreement, said: {
        "terminated_date": said["ends_on"],
        "termination_reason": said["reason"].strip(),
    },
    Act.RESUME: lambda agreement, said: {"terminated_date": None, "termination_reason": ""},
    Act.ABANDON: lambda agreement, said: {"stage": AgreementStage.ABANDONED},
    Act.RESTORE: lambda agreement, said: {"stage": AgreementStage.PROJECT},
}
"""What each act writes. Issuing its paper and renewing it are verbs of their own."""

DROPS_PAPER = (Act.SUBMIT, Act.REWORK, Act.ABANDON, Act.SIGN_OUTSIDE)
"""Acts after which a paper that was not signed of all no longer counts."""


@transaction.atomic
def move(agreement: Agreement, act: Act, *, membership: Membership, by: Any, now: datetime, **said: Any) -> Agreement:
    """Move an agreement on by hand, if the table says so. `said`: what the act asks (dates, reason).

    Raises PermissionDenied with the reason of the role, ValidationError when the guard or another person is in the way.
    """
    today = timezone.localdate(now)
    paper = hold_paper(agreement) if act in DROPS_PAPER else paper_of(agreement)
    if act == Act.RESUME and agreement.signed_date is None:
        raise ValidationError(STALE)
    _may(agreement, act, membership=membership, today=today, paper=paper, **said)
    if act not in EFFECTS:
        raise ValidationError(STALE)
    _shift(agreement, act, by=by, today=today, now=now, **EFFECTS[act](agreement, said))
    if paper is not None and act in DROPS_PAPER and paper_state(paper) != "complete":
        circuit.void(paper, by=by, now=now, reason=VOIDED_BY[act])
    return agreement


VOIDED_BY = {
    Act.SUBMIT: "convention soumise de nouveau au conseil d’administration",
    Act.REWORK: "négociation reprise",
    Act.ABANDON: "convention abandonnée",
    Act.SIGN_OUTSIDE: "convention signée hors plateforme",
}


COPIED = (
    "level", "academy", "parent", "partner", "signatory", "title", "axes", "tacit_renewal", "follow_up", "url", "purpose",
    "publics", "action_types", "contact", "referent", "renewal_months", "notice_days", "frame",
)  # fmt: skip


@transaction.atomic
def issue(agreement: Agreement, *, membership: Membership, by: Any, now: datetime) -> Document:
    """Issue the paper that all have to sign: the next edition of its number when a former one came to nothing.

    Raises ValidationError with what must be printed and is not known, or when a paper already waits.
    """
    today = timezone.localdate(now)
    paper = hold_paper(agreement)
    _may(agreement, Act.ISSUE, membership=membership, today=today, paper=paper)
    _shift(agreement, Act.ISSUE, by=by, today=today, now=now)
    former = (
        Document.objects.in_school(agreement.school_id)
        .about(Subject.AGREEMENT, agreement.dossier_id)
        .filter(type=DocumentType.AGREEMENT, amends=None, completed_at=None)
        .order_by("-issued_at", "-edition")
        .first()
    )
    return papers.issue_agreement(agreement, by=by, now=now, replaces=former)


@transaction.atomic
def renew(agreement: Agreement, *, membership: Membership, by: Any, now: datetime) -> Agreement:
    """A project that follows an agreement on: same partner, axes and commitments, for as long, from the day after its end.

    Raises ValidationError when it is too early or already begun, PermissionDenied with the reason of the role.
    """
    today = timezone.localdate(now)
    _may(agreement, Act.RENEW, membership=membership, today=today, paper=None)
    _shift(agreement, Act.RENEW, by=by, today=today, now=now)
    ended = agreement.end_date
    assert ended is not None  # the guard
    start = max(ended + timedelta(days=1), today)
    began = agreement.start_date or agreement.signed_date or ended
    follows = Agreement(
        school=agreement.school,
        stage=AgreementStage.PROJECT,
        renews=agreement,
        start_date=start,
        end_date=rules.carried(ended + timedelta(days=1), began=began, starts=start) - timedelta(days=1),
        **{name: getattr(agreement, name) for name in COPIED},
    )
    create_record(follows, by=by)
    former = Commitment.objects.in_school(agreement.school_id).filter(agreement=agreement).order_by("pk")
    Commitment.objects.bulk_create(
        Commitment(
            school=agreement.school,
            agreement=follows,
            due_date=rules.carried(row.due_date, began=began, starts=start) if row.due_date else None,
            created_by=by,
            updated_by=by,
            **{name: getattr(row, name) for name in ("axis", "side", "kind", "action_type", "label", "target", "note")},
        )
        for row in former
    )
    return follows


# --------------------------------------------------------------------------------------------- what signatures bring


def signatures_changed(document: Document, *, by: Any) -> None:
    """What a change on its paper does: signed by all, it is signed; refused, back to negotiation; taken back, undone.

    An avenant changes nothing of the agreement's own dates.
    """
    if document.amends_id is not None or document.voided_at is not None or not circuit.is_latest(document):
        return
    agreement = (
        Agreement.objects.in_school(document.school_id)
        .filter(dossier_id=document.subject_id)
        .select_for_update(of=("self",))
        .select_related("school")
        .first()
    )
    if agreement is None:
        return
    now = timezone.now()
    today = timezone.localdate(now)
    state = paper_state(document)
    stamp: dict[str, Any] = {"by": by, "today": today, "now": now}
    if state == "complete":
        if agreement.signed_date is None:
            _shift(agreement, Act.COMPLETE, **stamp, **_sign(agreement, {"signed_on": last_signature(document)}))
    elif agreement.signed_date is not None:
        if _was_complete(document):
            stage = AgreementStage.NEGOTIATION if state == "refused" else AgreementStage.TO_SIGN
            _shift(agreement, Act.UNSIGN, **stamp, signed_date=None, stage=stage)
    elif state == "refused" and agreement.stage == AgreementStage.TO_SIGN:
        _shift(agreement, Act.REWORK, **stamp, stage=AgreementStage.NEGOTIATION)
    elif state == "out" and agreement.stage == AgreementStage.NEGOTIATION:
        _shift(agreement, Act.RESTORE, **stamp, stage=AgreementStage.TO_SIGN)


def last_signature(document: Document) -> date:
    """The day of the last signature of a paper that all have signed."""
    dates = [
        timezone.localdate(one)
        for one in Signature.objects.in_school(document.school_id)
        .filter(document=document)
        .counted()
        .values_list("date", flat=True)
        if one is not None
    ]
    return max(dates)


def _was_complete(document: Document) -> bool:
    """Had everyone signed this paper at some time? Then the agreement's date came from it."""
    events = SignatureEvent.objects.in_school(document.school_id)
    return events.filter(document=document, kind=EventKind.COMPLETED).exists()


# ------------------------------------------------------------------------------------------------------------ networks


def act_of(agreement: Agreement) -> str:
    """How the act that formalises a network is named: « Convention « Titre » »."""
    return agreement.title if agreement.title.lower().startswith("convention") else f"Convention « {agreement.title} »"


def _formalise(agreement: Agreement, signed_before: date | None, *, by: Any) -> None:
    """The networks that the agreement formalises: on the day it is signed; no longer when the signature was a mistake."""
    networks = Network.objects.in_school(agreement.school_id).filter(agreement=agreement).select_related("school")
    for network in networks:
        if formalise(network, signed_before=signed_before):
            network.updated_by = by
            network.version += 1
            network.save()
            audit.record("conventions.network_formalised", network, by=by, signed=bool(agreement.signed_date))


def formalise(network: Network, *, signed_before: date | None = None) -> bool:
    """Put the date and the name of its agreement on a network, where nobody typed others. True when something changed."""
    agreement = network.agreement
    if agreement is None:
        return False
    before = (network.formalised_date, network.act)
    if agreement.signed_date is None:
        if signed_before is not None and network.formalised_date == signed_before:
            network.formalised_date = None
            network.act = "" if network.act == act_of(agreement) else network.act
    elif network.formalised_date in (None, signed_before):
        network.formalised_date = agreement.signed_date
        network.act = network.act or act_of(agreement)
    return before != (network.formalised_date, network.act)


# ------------------------------------------------------------------------------------------------------- for the page


def choices(
    agreement: Agreement, membership: Membership, today: date, *, paper: str, **known: Any
) -> list[tuple[moves.Move, Verdict]]:
    """What people can do next, in the order of the table, each with the reason when it cannot be done now.

    What an act asks to type is no reason: its form asks it. `paper`: its `paper_state`; `known`: what the caller has read.
    """
    seen = circumstances(agreement, today, paper=paper, **asked(agreement, today), **known)
    found = []
    for step in moves.moves_from(AgreementState(agreement.state_on(today))):
        if step.permission is None or (step.act == Act.RESUME and agreement.terminated_date is None):
            continue
        may = allows(membership, step.permission)
        found.append((step, step.guard(seen) if may else may))
    return found


def asked(agreement: Agreement, today: date) -> dict[str, Any]:
    """What forms of acts will ask, taken as said, so that guards speak of the rest."""
    vote = agreement.board_vote_date
    known = vote if vote is not None and vote <= today else today
    return {
        "board_vote_date": known,
        "signed_on": known,
        "ends_on": max(today, agreement.signed_date or today),
        "reason": "—",
        "agreed": True,
    }


def history_words(act: str, source: str) -> str:
    """What a line of the history says of an act from a state: the verb of the table."""
    told = [step for step in moves.TABLE if step.act == act]
    return next((step.verb for step in told if step.source == source), told[0].verb if told else "")
