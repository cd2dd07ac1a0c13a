"""Writing to guests: choose whom, write the invitation, look, send; the other letters; thanking those who came."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core import french, notices
from core.verdict import demand
from events import inviting, letters
from events.enums import ActionStatus, Occasion
from events.forms.inviting import ChooseActionForm, InviteForm, LetterForm
from events.models import Action, Invitation
from events.views.action_tabs import frame
from events.views.guests import action_to_change, to_guests
from partners import finding
from partners.enums import ContactRole
from partners.mailing import Recipient
from partners.views.mailing import looked_at, moved_since
from partners.views.records import PartnerPages
from schools.middleware import SchoolRequest
from schools.models import SavedView
from schools.permissions import allows
from schools.roles import Permission

PREVIEWED = 3
EARLIER = 4
"""Past actions whose guests are proposed again."""
MOST_SEGMENTS = 12
LINK_SHOWN = "(le lien de chacun)"


@require_GET
def action_invite(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """Whom to invite: those who came to a like action, a tag, a view of the list of partners, or one by one in the list."""
    action = action_to_change(request, public_id)
    earlier = (
        Action.objects.in_school(request.school)
        .filter(type=action.type, start_date__lt=action.start_date, invitations__present=True)
        .exclude(pk=action.pk)
        .distinct()
        .order_by("-start_date")[:EARLIER]
    )
    came: dict[int, list[UUID]] = {one.pk: [] for one in earlier}
    for past, partner in (
        Invitation.objects.in_school(request.school)
        .filter(action__in=came, present=True)
        .values_list("action", "partner__public_id")
    ):
        came[past].append(partner)
    views = SavedView.objects.in_school(request.school).filter(page="partners:partner_list")
    mine = views.filter(Q(membership=request.membership) | Q(is_shared=True))
    segments: list[dict[str, Any]] = [
        {
            "label": f"Venus à « {one.title} »",
            "note": f"{french.day(one.start_date)}, {french.plural(len(came[one.pk]), 'partenaire')}",
            "picked": came[one.pk],
        }
        for one in earlier
    ]
    segments += [
        {"label": view.label, "note": "vue de la liste des partenaires", "query": view.query}
        for view in mine.order_by("label")[:MOST_SEGMENTS]
    ]
    segments += [
        {"label": f"Étiquette « {label} »", "note": "", "query": urlencode({"etiquette": label})}
        for label in finding.tag_labels(request.school)[:MOST_SEGMENTS]
    ]
    segments.append({"label": "Tous les partenaires actifs", "note": "", "query": "statut=actif"})
    context = {
        **frame(request, action),
        "action": action,
        "segments": segments,
        "closed": inviting.why_closed(action, timezone.localdate()),
        "invite_url": reverse("events:invite", args=[request.school.uai]),
    }
    return render(request, "events/invite_segments.html", context)


@require_POST
def invite(request: SchoolRequest) -> HttpResponse:
    """Posts of one selection of partners: the action, the letter (`etape=ecrire`), the look (`apercu`), the sending (`envoyer`)."""
    demand(allows(request.membership, Permission.EDIT_ACTIONS))
    pages = PartnerPages()
    selection = pages.selection(request)
    if (answer := pages.nothing_picked(request, selection)) is not None:
        return answer
    today = timezone.localdate()
    step = request.POST.get("etape", "")
    chosen = ChooseActionForm(
        request.POST if "action_invited" in request.POST else None, school=request.school, today=today
    )
    context: dict[str, Any] = {
        "selection": selection,
        "counted": french.plural(selection.count, pages.noun, pages.plural),
        "list_url": pages.back_url(request),
    }
    if not chosen.is_valid():
        if not chosen.is_bound:
            first = chosen.fields["action_invited"].queryset.first()  # type: ignore[attr-defined]
            chosen.initial = {"action_invited": first.public_id if first else None}
        context |= {"form": chosen, "are_coming": chosen.fields["action_invited"].queryset.exists()}  # type: ignore[attr-defined]
        return render(request, "events/invite_choose.html", context, status=422 if chosen.is_bound else 200)
    action: Action = chosen.cleaned_data["action_invited"]
    words = letters.of(action, Occasion.INVITATION)
    is_written = "subject" in request.POST
    form = InviteForm(
        request.POST if is_written else None,
        initial={"role": ContactRole.LEADER, "subject": words.subject, "body": words.body},
    )
    context |= {"form": form, "action": action, "action_url": action.get_absolute_url()}
    if step not in ("apercu", "envoyer") or not form.is_valid():
        status = 422 if step in ("apercu", "envoyer") else 200
        return render(request, "events/invite_write.html", context, status=status)
    to, left = inviting.guests_among(action, selection.rows, role=form.cleaned_data["role"])
    moved = step == "envoyer" and moved_since(request, to)
    if step == "envoyer" and not moved:
        letters.save(action, Occasion.INVITATION, form.letter, by=request.user)
        try:
            sent = inviting.invite(
                action, to, form.letter, sender=request.membership, by=request.user, now=timezone.now()
            )
        except ValidationError as refused:
            form.add_error(None, refused)
            return render(request, "events/invite_write.html", context, status=422)
        notices.said(request, f"{french.plural(sent, 'invitation confiée', 'invitations confiées')} à l’envoi.")
        return to_guests(action)
    context |= {
        **looked_at(to, left, moved=moved),
        "previews": [(one, _preview(form.letter, one, action, request)) for one in to[:PREVIEWED]],
        "subject": letters.subject(form.letter, action),
        "posted": [
            ("action_invited", action.public_id),
            *((name, form[name].value() or "") for name in ("role", "subject", "body")),
        ],
    }
    return render(request, "events/invite_preview.html", context, status=409 if moved else 200)


def _preview(letter: letters.Letter, one: Recipient, action: Action, request: SchoolRequest) -> str:
    contact = one.contact
    reader = letters.Reader(
        contact.first_name if contact else "", contact.last_name if contact else "", one.partner.name
    )
    return letters.body(letter, reader, action, occasion=Occasion.INVITATION, url=LINK_SHOWN, sender=request.membership)


@require_http_methods(["GET", "POST"])
def action_letter(request: SchoolRequest, public_id: UUID, occasion: str) -> HttpResponse:
    """The words of one letter of an action; the button « Revenir au texte fourni » takes the shipped ones."""
    action = action_to_change(request, public_id)
    if occasion not in Occasion.values:
        raise Http404
    which = Occasion(occasion)
    words = letters.shipped()[which] if request.GET.get("fourni") else letters.of(action, which)
    form = LetterForm(
        request.POST if request.method == "POST" else None, initial={"subject": words.subject, "body": words.body}
    )
    if form.is_valid():
        letters.save(action, which, form.letter, by=request.user)
        notices.said(request, f"Courrier enregistré : {which.label.lower()}.")
        return to_guests(action)
    shown = form.letter if form.is_bound and not form.errors else words
    reader = letters.Reader("Camille", "Exemple", "Entreprise d’exemple")
    context = {
        **frame(request, action),
        "form": form,
        "occasion": which,
        "preview_subject": letters.subject(shown, action),
        "preview": letters.body(
            shown, reader, action, occasion=which, url=LINK_SHOWN, survey="", sender=request.membership
        ),
        "guests_url": reverse("events:action_guests", args=[request.school.uai, action.public_id]),
    }
    return render(request, "events/letter.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def action_thank(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """Thank those who came: whom, what each reads, then sending. Twice thanks nobody twice."""
    action = action_to_change(request, public_id)
    words = letters.of(action, Occasion.THANKS)
    if request.method == "POST":
        try:
            outcome = inviting.thank(action, words, sender=request.membership, by=request.user, now=timezone.now())
        except ValidationError as refused:
            notices.refused(request, " ".join(refused.messages))
        else:
            notices.said(request, outcome.sentence)
        return to_guests(action)
    rows = list(inviting.to_thank(action))
    context = {
        **frame(request, action),
        "rows": rows,
        "subject": letters.subject(words, action),
        "preview": letters.body(
            words, letters.Reader.of(rows[0]), action, occasion=Occasion.THANKS, sender=request.membership
        )
        if rows
        else "",
        "is_done": action.status == ActionStatus.DONE,
        "guests_url": reverse("events:action_guests", args=[request.school.uai, action.public_id]),
    }
    return render(request, "events/thank.html", context)
