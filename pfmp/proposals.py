"""What follows when the bureau accepts what a signer proposes: people, then the paper when its words change (S-20)."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from core import audit
from documents.enums import DocumentType, ProposalKind, SignatureRole
from documents.models import Signature, SignerProposal
from documents.proposals import copy_onto, readdress
from partners.enums import ContactRole
from partners.models import Contact
from pfmp import attesting, avenants, documents, selectors, services
from pfmp.models import Placement
from schools.models import Student
from schools.services import change_record

REASONS = {
    ProposalKind.SIGNER: "Une autre personne signe pour l’entreprise.",
    ProposalKind.TUTOR: "Le tuteur est une autre personne.",
    ProposalKind.CORRECTION: "Un nom est corrigé.",
}


@transaction.atomic
def apply_proposal(proposal: SignerProposal, *, by: Any, now: datetime) -> None:
    """Write an accepted proposal: who signs, who is the tutor, or the person's own data, in the files and on the signature.

    When what the paper prints changes, a new version replaces it, or an avenant says so once everyone has signed. Raises
    ValidationError when the rules hold that paper back (a tutor who follows too many pupils): nothing is written then.
    """
    signature = proposal.signature
    document = signature.document
    rows = documents.with_relations(Placement.objects.in_school(document.school_id))
    before = rows.filter(dossier_id=document.subject_id).first()
    if before is None:
        return
    placement = rows.get(pk=before.pk)
    kind = ProposalKind(proposal.kind)
    if document.type == DocumentType.PFMP_CERTIFICATE:
        _apply_to_certificate(proposal, placement, kind, by=by, now=now)
        audit.record("pfmp.proposal_applied", placement, by=by, kind=kind.value, role=signature.role)
        return
    match kind:
        case ProposalKind.SIGNER:
            placement.signer = services.contact_of(placement.partner, _typed(proposal, ContactRole.LEADER), by=by)
            change_record(placement, version=placement.version, by=by, changed=["signer"])
        case ProposalKind.TUTOR:
            placement.tutor = services.contact_of(placement.partner, _typed(proposal, ContactRole.TUTOR), by=by)
            change_record(placement, version=placement.version, by=by, changed=["tutor"])
        case ProposalKind.CORRECTION:
            _correct(placement, signature, proposal, by=by)
    audit.record("pfmp.proposal_applied", placement, by=by, kind=kind.value, role=signature.role)
    if _is_printed_otherwise(placement, signature, now=now):
        services.settle_paper(placement, before, services.Amendment(REASONS[kind]), by=by, now=now)


def _apply_to_certificate(
    proposal: SignerProposal, placement: Placement, kind: ProposalKind, *, by: Any, now: datetime
) -> None:
    """Who signs an attestation, or their data: the convention and who signs it stay as they are."""
    signature = proposal.signature
    if kind == ProposalKind.SIGNER:
        signer = services.contact_of(placement.partner, _typed(proposal, ContactRole.OTHER), by=by)
        attesting.issue(placement, by=by, now=now, signer=signer)
        return
    printed = signature.name.casefold()
    contact = attesting.person_named(placement, signature.name)
    if contact is not None:
        _correct_contact(contact, placement, proposal, ContactRole.LEADER, by=by)
        if f"{contact.first_name} {contact.last_name}".strip().casefold() != printed:
            attesting.issue(placement, by=by, now=now, signer=contact)
            return
    readdress(signature, proposal, by=by)


def _typed(proposal: SignerProposal, role: ContactRole) -> services.NewContact:
    return services.NewContact(
        proposal.last_name.strip(),
        proposal.first_name.strip(),
        position=proposal.position.strip(),
        email=proposal.email.strip(),
        phone=proposal.phone.strip(),
        role=role,
    )


def _is_printed_otherwise(placement: Placement, signature: Signature, *, now: datetime) -> bool:
    """Would the paper that this person is to sign say something else now? Addresses and telephones do not count."""
    printed = documents.content_in(signature.document)
    if printed is None:
        return False
    (placement,) = documents.with_relations(Placement.objects.in_school(placement.school_id)).filter(pk=placement.pk)
    wanted = documents.content_of(
        placement,
        number=printed.number,
        version=printed.version,
        issued_date=timezone.localdate(now),
        checked=selectors.check_placement(placement),
        referents=documents.referents_of([placement]),
    )
    if printed.guardian and wanted.guardian and printed.guardian.name != wanted.guardian.name:
        return True
    return bool(avenants.changes(printed, wanted))


# --------------------------------------------------------------------------------------------- one's own data, corrected


def _correct(placement: Placement, signature: Signature, proposal: SignerProposal, *, by: Any) -> None:
    role = SignatureRole(signature.role)
    match role:
        case SignatureRole.HOST:
            _correct_contact(documents.signer_of(placement), placement, proposal, ContactRole.LEADER, by=by)
        case SignatureRole.TUTOR:
            _correct_contact(placement.tutor, placement, proposal, ContactRole.TUTOR, by=by)
        case SignatureRole.STUDENT:
            _correct_student(placement.student, {"email": proposal.email, "phone": proposal.phone}, by=by)
        case SignatureRole.GUARDIAN:
            if _correct_guardian(placement.student, proposal, by=by):
                return  # the row keeps the addresses of the first one
        case _:  # a colleague's address is the one of their account: only the signature follows
            pass
    readdress(signature, proposal, by=by)


def _correct_contact(
    contact: Contact | None, placement: Placement, proposal: SignerProposal, role: ContactRole, *, by: Any
) -> None:
    """The contact on file, corrected; without one, the person becomes a contact and takes the role."""
    if contact is None:
        if not proposal.last_name.strip():
            return
        found = services.contact_of(placement.partner, _typed(proposal, role), by=by)
        name = "tutor" if role == ContactRole.TUTOR else "signer"
        setattr(placement, name, found)
        change_record(placement, version=placement.version, by=by, changed=[name])
        return
    if changed := copy_onto(contact, proposal):
        change_record(contact, version=contact.version, by=by, changed=changed)


def _correct_guardian(student: Student, proposal: SignerProposal, *, by: Any) -> bool:
    """The guardian of the first line, or of the second when that is whose name was given. Returns whether it was the second."""
    given = f"{proposal.first_name} {proposal.last_name}".strip()
    second = bool(given) and given.casefold() == student.guardian2_name.casefold()
    prefix = "guardian2" if second else "guardian"
    values = {f"{prefix}_email": proposal.email, f"{prefix}_phone": proposal.phone}
    _correct_student(student, values | ({f"{prefix}_name": given} if given else {}), by=by)
    return second


def _correct_student(student: Student, values: dict[str, str], *, by: Any) -> None:
    changed = []
    for name, value in values.items():
        if value.strip() and value.strip() != getattr(student, name):
            setattr(student, name, value.strip())
            changed.append(name)
    if changed:
        change_record(student, version=student.version, by=by, changed=changed)
