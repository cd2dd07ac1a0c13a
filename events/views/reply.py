"""A guest's pages behind their personal link: read the invitation, answer, show a code at the door. No account, no script needed."""

from datetime import datetime
from typing import Any

from allauth.core import ratelimit
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core import notices, qr, site
from core.link_pages import LinkVisit, behind_link
from events import inviting, preparing
from events.enums import InvitationReply
from events.forms.reply import ReplyForm
from events.models import InvitationLink
from schools import links
from schools.links import LinkState

TOO_FAST = "Beaucoup de réponses viennent d’arriver de chez vous. Réessayez dans une heure, ou appelez le lycée."


class Visit(LinkVisit):
    """One request behind the link of an invitation."""

    session_name = "invitations"

    def __init__(self, request: HttpRequest, token: str, link: InvitationLink, now: datetime) -> None:
        super().__init__(request, token, str(link.public_id), now)
        self.link = link
        self.state = inviting.state_of(link, now)

    @classmethod
    def of(cls, request: HttpRequest, token: str, now: datetime) -> "Visit | None":
        related = ("invitation__action__school", "invitation__action__owner", "invitation__partner")
        link = links.find(InvitationLink, token, *related)
        return cls(request, token, link, now) if link else None

    @property
    def is_alive(self) -> bool:
        return self.state is LinkState.ALIVE

    def is_within_limit(self) -> bool:
        """Do their posts come at a human pace? A whole company may answer from behind one address."""
        return bool(ratelimit.consume(self.request, action="personal_link", key=self.link.token_hash))

    def page(self, template: str, status: int = 200, **context: Any) -> HttpResponse:
        """A page of the link: what the invitation is to, and nobody's name."""
        action = self.link.invitation.action
        common = {
            "token": self.token,
            "host": self.link.school,
            "action": action,
            "when": preparing.when(action),
            "state": self.state.name,
        }
        return render(self.request, template, {**common, **context}, status=status)


behind_invitation = behind_link(Visit.of)


@require_http_methods(["GET", "POST"])
@behind_invitation
def invitation_reply(request: HttpRequest, visit: Visit) -> HttpResponse:
    """What one is invited to, and four answers. Reading it says and changes nothing (S-18); the last answer counts."""
    today = timezone.localdate(visit.now)
    if not visit.is_alive:
        return visit.page("events/reply_over.html", status=410)
    form = ReplyForm(request.POST if request.method == "POST" else None, today=today)
    if request.method == "GET":
        return visit.page("events/reply.html", form=form)
    if not visit.is_within_limit():
        notices.refused(request, TOO_FAST)
        return visit.page("events/reply.html", status=429, form=form)
    if form.is_valid():
        links.opened(visit.link, visit.now)
        try:
            inviting.answer(visit.link.invitation, form.said, now=visit.now)
        except ValidationError as refused:  # cancelled in between
            form.add_error(None, refused)
        else:
            visit.keep(answer=form.cleaned_data["answer"])
            return redirect("invitation_said", visit.token)
    return visit.page("events/reply.html", status=422, form=form)


@require_GET
@behind_invitation
def invitation_said(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Thanks, what was answered in this browser, and the code to show at the door for who comes."""
    said = visit.kept.get("answer", "")
    comes = said == InvitationReply.ACCEPTED
    url = site.address() + reverse("events:guest_arrival", args=[visit.link.school.uai, visit.token])
    return visit.page(
        "events/reply_said.html", said=said, code=qr.drawn(url, "Code QR à montrer à l’accueil") if comes else ""
    )


@require_POST
@behind_invitation
def invitation_renew(request: HttpRequest, visit: Visit) -> HttpResponse:
    """A fresh link to the address it was made for; the same answer whatever happens (S-16)."""
    if visit.is_within_limit():
        inviting.renew(visit.link, now=visit.now)
    return visit.page("events/reply_renewed.html")
