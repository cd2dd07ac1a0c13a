"""« Durées sur le cycle »: the weeks of each pupil against what the diploma asks; the durations that a school enters."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from core.school_year import SchoolYear
from core.verdict import demand
from pfmp import calendar, durations
from pfmp.forms.periods import FormationDurationForm
from pfmp.models import FormationDuration
from pfmp.rules import cycle
from schools.middleware import SchoolRequest
from schools.models import SchoolClass
from schools.pages import Column, RecordPages
from schools.permissions import allows, is_own_only, visible_students
from schools.roles import Permission


def _found(request: SchoolRequest, classes: Iterable[SchoolClass]) -> list[durations.ClassDurations]:
    """The weeks of the pupils of these classes whom this person may see."""
    seen = (
        visible_students(request.membership).values_list("pk", flat=True) if is_own_only(request.membership) else None
    )
    return durations.of_classes(request.school, classes, timezone.localdate(), students=seen)


@require_GET
def durations_overview(request: SchoolRequest) -> HttpResponse:
    """Every class: what its diploma asks, how many pupils are at risk; `etat=risque` names them."""
    demand(allows(request.membership, Permission.VIEW_PLACEMENTS))
    found = _found(request, calendar.classes_of(request.membership, request.school_year.code).order_by("code"))
    at_risk = request.GET.get("etat") == "risque"
    return render(
        request,
        "pfmp/durations.html",
        {
            "classes": found,
            "at_risk": at_risk,
            "risky": [line for one in found for line in one.lines if line.is_at_risk] if at_risk else [],
            "risk_count": sum(one.at_risk for one in found),
            "pupil_count": sum(len(one.lines) for one in found),
            "may_enter": allows(request.membership, Permission.MANAGE_PLACEMENTS),
            "calendar_url": reverse("pfmp:year_calendar", args=[request.school.uai]),
        },
    )


@require_GET
def class_durations(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """One class, pupil by pupil: weeks done, to come, required, missing, and why."""
    demand(allows(request.membership, Permission.VIEW_PLACEMENTS))
    school_class = get_object_or_404(calendar.classes_of(request.membership), public_id=public_id)
    found = next(iter(_found(request, [school_class])), None)
    at_risk = request.GET.get("etat") == "risque"
    return render(
        request,
        "pfmp/class_durations.html",
        {
            "found": found,
            "notes": cycle.notes_of(school_class.niveau, SchoolYear.parse(school_class.year)),
            "school_class": school_class,
            "lines": [line for line in found.lines if line.is_at_risk or not at_risk] if found else [],
            "at_risk": at_risk,
            "overview_url": reverse("pfmp:durations", args=[request.school.uai]),
            "may_enter": allows(request.membership, Permission.MANAGE_PLACEMENTS),
        },
    )


class FormationDurationPages(RecordPages):
    model, app, name, slug = FormationDuration, "pfmp", "formation_duration", "durees/formations"
    view, edit = Permission.VIEW_PLACEMENTS, Permission.MANAGE_PLACEMENTS
    form = FormationDurationForm
    title, new_label = "Durées propres à une formation", "Saisir une durée"
    noun = "durée"
    intro = "Quand l’arrêté d’une spécialité demande autre chose que son diplôme, ou pour un BTS."
    saved = "Durée enregistrée."
    save_label = "Enregistrer la durée"
    empty = (
        "Aucune : chaque formation suit son diplôme. Un BTS a besoin de sa durée, fixée par l’arrêté de sa spécialité."
    )
    ordering = ("formation", "-since")
    keeps_views = False
    parent = ("Durées sur le cycle", "pfmp:durations")
    columns = (
        Column("Formation", "formation", "name", sort="formation"),
        Column("Semaines", "weeks", "number", sort="weeks"),
        Column("Par période, au moins", "minimum_block", "number"),
        Column("Depuis", "since", sort="since"),
        Column("Texte", "source"),
    )

    def list_rows(self, request: SchoolRequest) -> QuerySet[FormationDuration]:
        return self.rows(request).select_related("school")

    def home_of(self, request: SchoolRequest, record: FormationDuration) -> str:
        return self.url("list", request)
