"""Issued papers: the list, the page of one, its files, its signatures."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_GET, require_POST

from core import downloads, notices
from core import status as statuses
from core.components import words
from core.models import Job
from core.verdict import Verdict, demand
from documents import (
    archives,
    bulk,
    circuit,
    describing,
    permissions,
    proof,
    reminding,
    sealing,
    selectors,
    subjects,
    telling,
)
from documents.enums import ReminderKind, SignatureMeans, SignatureRole, SignatureStatus
from documents.filters import DocumentFilters
from documents.forms import refusals
from documents.models import Document, Scan, Signature
from documents.selectors import signature_state
from schools.middleware import SchoolRequest
from schools.pages import LISTS, Column, RecordPages
from schools.permissions import allows
from schools.roles import Permission


def about(document: Document) -> str:
    """Whom or what the paper is about, from its frozen content: the words that were printed."""
    return describing.summary(document).heading


class Number(str):
    """A paper's number, on one line of the screen."""

    def __html__(self) -> str:
        return format_html('<span class="text-nowrap">{}</span>', str(self))


class Missing:
    """Who is missing, in words, for a file; on screen, a mark each."""

    def __init__(self, document: Any) -> None:
        self.is_over = signature_state(document) == "remplace"
        self.refused = [] if self.is_over else [selectors.SIGNERS[row.role] for row in selectors.refused(document)]
        self.awaited = [] if self.is_over else [selectors.SIGNERS[row.role] for row in selectors.missing(document)]
        self.signed = len(selectors.signed(document))

    def __str__(self) -> str:
        said = [f"refus : {', '.join(self.refused)}"] if self.refused else []
        if self.awaited:
            said.append(", ".join(self.awaited))
        return " ; ".join(said)

    def __bool__(self) -> bool:
        return bool(self.refused or self.awaited)

    def __html__(self) -> str:
        marks = [words.tag(f"Refus : {who}", "x-circle", "stop") for who in self.refused]
        if self.awaited and not self.signed and not self.refused:
            marks.append(words.tag("Tout le monde", "pen", "wait"))
        else:
            marks += [words.tag(who[:1].upper() + who[1:], "pen", "wait") for who in self.awaited]
        return format_html(
            '<span class="marks-who"><span class="visually-hidden">Il manque : </span>{}</span>',
            mark_safe(" ".join(marks)),
        )


def missing_of(document: Any) -> Missing | None:
    return Missing(document) or None


class Marks:
    """« 3 sur 5 » with its marks while people sign; the state in one word else."""

    def __init__(self, document: Any) -> None:
        self.state = signature_state(document)
        self.signed, self.total = len(selectors.signed(document)), len(selectors.counted(document))

    def __str__(self) -> str:
        return f"{self.signed} sur {self.total}" if self.state == "a_signer" else statuses.word(self.state)

    def __html__(self) -> str:
        if self.state == "a_signer":
            return mark_safe(words.signatures(self.signed, self.total).strip())  # a strip forgets that it is HTML
        return words.status(self.state)


def last_reminded(document: Any) -> date | None:
    """The day of the last message about this paper, first or reminder."""
    moment = selectors.last_reminded(document)
    return timezone.localdate(moment) if moment else None


class DocumentPages(RecordPages):
    """Papers are issued by the apps above, never typed: a list and an export, no form."""

    model, app, name, slug = Document, "documents", "document", "documents"
    view = edit = Permission.VIEW_DOCUMENTS
    filters = DocumentFilters
    title, new_label = "Documents", ""
    noun = "document"
    intro = "Les conventions et les autres papiers émis : qui a signé, qui manque, à qui écrire de nouveau."
    empty = "Aucun document pour l’instant. Le premier naît avec un placement : sa convention."
    ordering = ("-issued_at", "-pk")
    list_template = "documents/document_list.html"
    filters_shown = 5
    bulk_actions = bulk.PAPERS
    columns = (
        Column("Numéro", lambda row: Number(row.number), "name", sort="number"),
        Column("Pour", about),
        Column("Émis le", lambda row: timezone.localdate(row.issued_at), "date", sort="issued_at"),
        Column("Signatures", Marks),
        Column("Il manque", missing_of),
        Column("Message", last_reminded, "date", load=selectors.with_reminders),
        Column("Type", "get_type_display", sort="type", screen=False),
        Column("Classe", lambda row: describing.summary(row).school_class, screen=False),
        Column("Version", "edition", "number", sort="edition", screen=False),
        Column("Signées", lambda row: len(selectors.signed(row)), "number", screen=False),
        Column("Empreinte SHA-256", "sha256", screen=False),
    )

    def rows(self, request: SchoolRequest) -> QuerySet[Document]:
        return permissions.visible_documents(request.membership)

    def list_rows(self, request: SchoolRequest) -> QuerySet[Document]:
        return selectors.with_signatures(self.rows(request)).select_related("school")

    def may_add(self, request: SchoolRequest) -> Verdict:
        return Verdict(False)

    def url(self, page: str, request: SchoolRequest, record: Any = None) -> str:
        return "" if page == "new" else super().url(page, request, record)


