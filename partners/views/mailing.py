"""Writing to several partners: choose on the list, write, look at what each will read, send, see what became of it."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from core import french, notices
from core.verdict import demand
from partners import mailing
from partners.forms.mailing import MailingForm
from partners.mailing import LeftOut, Recipient
from partners.models import Mailing
from partners.views.records import PartnerPages
from schools.middleware import SchoolRequest
from schools.permissions import allows
from schools.roles import Permission

PREVIEWED = 3
NAMED = 60


def moved_since(request: SchoolRequest, to: Sequence[Recipient]) -> bool:
    """Are those who would receive the message no longer as many as the page of the preview said?"""
    return request.POST.get("destinataires") != str(len(to))


def looked_at(to: Sequence[Recipient], left: Sequence[LeftOut], *, moved: bool) -> dict[str, Any]:
    """What the fragments `partners/partials/mailing_…` of a preview need, besides the message itself."""
    return {
        "to": to,
        "left": left[:NAMED],
        "left_count": len(left),
        "left_more": max(len(left) - NAMED, 0),
        "too_many": len(to) > mailing.MOST,
        "most": mailing.MOST,
        "moved": moved,
    }


@require_POST
def mailing_new(request: SchoolRequest) -> HttpResponse:
    """Three posts of one selection: to write, to look (`etape=apercu`), to send (`etape=envoyer`)."""
    demand(allows(request.membership, Permission.EDIT_PARTNERS))
    pages = PartnerPages()
    selection = pages.selection(request)
    if (answer := pages.nothing_picked(request, selection)) is not None:
        return answer
    step = request.POST.get("etape", "")
    form = MailingForm(request.POST if step else None, membership=request.membership)
    context: dict[str, Any] = {
        "form": form,
        "selection": selection,
        "counted": french.plural(selection.count, pages.noun, pages.plural),
        "list_url": pages.back_url(request),
    }
    if step in ("", "ecrire") or not form.is_valid():
        status = 422 if step not in ("", "ecrire") else 200
        return render(request, "partners/mailing_form.html", context, status=status)
    to, left = mailing.recipients_among(selection.rows, role=form.cleaned_data["role"], school=request.school)
    moved = step == "envoyer" and moved_since(request, to)
    if step == "envoyer" and not moved:
        fresh = Mailing(school=request.school, subject=form.cleaned_data["subject"], body=form.cleaned_data["body"])
        try:
            sent = mailing.send(
                fresh,
                to,
                sender=request.membership,
                by=request.user,
                key=form.cleaned_data["creation_key"],
                today=timezone.localdate(),
            )
        except ValidationError as refused:
            form.add_error(None, refused)
            return render(request, "partners/mailing_form.html", context, status=422)
        notices.said(request, f"Message confié à l’envoi : {french.plural(sent.recipients, 'destinataire')}.")
        return redirect(sent)
    context |= {
        **looked_at(to, left, moved=moved),
        "previews": [
            (one, mailing.written(form.cleaned_data["body"], one, sender=request.membership)) for one in to[:PREVIEWED]
        ],
        "posted": [(name, form[name].value() or "") for name in ("role", "subject", "body", "creation_key")],
    }
    return render(request, "partners/mailing_preview.html", context, status=409 if moved else 200)


@require_GET
def mailing_list(request: SchoolRequest) -> HttpResponse:
    demand(allows(request.membership, Permission.VIEW_INTERACTIONS))
    found = Mailing.objects.in_school(request.school).select_related("school", "created_by").order_by("-created_at")
    return render(
        request, "partners/mailing_list.html", {"page": Paginator(found, 25).get_page(request.GET.get("page"))}
    )


@require_GET
def mailing_detail(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """What was written, and what became of it."""
    demand(allows(request.membership, Permission.VIEW_INTERACTIONS))
    found = get_object_or_404(
        Mailing.objects.in_school(request.school).select_related("created_by", "school"), public_id=public_id
    )
    context = {"mailing": found, "outcome": mailing.outcome(found), "failed": mailing.not_delivered(found)}
    return render(request, "partners/mailing_detail.html", context)
