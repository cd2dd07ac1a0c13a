"""Verbs on offers: publish to classes, fill, withdraw; take or refuse what a company proposed on the public form."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction

from core import audit, mail
from core.verdict import Denied, demand
from partners.enums import PartnerStatus, PartnerType, ProposalStatus
from partners.models import Contact, Offer, OfferClass, OfferProposal, Partner
from schools.models import School, SchoolClass
from schools.services import change_record, create_record

MAX_WAITING = 200
"""Proposals that wait in one school: beyond, the form is closed until the bureau has looked."""
KEPT_AFTER_DECISION = timedelta(days=90)


@transaction.atomic
def publish(offer: Offer, classes: Iterable[SchoolClass], *, version: int, by: Any, today: date) -> Offer:
    """Show an offer to these classes, and to no other; the first day of publication is kept. Raises StaleEdit."""
    wanted = {one.pk: one for one in classes}
    if offer.withdrawn_date or offer.filled_date:
        raise ValidationError("Cette offre est pourvue ou retirée : elle ne se publie plus.")
    offer.published_date = offer.published_date or today
    change_record(offer, version=version, by=by, changed=["published_date", "classes"])
    rows = OfferClass.objects.in_school(offer.school_id).filter(offer=offer)
    rows.exclude(school_class__in=wanted).delete()
    known = set(rows.values_list("school_class_id", flat=True))
    OfferClass.objects.bulk_create(
        OfferClass(school_id=offer.school_id, offer=offer, school_class=one, created_by=by, updated_by=by)
        for pk, one in wanted.items()
        if pk not in known
    )
    return offer


def fill(offer: Offer, *, by: Any, today: date) -> Offer:
    """Nobody else is looked for."""
    offer.filled_date = max(today, offer.received_date)
    return change_record(offer, version=offer.version, by=by, changed=["filled_date"])


def withdraw(offer: Offer, *, by: Any, today: date) -> Offer:
    """The partner takes its offer back."""
    offer.withdrawn_date = max(today, offer.received_date)
    return change_record(offer, version=offer.version, by=by, changed=["withdrawn_date"])


def reopen(offer: Offer, *, by: Any) -> Offer:
    """Undo `fill` and `withdraw`."""
    offer.filled_date = offer.withdrawn_date = None
    return change_record(offer, version=offer.version, by=by, changed=["filled_date", "withdrawn_date"])


def propose(proposal: OfferProposal, *, key: UUID | None) -> OfferProposal:
    """Keep what a company wrote, once per form. Raises ValidationError when the school has too many to read already."""
    waiting = OfferProposal.objects.in_school(proposal.school_id).filter(status=ProposalStatus.WAITING)
    if waiting.count() >= MAX_WAITING:
        raise ValidationError("Le lycée a beaucoup d’offres à lire. Écrivez-lui, ou revenez dans quelques jours.")
    return create_record(proposal, by=None, key=key)[0]


@transaction.atomic
def accept(
    proposal: OfferProposal, partner: Partner | None, *, version: int, by: Any, today: date, now: datetime, tell: bool
) -> Offer:
    """Make the offer, with its partner and its contact when they are new. Raises StaleEdit, PermissionDenied once decided."""
    _decide(proposal, ProposalStatus.ACCEPTED, version=version, by=by, now=now)
    if partner is None:
        partner = create_record(
            Partner(
                school_id=proposal.school_id,
                name=proposal.company,
                siret=proposal.siret,
                type=PartnerType.COMPANY,
                postal_code=proposal.postal_code,
                city=proposal.city,
                status=PartnerStatus.ACTIVE,
                first_contact_date=today,
            ),
            by=by,
        )[0]
    offer = create_record(
        Offer(
            school_id=proposal.school_id,
            partner=partner,
            contact=_contact(proposal, partner, by=by),
            type=proposal.type,
            title=proposal.title,
            description=proposal.description,
            positions=proposal.positions,
            received_date=today,
        ),
        by=by,
    )[0]
    OfferProposal.objects.in_school(proposal.school_id).filter(pk=proposal.pk).update(offer=offer)
    if tell:
        _tell(
            proposal,
            "Votre offre a bien été retenue",
            f"Bonjour,\n\nLe bureau des entreprises a retenu votre offre « {proposal.title} ». Il va la faire connaître aux "
            "élèves concernés et revient vers vous dès qu’une personne est intéressée.\n",
            by=by,
        )
    return offer


@transaction.atomic
def refuse(proposal: OfferProposal, reason: str, *, version: int, by: Any, now: datetime, tell: bool) -> OfferProposal:
    """Leave an offer aside, with the reason that the company may read. Raises StaleEdit, PermissionDenied once decided."""
    proposal.refusal_reason = reason
    _decide(proposal, ProposalStatus.REFUSED, version=version, by=by, now=now)
    if tell:
        _tell(
            proposal,
            "Votre offre n’a pas été retenue",
            f"Bonjour,\n\nLe bureau des entreprises ne peut pas diffuser votre offre « {proposal.title} » :\n\n{reason}\n",
            by=by,
        )
    return proposal


def _decide(proposal: OfferProposal, status: ProposalStatus, *, version: int, by: Any, now: datetime) -> None:
    if proposal.status != ProposalStatus.WAITING:
        demand(Denied(f"Cette offre a déjà été examinée : {proposal.get_status_display().lower()}."))
    proposal.status, proposal.decided_at = status, now
    change_record(proposal, version=version, by=by, changed=["status"])


def _contact(proposal: OfferProposal, partner: Partner, *, by: Any) -> Contact:
    """The person who wrote: the one of that address at the partner's, else a new contact."""
    known = (
        Contact.objects.in_school(proposal.school_id)
        .filter(partner=partner, email__iexact=proposal.contact_email)
        .first()
    )
    if known:
        return known
    first, _, last = proposal.contact_name.strip().rpartition(" ")
    person = Contact(
        school_id=proposal.school_id,
        partner=partner,
        first_name=first,
        last_name=last,
        email=proposal.contact_email,
        phone=proposal.contact_phone,
        is_active=True,
    )
    return create_record(person, by=by)[0]


def _tell(proposal: OfferProposal, subject: str, text: str, *, by: Any) -> None:
    school: School = proposal.school
    reach = " · ".join(part for part in (school.phone, school.email) if part)
    mail.send_later(
        to=proposal.contact_email,
        subject=subject,
        body=f"{text}\nLe bureau des entreprises\n{school.name}\n{reach}".rstrip() + "\n",
        key=f"proposal:{proposal.public_id}:{proposal.status}",
        scope=school.uai,
        reply_to=school.email,
        by=by,
    )


def forget_old(now: datetime) -> int:
    """Delete what was decided long ago, in every school: whoever wrote is a contact by then, or asked for nothing more."""
    old = OfferProposal.objects.across_schools(why="the nightly purge runs for the whole installation").filter(
        decided_at__lt=now - KEPT_AFTER_DECISION
    )
    count, _ = old.delete()
    if count:
        audit.record("partners.proposals_forgotten", count=count)
    return count
