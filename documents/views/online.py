"""Signing behind a personal link, without an account: the link, the code, the paper, the consent (S-18 to S-22).

A GET never shows a person's data without the code, and never changes anything: mail scanners follow links. The code opens a
session of thirty minutes for that one link; the token stays in the address, the accepted deviation of S-18.
"""

from collections.abc import Callable
from datetime import datetime
from functools import cached_property, wraps
from typing import Any

from allauth.core import ratelimit
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core import notices, tokens
from core.link_pages import LinkVisit, behind_link
from core.verdict import Verdict
from documents import archives, circuit, codes, describing, links, proof, proposing, reading, rules
from documents.enums import EventKind, ProposalKind, SignatureMeans, SignatureRole, SignatureStatus
from documents.forms.online import (
    REFUSE,
    CodeForm,
    ContactForm,
    PersonForm,
    RefuseForm,
    SignForm,
    UnnamedSignerForm,
    accepted_text,
)
from documents.links import Found, LinkState
from documents.models import Document, Signature, SigningLink
from documents.views import tracing

SECONDS = 30 * 60
ASKED_WHO = (SignatureRole.HOST, SignatureRole.PARTNER)
"""Organisations: one asks first who signs for them."""
TOO_FAST = "Beaucoup de demandes viennent d’arriver de chez vous. Réessayez dans une heure, ou appelez le lycée."
ENDED = "Trente minutes ont passé : demandez un nouveau code pour continuer. Rien n’est perdu."

View = Callable[..., HttpResponseBase]


class Visit(LinkVisit):
    """One request behind a link: the link, its paper, and what the session remembers of it."""

    session_name = "signing"

    def __init__(self, request: HttpRequest, token: str, found: Found, now: datetime) -> None:
        assert found.link is not None
        super().__init__(request, token, str(found.link.public_id), now)
        self.found = found
        self.link: SigningLink = found.link
        self.signature: Signature = found.link.signature
        self.document: Document = self.signature.document
        self.role = SignatureRole(self.signature.role)

    @classmethod
    def of(cls, request: HttpRequest, token: str, now: datetime) -> "Visit | None":
        """The visit of a token; None when it names no link."""
        found = links.find(token, now)
        return cls(request, token, found, now) if found.link else None

    @property
    def is_open(self) -> bool:
        """Was the right code given here, less than thirty minutes ago, and may the paper still be shown?"""
        return self.kept.get("until", 0) > self.now.timestamp() and (
            self.found.is_alive or self.is_readable or self.found.state is LinkState.REFUSED
        )

    @property
    def is_readable(self) -> bool:
        """Signed, and this link lived until then: with a code, the person takes their copy until the link's own end."""
        if self.found.state is not LinkState.SIGNED or self.link.expires_at <= self.now:
            return False
        done = self.signature.recorded_at or self.signature.date
        return self.link.revoked_at is None or (done is not None and self.link.revoked_at >= done)

    @property
    def name(self) -> str:
        """Who signs: as the person said, for an organisation that the paper names alone; else as the link says."""
        return self.kept.get("name") or self.link.name

    @property
    def is_unnamed(self) -> bool:
        """The paper names the organisation and nobody of it."""
        return self.role in ASKED_WHO and self.signature.name == describing.summary(self.document).host

    @cached_property
    def tutor(self) -> Signature | None:
        """The tutor's own row, when this is the host of a placement."""
        if self.role is not SignatureRole.HOST:
            return None
        return (
            Signature.objects.in_school(self.link.school_id)
            .filter(document=self.document, role=SignatureRole.TUTOR)
            .first()
        )

    def steps(self) -> list[str]:
        """The questions before the paper, for an organisation; nothing for the others."""
        if self.role not in ASKED_WHO:
            return []
        return ["Qui signe", *(["Le tuteur"] if self.tutor else []), "Lire et signer"]

    def next_question(self) -> str:
        """The URL name of the question not yet answered here; "" when there is none."""
        if self.role not in ASKED_WHO or not self.found.is_alive:
            return ""
        if not self.kept.get("who"):
            return "sign_who"
        return "sign_tutor" if not self.kept.get("tutor") and self.tutor else ""

    def verdict(self) -> Verdict:
        """May they sign now? The guard of the table of moves."""
        step = rules.MOVES[SignatureStatus.AWAITED, SignatureStatus.ONLINE]
        return step.guard(
            circuit.circumstances(self.signature, self.document, today=timezone.localdate(self.now))
        )  # fmt: skip

    def trace(self) -> circuit.Trace:
        """Who signs, as the proof keeps it."""
        means = SignatureMeans(self.kept.get("means", SignatureMeans.MAILED_CODE))
        return tracing.trace(self.request, means, address=self.kept.get("address", ""))

    def go(self, name: str) -> HttpResponse:
        return redirect(name, self.token)

    def page(self, template: str, status: int = 200, **context: Any) -> HttpResponse:
        common = {
            "token": self.token,
            "host": self.link.school,
            "paper": self.document.get_type_display(),
            "state": self.found.state.name,
        }
        return render(self.request, template, {**common, **context}, status=status)


