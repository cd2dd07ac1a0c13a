"""For the bureau: the personal links of one signature, made, shown once, read out, revoked; sheets to print."""

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Max
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from core import downloads, notices
from core.verdict import Denied, Verdict, demand
from documents import archives, circuit, codes, links, permissions, sheets, signing_book, subjects
from documents.enums import LinkChannel, ReminderKind, SignatureRole
from documents.forms.links import OtherPersonForm
from documents.models import Reminder, Signature, SigningLink
from documents.views.papers import DocumentPages, named_document, named_signature
from schools.middleware import SchoolRequest


def alive_links(signature: Signature) -> list[SigningLink]:
    """The links of a signature that still work, the latest first."""
    return list(
        SigningLink.objects.in_school(signature.school_id)
        .filter(signature=signature)
        .alive(timezone.now())
        .order_by("-pk")
    )


@require_http_methods(["GET", "POST"])
def signature_links(request: SchoolRequest, public_id: UUID, role: str) -> HttpResponse:
    """The links of one signature. POST `geste`: envoyer, copier, code, revoquer; a link and a code are shown once."""
    signature = named_signature(request, public_id, role)
    if request.method == "GET":
        return _page(request, signature)
    now = timezone.now()
    try:
        match request.POST.get("geste", ""):
            case "envoyer":
                return _send(request, signature)
            case "copier":
                _, url = links.create(signature, channel=LinkChannel.COPY, by=request.user, now=now)
                return _page(request, signature, url=url)
            case "autre":
                return _other_person(request, signature)
            case "code":
                return _speak(request, signature)
            case "revoquer":
                revoked = links.revoke(signature, by=request.user, now=now)
                notices.said(request, "Liens arrêtés." if revoked else "Aucun lien ne marchait.")
            case _:
                notices.refused(request, "Choisissez ce qu’il faut faire de ce lien.")
    except ValidationError as error:
        notices.refused(request, error.messages[0])
    return redirect("documents:signature_links", request.school.uai, public_id, role)


def _send(request: SchoolRequest, signature: Signature) -> HttpResponse:
    first = not Reminder.objects.in_school(request.school).filter(signature=signature).exists()
    kind = ReminderKind.FIRST if first else ReminderKind.MANUAL
    links.send(signature, by=request.user, now=timezone.now(), kind=kind)
    notices.said(request, f"Lien envoyé à {signature.name}.")
    return redirect(signature.document)


def _other_person(request: SchoolRequest, signature: Signature) -> HttpResponse:
    """Another guardian, who may give the same signature: by mail with an address, else the link is shown.

    Whoever notes signatures sends it to the guardian on file; the bureau alone gives another name or address (S-19).
    """
    if signature.role != SignatureRole.GUARDIAN:
        raise ValidationError("Une seule personne donne cette signature : elle propose elle-même qui signe à sa place.")
    form = OtherPersonForm(request.POST)
    if not form.is_valid():
        return _page(request, signature, form=form, status=422)
    name, email = form.cleaned_data["name"], form.cleaned_data["email"]
    on_file = subjects.also_asked(signature.document, SignatureRole.GUARDIAN)
    if not any((person.name, person.email) == (name, email) for person in on_file):
        demand(permissions.may_say_who_signs(request.membership, signature.document))
    now = timezone.now()
    if email:
        links.send(signature, by=request.user, now=now, name=name, email=email)
        notices.said(request, f"Lien envoyé à {name}.")
        return redirect("documents:signature_links", request.school.uai, signature.document.public_id, signature.role)
    _, url = links.create(signature, channel=LinkChannel.COPY, by=request.user, now=now, name=name)
    return _page(request, signature, url=url, url_for=name)


def _speak(request: SchoolRequest, signature: Signature) -> HttpResponse:
    """A code that the bureau reads out on the telephone, for one of the links that work."""
    demand(_may_speak(request, signature))
    named = request.POST.get("lien", "")
    link = next((one for one in alive_links(signature) if str(one.public_id) == named), None)
    if link is None:
        raise ValidationError("Ce lien ne marche plus : donnez-en un nouveau, puis le code.")
    link.signature = signature
    digits = codes.speak(link, by=request.user, now=timezone.now())
    return _page(request, signature, digits=digits, digits_for=link.name)


def _may_speak(request: SchoolRequest, signature: Signature) -> Verdict:
    """The bureau, and never for a colleague's own box: they sign from their account, with a code of their own."""
    if signature.role in signing_book.OWN_BOXES:
        return Denied("Cette personne signe depuis son compte, avec un code qu’elle seule reçoit, ou sur papier.")
    return permissions.may_say_who_signs(request.membership, signature.document)


def _page(request: SchoolRequest, signature: Signature, status: int = 200, **context: Any) -> HttpResponse:
    document, now = signature.document, timezone.now()
    reminders = Reminder.objects.in_school(request.school).filter(signature=signature)
    shown = {
        "document": document,
        "signature": signature,
        "links": alive_links(signature),
        "others": subjects.also_asked(document, SignatureRole(signature.role)),
        "may_speak": _may_speak(request, signature),
        "may_name": permissions.may_say_who_signs(request.membership, document),
        "form": context.pop("form", None) or OtherPersonForm(),
        "may_link": links.may_link(signature, document, now=now),
        "may_send": links.may_send(signature, document, now=now),
        "last_sent": reminders.aggregate(last=Max("sent_at"))["last"],
        "list_url": DocumentPages().url("list", request),
        "minutes": int(codes.LIFE.total_seconds() // 60),
        "url": "",
        "url_for": signature.name,
        "digits": "",
        "digits_for": "",
    }
    response = render(request, "documents/signature_links.html", shown | context, status=status)
    response["Cache-Control"] = "no-store, private"
    return response


@require_POST
def signing_sheets(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """A PDF to print: one page for each missing signer, with the QR code of a fresh link."""
    document = named_document(request, public_id)
    latest = circuit.is_latest(document)
    rows, refused = [], None
    for signature in sheets.rows_of([document]):
        verdict = permissions.may_note_signature(
            request.membership, document, SignatureRole(signature.role), is_latest=latest
        )
        if verdict:
            rows.append(signature)
        else:
            refused = verdict
    if refused is not None and not rows:
        demand(refused)
    try:
        pdf = sheets.sheets(rows, by=request.user, now=timezone.now())
    except ValidationError as error:
        notices.refused(request, error.messages[0])
        return redirect(document)
    return downloads.attachment(pdf, "application/pdf", f"feuillets-{archives.plain(document.number)}.pdf")
