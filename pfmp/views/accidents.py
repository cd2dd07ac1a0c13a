"""Accidents: report one from a placement, what to do now, the 48 hours, the sheet for the company, the follow-up."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from core import downloads
from core.verdict import Verdict, demand
from pfmp import accidents
from pfmp.forms.accidents import AccidentForm
from pfmp.models import Accident
from pfmp.views.named import placement_named
from schools.middleware import SchoolRequest
from schools.pages import Column, RecordPages
from schools.permissions import allows, may_see_contacts
from schools.roles import Permission


class AccidentPages(RecordPages):
    """Accidents: one is reported from its placement's page."""

    model, app, name, slug = Accident, "pfmp", "accident", "accidents"
    view, edit = Permission.LOG_PLACEMENT, Permission.LOG_PLACEMENT
    form = AccidentForm
    title, new_label = "Accidents", "Signaler un accident"
    parent = ("PFMP", "pfmp:board")
    noun = "accident"
    intro = "Au travail ou sur le trajet : qui doit faire quoi, et pour quand. Rien sur la santé."
    saved = "Accident signalé. Le bureau, la direction et le DDFPT le voient."
    save_label = "Enregistrer"
    empty = "Aucun accident signalé. Il se signale depuis la page d’un placement."
    list_template = "pfmp/accident_list.html"
    detail_template = "pfmp/accident_detail.html"
    form_template = "pfmp/accident_form.html"
    ordering = ("-happened_at", "-pk")
    columns = (
        Column("Élève", lambda row: str(row.placement.student), "name", sort="placement__student__search_text"),
        Column("Entreprise", lambda row: row.placement.partner.name),
        Column("Quand", lambda row: timezone.localtime(row.happened_at).date(), "date", sort="happened_at"),
        Column("Où", "get_place_display"),
        Column("Étape", accidents.state_of, "badge"),
    )

    def may_view(self, request: SchoolRequest) -> Verdict:
        return allows(request.membership, Permission.VIEW_HOST_QUALITY) or super().may_view(request)

    def rows(self, request: SchoolRequest) -> QuerySet[Accident]:
        return accidents.visible_accidents(request.membership)

    def form_kwargs(self, request: SchoolRequest) -> dict[str, Any]:
        return {"now": timezone.now()}

    def may_delete(self, request: SchoolRequest, record: Accident) -> Verdict:
        return allows(request.membership, Permission.MANAGE_PLACEMENTS)

    def delete_page(self, request: SchoolRequest, public_id: UUID) -> HttpResponse:
        """Asked before the accident is looked up: a teacher reports, the bureau removes."""
        demand(allows(request.membership, Permission.MANAGE_PLACEMENTS))
        return super().delete_page(request, public_id)

    def status(self, record: Accident) -> str:
        return accidents.state_of(record)

    def list_context(self, request: SchoolRequest) -> dict[str, Any]:
        """A new one is opened from its placement: the list leads to no empty form."""
        return {"new_url": ""}

    def new_page(self, request: SchoolRequest) -> HttpResponse:
        """Of the placement that the address names."""
        demand(self.may_add(request))
        placement = placement_named(request, "student__school", "partner__school", "period__school_class")
        form = self._form(request)
        form.instance.placement = placement
        return self._form_page(request, form, self.create, record=None)

    def detail_context(self, request: SchoolRequest, record: Accident) -> dict[str, Any]:
        now: datetime = timezone.now()
        deadline = accidents.deadline(record)
        return {
            "deadline": deadline,
            "is_late": record.declared_date is None and now > deadline,
            "hours_left": max(0, int((deadline - now).total_seconds() // 3600)),
            "awaited": accidents.awaited(record),
            "instructions": accidents.instructions(request.school),
            "sheet_url": reverse("pfmp:accident_sheet", args=[request.school.uai, record.public_id]),
            "sees_contacts": bool(may_see_contacts(request.membership, record.placement.student)),
        }


@require_GET
def accident_sheet(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """The emergency sheet for the company, as a PDF."""
    pages = AccidentPages()
    demand(pages.may_view(request))
    found = pages.find(request, public_id)
    sees_contacts = bool(may_see_contacts(request.membership, found.placement.student))
    file = accidents.sheet(found, timezone.localdate(), sees_contacts=sees_contacts)
    return downloads.attachment(file, "application/pdf", "fiche-urgence-accident.pdf")
