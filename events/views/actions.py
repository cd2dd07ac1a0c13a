"""The pages of actions: the list, the page of one with what to do next, its form."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from events import preparing
from events.filters import ActionFilters
from events.forms.records import REPLIES, ActionForm, ExpectClassForm
from events.models import Action, ActionPartner, Invitation, Participation
from events.views import action_tabs
from schools.middleware import SchoolRequest
from schools.pages import Column, Fact, RecordPages
from schools.permissions import allows, visible_students
from schools.roles import Permission


def action_state(action: Action) -> str:
    """Its status code today."""
    return preparing.state_of(action, timezone.localdate())


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
            **action_tabs.frame(request, record),
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
