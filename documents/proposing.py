"""What a signer proposes: another person, another tutor, corrected contact data. The bureau decides (S-20)."""

from collections.abc import Iterable
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from core import audit
from documents import proof
from documents.enums import EventKind, ProposalKind, ProposalState, SignatureStatus
from documents.models import Signature, SignerProposal

WITHDRAWN = "Retirée par la personne qui l’avait faite."
FIELDS = ("last_name", "first_name", "position", "email", "phone", "message")
BLOCKING = (ProposalKind.SIGNER, ProposalKind.TUTOR)
"""While one of these waits, the person who made it does not sign: the paper, or its signer, may change."""


def waiting(signature: Signature) -> dict[str, SignerProposal]:
    """What waits for the bureau's answer about a signature, by kind."""
    rows = SignerProposal.objects.in_school(signature.school_id).filter(
        signature=signature, state=ProposalState.WAITING
    )
    return {row.kind: row for row in rows}


@transaction.atomic
def propose(signature: Signature, kind: ProposalKind, *, now: datetime, **said: str) -> SignerProposal:
    """A signer proposes something; what they proposed before of that kind is withdrawn.

    `said`: the fields of `SignerProposal`. Raises ValidationError when the signature is no longer awaited.
    """
    document = proof.hold(signature.document)
    awaited = (
        Signature.objects.in_school(document.school_id)
        .filter(pk=signature.pk, status=SignatureStatus.AWAITED)
        .exists()
    )  # fmt: skip
    if not awaited or document.voided_at is not None:
        raise ValidationError("Cette signature n’est plus attendue.")
    _close(signature, [kind], now=now)
    proposal = SignerProposal(
        school_id=document.school_id, signature=signature, kind=kind, **{name: said.get(name, "") for name in FIELDS}
    )
    proposal.save(force_insert=True)
    proof.add(document, EventKind.PROPOSED, role=signature.role, at=now, about=kind.value)
    audit.record("documents.proposal_made", signature, kind=kind.value, role=signature.role)
    return proposal


@transaction.atomic
def withdraw(signature: Signature, kinds: Iterable[ProposalKind], *, now: datetime) -> int:
    """« C’est finalement moi » : what waits of these kinds is closed. Returns how many."""
    return _close(signature, kinds, now=now)


def _close(signature: Signature, kinds: Iterable[ProposalKind], *, now: datetime) -> int:
    return (
        SignerProposal.objects.in_school(signature.school_id)
        .filter(signature=signature, kind__in=list(kinds), state=ProposalState.WAITING)
        .update(state=ProposalState.REFUSED, decided_at=now, answer=WITHDRAWN, updated_at=now)
    )
