"""What follows when the bureau accepts what the partner's signer proposes: people, then the paper when its words change (S-20)."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from conventions import documents, papers
from conventions.models import Agreement
from core import audit
from documents.delegations import same_person
from documents.enums import ProposalKind, SignatureRole
from documents.models import Document, SignerProposal
from documents.proposals import PERSON, copy_onto, readdress
from partners.enums import ContactRole
from partners.models import Contact
from schools.services import change_record, create_record


@transaction.atomic
def apply_proposal(proposal: SignerProposal, *, by: Any, now: datetime) -> None:
    """Write an accepted proposal: who signs for the partner, or their own data, in the file and on the signature.

    When the paper would print something else, a new edition replaces it. Raises ValidationError for a proposal that an
    agreement cannot follow: nothing is written then.
    """
    signature = proposal.signature
    document = signature.document
    rows = documents.with_relations(Agreement.objects.in_school(document.school_id))
    agreement = rows.filter(dossier_id=document.subject_id).first()
    if agreement is None:
        return
    kind = ProposalKind(proposal.kind)
    if kind == ProposalKind.TUTOR:
        raise ValidationError("Une convention de partenariat n’a pas de tuteur.")
    if signature.role != SignatureRole.PARTNER:  # a colleague's address is the one of their account
        readdress(signature, proposal, by=by)
        return
    if kind == ProposalKind.SIGNER:
        agreement.contact = _contact(agreement, proposal, by=by)
        change_record(agreement, version=agreement.version, by=by, changed=["contact"])
    else:
        _correct(agreement, proposal, by=by)
        readdress(signature, proposal, by=by)
    audit.record("conventions.proposal_applied", agreement, by=by, kind=kind.value)
    if document.completed_at is None and _is_printed_otherwise(agreement, document, now=now):
        papers.issue_agreement(agreement, by=by, now=now, replaces=document)


def _contact(agreement: Agreement, proposal: SignerProposal, *, by: Any) -> Contact:
    """The person on file under this name, who signs from now on, or a new contact."""
    wanted = f"{proposal.first_name} {proposal.last_name}"
    known = Contact.objects.in_school(agreement.school_id).filter(partner=agreement.partner_id).exclude(is_active=False)
    found = next((one for one in known if same_person(one.full_name, wanted)), None)
    if found is None:
        made = Contact(
            school=agreement.school,
            partner=agreement.partner,
            role=ContactRole.LEADER,
            **{name: getattr(proposal, name).strip() for name in PERSON},
        )
        create_record(made, by=by)
        return made
    found.role = ContactRole.LEADER
    changed = ["role", *copy_onto(found, proposal)]
    change_record(found, version=found.version, by=by, changed=changed)
    return found


def _correct(agreement: Agreement, proposal: SignerProposal, *, by: Any) -> None:
    contact = documents.signer_of(agreement)
    if contact is None:
        if proposal.last_name.strip():
            _contact(agreement, proposal, by=by)
    elif changed := copy_onto(contact, proposal):
        change_record(contact, version=contact.version, by=by, changed=changed)


def _is_printed_otherwise(agreement: Agreement, document: Document, *, now: datetime) -> bool:
    """Would the paper name the partner's signer or interlocutor otherwise now?"""
    printed = documents.frozen(document)
    agreement = documents.with_relations(Agreement.objects.in_school(agreement.school_id)).get(pk=agreement.pk)
    wanted = documents.content_of(
        agreement,
        number=printed.number,
        version=printed.version,
        issued_date=timezone.localdate(now),
        signer=documents.signer_of(agreement),
    )
    named = ("representative_name", "representative_role")
    return printed.contact != wanted.contact or any(
        getattr(printed.partner, name) != getattr(wanted.partner, name) for name in named
    )
