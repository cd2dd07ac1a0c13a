"""Issued papers: the list, the page of one, its PDF, its signatures."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Count, Q, QuerySet
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from core import notices
from core.models import Job
from core.verdict import Verdict, demand
from documents import circuit, permissions, subjects
from documents.enums import SIGNED, SignatureRole, SignatureStatus
from documents.filters import DocumentFilters
from documents.models import Document, Signature
from schools.middleware import SchoolRequest
from schools.pages import Column, RecordPages
from schools.permissions import allows
from schools.roles import Permission

ORDER = (
    SignatureRole.HOST, SignatureRole.PARTNER, SignatureRole.TUTOR, SignatureRole.STUDENT, SignatureRole.GUARDIAN,
    SignatureRole.REFERENT, SignatureRole.HEAD,
)  # fmt: skip
"""The boxes of the paper; the head of the school signs last (R-CONV-03)."""


def signature_state(document: Any) -> str:
    """A status code of core.status, from the counts that `with_signatures` adds."""
    if document.refused_count:
        return "refusee"
    if document.awaited_count:
        return "a_signer"
    if document.signed_count:
        return "signe"
    return "remplace" if document.voided_count else "edite"


def with_signatures(documents: QuerySet[Document]) -> QuerySet[Document]:
    """Each paper with how many of its signatures are in each state."""
    return documents.annotate(
        signed_count=Count("signatures", filter=Q(signatures__status__in=SIGNED)),
        awaited_count=Count("signatures", filter=Q(signatures__status=SignatureStatus.AWAITED)),
        refused_count=Count("signatures", filter=Q(signatures__status=SignatureStatus.REFUSED)),
        voided_count=Count("signatures", filter=Q(signatures__status=SignatureStatus.VOIDED)),
    )


def about(document: Document) -> str:
    """Whom or what the paper is about, from its frozen content: the words that were printed."""
    pupil = document.content.get("pupil") or {}
    host = document.content.get("host") or {}
    names = (f"{pupil.get('last_name', '')} {pupil.get('first_name', '')}".strip(), host.get("name", ""))
    return " · ".join(name for name in names if name)


class DocumentPages(RecordPages):
    """Papers are issued by the apps above, never typed: a list and an export, no form."""

    model, app, name, slug = Document, "documents", "document", "documents"
    view = edit = Permission.VIEW_DOCUMENTS
    filters = DocumentFilters
    title, new_label = "Documents", ""
    intro = "Les conventions et les rapports émis : leur numéro, leur version, qui a signé."
    empty = "Aucun document pour l’instant. Le premier naît avec un placement : sa convention."
    ordering = ("-issued_at", "-pk")
    list_template = "documents/document_list.html"
    columns = (
        Column("Numéro", "number", "name", sort="number"),
        Column("Type", "get_type_display", sort="type"),
        Column("Pour", about),
        Column("Émis le", lambda row: timezone.localdate(row.issued_at), "date", sort="issued_at"),
        Column("Version", "edition", "number", sort="edition"),
        Column("Signatures", signature_state, "badge"),
        Column("Signées", "signed_count", "number"),
        Column("Empreinte SHA-256", "sha256", screen=False),
    )

    def rows(self, request: SchoolRequest) -> QuerySet[Document]:
        return permissions.visible_documents(request.membership)

    def list_rows(self, request: SchoolRequest) -> QuerySet[Document]:
        return with_signatures(self.rows(request)).select_related("school")

    def may_add(self, request: SchoolRequest) -> Verdict:
        return Verdict(False)

    def url(self, page: str, request: SchoolRequest, record: Any = None) -> str:
        return "" if page == "new" else super().url(page, request, record)


@dataclass(frozen=True)
class SignatureRow:
    """A line of the table of signatures: what may be noted there, or why not."""

    signature: Signature
    may_note: Verdict

    @property
    def is_awaited(self) -> bool:
        return self.signature.status == SignatureStatus.AWAITED

    @property
    def may_be_undone(self) -> bool:
        return self.signature.status in (SignatureStatus.ON_PAPER, SignatureStatus.REFUSED)


def signature_rows(request: SchoolRequest, document: Document, *, is_latest: bool) -> list[SignatureRow]:
    """The signatures of a paper in the order of its boxes, with what this person may note."""
    rows = sorted(
        Signature.objects.in_school(request.school).filter(document=document),
        key=lambda row: ORDER.index(SignatureRole(row.role)),
    )
    return [
        SignatureRow(
            row,
            permissions.may_note_signature(request.membership, document, SignatureRole(row.role), is_latest=is_latest),
        )
        for row in rows
    ]


def preparation(document: Document) -> Job | None:
    """The job that makes the PDF, the last one asked for; None when the paper has its PDF or nobody asked."""
    if document.sha256:
        return None
    return Job.objects.filter(key=job_key(document)).order_by("-created_at").first()


def job_key(document: Document) -> str:
    """The key under which a paper's PDF is made, whatever the paper."""
    return f"document:{document.pk}"


document_list = require_GET(DocumentPages().list_page)


def _found(request: SchoolRequest, public_id: UUID) -> Document:
    demand(allows(request.membership, Permission.VIEW_DOCUMENTS))
    return DocumentPages().find(request, public_id)


