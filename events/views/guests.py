"""The guests of an action: who is invited and what they said, reminders, answers settled in one click, the door on the day."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.core.exceptions import BadRequest, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core import french, notices
from core.verdict import Verdict, demand
from events import inviting, letters, presence
from events.enums import ActionStatus, Occasion
from events.inviting import Left, Settling
from events.models import Action, Invitation, InvitationLink
from events.views.action_tabs import frame
from events.views.actions import ActionPages
from events.views.taps import moved, said_in
from partners import mailing
from schools import links
from schools.middleware import SchoolRequest
from schools.permissions import allows, is_own_only
from schools.roles import Permission

LETTERS = ((Occasion.INVITATION, "envelope"), (Occasion.REMINDER, "bell"), (Occasion.CANCELLATION, "x-circle"), (Occasion.THANKS, "heart"))  # fmt: skip


@dataclass(frozen=True)
class Line:
    """A guest on the tab. `why`: why no reminder may leave today; `again`: from which day one may."""

    row: Invitation
    pending: bool
    why: Left | None
    again: date | None
    failed: bool

    @property
    def may_remind(self) -> bool:
        return self.why is None

    @property
    def to_call(self) -> str:
        """Why only a call reaches them, "" when a message can."""
        return str(self.why.value) if self.why in (Left.NO_EMAIL, Left.MOST, Left.REFUSES) else ""


def action_to_read(request: SchoolRequest, public_id: UUID) -> Action:
    """The action of an address, for whoever may see actions."""
    demand(allows(request.membership, Permission.VIEW_ACTIONS))
    action: Action = ActionPages().find(request, public_id)
    return action


def action_to_change(request: SchoolRequest, public_id: UUID) -> Action:
    """The action of an address, for the bureau."""
    demand(allows(request.membership, Permission.EDIT_ACTIONS))
    return action_to_read(request, public_id)


def to_guests(action: Action, row: Invitation | None = None) -> HttpResponse:
    """Back to the tab, at the line of a guest."""
    url = reverse("events:action_guests", args=[action.school.uai, action.public_id])
    return redirect(f"{url}#invite-{row.public_id}" if row else url)


@require_GET
def action_guests(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """Who is invited, what they said, what to do with each."""
    action = action_to_read(request, public_id)
    today = timezone.localdate()
    rows = list(
        Invitation.objects.in_school(request.school)
        .filter(action=action)
        .select_related("partner__school", "contact", "school", "action__school")
        .order_by("partner__search_text", "pk")
    )
    chosen = inviting.settings_of(request.school)
    refused = mailing.refused_addresses(request.school)
    failed = inviting.undelivered(action) if rows else set()
    lines = []
    for row in rows:
        row.action = action
        why = inviting.why_not(row, chosen, refused, today)
        again = inviting.again_from(row, chosen) if why is Left.COOLING else None
        lines.append(Line(row, inviting.is_pending(row), why, again, str(row.public_id) in failed))
    # Who waits for the bureau first, then those who said nothing.
    lines.sort(key=lambda line: (not line.pending, bool(line.row.reply)))
    context = {
        **frame(request, action),
        "lines": lines,
        "tally": inviting.tally(rows),
        "to_remind": sum(line.may_remind for line in lines),
        "to_thank": sum(bool(row.present) and row.thanked_at is None for row in rows),
        "is_done": action.status == ActionStatus.DONE,
        "closed": inviting.why_closed(action, today),
        "may_note": presence.may_be_noted(action, today),
        "sees_people": not is_own_only(request.membership),
        "letters": LETTERS,
        "chosen": chosen,
    }
    return render(request, "events/guests.html", context)


@require_POST
def action_remind(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """Ask again: one guest (`qui`), or all who may be."""
    action = action_to_change(request, public_id)
    rows = inviting.waiting(action)
    if who := request.POST.get("qui", ""):
        rows = rows.filter(public_id=_uuid(who))
    outcome = inviting.remind(rows, by=request.user, now=timezone.now(), sender=request.membership)
    if outcome.messages:
        notices.said(request, outcome.sentence)
    else:
        notices.warned(request, outcome.sentence if outcome.left else "Personne n’attend de relance.")
    return to_guests(action)


@require_POST
def invitation_settle(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """One click on an answer: they come, they do not, whoever they propose is invited, or it is wiped."""
    demand(allows(request.membership, Permission.EDIT_ACTIONS))
    row = get_object_or_404(
        Invitation.objects.in_school(request.school).select_related("action__school"), public_id=public_id
    )
    if request.POST.get("comment", "") not in [one.value for one in Settling]:
        notices.refused(request, "Dites ce que vous faites de cette réponse.")
        return to_guests(row.action, row)
    try:
        said = inviting.settle(
            row,
            Settling(request.POST["comment"]),
            sender=request.membership,
            by=request.user,
            now=timezone.now(),
        )
    except ValidationError as refused:
        notices.refused(request, " ".join(refused.messages))
    else:
        notices.said(request, said)
    return to_guests(row.action, row)


@require_http_methods(["GET", "POST"])
def action_door(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """The list at the door: one tap a guest. Whoever may see actions may stand at the door."""
    action = action_to_read(request, public_id)
    if request.method == "POST":
        demand(presence_open(action))
        said = said_in(request)
        changed = presence.note_guests(action, said, by=request.user, now=timezone.now())
        if request.htmx:  # type: ignore[attr-defined]
            context = {"count": presence.counted(presence.guests_of(action)), "moved": moved(said)}
            return render(request, "events/partials/taps_answer.html", context)
        notices.said(request, f"{french.plural(changed, 'arrivée notée', 'arrivées notées')}.")
        return redirect(request.path)
    rows = presence.guests_of(action)
    context = {
        **frame(request, action),
        "lines": rows,
        "count": presence.counted(rows),
        "sees_people": not is_own_only(request.membership),
        "may_note": presence_open(action),
    }
    return render(request, "events/door.html", context)


def presence_open(action: Action) -> Verdict:
    """Whether one may say today who came to this action, and why not."""
    return presence.may_be_noted(action, timezone.localdate())


@require_http_methods(["GET", "POST"])
def guest_arrival(request: SchoolRequest, token: str) -> HttpResponse:
    """A guest's code, scanned by a colleague's phone: who it is, and one button. An unknown code is 404, as another school's."""
    demand(allows(request.membership, Permission.VIEW_ACTIONS))
    link = links.find(InvitationLink, token, "invitation__action__school", "invitation__partner", "invitation__contact")
    if link is None or link.school_id != request.school.pk or link.revoked_at is not None:
        raise Http404
    row, now = link.invitation, timezone.now()
    row.school = row.action.school = request.school
    if request.method == "POST":
        demand(presence_open(row.action))
        said = {str(row.public_id): (row.present, True)}
        presence.note_guests(row.action, said, by=request.user, now=now)
        notices.said(request, f"{row.partner} est là : c’est noté.")
        return redirect(request.path)
    reader = letters.Reader.of(row)
    context = {
        "row": row,
        "action": row.action,
        "person": f"{reader.first_name} {reader.last_name}".strip(),
        "sees_people": not is_own_only(request.membership),  # as on the list at the door
        "is_today": presence.is_on(row.action, timezone.localdate(now)),
        "may_note": presence_open(row.action),
    }
    return render(request, "events/guest_arrival.html", context)


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise BadRequest from None
