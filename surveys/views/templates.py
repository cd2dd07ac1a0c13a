"""A school's own models of survey."""

from django.db.models import QuerySet
from django.urls import reverse

from schools.middleware import SchoolRequest
from schools.pages import Column, Fact, RecordPages
from schools.roles import Permission
from surveys import templates
from surveys.forms.surveys import TemplateForm
from surveys.models import SurveyTemplate


class TemplatePages(RecordPages):
    model, app, name, slug = SurveyTemplate, "surveys", "template", "modeles-enquete"
    view, edit = Permission.VIEW_SURVEYS, Permission.EDIT_SURVEYS
    form = TemplateForm
    title, new_label = "Modèles d’enquête", "Ajouter un modèle d’enquête"
    noun = "modèle"
    intro = "Ceux de votre lycée. Neuf modèles sont fournis en plus, quand vous préparez une enquête."
    saved = "Modèle enregistré."
    save_label = "Enregistrer le modèle"
    empty = "Aucun modèle à vous pour l’instant : les modèles fournis suffisent souvent."
    ordering = ("search_text", "pk")
    keeps_views = False
    columns = (
        Column("Nom", "name", "name", sort="search_text"),
        Column("Public", "get_audience_display", sort="audience"),
        Column("Questions", lambda row: len(row.questions), "number"),
    )

    def list_rows(self, request: SchoolRequest) -> QuerySet[SurveyTemplate]:
        return self.rows(request).select_related("school")

    def facts(self, request: SchoolRequest, record: SurveyTemplate) -> list[Fact]:
        asked = [Fact(f"Question {rank}", text) for rank, text in enumerate(record.questions, 1)]
        return [*super().facts(request, record), *asked]

    def actions(self, request: SchoolRequest, record: SurveyTemplate) -> list[tuple[str, str, str]]:
        new = reverse("surveys:survey_new", args=[request.school.uai])
        return [("Préparer une enquête", "chat-square-text", f"{new}?modele={templates.OWN}{record.public_id}")]