@dataclass
class SignatureRow:
    """A line of the table of signatures: what may be noted there, or why not; what was typed there when it was refused."""

    signature: Signature
    may_note: Verdict
    document: Document
    today: date
    asked: reminding.State | None = None  # may it be asked again, and when was it last?
    may_remind: bool = False  # written to before, and long enough ago
    typed: dict[str, str] = field(default_factory=dict)
    error: str = ""

    @property
    def is_awaited(self) -> bool:
        return self.signature.status == SignatureStatus.AWAITED

    @property
    def is_optional(self) -> bool:
        """May sign besides, and nobody waits for it (R-CONV-02)."""
        return self.signature.optional and self.is_awaited

    @property
    def is_refused(self) -> bool:
        return self.signature.status == SignatureStatus.REFUSED

    @property
    def how(self) -> str:
        """What stands beside the day of a signature given online, "" for any other."""
        is_online = self.signature.status == SignatureStatus.ONLINE and self.signature.means
        return SignatureMeans(self.signature.means).beside if is_online else ""

    @property
    def may_be_undone(self) -> bool:
        return self.signature.status in (SignatureStatus.ON_PAPER, SignatureStatus.REFUSED)

    @property
    def undo_label(self) -> str:
        return "Demander de nouveau" if self.signature.status == SignatureStatus.REFUSED else "Défaire"

    @property
    def first_day(self) -> str:
        """The earliest day that can stand on the paper, as a date field says it."""
        return timezone.localdate(self.document.issued_at).isoformat()

    @property
    def noting_failed(self) -> bool:
        """Was the day of this signature sent, and not taken?"""
        return bool(self.error) and self.typed.get("status") == SignatureStatus.ON_PAPER

    @property
    def refusing_failed(self) -> bool:
        return bool(self.error) and self.typed.get("status") == SignatureStatus.REFUSED

    @property
    def lone_error(self) -> str:
        """What is wrong, when the form that was sent is not there any more to say it."""
        return "" if self.is_awaited and (self.noting_failed or self.refusing_failed) else self.error

    @property
    def reason(self) -> str:
        return self.typed.get("reason", "")

    @property
    def day(self) -> str:
        """What the date field shows: what was typed, else today."""
        return self.typed.get("date", self.today.isoformat())


