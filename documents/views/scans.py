"""The scan of a signed paper: deposit it, take its file, remove it."""

import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core import notices, scanning
from core.french import plural
from core.verdict import Denied, demand
from documents import archives, circuit, permissions, scans, selectors
from documents.enums import SignatureRole
from documents.forms.scans import ScanForm
from documents.models import Document, Scan, Signature
from documents.views.papers import DocumentPages, about, as_attachment, named_document
from schools.middleware import SchoolRequest
from schools.permissions import allows
from schools.roles import Permission


def _noted_by(request: SchoolRequest, document: Document) -> list[Signature]:
    """The signatures of a paper that this person may note; demands that there be some."""
    rows = selectors.in_boxes(
        Signature.objects.in_school(request.school).filter(document=document).select_related("scan")
    )
    latest = circuit.is_latest(document)
    mine = []
    verdict = Denied("Personne n’a à signer ce document.")
    for row in rows:
        answer = permissions.may_note_signature(request.membership, document, SignatureRole(row.role), is_latest=latest)
        if answer:
            mine.append(row)
        else:
            verdict = answer
    if not mine:
        demand(verdict)
    return mine


@contextmanager
def _on_disk(files: Sequence[UploadedFile]) -> Iterator[list[scanning.Sent]]:
    """The files sent, each where the child process can open it; removed afterwards."""
    with ExitStack() as stack:
        found = []
        for file in files:
            if hasattr(file, "temporary_file_path"):
                path = file.temporary_file_path()
            else:
                kept = stack.enter_context(tempfile.NamedTemporaryFile())
                for chunk in file.chunks():
                    kept.write(chunk)
                kept.flush()
                path = kept.name
            found.append(scanning.Sent(path, file.name or "", os.stat(path).st_size))
        yield found


@require_http_methods(["GET", "POST"])
def scan_new(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """Photos or a PDF of the signed paper, with the signatures that it shows and the day written there."""
    document = named_document(request, public_id)
    mine = _noted_by(request, document)
    now = timezone.now()
    form = ScanForm(
        request.POST or None,
        request.FILES or None,
        signatures=[row for row in mine if scans.may_show(row)],
        today=timezone.localdate(now),
        first=timezone.localdate(document.issued_at),
    )
    if request.method == "POST" and form.is_valid():
        try:
            with _on_disk(form.cleaned_data["pages"]) as files:
                scanned = scans.read(files)
        except ValidationError as error:
            form.add_error("pages", error)
        else:
            try:
                scan = scans.deposit(
                    document,
                    scanned,
                    roles=form.cleaned_data["roles"],
                    signed_on=form.cleaned_data["date"],
                    by=request.user,
                    now=now,
                )
            except ValidationError as error:
                form.add_error("date", error)
            else:
                noted = len(form.cleaned_data["roles"])
                said = f"Numérisation gardée : {plural(scan.pages, 'page')}"
                notices.said(request, said + (f", {plural(noted, 'signature')}." if noted else "."))
                return redirect(document)
    return render(
        request,
        "documents/scan_new.html",
        {
            "form": form,
            "document": document,
            "about": about(document),
            "list_url": DocumentPages().back_url(request),
            "resend": form.is_bound and bool(request.FILES),
        },
        status=422 if form.is_bound else 200,
    )


def _found(request: SchoolRequest, public_id: UUID) -> tuple[Scan, Document]:
    """A scan of a paper that this person sees, or 404."""
    demand(allows(request.membership, Permission.VIEW_DOCUMENTS))
    scan = (
        Scan.objects.in_school(request.school)
        .filter(
            public_id=public_id,
            removed_at=None,
            document__in=permissions.visible_documents(request.membership).values("pk"),
        )
        .select_related("document", "school")
        .first()
    )
    if scan is None:
        raise Http404
    scan.document.school = request.school
    return scan, scan.document


@require_GET
def scan_file(request: SchoolRequest, public_id: UUID) -> FileResponse:
    """The pages of a scan, as an attachment, for those who see the paper."""
    scan, document = _found(request, public_id)
    rank = Scan.objects.in_school(request.school).filter(document=document, created_at__lte=scan.created_at).count()
    return as_attachment(scan.file, f"{archives.plain(document.number)}-v{document.edition}-signe-{rank}.pdf")


@require_POST
def scan_remove(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """A scan deposited by mistake: the signatures that it noted are awaited again."""
    scan, document = _found(request, public_id)
    mine = {row.pk for row in _noted_by(request, document)}
    others = Signature.objects.in_school(request.school).filter(scan=scan).exclude(pk__in=mine).exists()
    if others:
        demand(Denied("Cette numérisation porte une signature que vous ne notez pas : demandez au bureau."))
    try:
        reopened = scans.remove(scan, by=request.user, now=timezone.now())
    except ValidationError as error:
        notices.refused(request, error.messages[0])
    else:
        again = plural(reopened, "signature de nouveau attendue", "signatures de nouveau attendues")
        notices.said(request, f"Numérisation retirée. {again}." if reopened else "Numérisation retirée.")
    return redirect(document)
