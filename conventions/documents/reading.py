"""Reading from the database what an agreement says on the day it is issued."""

from datetime import date
from typing import Any

from conventions import commitments, emblems
from conventions.documents.content import AgreementContent, Frame, PartnerParty, Promise, School
from conventions.enums import EmblemKind
from conventions.models import Agreement, AgreementReview
from core import typography
from documents.printing import address_of, joined
from partners.enums import ContactRole
from partners.models import Contact, Partner
from schools.models import School as SchoolModel


def with_relations(agreements: Any) -> Any:
    """The agreements with all that ``content_of`` reads in one query."""
    return agreements.select_related("school", "partner", "parent", "renews", "contact", "referent")


def signer_of(agreement: Agreement) -> Contact | None:
    """Who signs for the partner: the contact of the agreement when they lead, else the first who leads, else that contact."""
    chosen = agreement.contact
    if chosen is not None and (chosen.partner_id != agreement.partner_id or chosen.is_active is False):
        chosen = None
    if chosen is not None and chosen.role == ContactRole.LEADER:
        return chosen
    leader: Contact | None = (
        Contact.objects.in_school(agreement.school_id)
        .filter(partner=agreement.partner_id, role=ContactRole.LEADER)
        .exclude(is_active=False)
        .order_by("pk")
        .first()
    )
    return leader or chosen


def content_of(
    agreement: Agreement, *, number: str, version: int, issued_date: date, signer: Contact | None, **amendment: Any
) -> AgreementContent:
    """What the agreement says on the day it is issued. ``signer``: from ``signer_of``. ``amendment``: what makes it an avenant.

    Raises ValueError for an agreement without a partner: a frame above the school is not signed here.
    """
    partner = agreement.partner
    if partner is None:
        raise ValueError("An agreement above the school has no paper.")
    rows = commitments.progress_of(agreement, issued_date)
    contact, referent = agreement.contact, agreement.referent
    return AgreementContent(
        number=number,
        version=version,
        issued_date=issued_date,
        title=agreement.title,
        school=school_of(agreement.school),
        partner=_partner_of(partner, signer),
        purpose=agreement.purpose.strip() or None,
        axes=tuple(agreement.axes_list),
        publics=tuple(agreement.publics_list),
        actions=tuple(commitments.action_labels(agreement.action_types)),
        promises=tuple(
            Promise(
                axis=row.commitment.axis,
                side=row.commitment.get_side_display(),
                label=row.commitment.label,
                target=row.promised,
                due_date=row.commitment.due_date,
                note=row.commitment.note or None,
            )
            for row in rows
        ),
        promised_kinds=tuple(sorted({row.commitment.kind for row in rows})),
        frame=_frame_of(agreement.parent),
        renews=_named(agreement.renews) if agreement.renews else None,
        board_vote_date=agreement.board_vote_date,
        start_date=agreement.start_date,
        end_date=agreement.end_date,
        tacit_renewal=bool(agreement.tacit_renewal),
        renewal_months=agreement.renewal_months,
        notice_days=agreement.notice_days,
        follow_up=agreement.follow_up.strip() or None,
        contact=joined(contact.full_name, contact.position) if contact else None,
        referent=referent.full_name if referent else None,
        reviews=tuple(
            AgreementReview.objects.in_school(agreement.school_id)
            .filter(agreement=agreement, held_date=None, planned_date__gte=issued_date)
            .order_by("planned_date")
            .values_list("planned_date", flat=True)[:6]
        ),
        logos=emblems.pictures_of(agreement.school, partner, EmblemKind.LOGO),
        seals=emblems.pictures_of(agreement.school, partner, EmblemKind.SEAL),
        **amendment,
    )


def school_of(school: SchoolModel) -> School:
    """The lycée, as its agreements name it."""
    return School(
        name=school.name,
        uai=school.uai,
        academy=school.academy or None,
        address=address_of(school),
        city=school.city or None,
        phone=school.phone or None,
        email=school.email or None,
        head_name=school.head_name.strip() or None,
    )


def _partner_of(partner: Partner, signer: Contact | None) -> PartnerParty:
    return PartnerParty(
        name=partner.name,
        kind=partner.get_type_display(),
        siret=partner.siret or None,
        address=address_of(partner),
        phone=partner.phone or None,
        email=partner.email or None,
        representative_name=signer.full_name if signer else None,
        representative_role=(signer.position or None) if signer else None,
    )


def _frame_of(parent: Agreement | None) -> Frame | None:
    if parent is None:
        return None
    return Frame(
        level=parent.level, title=parent.title, signatory=parent.signatory or None, signed_date=parent.signed_date
    )


def _named(agreement: Agreement) -> str:
    day = f" du {typography.long_date(agreement.signed_date)}" if agreement.signed_date else ""
    return f"« {agreement.title} »{day}"
