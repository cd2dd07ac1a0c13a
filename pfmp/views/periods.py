"""When classes go: periods, and the pupils who do not do one."""

from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet

from pfmp import permissions
from pfmp.filters import ExemptionFilters, PeriodFilters
from pfmp.forms.periods import ExemptionForm, PeriodForm
from pfmp.models import Exemption, Period
from schools.middleware import SchoolRequest
from schools.models import SchoolClass, Student
from schools.pages import Column, RecordPages
from schools.permissions import visible_students
from schools.roles import Permission


def named_in_address(request: SchoolRequest, records: QuerySet[Any], name: str) -> Any:
    """The record that the address names by its public id, among those given; None when it names none."""
    try:
        wanted = UUID(request.GET.get(name, ""))
    except ValueError:
        return None
    return records.filter(public_id=wanted).first()


class PeriodPages(RecordPages):
    model, app, name, slug = Period, "pfmp", "period", "periodes"
    view, edit = Permission.VIEW_PLACEMENTS, Permission.MANAGE_PLACEMENTS
    form, filters = PeriodForm, PeriodFilters
    title, new_label = "Périodes de PFMP", "Ajouter une période"
    intro = "Quand chaque classe part en entreprise, pour l’année affichée."
    saved = "Période enregistrée."
    save_label = "Enregistrer la période"
    empty = "Aucune période cette année-là. Ajoutez celles du calendrier du lycée, classe par classe."
    ordering = ("start_date", "school_class__code")
    columns = (
        Column("Période", lambda row: f"{row.school_class.label}, {row.label}", "name", sort="school_class__code"),
        Column("Début", "start_date", "date", sort="start_date"),
        Column("Fin", "end_date", "date", sort="end_date"),
        Column("Placements", "placement_count", "number"),
        Column("Dispenses", "exemption_count", "number"),
    )

    def rows(self, request: SchoolRequest) -> QuerySet[Period]:
        return permissions.visible_periods(request.membership)

    def list_rows(self, request: SchoolRequest) -> QuerySet[Period]:
        return (
            self.rows(request)
            .filter(year=request.school_year.code)
            .select_related("school_class", "school")
            .annotate(
                placement_count=Count("placements", distinct=True), exemption_count=Count("exemptions", distinct=True)
            )
        )

    def initial(self, request: SchoolRequest) -> dict[str, Any]:
        return {"school_class": named_in_address(request, SchoolClass.objects.in_school(request.school), "classe")}


class ExemptionPages(RecordPages):
    model, app, name, slug = Exemption, "pfmp", "exemption", "dispenses"
    view, edit = Permission.VIEW_PLACEMENTS, Permission.MANAGE_PLACEMENTS
    form, filters = ExemptionForm, ExemptionFilters
    title, new_label = "Dispenses de PFMP", "Noter une dispense"
    intro = "Les élèves qui ne font pas une période : ils n’y sont pas attendus."
    saved = "Dispense enregistrée."
    save_label = "Enregistrer la dispense"
    empty = "Aucune dispense cette année-là."
    ordering = ("-period__start_date", "student__last_name")
    columns = (
        Column("Élève", lambda row: str(row.student), "name", sort="student__last_name"),
        Column("Classe", "period.school_class.label", sort="period__school_class__code"),
        Column("Période", "period", link=lambda row: row.period.get_absolute_url()),
        Column("Motif", "get_reason_display", sort="reason"),
    )

    def rows(self, request: SchoolRequest) -> QuerySet[Exemption]:
        return super().rows(request).filter(student__in=visible_students(request.membership).values("pk"))

    def list_rows(self, request: SchoolRequest) -> QuerySet[Exemption]:
        return (
            self.rows(request)
            .filter(period__year=request.school_year.code)
            .select_related("student", "period__school_class", "period__school", "school")
        )

    def initial(self, request: SchoolRequest) -> dict[str, Any]:
        return {
            "student": named_in_address(request, Student.objects.in_school(request.school), "eleve"),
            "period": named_in_address(request, Period.objects.in_school(request.school), "periode"),
        }

    def after_save(self, request: SchoolRequest, record: Exemption) -> str:
        return record.period.get_absolute_url()

    def home_of(self, request: SchoolRequest, record: Exemption) -> str:
        return record.period.get_absolute_url()
