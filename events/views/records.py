"""Actions led with partners: partners who carry them, guests, pupils."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from core.french import plural
from core.verdict import demand
from events import services
from events.enums import ActionStatus, InvitationReply
from events.filters import ActionFilters, InvitationFilters, ParticipationFilters
from events.forms.records import (
    REPLIES,
    ActionForm,
    ActionPartnerForm,
    ExpectClassForm,
    InvitationForm,
    ParticipationForm,
)
from events.models import Action, ActionPartner, Invitation, Participation
from partners.views.doubles import follows_merges
from partners.views.overview import partner_frame
from partners.views.records import PartnerPages, initial_partner
from schools.middleware import SchoolRequest
from schools.pages import Column, Fact, RecordPages, named_in_address
from schools.permissions import allows, visible_students
from schools.roles import Permission

SAID = {"true": True, "false": False}


def action_state(action: Action) -> str:
    """Its status code; a planned action whose day is past is « à clôturer » (C-13)."""
    if action.status == ActionStatus.PLANNED and action.last_date < timezone.localdate():
        return "a_cloturer"
    return action.status


class ActionPages(RecordPages):
    model, app, name, slug = Action, "events", "action", "actions"
    view, edit = Permission.VIEW_ACTIONS, Permission.EDIT_ACTIONS
    form, filters = ActionForm, ActionFilters
    title, new_label = "Actions", "Ajouter une action"
    noun = "action"
    saved = "Action enregistrée."
    save_label = "Enregistrer l’action"
    intro = "Forums, visites, jurys, ateliers : ce que le lycée et les partenaires font ensemble cette année."
    empty = "Aucune action cette année-là pour l’instant."
    ordering = ("-start_date", "-pk")
    detail_template = "events/action_detail.html"
    columns = (
        Column("Intitulé", "title", "name", sort="title"),
        Column("Type", "get_type_display", sort="type"),
        Column("Début", "start_date", "date", sort="start_date"),
        Column("Statut", action_state, "badge", sort="status"),
        Column("Partenaires", "partner_count", "number"),
        Column("Élèves attendus", "expected_count", "number"),
        Column("Présents", "present_count", "number"),
        Column("Fin", "end_date", "date", screen=False),
        Column("Durée (heures)", "hours", "number", screen=False),
        Column("À l’initiative de", "get_initiative_display", screen=False),
        Column("Lieu", "place", screen=False),
        Column("Événement national", "national_event", screen=False),
    )

    def list_rows(self, request: SchoolRequest) -> QuerySet[Action]:
        year = request.school_year
        return (
            self.rows(request)
            .filter(start_date__range=(year.start, year.end))
            .select_related("school")
            .annotate(
                partner_count=Count("action_partners", distinct=True),
                expected_count=Count("participations", distinct=True),
                present_count=Count("participations", filter=Q(participations__present=True), distinct=True),
            )
        )

    def initial(self, request: SchoolRequest) -> dict[str, Any]:
        return {"start_date": timezone.localdate()}

    def facts(self, request: SchoolRequest, record: Action) -> Iterable[Fact]:
        """The agreement and the network are named to those who may read them."""
        hidden = set() if allows(request.membership, Permission.VIEW_AGREEMENTS) else {"agreement", "network"}
        return (fact for name, fact in self.named_facts(request, record) if name not in hidden)

    def status(self, record: Action) -> str:
        return action_state(record)

    def detail_context(self, request: SchoolRequest, record: Action) -> dict[str, Any]:
        own = visible_students(request.membership)
        participations = Participation.objects.in_school(request.school).filter(action=record)
        invitations = Invitation.objects.in_school(request.school).filter(action=record)
        return {
            "carriers": ActionPartner.objects.in_school(request.school)
            .filter(action=record)
            .select_related("partner__school", "school")
            .order_by("partner__name"),
            "invitations": invitations.select_related("partner__school", "school").order_by("partner__name"),
            "answered": invitations.exclude(reply="").count(),
            "participations": participations.filter(student__in=own.values("pk"))
            .select_related("student__school", "school")
            .order_by("student__search_text"),
            "came": participations.filter(present=True).count(),
            "unsaid": participations.filter(present=None).count(),
            "expected": participations.count(),
            "replies": REPLIES,
            "class_form": ExpectClassForm(request=request),
            "may_see_students": allows(request.membership, Permission.VIEW_STUDENTS),
        }


def _action(request: SchoolRequest, public_id: UUID) -> Action:
    demand(allows(request.membership, Permission.EDIT_ACTIONS))
    return ActionPages().find(request, public_id)


@require_POST
def action_expect_class(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    action = _action(request, public_id)
    form = ExpectClassForm(request.POST, request=request)
    if form.is_valid():
        added = services.expect_class(action, form.cleaned_data["school_class"], by=request.user)
        messages.success(request, f"{plural(added, 'élève attendu', 'élèves attendus')} en plus.")
    else:
        messages.error(request, "Choisissez une classe de l’année affichée.")
    return redirect(action)


@require_POST
def action_presence(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """Who came: one line a pupil, three answers; lines that are not sent keep what they say."""
    action = _action(request, public_id)
    answers = {
        name.removeprefix("present-"): SAID.get(str(value))
        for name, value in request.POST.items()
        if name.startswith("present-") and _is_uuid(name.removeprefix("present-"))
    }
    changed = services.note_presence(action, answers, by=request.user)
    messages.success(request, f"{plural(changed, 'présence enregistrée', 'présences enregistrées')}.")
    return redirect(action)


@require_POST
def action_replies(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """What guests answered, and who came."""
    action = _action(request, public_id)
    replies = {}
    for name, value in request.POST.items():
        key = name.removeprefix("reply-")
        if name.startswith("reply-") and _is_uuid(key) and (value == "" or value in InvitationReply.values):
            replies[key] = (value, SAID.get(request.POST.get(f"came-{key}", "")))
    changed = services.note_replies(action, replies, today=timezone.localdate(), by=request.user)
    messages.success(request, f"{plural(changed, 'réponse enregistrée', 'réponses enregistrées')}.")
    return redirect(action)


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


class _OfAction(RecordPages):
    """Rows that live with an action: its partners, guests and pupils."""

    view, edit = Permission.VIEW_ACTIONS, Permission.EDIT_ACTIONS

    def initial(self, request: SchoolRequest) -> dict[str, Any]:
        action = named_in_address(request, Action.objects.in_school(request.school), "action")
        return {"action": action, "partner": initial_partner(request), "sent_date": timezone.localdate()}

    def after_save(self, request: SchoolRequest, record: Any) -> str:
        return record.action.get_absolute_url()

    def home_of(self, request: SchoolRequest, record: Any) -> str:
        return record.action.get_absolute_url()


class ActionPartnerPages(_OfAction):
    model, app, name, slug = ActionPartner, "events", "action_partner", "actions-partenaires"
    form = ActionPartnerForm
    title, new_label = "Partenaires des actions", "Ajouter un partenaire à une action"
    saved = "Partenaire ajouté à l’action."
    ordering = ("-action__start_date", "partner__name")
    columns = (
        Column("Partenaire", lambda row: row.partner.name, "name", sort="partner__search_text"),
        Column("Action", "action", link=lambda row: row.action.get_absolute_url()),
        Column("Date", "action.start_date", "date", sort="action__start_date"),
    )

    def list_rows(self, request: SchoolRequest) -> QuerySet[ActionPartner]:
        return self.rows(request).select_related("action__school", "partner", "school")


class InvitationPages(_OfAction):
    model, app, name, slug = Invitation, "events", "invitation", "invitations"
    form, filters = InvitationForm, InvitationFilters
    title, new_label = "Invitations", "Inviter un partenaire"
    noun = "invitation"
    saved = "Invitation enregistrée."
    ordering = ("-sent_date", "partner__name")
    columns = (
        Column("Partenaire", lambda row: row.partner.name, "name", sort="partner__search_text"),
        Column("Action", "action", link=lambda row: row.action.get_absolute_url()),
        Column("Envoyée le", "sent_date", "date", sort="sent_date"),
        Column("Réponse", lambda row: row.reply or "sans_reponse", "badge", sort="reply"),
        Column("Venu", "present", "yesno"),
    )

    def list_rows(self, request: SchoolRequest) -> QuerySet[Invitation]:
        return self.rows(request).select_related("action__school", "partner", "school")


class ParticipationPages(_OfAction):
    model, app, name, slug = Participation, "events", "participation", "participations"
    form, filters = ParticipationForm, ParticipationFilters
    title, new_label = "Participations", "Attendre un élève à une action"
    saved = "Participation enregistrée."
    ordering = ("-action__start_date", "student__search_text")
    columns = (
        Column("Élève", lambda row: str(row.student), "name", sort="student__search_text"),
        Column("Action", "action", link=lambda row: row.action.get_absolute_url()),
        Column("Date", "action.start_date", "date", sort="action__start_date"),
        Column("Présent", "present", "yesno"),
    )

    def rows(self, request: SchoolRequest) -> QuerySet[Participation]:
        return super().rows(request).filter(student__in=visible_students(request.membership).values("pk"))

    def list_rows(self, request: SchoolRequest) -> QuerySet[Participation]:
        return self.rows(request).select_related("action__school", "student", "school")


@require_GET
@follows_merges
def partner_actions(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """The actions a partner carried or was invited to: a tab of its page."""
    demand(allows(request.membership, Permission.VIEW_ACTIONS))
    partner = PartnerPages().find(request, public_id)
    actions = (
        Action.objects.in_school(request.school).with_partner(partner).select_related("school").order_by("-start_date")
    )
    invitations = {row.action_id: row for row in Invitation.objects.in_school(request.school).filter(partner=partner)}
    return render(
        request,
        "events/partner_actions.html",
        {
            **partner_frame(request, partner),
            "actions": [(action, action_state(action), invitations.get(action.pk)) for action in actions],
            "may_edit": allows(request.membership, Permission.EDIT_ACTIONS),
            "new_url": reverse("events:action_new", args=[request.school.uai]),
        },
    )
