"""« Calendrier du lycée »: the holidays of the zone, read-only, and the days without lessons that the school enters."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from core import french, notices
from core.verdict import demand
from schools import calendar, own_calendar
from schools.enums import DayOffKind
from schools.forms import RecordForm
from schools.middleware import SchoolRequest
from schools.models import SchoolHoliday
from schools.pages import Column, RecordPages
from schools.permissions import allows
from schools.roles import Permission

LONGEST = 100
"""Days of one row at most: the longest summer has 60."""
FIRST_YEAR, LAST_YEAR = 2000, 2098


class SchoolHolidayForm(RecordForm):
    class Meta:
        model = SchoolHoliday
        fields = ["label", "kind", "start_date", "end_date"]
        help_texts = {
            "kind": "Des vacances saisies ici remplacent toutes celles de la zone pour cette année scolaire : commencez par "
            "les reprendre. Un pont, une fermeture ou des examens s’y ajoutent.",
        }

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        start, end = cleaned.get("start_date"), cleaned.get("end_date")
        for name, day in (("start_date", start), ("end_date", end)):
            if day and not date(FIRST_YEAR, 9, 1) <= day <= date(LAST_YEAR, 8, 31):
                self.add_error(name, "Cette date est hors des années scolaires que la plateforme connaît.")
        if start and end and (end - start).days >= LONGEST:
            self.add_error("end_date", f"Pas plus de {LONGEST} jours sur une ligne : coupez-la en deux.")
        return cleaned


class SchoolHolidayPages(RecordPages):
    model, app, name, slug = SchoolHoliday, "schools", "school_holiday", "calendrier"
    view, edit = Permission.VIEW_STUDENTS, Permission.EDIT_SCHOOL
    form = SchoolHolidayForm
    title, new_label = "Calendrier du lycée", "Ajouter des jours sans cours"
    noun = "ligne saisie par le lycée,lignes saisies par le lycée"
    intro = "Vacances, ponts et fermetures : les jalons des PFMP et les relances les sautent."
    saved = "Calendrier enregistré."
    save_label = "Enregistrer ces jours"
    empty = "Le lycée n’a rien saisi pour cette année : les vacances de la zone, ci-dessous, s’appliquent."
    list_template = "schools/school_holiday_list.html"
    ordering = ("start_date", "pk")
    keeps_views = False
    columns = (
        Column("Libellé", "label", "name", sort="label"),
        Column("Nature", "get_kind_display", sort="kind"),
        Column("Premier jour sans cours", "start_date", "date", sort="start_date"),
        Column("Dernier jour sans cours", "end_date", "date", sort="end_date"),
    )

    def list_rows(self, request: SchoolRequest) -> QuerySet[SchoolHoliday]:
        year = request.school_year
        return self.rows(request).filter(start_date__lte=year.end, end_date__gte=year.start).select_related("school")

    def subtitle(self, request: SchoolRequest, record: SchoolHoliday) -> str:
        return french.period(record.start_date, record.end_date)

    def list_context(self, request: SchoolRequest) -> dict[str, Any]:
        year = request.school_year
        found = calendar.calendar_of(request.school, year.start, year.end)
        has_own = any(one.is_own and one.kind == DayOffKind.HOLIDAYS for one in found.periods)
        official = [one for one in found.periods if not one.is_own]
        return {
            "zone": calendar.zone_label(found.zone),
            "is_chosen": bool(request.school.holiday_zone),
            "has_own": has_own,
            "is_known": found.is_known,
            "official": official,
            "may_copy": allows(request.membership, self.edit) and bool(official) and not has_own,
            "may_set": allows(request.membership, self.edit),
            "legal": list(found.legal_holidays().items()),
        }

    def home_of(self, request: SchoolRequest, record: SchoolHoliday) -> str:
        return self.url("list", request)


@require_POST
def school_holiday_copy(request: SchoolRequest) -> HttpResponse:
    """Copy the zone's holidays of the year on screen, to correct them."""
    demand(allows(request.membership, Permission.EDIT_SCHOOL))
    try:
        rows = own_calendar.copy_zone(request.school, request.school_year, by=request.user)
    except ValidationError as error:
        notices.refused(request, " ".join(error.messages))
    else:
        said = french.plural(len(rows), "ligne est", "lignes sont")
        notices.said(request, f"{said} à vous : modifiez ce qui diffère au lycée.")
    return redirect("schools:school_holiday_list", request.school.uai)