behind_signing_link = behind_link(Visit.of)


def _within_limit(visit: Visit) -> bool:
    return bool(ratelimit.consume(visit.request, action="signing", key=visit.link.token_hash))


def opened(view: View) -> View:
    """For pages behind the code: without it, or when its thirty minutes are over, back to the beginning; at a human pace."""

    @wraps(view)
    def page(request: HttpRequest, visit: Visit) -> HttpResponseBase:
        if visit.is_open:
            if request.method == "POST" and not _within_limit(visit):
                notices.refused(request, TOO_FAST)
                return visit.go("sign_paper")
            return view(request, visit)
        if visit.kept.get("until"):
            notices.warned(request, ENDED)
        return visit.go("sign_start")

    return page


# ------------------------------------------------------------------------------------------------------------ the link
@require_GET
@behind_signing_link
def sign_start(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The link itself: who asks, for what kind of paper. Names nobody, changes nothing."""
    ready = bool(visit.document.sha256)
    gone = visit.found.state in (LinkState.EXPIRED, LinkState.REPLACED, LinkState.REVOKED)
    return visit.page(
        "documents/online/start.html",
        status=410 if gone else 200,
        ready=ready,
        is_renewable=links.is_renewable(visit.found.state),
        is_readable=visit.is_readable,
        is_open=visit.is_open,
    )


@require_POST
@behind_signing_link
def sign_renew(request: HttpRequest, visit: Visit) -> HttpResponse:
    """A fresh link to the address on file; the same answer whatever happens (S-16)."""
    if _within_limit(visit):
        links.renew(visit.found, now=visit.now)
    return visit.page("documents/online/renewed.html")


@require_http_methods(["GET", "POST"])
@behind_signing_link
def sign_code(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Ask for a code, then type it. GET shows the field alone: for a code read out on the telephone."""
    if not (visit.found.is_alive or visit.is_readable):
        return visit.go("sign_start")
    if request.method == "POST" and not _within_limit(visit):
        return visit.page("documents/online/code.html", status=429, form=CodeForm(), refusal=TOO_FAST, sent="")
    if request.method == "POST" and "code" not in request.POST:
        return _send_code(visit)
    form = CodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        outcome = codes.check(
            form.cleaned_data["code"],
            now=visit.now,
            target=codes.target_of(visit.document),
            link=visit.link,
            school_id=visit.link.school_id,
        )
        if outcome:
            _open(visit, outcome)
            return visit.go("sign_paper")
        form.add_error("code", outcome.sentence)
    return visit.page(
        "documents/online/code.html",
        status=422 if form.is_bound else 200,
        form=form,
        refusal="",
        sent=visit.kept.get("sent", ""),
    )


def _send_code(visit: Visit) -> HttpResponse:
    if not visit.document.sha256:
        return visit.page("documents/online/code.html", status=409, form=None, refusal="Le document est en préparation. Revenez dans une minute.", sent="")  # fmt: skip
    try:
        sent = codes.send(visit.link, now=visit.now)
    except ValidationError as error:
        status = 429 if error.messages[0] == codes.TOO_MANY else 200
        return visit.page(
            "documents/online/code.html", status=status, form=CodeForm(), refusal=error.messages[0], sent=""
        )
    visit.keep(sent=sent)
    return visit.go("sign_code")


@transaction.atomic
def _open(visit: Visit, outcome: codes.Outcome) -> None:
    """The right code: a session for this link, told by the proof."""
    address = tokens.masked(links.address_of(visit.link)) if outcome.means is SignatureMeans.MAILED_CODE else ""
    document = proof.hold(visit.document)
    SigningLink.objects.in_school(visit.link.school_id).filter(pk=visit.link.pk, opened_at=None).update(
        opened_at=visit.now
    )
    proof.add(
        document,
        EventKind.OPENED,
        role=visit.role.value,
        at=visit.now,
        sha256=document.sha256,
        means=outcome.means.value,
        address=address,
        ip=tracing.client_ip(visit.request),
    )
    visit.request.session.cycle_key()
    visit.keep(until=visit.now.timestamp() + SECONDS, means=outcome.means.value, address=address, sent="")


# ------------------------------------------------------------------------------------------------ before the signature
@require_http_methods(["GET", "POST"])
@behind_signing_link
@opened
def sign_who(request: HttpRequest, visit: Visit) -> HttpResponse:
    """« Qui signe pour l’entreprise ? » : oneself, or another person whom the bureau has to accept (S-20)."""
    if visit.role not in ASKED_WHO or not visit.found.is_alive:
        return visit.go("sign_paper")
    posted = request.POST if request.method == "POST" else None
    named = not visit.is_unnamed
    position = f", {visit.signature.position}" if visit.signature.position else ""
    form = PersonForm(
        posted,
        question="Qui signe pour l’entreprise ?",
        yes=f"C’est moi : {visit.link.name}{position}" if named else "C’est moi",
        other="C’est une autre personne",
    )
    own = None if named else UnnamedSignerForm(posted, prefix="moi")
    if form.is_valid():
        if form.is_other:
            return _proposed(visit, form, ProposalKind.SIGNER)
        if own is None or own.is_valid():
            proposing.withdraw(visit.signature, [ProposalKind.SIGNER], now=visit.now)
            if own is not None:
                said = own.cleaned_data
                visit.keep(name=f"{said['first_name']} {said['last_name']}", position=said["position"])
            visit.keep(who="moi")
            return visit.go(visit.next_question() or "sign_paper")
    return visit.page(
        "documents/online/person.html",
        status=422 if form.is_bound else 200,
        form=form,
        own=own,
        title="Qui signe ?",
        steps=visit.steps(),
        step=1,
        company=describing.summary(visit.document).host,
        help="La personne qui peut engager l’entreprise : gérante, directeur, responsable des ressources humaines…",
    )


@require_http_methods(["GET", "POST"])
@behind_signing_link
@opened
def sign_tutor(request: HttpRequest, visit: Visit) -> HttpResponse:
    """« Qui est le tuteur ? » : the one that the paper names, or another: then the paper changes first."""
    tutor = visit.tutor
    if tutor is None or not visit.found.is_alive:
        return visit.go("sign_paper")
    if not visit.kept.get("who"):
        return visit.go("sign_who")
    company = describing.summary(visit.document).host
    known = tutor.name != company
    form = PersonForm(
        request.POST if request.method == "POST" else None,
        question="Qui est le tuteur de l’élève dans l’entreprise ?",
        yes=f"C’est bien {tutor.name}" if known else "Nous le dirons plus tard au lycée",
        other="C’est une autre personne" if known else "C’est cette personne",
    )
    if form.is_valid():
        if form.is_other:
            return _proposed(visit, form, ProposalKind.TUTOR)
        proposing.withdraw(visit.signature, [ProposalKind.TUTOR], now=visit.now)
        visit.keep(tutor="oui")
        return visit.go("sign_paper")
    return visit.page(
        "documents/online/person.html",
        status=422 if form.is_bound else 200,
        form=form,
        own=None,
        title="Qui est le tuteur ?",
        steps=visit.steps(),
        step=2,
        company=company,
        help="La personne qui accueille l’élève, lui montre le métier et le suit pendant toute la période.",
    )


def _proposed(visit: Visit, form: PersonForm, kind: ProposalKind) -> HttpResponse:
    try:
        proposing.propose(visit.signature, kind, now=visit.now, **form.said())
    except ValidationError as error:
        notices.refused(visit.request, error.messages[0])
        return visit.go("sign_start")
    visit.keep(**({"who": ""} if kind is ProposalKind.SIGNER else {"tutor": ""}))
    return visit.page("documents/online/proposed.html", kind=kind.value, person=form.said())


@require_http_methods(["GET", "POST"])
@behind_signing_link
@opened
def sign_contact(request: HttpRequest, visit: Visit) -> HttpResponse:
    """A signer corrects their own contact data; codes go to the former address until the bureau accepts."""
    if not visit.found.is_alive:
        return visit.go("sign_start")
    form = ContactForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            proposing.propose(visit.signature, ProposalKind.CORRECTION, now=visit.now, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            notices.said(request, "Correction envoyée au lycée. Vous pouvez lire et signer dès maintenant.")
            return visit.go("sign_paper")
    address = visit.kept.get("address", "")
    return visit.page("documents/online/contact.html", status=422 if form.is_bound else 200, form=form, address=address)


# ----------------------------------------------------------------------------------------------------------- the paper
@require_http_methods(["GET", "POST"])
@behind_signing_link
@opened
def sign_paper(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The paper as a page and as a PDF, then the consent or the refusal. A POST signs: it names the SHA-256 shown."""
    if visit.found.state in (LinkState.SIGNED, LinkState.REFUSED):
        return visit.go("sign_done") if request.method == "POST" else _paper_page(visit, SignForm(), RefuseForm())
    if question := visit.next_question():
        return visit.go(question)
    if request.method == "GET":
        return _paper_page(visit, SignForm(initial={"sha256": visit.document.sha256}), RefuseForm())
    if request.POST.get("geste") == REFUSE:
        return _refuse(visit)
    return _sign(visit)


def _sign(visit: Visit) -> HttpResponse:
    form = SignForm(visit.request.POST)
    refusal = RefuseForm()
    if not form.is_valid():
        return _paper_page(visit, form, refusal, status=422)
    if any(kind in proposing.waiting(visit.signature) for kind in proposing.BLOCKING):
        form.add_error(None, "Vous avez proposé une autre personne : le lycée répond d’abord.")
        return _paper_page(visit, form, refusal, status=409)
    capacity = ""
    if visit.kept.get("name"):
        capacity = f"{visit.kept.get('position', '')}, pour {visit.signature.name}"
    try:
        circuit.sign_online(
            visit.signature,
            sha256=form.cleaned_data["sha256"],
            accepted=accepted_text(),
            trace=visit.trace(),
            now=visit.now,
            name=visit.name,
            capacity=capacity,
        )
    except ValidationError as error:
        again = links.find(visit.token, visit.now)
        if again.state is LinkState.SIGNED:
            return visit.go("sign_done")
        if not again.is_alive:
            return visit.go("sign_start")
        form.add_error(None, error)
        return _paper_page(visit, form, refusal, status=409)
    return visit.go("sign_done")


def _refuse(visit: Visit) -> HttpResponse:
    form = RefuseForm(visit.request.POST)
    if form.is_valid():
        try:
            circuit.refuse(visit.signature, reason=form.cleaned_data["reason"], now=visit.now, trace=visit.trace())
        except ValidationError as error:
            if not links.find(visit.token, visit.now).is_alive:
                return visit.go("sign_start")
            form.add_error(None, error)
        else:
            return visit.go("sign_done")
    sign = SignForm(initial={"sha256": visit.document.sha256})
    return _paper_page(visit, sign, form, status=422)


def _paper_page(visit: Visit, sign: SignForm, refuse: RefuseForm, status: int = 200) -> HttpResponse:
    alive = visit.found.is_alive
    waiting = proposing.waiting(visit.signature) if alive else {}
    tutor = visit.tutor
    return visit.page(
        "documents/online/paper.html",
        status=status,
        form=refuse if refuse.is_bound else sign,
        sign=sign,
        refuse=refuse,
        document=visit.document,
        summary=describing.summary(visit.document),
        words=reading.as_page(visit.document),
        name=visit.name,
        capacity=visit.kept.get("position", "") or visit.signature.position,
        role_label=visit.signature.get_role_display(),
        tutor=tutor,
        steps=visit.steps() if alive else [],
        verdict=visit.verdict() if alive else None,
        blocked=next((kind for kind in proposing.BLOCKING if kind in waiting), ""),
        corrected=ProposalKind.CORRECTION in waiting,
        is_signed=visit.found.state is LinkState.SIGNED,
    )


@require_GET
@behind_signing_link
@opened
def sign_file(request: HttpRequest, visit: Visit) -> HttpResponse | FileResponse:
    """The PDF: the very bytes that are signed; once everyone has signed and it is sealed, the sealed copy."""
    document = visit.document
    sealed = bool(document.sealed_sha256) and not visit.found.is_alive
    stored = document.sealed_file if sealed else document.file
    if not document.sha256 or not stored:
        return visit.go("sign_paper")
    try:
        content = stored.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    response = FileResponse(
        content,
        as_attachment=bool(request.GET.get("telecharger")),
        filename=f"{archives.plain(document.number)}{'-signe' if sealed else ''}.pdf",
        content_type="application/pdf",
    )
    response["X-Content-Type-Options"] = "nosniff"
    return response


@require_GET
@behind_signing_link
@opened
def sign_done(request: HttpRequest, visit: Visit) -> HttpResponse:
    """« C’est signé » : what follows, and a copy to take."""
    if visit.found.is_alive:
        return visit.go("sign_paper")
    return visit.page(
        "documents/online/done.html",
        document=visit.document,
        signature=visit.signature,
        is_signed=visit.found.state is LinkState.SIGNED,
        is_complete=visit.document.completed_at is not None,
        is_sealed=bool(visit.document.sealed_sha256),
        minutes=SECONDS // 60,
    )
