"""What signers propose (S-20): corrected addresses, another person who signs, another tutor. The bureau decides, once.

Accepting changes what the paper's app says (`subjects.Kind.apply_proposal`); when the words of the paper change, a new
version replaces it and its links go to those who sign it now. Refusing answers the signer, with a working link.
"""

from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet

from core import audit, jobs, mail, typography
from documents import delegations, ledger, links, proof, services, subjects, tasks
from documents.enums import (
    EventKind,
    LinkChannel,
    ProposalKind,
    ProposalState,
    ReminderKind,
    SignatureRole,
    SignatureStatus,
)
from documents.models import Document, Signature, SignerProposal
from schools.models import School, SchoolRecord

DECIDED = "Cette proposition vient d’être traitée par une autre personne."
NOT_HERE = "Ce document ne se corrige pas depuis cette page : changez la personne sur la fiche dont il parle, puis refusez la proposition."
MOVED = "Cette signature n’est plus attendue : la proposition est sans objet. Refusez-la avec un mot de réponse."
WAITED_FOR = timedelta(hours=1)
"""How long the links of a new version wait for its PDF."""
CORRECTED = ("email", "phone", "position")
"""What a correction of one's own contact data may change: never the name, which the paper prints."""
PERSON = ("last_name", "first_name", "position", "email", "phone")
"""What a proposal says of a person."""


WORDS = {
    ProposalKind.CORRECTION: "Coordonnées corrigées",
    ProposalKind.SIGNER: "Une autre personne signe",
    ProposalKind.TUTOR: "Un autre tuteur",
}
"""What is proposed, as the bureau reads it."""


def words(proposal: SignerProposal) -> str:
    return WORDS[ProposalKind(proposal.kind)]


def waiting(school: School) -> QuerySet[SignerProposal]:
    """The proposals that nobody has decided."""
    return SignerProposal.objects.in_school(school).filter(state=ProposalState.WAITING)


def proposed_name(proposal: SignerProposal) -> str:
    return f"{proposal.first_name} {proposal.last_name}".strip()


def said(proposal: SignerProposal) -> str:
    """What is proposed, on one line."""
    parts = (proposed_name(proposal), proposal.position, proposal.email, proposal.phone)
    return ", ".join(" ".join(part.split()) for part in parts if part.strip())


def _take(proposal: SignerProposal, state: ProposalState, *, answer: str, by: Any, now: datetime) -> None:
    """The compare-and-set: the first of two decisions wins. Raises ValidationError for the second."""
    moved = (
        SignerProposal.objects.in_school(proposal.school_id)
        .filter(pk=proposal.pk, state=ProposalState.WAITING)
        .update(state=state, decided_at=now, answer=answer, updated_by=by, updated_at=now)
    )
    if not moved:
        raise ValidationError(DECIDED)
    proposal.refresh_from_db(fields=["state", "decided_at", "answer"])


@transaction.atomic
def accept(proposal: SignerProposal, *, by: Any, now: datetime) -> Document:
    """Do what the signer proposed; returns the paper to sign now, a new version when its words changed.

    Raises ValidationError: decided meanwhile, no longer awaited, or what the app above refuses; nothing is changed then.
    """
    signature = proposal.signature
    document = signature.document
    kind = subjects.kind_of(document)
    services.hold_numbers(proposal.school)  # the school, then the paper: the order of whoever issues or reminds
    _take(proposal, ProposalState.ACCEPTED, answer="", by=by, now=now)
    held = proof.hold(document)
    signature = (
        Signature.objects.in_school(proposal.school_id)
        .select_related("school", "document__school")
        .get(pk=signature.pk)
    )
    awaited = signature.status == SignatureStatus.AWAITED and held.voided_at is None
    if not awaited and proposal.kind != ProposalKind.CORRECTION:  # who corrects an address may have signed since
        raise ValidationError(MOVED)
    sent = ledger.was_sent(held)
    proof.add(
        held, EventKind.PROPOSAL_ANSWERED, role=signature.role, at=now, by=by, proposal=proposal.kind, accepted=True
    )
    readdressed = False
    if proposal.kind == ProposalKind.CORRECTION:
        readdressed = awaited and _correct(signature, proposal, by=by, now=now)
    elif kind is None or kind.apply_proposal is None:
        raise ValidationError(NOT_HERE)
    proposal.signature = signature
    if kind is not None and kind.apply_proposal is not None:
        kind.apply_proposal(proposal, by=by, now=now)
    audit.record("documents.proposal_accepted", proposal, by=by, kind=proposal.kind)
    latest = latest_of(held)
    _thank(proposal, replaced=latest.pk != held.pk, by=by)
    if latest.pk != held.pk and sent:
        _send_new_version(latest, by=by, now=now)
    elif sent and readdressed:
        _send_again(signature, by=by, now=now)
    return latest


def _send_new_version(document: Document, *, by: Any, now: datetime) -> None:
    """Its links leave once its PDF is made."""
    jobs.enqueue(
        tasks.send_links,
        by=by,
        scope=document.school.uai,
        document_ids=[document.pk],
        batch=str(document.public_id),
        until=(now + WAITED_FOR).isoformat(),
        by_id=by.pk if by is not None else None,
    )


