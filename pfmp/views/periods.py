"""When classes go: periods, and the pupils who do not do one."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, QuerySet
from django.urls import reverse

from core import french, notices
from core.verdict import Verdict
from pfmp import permissions, planning
from pfmp.filters import ExemptionFilters, PeriodFilters
from pfmp.forms.periods import FOLLOW, ExemptionForm, PeriodForm, PeriodsPlanForm
from pfmp.models import Exemption, Period
from pfmp.views import class_board
from schools.forms import RecordForm
from schools.middleware import SchoolRequest
from schools.models import SchoolClass, Student
from schools.pages import Column, Fact, RecordPages, named_in_address
from schools.permissions import visible_students
from schools.roles import Permission

GAPS = "has_gaps"
"""Set on a period that was just saved, when placements kept other dates than its own."""


class PeriodPages(RecordPages):
    model, app, name, slug = Period, "pfmp", "period", "periodes"
    view, edit = Permission.VIEW_PLACEMENTS, Permission.MANAGE_PLACEMENTS
    form, filters = PeriodForm, PeriodFilters
    title, new_label = "Périodes de PFMP", "Ajouter une période"
    parent = ("PFMP", "pfmp:board")
    intro = "Quand chaque classe part en entreprise, pour l’année affichée."
    saved = "Période enregistrée."
    save_label = "Enregistrer la période"
    detail_template = "pfmp/period_detail.html"
    form_template = "pfmp/period_form.html"
    empty = "Aucune période cette année-là. Ajoutez celles du calendrier du lycée, classe par classe."
    ordering = ("start_date", "school_class__code")
    columns = (
        Column("Période", lambda row: f"{row.school_class.label}, {row.label}", "name", sort="school_class__code"),
        Column("Début", "start_date", "date", sort="start_date"),
        Column("Fin", "end_date", "date", sort="end_date"),
        Column("Nature", "get_kind_display", sort="kind", screen=False),
        Column("Compte pour l’examen", "counts_for_exam", "yesno", sort="counts_for_exam", screen=False),
        Column("Précision", "note", screen=False),
        Column("Placements", "placement_count", "number"),
        Column("Dispenses", "exemption_count", "number"),
    )

    def rows(self, request: SchoolRequest) -> QuerySet[Period]:
        return permissions.visible_periods(request.membership).select_related("school_class", "school")

    def list_rows(self, request: SchoolRequest) -> QuerySet[Period]:
        return (
            self.rows(request)
            .filter(year=request.school_year.code)
            .select_related("school_class", "school")
            .annotate(
                placement_count=Count("placements", distinct=True), exemption_count=Count("exemptions", distinct=True)
            )
        )

    def may_delete(self, request: SchoolRequest, record: Period) -> Verdict:
        return permissions.may_remove_period(request.membership, record)

    def subtitle(self, request: SchoolRequest, record: Period) -> str:
        return french.period(record.start_date, record.end_date)

    def facts(self, request: SchoolRequest, record: Period) -> Iterable[Fact]:
        """None: the board of the class says it all."""
        return ()

    def detail_context(self, request: SchoolRequest, record: Period) -> dict[str, Any]:
        """The board of one class for one period: each pupil, their step, what to do next."""
        return class_board.context(request, record) | {
            "exemption_url": f"{ExemptionPages().url('new', request)}?periode={record.public_id}",
        }

    def initial(self, request: SchoolRequest) -> dict[str, Any]:
        return {"school_class": named_in_address(request, SchoolClass.objects.in_school(request.school), "classe")}

    def create(self, request: SchoolRequest, form: RecordForm) -> Period:
        values = {name: form.cleaned_data[name] for name in PeriodsPlanForm.Meta.fields}
        key = form.cleaned_data["creation_key"]
        made = planning.create_periods(
            request.school, [form.cleaned_data["school_class"]], **values, by=request.user, key=key
        )
        return made[0] if made else self.find(request, key)  # a second post of the same form

    def change(self, request: SchoolRequest, form: RecordForm) -> Period:
        """Save, then say what the new dates did to the placements: nothing moves in silence."""
        done = planning.change_period(
            form.instance,
            version=form.cleaned_data["version"],
            changed=[name for name in form.changed_data if name not in ("version", "seen", "confirmed", "follow")],
            follow=form.cleaned_data.get("follow") == FOLLOW,
            by=request.user,
        )
        if done.moved:
            notices.said(
                request, f"{french.plural(done.moved, 'placement suit', 'placements suivent')} les nouvelles dates."
            )
        setattr(done.period, GAPS, bool(done.left or done.with_paper))
        return done.period

    def after_save(self, request: SchoolRequest, record: Period) -> str:
        """Placements left at other dates are shown at once; a band that was dragged comes back to the calendar."""
        if getattr(record, GAPS, False):
            return reverse("pfmp:period_dates", args=[request.school.uai, record.public_id])
        if request.POST.get("retour") == "annee":
            return reverse("pfmp:year_calendar", args=[request.school.uai])
        return record.get_absolute_url()


class ExemptionPages(RecordPages):
    model, app, name, slug = Exemption, "pfmp", "exemption", "dispenses"
    view, edit = Permission.VIEW_PLACEMENTS, Permission.MANAGE_PLACEMENTS
    form, filters = ExemptionForm, ExemptionFilters
    title, new_label = "Dispenses de PFMP", "Noter une dispense"
    parent = ("PFMP", "pfmp:board")
    intro = "Les élèves qui ne font pas une période : ils n’y sont pas attendus."
    saved = "Dispense enregistrée."
    save_label = "Enregistrer la dispense"
    empty = "Aucune dispense cette année-là."
    ordering = ("-period__start_date", "student__search_text")
    columns = (
        Column("Élève", lambda row: str(row.student), "name", sort="student__search_text"),
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