@require_GET
def document_detail(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """One paper: what it is about, its PDF or how far it is, its signatures, its other editions."""
    document = _found(request, public_id)
    editions = list(
        permissions.visible_documents(request.membership)
        .filter(type=document.type, number=document.number, subject=document.subject, subject_id=document.subject_id)
        .select_related("school")
        .order_by("-edition")
    )
    is_latest = editions[0].pk == document.pk
    rows = signature_rows(request, document, is_latest=is_latest)
    subject, subject_url = subjects.link_of(document)
    return render(
        request,
        "documents/document_detail.html",
        {
            "document": document,
            "about": about(document),
            "editions": editions if len(editions) > 1 else [],
            "is_latest": is_latest,
            "rows": rows,
            "signed": sum(row.signature.status in SIGNED for row in rows),
            "may_note_several": sum(bool(row.may_note and row.is_awaited) for row in rows) > 1,
            "subject": subject,
            "subject_url": subject_url,
            "job": preparation(document),
            "may_prepare": subjects.may_prepare(request.membership, document),
            "list_url": DocumentPages().url("list", request),
        },
    )


@require_GET
def document_progress(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """How far the PDF is: the fragment that a page shows and asks for again."""
    document = _found(request, public_id)
    return render(
        request,
        "documents/partials/file_state.html",
        {
            "document": document,
            "job": preparation(document),
            "may_prepare": subjects.may_prepare(request.membership, document),
        },
    )


@require_POST
def document_prepare(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """Ask for the PDF of a paper that has none: asking twice makes one."""
    document = _found(request, public_id)
    if not document.sha256:
        demand(subjects.may_prepare(request.membership, document))
        subjects.prepare(document, by=request.user)
    return redirect(back(request, document))


@require_GET
def document_file(request: SchoolRequest, public_id: UUID) -> HttpResponse | FileResponse:
    """The PDF, as an attachment; before it is made, the page that says so."""
    document = _found(request, public_id)
    if not document.sha256 or not document.file:
        return redirect(document)
    try:
        content = document.file.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    suffix = f"-v{document.edition}" if document.edition > 1 else ""
    response = FileResponse(content, as_attachment=True, filename=f"{document.number}{suffix}.pdf")
    response["Content-Type"] = "application/pdf"
    response["Cache-Control"] = "no-store, private"
    response["X-Content-Type-Options"] = "nosniff"
    return response


SAID = {
    SignatureStatus.ON_PAPER: "Signature notée : {}.",
    SignatureStatus.REFUSED: "Refus noté : {}. Corrigez le placement pour éditer une nouvelle version.",
    SignatureStatus.AWAITED: "Signature de nouveau attendue : {}.",
}


@require_POST
def signature_note(request: SchoolRequest, public_id: UUID, role: str) -> HttpResponse:
    """Signed on paper, refused with a reason, or awaited again: one party of a paper."""
    document = _found(request, public_id)
    signature = Signature.objects.in_school(request.school).filter(document=document, role=role).first()
    if signature is None:
        raise Http404
    signature.document, signature.school = document, request.school
    demand(
        permissions.may_note_signature(
            request.membership, document, SignatureRole(role), is_latest=circuit.is_latest(document)
        )
    )
    try:
        status = SignatureStatus(request.POST.get("status", ""))
        now = timezone.now()
        match status:
            case SignatureStatus.ON_PAPER:
                circuit.note_paper(signature, signed_on=timezone.localdate(now), by=request.user, now=now)
            case SignatureStatus.REFUSED:
                circuit.refuse(signature, reason=request.POST.get("reason", "")[:1000], by=request.user, now=now)
            case SignatureStatus.AWAITED:
                circuit.reopen(signature, by=request.user, now=now)
            case _:
                raise ValueError
    except ValidationError as error:
        notices.refused(request, error.messages[0])
    except ValueError:
        notices.refused(request, "Choisissez ce qu’il faut noter : signée, refusée, ou de nouveau attendue.")
    else:
        notices.said(request, SAID[status].format(f"{signature.get_role_display()}, {signature.name}"))
    return redirect(back(request, document))


@require_POST
def signatures_all(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """The sheet came back with every signature that this person may note."""
    document = _found(request, public_id)
    latest = circuit.is_latest(document)
    rows = [row for row in signature_rows(request, document, is_latest=latest) if row.is_awaited]
    roles = [SignatureRole(row.signature.role) for row in rows if row.may_note]
    if rows and not roles:
        demand(rows[0].may_note)
    now = timezone.now()
    signed = circuit.note_all_on_paper(
        document, roles=roles, signed_on=timezone.localdate(now), by=request.user, now=now
    )
    if signed:
        notices.said(request, "Signature notée." if signed == 1 else f"{signed} signatures notées.")
    else:
        notices.warned(request, "Aucune signature n’était attendue.")
    return redirect(back(request, document))


def back(request: SchoolRequest, document: Document) -> str:
    """The page the person came from when it is the paper's subject, else the paper."""
    subject_url = subjects.link_of(document)[1]
    return subject_url if subject_url and request.POST.get("retour") == "objet" else document.get_absolute_url()
