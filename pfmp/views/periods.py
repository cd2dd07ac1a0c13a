"""When classes go: periods, and the pupils who do not do one."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, QuerySet
from django.urls import reverse
from django.utils import timezone

from core import charts, french
from core.verdict import Verdict
from pfmp import permissions, selectors
from pfmp.filters import ExemptionFilters, PeriodFilters
from pfmp.forms.periods import ExemptionForm, PeriodForm
from pfmp.models import Exemption, Period, Visit
from schools.middleware import SchoolRequest
from schools.models import Membership, SchoolClass, Student
from schools.pages import Column, RecordPages, named_in_address
from schools.permissions import visible_students
from schools.roles import Permission


@dataclass(frozen=True)
class Line:
    """A pupil on the board of a class: the situation, the referent's name, the next thing to do and its address."""

    row: selectors.Situation
    referent: str
    do: tuple[str, str]


def next_thing(
    row: selectors.Situation, request: SchoolRequest, visited: set[int], *, may_log: bool
) -> tuple[str, str]:
    """What to do next for a pupil, as a link; two empty texts when there is nothing, or not by this person."""
    placement = row.placement
    if row.step in ("sans_place", "a_replacer"):
        new = reverse("pfmp:placement_new", args=[request.school.uai])
        url = f"{new}?eleve={row.student.public_id}&periode={row.period.public_id}"
        return ("Saisir un placement", url) if may_log else ("", "")
    if placement is None or row.step == "dispense":
        return "", ""
    page = reverse("pfmp:placement_detail", args=[request.school.uai, placement.public_id])
    edit = reverse("pfmp:placement_edit", args=[request.school.uai, placement.public_id])
    if row.step == "convention_refusee":
        return "Corriger la convention", page
    if row.step in ("piste_en_cours", "place_trouvee"):
        words = "Compléter la piste" if row.step == "piste_en_cours" else "Éditer la convention"
        return (words, edit) if may_log else ("", "")
    if row.step == "convention_editee":
        return "Faire signer", page
    if row.step == "a_signer":
        return f"Relancer {row.missing}", page
    if row.step == "convention_complete":
        return f"Départ {french.short_day(placement.start_date)}", page
    if row.step == "en_entreprise" and placement.pk not in visited:
        return "À visiter", page
    return "", ""


def departure(period: Period, today: date) -> str:
    """« départ dans 11 jours », « en entreprise », « terminée »."""
    if today > period.end_date:
        return "terminée"
    if today >= period.start_date:
        return "en entreprise"
    days = (period.start_date - today).days
    return "départ demain" if days == 1 else f"départ dans {days} jours"


class PeriodPages(RecordPages):
    model, app, name, slug = Period, "pfmp", "period", "periodes"
    view, edit = Permission.VIEW_PLACEMENTS, Permission.MANAGE_PLACEMENTS
    form, filters = PeriodForm, PeriodFilters
    title, new_label = "Périodes de PFMP", "Ajouter une période"
    intro = "Quand chaque classe part en entreprise, pour l’année affichée."
    saved = "Période enregistrée."
    save_label = "Enregistrer la période"
    detail_template = "pfmp/period_detail.html"
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

    def detail_context(self, request: SchoolRequest, record: Period) -> dict[str, Any]:
        """The board of one class for one period: each pupil, their step, what to do next."""
        today = timezone.localdate()
        pupils = visible_students(request.membership).values_list("pk", flat=True)
        rows = selectors.situations([record], today, students=pupils)[record.pk]
        counts = Counter(row.step for row in rows)
        step = request.GET.get("etape", "")
        late_first = sorted(rows, key=lambda row: (selectors.STEPS.index(row.step), -row.days_late))
        expected = [row for row in rows if not row.is_exempted]
        placed = sum(row.has_solution for row in expected)
        staff = {member.email.casefold(): member.full_name for member in Membership.objects.in_school(request.school)}
        visited = set(
            Visit.objects.in_school(request.school)
            .filter(placement__period=record)
            .values_list("placement_id", flat=True)
        )
        may_log = permissions.may_log(request.membership)
        return {
            "today": today,
            "lines": [
                Line(
                    row,
                    staff.get(row.placement.referent_email.casefold(), row.placement.referent_email)
                    if row.placement
                    else "",
                    next_thing(row, request, visited, may_log=bool(may_log)),
                )
                for row in late_first
                if step in ("", row.step)
            ],
            "sums": [(code, counts[code]) for code in selectors.STEPS if counts[code]],
            "lead": f"{placed} sur {len(expected)}",
            "lead_text": "a une place" if placed == 1 else "ont une place",
            "chart": charts.share(placed, len(expected), width=140),
            "departure": departure(record, today),
            "may_log": may_log,
            "students_new_url": f"{reverse('pfmp:placement_new', args=[request.school.uai])}",
            "exemption_url": f"{ExemptionPages().url('new', request)}?periode={record.public_id}",
            "board_url": reverse("pfmp:board", args=[request.school.uai]),
        }

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
