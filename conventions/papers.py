"""The paper of an agreement: issued, corrected by a new edition, changed by an avenant once all have signed; who signs it."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from conventions import documents, paper_text, tasks
from conventions.documents import AgreementContent, Change
from conventions.models import Agreement
from core import jobs
from core.models import Job
from core.verdict import ALLOWED, Denied, Verdict
from documents import delegations, services, verifying
from documents.enums import DocumentType, SignatureRole, Subject
from documents.models import Document
from documents.wording import versions
from partners.models import Contact
from schools.models import Membership
from schools.permissions import allows
from schools.roles import Permission


def missing(agreement: Agreement, signer: Contact | None) -> list[str]:
    """What must be printed and is not known, in sentences; [] when the paper can be issued (R-CONV-07)."""
    found = []
    if agreement.partner is None:
        found.append(
            "Un cadre national ou académique ne s’édite pas ici : le lycée le décline dans une convention à lui."
        )
        return found
    if not agreement.axes_list:
        found.append("Écrivez d’abord au moins un axe de travail.")
    if agreement.board_vote_date is None:
        found.append("Écrivez la date de la délibération du conseil d’administration (R-CONV-07).")
    if not agreement.school.head_name.strip():
        found.append("Écrivez le nom du chef d’établissement dans les réglages du lycée.")
    if signer is None:
        found.append(
            f"Dites qui signe pour {agreement.partner} : un contact « Dirige et signe », ou l’interlocuteur de la convention."
        )
    return found


@transaction.atomic
def issue_agreement(agreement: Agreement, *, by: Any, now: datetime, replaces: Document | None = None) -> Document:
    """Issue the paper of an agreement: number, frozen content, two awaited signatures; its PDF is asked for.

    `replaces`: the former edition, whose signatures fall. Raises ValidationError with what must be printed and is not known.
    """
    return _issue(agreement, by=by, now=now, replaces=replaces)


@transaction.atomic
def issue_avenant(
    agreement: Agreement, amends: Document, *, changes: Sequence[Change], effective_date: date, by: Any, now: datetime
) -> Document:
    """Issue an avenant to an agreement that everyone has signed: what changes, from which day. The agreement stays signed.

    Raises ValidationError when nothing changes, or the agreement is not signed of all.
    """
    if not changes:
        raise ValidationError("Dites ce qui change : un avenant sans changement ne dit rien.")
    if amends.completed_at is None:
        raise ValidationError("La convention n’est pas encore signée de tous : corrigez-la par une nouvelle version.")
    return _issue(agreement, by=by, now=now, amends=amends, changes=changes, effective_date=effective_date)


def _issue(
    agreement: Agreement,
    *,
    by: Any,
    now: datetime,
    replaces: Document | None = None,
    amends: Document | None = None,
    changes: Sequence[Change] = (),
    effective_date: date | None = None,
) -> Document:
    agreement = documents.with_relations(Agreement.objects.in_school(agreement.school_id)).get(pk=agreement.pk)
    signer = documents.signer_of(agreement)
    if found := missing(agreement, signer):
        raise ValidationError(found)
    amendment: dict[str, Any] = {}
    if amends is not None:
        amendment = {
            "amends_number": amends.number,
            "amends_date": timezone.localdate(amends.issued_at),
            "changes": tuple(changes),
            "effective_date": effective_date,
        }

    def content(number: str, edition: int) -> AgreementContent:
        return documents.content_of(
            agreement,
            number=number,
            version=edition,
            issued_date=timezone.localdate(now),
            signer=signer,
            verify_url=verifying.address(number),
            **amendment,
        )

    document = services.issue(
        school=agreement.school,
        type=DocumentType.AGREEMENT,
        subject=Subject.AGREEMENT,
        subject_id=agreement.dossier_id,
        content=content,
        template_version=versions.text_for(agreement.school, paper_text.MODEL).version,
        parties=lambda content: parties(agreement, content, signer),
        by=by,
        now=now,
        replaces=replaces,
        amends=amends,
        changes=changes,
        effective_date=effective_date,
    )
    prepare_pdf(document, by=by)
    return document


def parties(agreement: Agreement, content: AgreementContent, signer: Contact | None) -> list[services.Party]:
    """Who signs: the partner's representative, then the head of the school; under the names that the paper prints."""
    head = delegations.head_of(agreement.school)
    partner = agreement.partner
    return [
        services.Party(
            SignatureRole.PARTNER,
            content.partner.representative_name or content.partner.name,
            position=content.partner.representative_role or "",
            email=(signer.email if signer else "") or (partner.email if partner else ""),
            phone=(signer.phone if signer else "") or (partner.phone if partner else ""),
        ),
        services.Party(
            SignatureRole.HEAD,
            content.school.head_name or "Chef d’établissement",
            position="chef d’établissement",
            email=head.email if head else "",
        ),
    ]


def prepare_pdf(document: Document, *, by: Any) -> Job:
    """Ask for the PDF of an issued agreement; asking twice gives the same job."""
    return jobs.enqueue(tasks.render_agreement, by=by, scope=document.school.uai, document_id=document.pk)


# ------------------------------------------------------------------------------------- for documents.subjects.register


def own_papers(membership: Membership) -> Q:
    """A role limited to its own pupils sees no agreement's paper."""
    return Q(pk__in=())


def may_sign(membership: Membership, document: Document, role: SignatureRole) -> Verdict:
    """Note what came back signed on paper: the bureau any party, the head their own box (S-05)."""
    if allows(membership, Permission.EDIT_AGREEMENTS):
        return ALLOWED
    if role == SignatureRole.HEAD and allows(membership, Permission.SIGN_CONVENTION):
        return ALLOWED
    return Denied("Le bureau des entreprises la note.")


def agreement_of(document: Document) -> Agreement | None:
    """The agreement that a paper speaks of; None when it is gone."""
    found: Agreement | None = (
        Agreement.objects.in_school(document.school_id)
        .filter(dossier_id=document.subject_id)
        .select_related("school", "partner")
        .first()
    )
    return found


def link(document: Document) -> tuple[str, str]:
    """The agreement in words, and its address; two empty texts when it is gone."""
    agreement = agreement_of(document)
    return (agreement.title, agreement.get_absolute_url()) if agreement else ("", "")


def folders(found: Iterable[Document]) -> dict[int, str]:
    """In an archive, papers of agreements stand by partner: « Conventions de partenariat/Menuiserie Boisclair »."""
    found = list(found)
    if not found:
        return {}
    names = dict(
        Agreement.objects.in_school(found[0].school_id)
        .filter(dossier_id__in=[document.subject_id for document in found], partner__isnull=False)
        .values_list("dossier_id", "partner__name")
    )
    return {
        document.pk: f"Conventions de partenariat/{names[document.subject_id].replace('/', '-')}"
        for document in found
        if document.subject_id in names
    }
