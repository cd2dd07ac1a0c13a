"""Verbs of attestations: issue one or a whole class, again when the days changed, have it signed by the host (R-ATT-01 to 04)."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from core import jobs
from core.models import Job
from core.verdict import ALLOWED, Denied, Verdict
from documents import services as papers
from documents import verifying
from documents.enums import DocumentType, SignatureRole, Subject
from documents.models import Document
from documents.printing import address_of
from documents.services import Party
from documents.wording import versions
from partners.models import Contact
from pfmp import certificates, days, documents, permissions, selectors, tasks
from pfmp.days import Days
from pfmp.documents import certificate as paper
from pfmp.enums import OBSERVATIONS, SECURED, PeriodKind, PlacementStatus
from pfmp.models import Placement, Terms
from pfmp.rules.days import days_of_7h
from schools.models import Membership

S = PlacementStatus
ATTESTED = SECURED


def problem(found: Days, today: date) -> str:
    """Why the attestation of a placement cannot be issued today; "" when it can."""
    placement = found.placement
    if placement.status == S.CANCELLED:
        return "Ce placement est annulé : il n’y a rien à attester."
    if placement.status not in ATTESTED:
        return "La convention n’est pas signée de tous : l’attestation vient ensuite."
    if today < found.last_day:
        return f"L’attestation se signe le dernier jour, le {found.last_day:%d/%m/%Y} (R-ATT-03)."
    if found.written is None:
        return "Validez d’abord les jours de présence : l’attestation les porte."
    if found.written != int(found.written):
        return "L’attestation porte des jours entiers : corrigez le nombre validé."
    return ""


def may_issue(membership: Membership, found: Days, today: date) -> Verdict:
    """May this person issue the attestation of a placement that they see?"""
    if not (verdict := permissions.may_log(membership)):
        return verdict
    return Denied(reason) if (reason := problem(found, today)) else ALLOWED


@transaction.atomic
def issue(placement: Placement, *, by: Any, now: datetime, signer: Contact | None = None) -> Document:
    """Issue the attestation of a placement, with the days that the school validated, for the host to sign.

    A later one is the next edition of the first, whose signature falls. `signer`: who signs for the host, when it is not who
    leads it. Raises ValidationError with the reason when it cannot be issued.
    """
    papers.hold_numbers(placement.school)
    (placement,) = documents.with_relations(Placement.objects.in_school(placement.school_id)).filter(pk=placement.pk)
    found = days.of_one(placement)
    if reason := problem(found, timezone.localdate(now)):
        raise ValidationError(reason)
    former = certificates.of_one(placement)
    terms = Terms.objects.in_school(placement.school_id).filter(placement=placement).first()
    convention = selectors.latest_papers([placement]).get(placement.dossier_id)
    person = signer or _named_before(former, placement) or documents.signer_of(placement)

    def content(number: str, edition: int) -> paper.CertificateContent:
        return content_of(
            found,
            number=number,
            version=edition,
            issued_date=timezone.localdate(now),
            person=person,
            terms=terms,
            convention=convention,
        )

    document = papers.issue(
        school=placement.school,
        type=DocumentType.PFMP_CERTIFICATE,
        subject=Subject.PLACEMENT,
        subject_id=placement.dossier_id,
        content=content,
        template_version=versions.text_for(placement.school, paper.MODEL).version,
        parties=lambda said: [party_of(said, placement, person)],
        by=by,
        now=now,
        replaces=former.document if former and former.document.content else None,
    )
    prepare_pdf(document, by=by)
    return document


def _named_before(former: certificates.Certificate | None, placement: Placement) -> Contact | None:
    """Who was to sign the edition before this one, among the people of the company."""
    if former is None or former.signature is None:
        return None
    return person_named(placement, former.signature.name)


def person_named(placement: Placement, name: str) -> Contact | None:
    """Who bears the name that a paper prints, among the people of the company."""
    people, printed = placement.partner.contacts.all(), name.casefold()
    return next((one for one in people if f"{one.first_name} {one.last_name}".strip().casefold() == printed), None)


def content_of(
    found: Days, *, number: str, version: int, issued_date: date, person: Contact | None, terms: Terms | None,
    convention: Document | None,
) -> paper.CertificateContent:  # fmt: skip
    """What an attestation says on the day it is issued; `found` with the relations of `documents.with_relations`."""
    placement = found.placement
    student, partner, period = placement.student, placement.partner, placement.period
    count = found.arithmetic
    assert found.written is not None
    minutes = count.minutes if count and count.days == found.written else None
    hourly = terms.gratuity if terms else None
    gratuity = (hourly * minutes / 60).quantize(Decimal("0.01")) if hourly and minutes is not None else None
    return paper.CertificateContent(
        number=number,
        version=version,
        issued_date=issued_date,
        year=period.year,
        kind=period.kind,
        school=paper.School(name=placement.school.name, uai=placement.school.uai, address=address_of(placement.school)),
        host=paper.Host(
            name=partner.name,
            siret=partner.siret or None,
            address=placement.place_address or address_of(partner),
            representative_name=f"{person.first_name} {person.last_name}".strip() if person else None,
            representative_role=person.position or None if person else None,
        ),
        pupil=paper.Pupil(
            first_name=student.first_name,
            last_name=student.last_name,
            birth_date=student.birth_date,
            class_label=period.school_class.label,
            diploma=period.school_class.diploma or None,
        ),
        period_label=period.label,
        start_date=placement.start_date,
        end_date=found.last_day,
        days=int(found.written),
        minutes=minutes,
        days_of_7h=days_of_7h(minutes),
        gratuity=gratuity,
        has_gratuity=bool(hourly),
        pays_allowance=period.kind not in (*OBSERVATIONS, PeriodKind.BTS),
        convention_number=convention.number if convention else None,
        verify_url=verifying.address(number),
    )


def party_of(said: paper.CertificateContent, placement: Placement, person: Contact | None) -> Party:
    """The one signature: the host's, under the name that the paper prints (R-ATT-02)."""
    return Party(
        SignatureRole.HOST,
        said.host.representative_name or said.host.name,
        position=said.host.representative_role or "",
        email=(person.email if person else "") or placement.partner.email,
        phone=(person.phone if person else "") or placement.partner.phone,
    )


def follow_days(placement: Placement, *, by: Any, now: datetime) -> Document | None:
    """The days changed after an attestation was issued: one that nobody has signed yet is replaced by its next edition, the signed
    one stays until someone asks for another. Returns the new edition."""
    former = certificates.of_one(placement)
    if former is None or former.is_signed or former.days is None or placement.days_done is None:
        return None
    if former.days == placement.days_done:
        return None
    try:
        return issue(placement, by=by, now=now)
    except ValidationError:  # it cannot be issued any more: the page says why
        return None


def prepare_pdf(document: Document, *, by: Any) -> Job:
    """Ask for the PDF of an issued attestation; asking twice gives the same job."""
    return jobs.enqueue(tasks.render_certificate, by=by, scope=document.school.uai, document_id=document.pk)


def issue_class(placements: Iterable[Placement], *, by: Any, now: datetime) -> tuple[list[Document], dict[int, str]]:
    """Issue those that have none yet. Returns the new papers, and why not for the others, by placement."""
    rows = list(placements)
    known = certificates.of(rows)
    made: list[Document] = []
    held: dict[int, str] = {}
    for placement in rows:
        if placement.pk in known:
            continue
        try:
            made.append(issue(placement, by=by, now=now))
        except ValidationError as error:
            held[placement.pk] = error.messages[0]
    return made, held
