"""A guest's pages behind their personal link: read the invitation, answer, show a code at the door. No account, no script needed."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core import notices, qr, site
from core.link_pages import behind_link
from events import inviting, preparing
from events.enums import InvitationReply
from events.forms.reply import ReplyForm
from events.models import InvitationLink
from schools import links
from schools.link_pages import AccessVisit
from schools.links import LinkState

TOO_FAST = "Beaucoup de réponses viennent d’arriver de chez vous. Réessayez dans une heure, ou appelez le lycée."


class Visit(AccessVisit[InvitationLink]):
    """One request behind the link of an invitation."""

    session_name = "invitations"

    @classmethod
    def find(cls, token: str) -> InvitationLink | None:
        return links.find(
            InvitationLink, token, "invitation__action__school", "invitation__action__owner", "invitation__partner"
        )

    def state_now(self) -> LinkState:
        return inviting.state_of(self.link, self.now)

    def common(self) -> dict[str, Any]:
        """Besides: what the invitation is to."""
        action = self.link.invitation.action
        return {**super().common(), "action": action, "when": preparing.when(action)}


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
