"""The school's own models of action."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from events import catalogue, leading
from events.enums import Occasion
from events.forms.templates import ActionTemplateForm
from events.models import ActionTemplate
from events.views.actions import beginning
from schools.middleware import SchoolRequest
from schools.pages import Column, Fact, RecordPages
from schools.roles import Permission


class ActionTemplatePages(RecordPages):
    model, app, name, slug = ActionTemplate, "events", "action_template", "actions-modeles"
    view, edit = Permission.VIEW_ACTIONS, Permission.EDIT_ACTIONS
    form = ActionTemplateForm
    title, new_label = "Modèles d’action", "Ajouter un modèle d’action"
    noun = "modèle"
    saved = "Modèle enregistré."
    save_label = "Enregistrer le modèle"
    intro = "Les vôtres, proposés en premier à chaque nouvelle action. Un modèle se tire aussi d’une action menée."
    empty = "Aucun modèle à vous pour l’instant : ceux de la plateforme restent proposés."
    parent = ("Actions", "events:action_list")
    ordering = ("search_text", "pk")
    detail_template = "events/action_template.html"
    columns = (
        Column("Nom", "name", "name", sort="search_text"),
        Column("Nature", lambda row: catalogue.label(row.kind), sort="kind"),
        Column("Étapes", lambda row: len(row.steps), "number"),
        Column("Courriers", lambda row: len(row.letters), "number"),
        Column("Durée (heures)", "hours", "number", sort="hours"),
    )

    def list_rows(self, request: SchoolRequest) -> QuerySet[ActionTemplate]:
        return self.rows(request).select_related("school")

    def initial(self, request: SchoolRequest) -> dict[str, Any]:
        """A new model starts from one that ships, when the address names its nature."""
        start = beginning(request, request.GET.get("nature", ""))
        if start.kind is None:
            return {}
        return {
            "kind": start.kind.code,
            "hours": start.hours,
            "steps": [{"days": one.days, "label": one.label} for one in start.steps],
        }

    def facts(self, request: SchoolRequest, record: ActionTemplate) -> Iterable[Fact]:
        yield Fact("Nature", catalogue.label(record.kind))
        yield Fact("Durée en heures", record.hours, "number")

    def detail_context(self, request: SchoolRequest, record: ActionTemplate) -> dict[str, Any]:
        return {
            "steps": leading.template_steps(record),
            "letters": [(Occasion(name).label, letter) for name, letter in leading.template_letters(record).items()],
            "use_url": f"{reverse('events:action_new', args=[request.school.uai])}?modele={record.public_id}",
        }
