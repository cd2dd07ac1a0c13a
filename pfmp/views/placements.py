"""Placements: the list, the page of one."""

from django.db.models import QuerySet

from core.verdict import Verdict
from pfmp import permissions
from pfmp.filters import PlacementFilters
from pfmp.forms import PeriodForm
from pfmp.models import Placement
from schools.middleware import SchoolRequest
from schools.pages import Column, RecordPages
from schools.roles import Permission


class PlacementPages(RecordPages):
    model, app, name, slug = Placement, "pfmp", "placement", "placements"
    view, edit = Permission.VIEW_PLACEMENTS, Permission.LOG_PLACEMENT
    form, filters = PeriodForm, PlacementFilters
    title, new_label = "Placements", "Saisir un placement"
    intro = "Qui va où, pour l’année affichée."
    save_label = "Enregistrer le placement"
    empty = "Aucun placement pour l’instant. Saisissez le premier : un élève, une entreprise, des dates."
    ordering = ("-start_date", "student__last_name", "student__first_name", "pk")
    columns = (
        Column("Élève", lambda row: str(row.student), "name", sort="student__last_name"),
        Column("Classe", "period.school_class.label", sort="period__school_class__code"),
        Column("Entreprise", "partner.name", sort="partner__name", link=lambda row: row.partner.get_absolute_url()),
        Column("Du", "start_date", "date", sort="start_date"),
        Column("Au", "end_date", "date", sort="end_date"),
        Column("Étape", "status", "badge", sort="status", status_kind="placement"),
        Column("Référent", "referent_email", screen=False),
        Column("Période", "period.label", screen=False),
        Column("Trouvé par", "get_origin_display", screen=False),
        Column("Jours effectués", "days_done", "number", screen=False),
        Column("Identifiant", "dossier_id", screen=False),
    )

    def rows(self, request: SchoolRequest) -> QuerySet[Placement]:
        return permissions.visible_placements(request.membership)

    def list_rows(self, request: SchoolRequest) -> QuerySet[Placement]:
        return (
            self.rows(request)
            .in_year(request.school_year.code)
            .select_related("school", "student", "partner__school", "period__school_class")
        )

    def may_change(self, request: SchoolRequest, record: Placement) -> Verdict:
        return permissions.may_change(request.membership, record)

    def status(self, record: Placement) -> str:
        return record.status