def _correct(signature: Signature, proposal: SignerProposal, *, by: Any, now: datetime) -> bool:
    """The addresses on the signature: those that the signer gave, the others stay. Returns whether the mail address changed.

    A second guardian, who gives their own name, is not the person of the row: it keeps its addresses.
    """
    given = proposed_name(proposal)
    if signature.role == SignatureRole.GUARDIAN and given and not delegations.same_person(given, signature.name):
        return False
    changed = [name for name in CORRECTED if getattr(proposal, name).strip()]
    if not changed:
        return False
    for name in changed:
        setattr(signature, name, getattr(proposal, name).strip())
    if "email" in changed:
        if not mail.is_address(signature.email):
            raise ValidationError(links.BAD_ADDRESS)
        links.revoke(signature, by=by, now=now)  # the former mailbox opens nothing any more
    signature.updated_by = by
    signature.save(update_fields=[*changed, "updated_by", "updated_at"])
    return "email" in changed


def readdress(signature: Signature, proposal: SignerProposal, *, by: Any) -> None:
    """The addresses that the proposal gives, on a signature whether it is given or still awaited; nothing else follows."""
    given = {name: value for name in CORRECTED if (value := getattr(proposal, name).strip())}
    Signature.objects.in_school(signature.school_id).filter(pk=signature.pk).update(**given, updated_by=by)


def copy_onto(person: SchoolRecord, proposal: SignerProposal) -> list[str]:
    """Write on a person of the file, without saving, what the proposal says of them; returns the fields that change."""
    changed = []
    for name in PERSON:
        value = getattr(proposal, name).strip()
        if value and value != getattr(person, name):
            setattr(person, name, value)
            changed.append(name)
    return changed


def latest_of(document: Document) -> Document:
    """The last version of a paper: itself when nothing replaced it."""
    return (
        Document.objects.in_school(document.school_id)
        .editions_of(document)
        .select_related("school")
        .order_by("-edition")[0]
    )


def _send_again(signature: Signature, *, by: Any, now: datetime) -> None:
    """A working link to the corrected address, when their turn has come."""
    if links.may_send(signature, signature.document, now=now):
        links.send(signature, by=by, now=now, kind=ReminderKind.MANUAL)


def _thank(proposal: SignerProposal, *, replaced: bool, by: Any) -> None:
    """Tell the signer who proposed somebody else; one who corrected their address gets the link itself."""
    to = proposal.signature.email
    if proposal.kind == ProposalKind.CORRECTION or not mail.is_address(to):
        return
    school = proposal.school
    follows = (
        "Le document est corrigé : votre ancien lien ne sert plus, et chaque personne qui le signe reçoit le sien."
        if replaced
        else "Le document ne change pas."
    )
    mail.send_later(
        to=to,
        subject="Votre proposition est acceptée",
        body=typography.french(
            f"Bonjour,\n\nMerci : {school.name} a noté la personne que vous proposez pour le document "
            f"{proposal.signature.document.number}. {follows}\n\n{school.name}\n"
        ),
        key=f"signer-proposal:{proposal.public_id}",
        scope=school.uai,
        reply_to=school.email,
        by=by,
    )


@transaction.atomic
def refuse(proposal: SignerProposal, *, answer: str, by: Any, now: datetime) -> bool:
    """Leave the paper as it is, and say why to the signer with a working link. Returns whether a message left.

    Raises ValidationError: decided meanwhile, or no answer to give.
    """
    answer = answer.strip()
    if not answer:
        raise ValidationError("Écrivez un mot de réponse : la personne qui propose le reçoit.")
    _take(proposal, ProposalState.REFUSED, answer=answer, by=by, now=now)
    signature = (
        Signature.objects.in_school(proposal.school_id)
        .select_related("school", "document__school")
        .get(pk=proposal.signature_id)
    )
    document = proof.hold(signature.document)
    document.school = signature.school
    signature.document = document
    proof.add(
        document,
        EventKind.PROPOSAL_ANSWERED,
        role=signature.role,
        at=now,
        by=by,
        proposal=proposal.kind,
        accepted=False,
    )
    audit.record("documents.proposal_refused", proposal, by=by, kind=proposal.kind)
    to = signature.email.strip()
    if not mail.is_address(to):
        return False
    url = ""
    if links.may_link(signature, document, now=now):
        url = links.create(signature, channel=LinkChannel.MAIL, by=by, now=now)[1]
    school = proposal.school
    key = f"signer-proposal:{proposal.public_id}"
    again = f"Pour lire le document et le signer :\n\n{url}\n\n" if url else ""
    mail.send_later(
        to=to,
        subject="Réponse à votre proposition",
        body=typography.french(
            f"Bonjour,\n\n{school.name} ne peut pas retenir votre proposition pour le document {document.number}.\n\n"
            f"{answer}\n\n{again}Vous pouvez répondre à ce message.\n\n{school.name}\n"
        ),
        key=key,
        scope=school.uai,
        reply_to=school.email,
        by=by,
    )
    if url:
        ledger.write([signature], kind=ReminderKind.MANUAL, key=key, by=by, now=now)
    return True
