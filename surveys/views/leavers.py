"""What leavers become."""

from typing import Any

from django.db.models import QuerySet

from schools.middleware import SchoolRequest
from schools.pages import Column, RecordPages
from schools.permissions import visible_students
from schools.roles import Permission
from surveys.filters import OutcomeFilters
from surveys.forms.leavers import OutcomeForm
from surveys.models import LeaverOutcome


class OutcomePages(RecordPages):
    model, app, name, slug = LeaverOutcome, "surveys", "outcome", "devenir"
    view, edit = Permission.VIEW_SURVEYS, Permission.EDIT_SURVEYS
    form, filters = OutcomeForm, OutcomeFilters
    title, new_label = "Devenir des sortants", "Ajouter une situation"
    saved = "Situation enregistrée."
    save_label = "Enregistrer la situation"
    intro = "Ce que les élèves sortis sont devenus, 6 et 12 mois après."
    ordering = ("-leaving_year", "student__search_text", "term_months")
    columns = (
        Column("Élève", lambda row: str(row.student), "name", sort="student__search_text"),
        Column("Année de sortie", "leaving_year", sort="leaving_year"),
        Column("Échéance", "get_term_months_display", sort="term_months"),
        Column("Situation", "get_situation_display", sort="situation"),
        Column("Employeur", "partner"),
        Column("Enquêté le", "survey_date", "date", sort="survey_date"),
    )

    def rows(self, request: SchoolRequest) -> QuerySet[LeaverOutcome]:
        return super().rows(request).filter(student__in=visible_students(request.membership).values("pk"))

    def list_rows(self, request: SchoolRequest) -> QuerySet[LeaverOutcome]:
        return self.rows(request).select_related("student", "partner", "school")

    def initial(self, request: SchoolRequest) -> dict[str, Any]:
        return {"leaving_year": request.school_year.previous.code}
