"""Verbs on issued papers: issue one, replace it by a new edition, store its PDF once. How they get signed: `circuit`."""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from core import audit, disk
from core.frozen import Frozen
from documents import circuit, proof, rules
from documents.enums import DocumentType, EventKind, SignatureRole, Subject
from documents.models import Document, Signature, stored_path
from documents.printing import Change
from schools.models import School

PREFIXES: Mapping[str, str] = {
    DocumentType.PFMP_CONVENTION: "PFMP",
    DocumentType.PFMP_AVENANT: "AVENANT",
    DocumentType.PFMP_CERTIFICATE: "ATTESTATION",
    DocumentType.AGREEMENT: "CONVENTION",
    DocumentType.YEARLY_REPORT: "RAPPORT",
    DocumentType.OTHER: "DOCUMENT",
}
DIGITS = 5
Content = TypeVar("Content", bound=Frozen)


@dataclass(frozen=True)
class Party:
    """Someone who has to sign: the role and the name on the paper, their title, where links and codes go.

    `optional`: may sign besides, and nobody waits for it (a minor beside the guardian, R-CONV-02).
    """

    role: SignatureRole
    name: str
    position: str = ""
    email: str = ""
    phone: str = ""
    optional: bool = False

    def columns(self, order: Sequence[Iterable[str]]) -> dict[str, Any]:
        """What its line on a paper holds, by column of `Signature`, in the school's order of roles."""
        return {**asdict(self), "turn": rules.turn_of(self.role, order)}


def next_number(school: School, type: DocumentType, year: int) -> str:
    """`PFMP-2026-00042`: the next of that kind in the school and the calendar year.

    Call it inside the transaction that inserts the paper, after `hold_numbers`.
    """
    prefix = f"{PREFIXES[type]}-{year}-"
    last = (
        Document.objects.in_school(school)
        .filter(number__startswith=prefix, number__regex=rf"^{prefix}[0-9]{{{DIGITS}}}$")
        .order_by("-number")
        .values_list("number", flat=True)
        .first()
    )
    return f"{prefix}{int(last.removeprefix(prefix)) + 1 if last else 1:0{DIGITS}d}"


def hold_numbers(school: School) -> None:
    """Until the end of the transaction nobody else issues a paper in this school: numbers follow each other."""
    School.objects.select_for_update(no_key=True).get(pk=school.pk)


@transaction.atomic
def issue(
    *,
    school: School,
    type: DocumentType,
    subject: Subject,
    subject_id: str,
    content: Callable[[str, int], Content],
    template_version: str,
    parties: Callable[[Content], Iterable[Party]],
    by: Any,
    now: datetime,
    replaces: Document | None = None,
    amends: Document | None = None,
    changes: Sequence[Change] = (),
    effective_date: date | None = None,
) -> Document:
    """Issue a paper: its number, what it says, who is to sign. Its PDF is made afterwards, from the frozen content.

    `content(number, edition)` gives what the paper says, then `parties(content)` who has to sign it. With `replaces`, the number
    is kept, the edition grows by one and the signatures of the former edition are voided. An avenant names what it `amends`,
    which stays signed, what it `changes` and from which day it holds.
    """
    hold_numbers(school)
    if replaces is None:
        number, edition = next_number(school, type, timezone.localdate(now).year), 1
    else:
        number, edition = replaces.number, replaces.edition + 1
        circuit.void(replaces, by=by, now=now, reason="nouvelle version")
    said = content(number, edition)
    document = Document(
        school=school,
        type=type,
        subject=subject,
        subject_id=subject_id,
        number=number,
        edition=edition,
        issued_at=now,
        content=said.to_json(),
        template_version=template_version,
        amends=amends,
        changes=[asdict(change) for change in changes],
        effective_date=effective_date,
        created_by=by,
        updated_by=by,
    )
    document.save(force_insert=True)
    order = circuit.settings_of(school).order
    asked = list(parties(said))
    Signature.objects.bulk_create(
        Signature(school=school, document=document, created_by=by, updated_by=by, **party.columns(order))
        for party in asked
    )
    proof.add(
        document, EventKind.ISSUED, at=now, by=by, number=number, edition=edition, roles=[p.role.value for p in asked]
    )
    audit.record("documents.issued", document, by=by, edition=edition)
    return document


def store(document: Document, pdf: bytes) -> bool:
    """Keep the PDF of a paper with its SHA-256, once. False, changing nothing, when the paper has one already.

    Raises jobs.Failure when the disk is full; nothing is half done then.
    """
    if Document.objects.in_school(document.school_id).filter(pk=document.pk).exclude(sha256="").exists():
        return False
    with disk.said_when_full("le document n’est pas enregistré"):
        name = default_storage.save(stored_path(document, ""), ContentFile(pdf))
    try:
        with transaction.atomic():
            kept = (
                Document.objects.in_school(document.school_id)
                .filter(pk=document.pk, sha256="")
                .update(sha256=hashlib.sha256(pdf).hexdigest(), file=name, updated_at=timezone.now())
            )
    except BaseException:
        default_storage.delete(name)
        raise
    if not kept:  # another worker was first: its file is the paper
        default_storage.delete(name)
    return bool(kept)
