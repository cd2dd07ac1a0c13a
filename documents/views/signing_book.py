"""« À signer »: the papers that wait for one's own signature, a code for the batch, one consent, and each paper signed."""

from datetime import date
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core import french, notices, tokens
from core.verdict import demand
from documents import codes, delegations, permissions, signing_book, subjects
from documents.enums import SignatureMeans, SignatureStatus
from documents.forms import refusals
from documents.forms.signing_book import SignForm
from documents.models import Signature
from documents.views import tracing
from schools.bulk import picked_ids
from schools.middleware import SchoolRequest
from schools.permissions import allows
from schools.roles import Permission

PICKED = "signing_book"  # in the session: the papers that the code was asked for
PAGE = 30
LATER = 12
"""Papers shown that wait for others first."""


def _today_and_right(request: SchoolRequest) -> date:
    demand(allows(request.membership, Permission.VIEW_DOCUMENTS))
    return timezone.localdate()


def book_page(request: SchoolRequest, *, form: forms.Form | None = None, status: int = 200) -> HttpResponse:
    """The list: what can be signed now, then what waits for others."""
    today = timezone.localdate()
    ready = (
        signing_book.ready(request.membership, today)
        .select_related("school", "document__school")
        .order_by("document__issued_at", "document__pk", "role")
    )
    page = Paginator(ready, PAGE).get_page(request.GET.get("page"))
    later = signing_book.not_yet(request.membership, today)
    lines = signing_book.lines(page.object_list)
    return render(
        request,
        "documents/signing_book.html",
        {
            "page": page,
            "lines": lines,
            "has_alerts": any(line.summary.alerts for line in lines),
            "can_sign": any(line.may for line in lines),
            "unprepared": sum(not line.signature.document.sha256 for line in lines),
            "later": signing_book.lines(
                later.select_related("school", "document__school").order_by("document__issued_at", "pk")[:LATER]
            ),
            "later_count": later.count(),
            "ticked": request.GET.get("coche") == "tout",
            "standing": delegations.standing(request.membership, today),
            "form": form,
        },
        status=status,
    )


@require_GET
def signing_book_list(request: SchoolRequest) -> HttpResponse:
    """The papers that wait for this person."""
    _today_and_right(request)
    return book_page(request)


@require_POST
def signing_book_prepare(request: SchoolRequest) -> HttpResponse:
    """Ask for the PDF of the papers of the book that have none: nobody signs what cannot be read."""
    today = _today_and_right(request)
    rows = signing_book.ready(request.membership, today).filter(document__sha256="").select_related("document__school")
    asked = 0
    for row in rows[: signing_book.MOST]:
        if subjects.may_prepare(request.membership, row.document):
            subjects.prepare(row.document, by=request.user)
            asked += 1
    if asked:
        notices.said(request, f"{french.plural(asked, 'PDF')} en préparation. Rouvrez cette page dans une minute.")
    else:
        notices.warned(request, "Tous les PDF qui peuvent l’être sont prêts.")
    return redirect("documents:signing_book", request.school.uai)


@require_POST
def signing_book_code(request: SchoolRequest) -> HttpResponse:
    """A code by mail for the papers that are ticked."""
    today = _today_and_right(request)
    picked = picked_ids(request)
    rows = [
        row
        for row in signing_book.chosen(request.membership, picked, today)
        if row.status == SignatureStatus.AWAITED and row.document.sha256 and row.document.voided_at is None
    ]
    rows = [line.signature for line in signing_book.lines(rows) if line.may]
    if not rows:
        notices.refused(request, "Cochez d’abord les documents que vous signez.")
    elif len(rows) > signing_book.MOST:
        notices.refused(request, f"Pas plus de {signing_book.MOST} documents à la fois.")
    else:
        return _send_code(request, rows)
    return redirect("documents:signing_book", request.school.uai)


def _send_code(request: SchoolRequest, rows: list[Signature]) -> HttpResponse:
    try:
        codes.send_to_account(request.user, request.school, papers=[row.document for row in rows], now=timezone.now())
    except ValidationError as error:
        notices.refused(request, error.messages[0])
        return redirect("documents:signing_book", request.school.uai)
    request.session[PICKED] = [request.school.uai, *(str(row.document.public_id) for row in rows)]
    return redirect("documents:signing_book_sign", request.school.uai)