def signature_rows(request: SchoolRequest, document: Document, *, is_latest: bool) -> list[SignatureRow]:
    """The signatures of a paper in the order of its boxes, with what this person may note."""
    now = timezone.now()
    rows = selectors.in_boxes(
        Signature.objects.in_school(request.school)
        .filter(document=document)
        .select_related("recorded_by", "scan", "school")
    )
    for row in rows:
        row.document = document
    waits = is_latest and any(row.status == SignatureStatus.AWAITED for row in rows)
    states = reminding.states(rows, now) if waits else {}
    may_remind = bool(allows(request.membership, Permission.LOG_PLACEMENT))
    return [
        SignatureRow(
            row,
            permissions.may_note_signature(request.membership, document, SignatureRole(row.role), is_latest=is_latest),
            document,
            timezone.localdate(now),
            state := states.get(row.pk) if row.status == SignatureStatus.AWAITED else None,
            bool(may_remind and state and state.last and state.may),
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
document_bulk = require_POST(DocumentPages().bulk_page)
LISTS[DocumentPages().list_name] = DocumentPages()


def named_document(request: SchoolRequest, public_id: UUID) -> Document:
    """The paper that an address names, for who sees it: 404 or 403 otherwise."""
    demand(allows(request.membership, Permission.VIEW_DOCUMENTS))
    document: Document = DocumentPages().find(request, public_id)
    return document


def named_signature(request: SchoolRequest, public_id: UUID, role: str) -> Signature:
    """The signature that an address names, with its paper, for who may note it: 404 or 403 otherwise."""
    document = named_document(request, public_id)
    if role not in SignatureRole.values:
        raise Http404
    signature = Signature.objects.in_school(request.school).filter(document=document, role=role).first()
    if signature is None:
        raise Http404
    signature.document, signature.school = document, request.school
    latest = circuit.is_latest(document)
    demand(permissions.may_note_signature(request.membership, document, SignatureRole(role), is_latest=latest))
    return signature


@require_GET
def document_detail(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """One paper: what it is about, its PDF or how far it is, its signatures, its scans, its proof, its other editions."""
    return page(request, named_document(request, public_id))


def page(
    request: SchoolRequest, document: Document, *, refused: SignatureRow | None = None, status: int = 200
) -> HttpResponse:
    """The page of a paper; `refused`: a line whose form was sent and not taken, shown with what was typed."""
    editions = list(
        permissions.visible_documents(request.membership)
        .editions_of(document)
        .select_related("school")
        .order_by("-edition")
    )
    is_latest = editions[0].pk == document.pk and document.voided_at is None
    rows = signature_rows(request, document, is_latest=is_latest)
    if refused is not None:
        rows = [refused if row.signature.pk == refused.signature.pk else row for row in rows]
    subject, subject_url = subjects.link_of(document)
    events = proof.lines(document)
    document.signing = [row.signature for row in rows]  # type: ignore[attr-defined]
    scans = list(
        Scan.objects.in_school(request.school).filter(document=document, removed_at=None).order_by("created_at")
    )
    shown = permissions.visible_documents(request.membership).select_related("school")
    may_note = any(row.may_note for row in rows)
    return render(
        request,
        "documents/document_detail.html",
        {
            "document": document,
            "about": about(document),
            "state": signature_state(document),
            "editions": editions if len(editions) > 1 else [],
            "is_latest": is_latest,
            "rows": rows,
            "signed": len(selectors.signed(document)),
            "needed": len(selectors.counted(document)),
            "missing": ", ".join(selectors.SIGNERS[row.role] for row in selectors.missing(document)),
            "may_note_several": sum(bool(row.may_note and row.is_awaited and not row.is_optional) for row in rows) > 1,
            "may_deposit": may_note and is_latest,
            "may_remind": any(row.asked and row.asked.may for row in rows if not row.is_optional),
            "scans": scans,
            "may_note": may_note,
            "amended": shown.filter(pk=document.amends_id).first() if document.amends_id else None,
            "amendments": list(shown.filter(amends=document, voided_at=None).order_by("effective_date", "issued_at")),
            "events": [telling.told(event) for event in events],
            "seal": sealing.state(document),
            "first_break": proof.first_break(document, events),
            "subject": subject,
            "subject_url": subject_url,
            "job": preparation(document),
            "may_prepare": subjects.may_prepare(request.membership, document),
            "list_url": DocumentPages().back_url(request),
        },
        status=status,
    )


@require_GET
def document_progress(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """How far the PDF is: the fragment that a page shows and asks for again."""
    document = named_document(request, public_id)
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
    document = named_document(request, public_id)
    if not document.sha256:
        demand(subjects.may_prepare(request.membership, document))
        subjects.prepare(document, by=request.user)
    return redirect(back(request, document))


def as_attachment(file: Any, name: str) -> FileResponse:
    """A stored PDF to keep, never shown in place nor kept on the way. Raises Http404 when it is gone."""
    try:
        content = file.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    response = FileResponse(content, as_attachment=True, filename=name)
    response["Content-Type"] = "application/pdf"
    response["Cache-Control"] = "no-store, private"
    response["X-Content-Type-Options"] = "nosniff"
    return response


@require_GET
def document_file(request: SchoolRequest, public_id: UUID) -> HttpResponse | FileResponse:
    """The PDF that people sign, as an attachment; before it is made, the page that says so."""
    document = named_document(request, public_id)
    if not document.sha256 or not document.file:
        return redirect(document)
    suffix = f"-v{document.edition}" if document.edition > 1 else ""
    return as_attachment(document.file, f"{archives.plain(document.number)}{suffix}.pdf")


@require_GET
def document_sealed(request: SchoolRequest, public_id: UUID) -> HttpResponse | FileResponse:
    """The sealed PDF, with the proof inside; before it is sealed, the page that says so."""
    document = named_document(request, public_id)
    if not document.sealed_sha256 or not document.sealed_file:
        return redirect(document)
    return as_attachment(document.sealed_file, f"{archives.plain(document.number)}-v{document.edition}-scelle.pdf")


@require_GET
def document_proof(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """The proof as a file that anyone can check again."""
    document = named_document(request, public_id)
    content = proof.as_json(document, proof.lines(document))
    name = f"{archives.plain(document.number)}-v{document.edition}-preuve.json"
    return downloads.attachment(content, "application/json", name)


SAID = {
    SignatureStatus.ON_PAPER: "Signature notée : {}.",
    SignatureStatus.REFUSED: "Refus noté : {}. Corrigez ce qui doit l’être, puis éditez une nouvelle version.",
    SignatureStatus.AWAITED: "Signature de nouveau attendue : {}.",
}


@require_POST
def signature_note(request: SchoolRequest, public_id: UUID, role: str) -> HttpResponse:
    """Signed on paper on a day, refused with a reason, or awaited again: one party of a paper."""
    signature = named_signature(request, public_id, role)
    document = signature.document
    now = timezone.now()
    typed = {name: request.POST[name][:1000] for name in ("status", "date", "reason") if name in request.POST}
    try:
        status = SignatureStatus(typed.get("status", ""))
        match status:
            case SignatureStatus.ON_PAPER:
                day = read_day(typed.get("date"), timezone.localdate(now))
                circuit.note_paper(signature, signed_on=day, by=request.user, now=now)
            case SignatureStatus.REFUSED:
                circuit.refuse(signature, reason=refusals.reason(request.POST), by=request.user, now=now)
            case SignatureStatus.AWAITED:
                circuit.reopen(signature, by=request.user, now=now)
            case _:
                raise ValueError
    except ValidationError as error:
        return _not_taken(request, document, role, typed, error.messages[0])
    except ValueError:
        sentence = "Choisissez ce qu’il faut noter : signée, refusée, ou de nouveau attendue."
        return _not_taken(request, document, role, typed, sentence)
    notices.said(request, SAID[status].format(f"{signature.get_role_display()}, {signature.name}"))
    return redirect(back(request, document))


def as_day(text: str) -> date | None:
    """The day that a date field sent; None for what is no day."""
    try:
        return parse_date(text.strip())
    except ValueError:
        return None


def read_day(text: str | None, today: date) -> date:
    """The day written on a paper: today when nothing says it. Raises ValidationError for what is no day."""
    if text is None:
        return today
    day = as_day(text)
    if day is None:
        raise ValidationError("Écrivez la date qui est sur le papier : jour, mois, année.")
    return day


def _not_taken(
    request: SchoolRequest, document: Document, role: str, typed: dict[str, str], sentence: str
) -> HttpResponse:
    """The page of the paper again, with what was typed and why it was not taken."""
    latest = circuit.is_latest(document)
    row = next(row for row in signature_rows(request, document, is_latest=latest) if row.signature.role == role)
    row.typed, row.error = typed, sentence
    return page(request, document, refused=row, status=422)


@require_POST
def document_remind(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """Write again to those that this paper waits for, or to one of them: who was written to lately is left in peace."""
    document = named_document(request, public_id)
    demand(allows(request.membership, Permission.LOG_PLACEMENT))
    rows = Signature.objects.in_school(request.school).awaited().filter(document=document)
    role = request.POST.get("role", "")
    asked = [
        row
        for row in rows.select_related("school", "document__school").order_by("turn", "pk")
        if role in ("", row.role)
    ]
    outcome = reminding.remind(asked, kind=ReminderKind.MANUAL, by=request.user, now=timezone.now())
    (notices.said if outcome.messages else notices.warned)(request, outcome.sentence)
    return redirect(back(request, document))


@require_POST
def signatures_all(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """The sheet came back with every signature that this person may note."""
    document = named_document(request, public_id)
    latest = circuit.is_latest(document)
    rows = [
        row for row in signature_rows(request, document, is_latest=latest) if row.is_awaited and not row.is_optional
    ]
    roles = [SignatureRole(row.signature.role) for row in rows if row.may_note]
    if rows and not roles:
        demand(rows[0].may_note)
    now = timezone.now()
    try:
        day = read_day(request.POST.get("date"), timezone.localdate(now))
        signed = circuit.note_all_on_paper(document, roles=roles, signed_on=day, by=request.user, now=now)
    except ValidationError as error:
        notices.refused(request, error.messages[0])
        return redirect(back(request, document))
    if signed:
        notices.said(request, "Signature notée." if signed == 1 else f"{signed} signatures notées.")
    else:
        notices.warned(request, "Aucune signature n’était attendue.")
    return redirect(back(request, document))


def back(request: SchoolRequest, document: Document) -> str:
    """The page the person came from when it is the paper's subject, else the paper."""
    subject_url = subjects.link_of(document)[1]
    return subject_url if subject_url and request.POST.get("retour") == "objet" else document.get_absolute_url()
