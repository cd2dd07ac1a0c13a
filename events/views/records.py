"""Actions led with partners: partners who carry them, guests, pupils."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from core.verdict import demand
from events.filters import InvitationFilters, ParticipationFilters
from events.forms.records import (
    ActionPartnerForm,
    InvitationForm,
    ParticipationForm,
)
from events.models import Action, ActionPartner, Invitation, Participation
from events.views.actions import action_state
from partners.views.doubles import follows_merges
from partners.views.overview import partner_frame
from partners.views.records import PartnerPages, initial_partner
from schools.middleware import SchoolRequest
from schools.pages import Column, RecordPages, named_in_address
from schools.permissions import allows, visible_students
from schools.roles import Permission


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
            "new_url": f"{reverse('events:action_choose', args=[request.school.uai])}?partenaire={partner.public_id}",
        },
    )
