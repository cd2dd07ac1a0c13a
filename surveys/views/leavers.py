"""What leavers become."""

from typing import Any

from django.db.models import QuerySet

from schools.forms import RecordForm
from schools.middleware import SchoolRequest
from schools.pages import Column, RecordPages, named_in_address
from schools.permissions import visible_students
from schools.roles import Permission
from surveys.enums import AnswerMeans
from surveys.filters import OutcomeFilters
from surveys.forms.leavers import OutcomeForm
from surveys.models import LeaverOutcome
from surveys.views.leaver_frame import frame


class OutcomePages(RecordPages):
    model, app, name, slug = LeaverOutcome, "surveys", "outcome", "devenir"
    view, edit = Permission.VIEW_SURVEYS, Permission.EDIT_SURVEYS
    form, filters = OutcomeForm, OutcomeFilters
    title, new_label = "Devenir des sortants", "Ajouter une situation"
    saved = "Situation enregistrée."
    save_label = "Enregistrer la situation"
    intro = "Ce que chaque élève sorti est devenu, 6, 12, 18 et 24 mois après."
    noun = "réponse"
    list_template = "surveys/outcome_list.html"
    ordering = ("-leaving_year", "student__search_text", "term_months")
    columns = (
        Column("Élève", lambda row: str(row.student), "name", sort="student__search_text"),
        Column("Année de sortie", "leaving_year", sort="leaving_year"),
        Column("Échéance", "get_term_months_display", sort="term_months"),
        Column("Situation", "get_situation_display", sort="situation"),
        Column("Employeur", lambda row: row.partner or row.employer_name),
        Column("Métier ou formation", "job_title"),
        Column("Réponse par", "get_means_display", screen=False),
        Column("Enquêté le", "survey_date", "date", sort="survey_date"),
    )

    def rows(self, request: SchoolRequest) -> QuerySet[LeaverOutcome]:
        return super().rows(request).filter(student__in=visible_students(request.membership).values("pk"))

    def list_rows(self, request: SchoolRequest) -> QuerySet[LeaverOutcome]:
        return self.rows(request).select_related("student", "partner", "school")

    def initial(self, request: SchoolRequest) -> dict[str, Any]:
        asked = {"leaving_year": request.GET.get("annee", ""), "term_months": request.GET.get("echeance", "")}
        return {
            "leaving_year": request.school_year.previous.code,
            "student": named_in_address(request, visible_students(request.membership), "eleve"),
            **{name: value for name, value in asked.items() if value},
        }

    def list_context(self, request: SchoolRequest) -> dict[str, Any]:
        return frame(request)

    def create(self, request: SchoolRequest, form: RecordForm) -> LeaverOutcome:
        form.instance.means = AnswerMeans.ENTERED
        found: LeaverOutcome = super().create(request, form)
        return found