def _picked(request: SchoolRequest) -> list[UUID]:
    """The papers that the last code was asked for, in this school."""
    kept = request.session.get(PICKED) or [""]
    return [UUID(text) for text in kept[1:]] if kept[0] == request.school.uai else []


@require_http_methods(["GET", "POST"])
def signing_book_sign(request: SchoolRequest) -> HttpResponse:
    """The list once more, the consent, the code; then each paper signed, and what moved meanwhile said."""
    today = _today_and_right(request)
    rows = signing_book.chosen(request.membership, _picked(request), today)
    if not rows:
        if request.method == "POST":
            notices.refused(request, "Cochez les documents que vous signez, puis demandez un code.")
        return redirect("documents:signing_book", request.school.uai)
    consent = signing_book.consent(rows)
    form = SignForm(request.POST or None, consent=consent)
    if not form.is_valid():
        return _sign_page(request, rows, form)
    now = timezone.now()
    outcome = codes.check(
        form.cleaned_data["code"],
        now=now,
        target=codes.target_of(*(row.document for row in rows)),
        user=request.user,
        school_id=request.school.pk,
    )
    if not outcome:
        form.add_error("code", outcome.sentence)
        return _sign_page(request, rows, form)
    results = signing_book.sign(
        request.membership,
        rows,
        shown={row.document.public_id: request.POST.get(f"sha-{row.document.public_id}", "")[:64] for row in rows},
        accepted=consent,
        trace=tracing.trace(request, SignatureMeans.ACCOUNT, address=tokens.masked(request.user.email)),
        by=request.user,
        now=now,
    )
    del request.session[PICKED]
    signed = sum(not result.reason for result in results)
    if signed:
        notices.said(request, f"{french.plural(signed, 'document signé', 'documents signés')}.")
    for result in results:
        if result.reason:
            notices.warned(request, f"{result.signature.document.number} n’est pas signé : {result.reason}")
    return redirect("documents:signing_book", request.school.uai)


def _sign_page(request: SchoolRequest, rows: list[Signature], form: SignForm) -> HttpResponse:
    return render(
        request,
        "documents/signing_book_sign.html",
        {
            "lines": signing_book.lines(rows),
            "form": form,
            "address": tokens.masked(request.user.email),
            "standing": delegations.standing(request.membership, timezone.localdate()),
        },
        status=422 if form.is_bound else 200,
    )


@require_POST
def signing_book_again(request: SchoolRequest) -> HttpResponse:
    """Another code for the same papers: the first did not come, or was tried too often."""
    today = _today_and_right(request)
    rows = [
        row
        for row in signing_book.chosen(request.membership, _picked(request), today)
        if row.status == SignatureStatus.AWAITED and row.document.voided_at is None
    ]
    if not rows:
        notices.refused(request, "Cochez les documents que vous signez, puis demandez un code.")
        return redirect("documents:signing_book", request.school.uai)
    return _send_code(request, rows)


@require_http_methods(["GET", "POST"])
def signing_book_refuse(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """Refuse to sign one paper, and say why: the bureau is told."""
    today = _today_and_right(request)
    if not permissions.visible_documents(request.membership).filter(public_id=public_id).exists():
        raise Http404
    rows = signing_book.chosen(request.membership, [public_id], today)
    if not rows:
        notices.refused(request, signing_book.SECOND)
        return redirect("documents:signing_book", request.school.uai)
    error = ""
    if request.method == "POST":
        try:
            signing_book.refuse(
                request.membership,
                public_id,
                reason=refusals.reason(request.POST),
                trace=tracing.trace(request, SignatureMeans.ACCOUNT),
                by=request.user,
                now=timezone.now(),
            )
        except ValidationError as problem:
            error = problem.messages[0]
        else:
            notices.said(request, f"Refus noté : {rows[0].document.number}. Le bureau des entreprises le voit.")
            return redirect("documents:signing_book", request.school.uai)
    return render(
        request,
        "documents/signing_book_refuse.html",
        {
            "line": signing_book.lines(rows)[0],
            "reason": request.POST.get("reason", "").strip()[: refusals.MOST],
            "error": error,
        },
        status=422 if error else 200,
    )
