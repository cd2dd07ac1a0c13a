"""Follow-up visits: noted from the placement's page, in three taps on a phone."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone

from core.verdict import Verdict, demand
from pfmp import permissions
from pfmp.enums import VisitMode
from pfmp.filters import VisitFilters
from pfmp.forms.visits import VisitForm
from pfmp.models import Visit
from pfmp.views.periods import named_in_address
from schools.forms import RecordForm
from schools.middleware import SchoolRequest
from schools.pages import Column, RecordPages
from schools.roles import Permission


class VisitPages(RecordPages):
    model, app, name, slug = Visit, "pfmp", "visit", "visites"
    view, edit = Permission.VIEW_PLACEMENTS, Permission.LOG_VISIT
    form, filters = VisitForm, VisitFilters
    title, new_label = "Visites", "Noter une visite"
    intro = "Le suivi des élèves en entreprise, pour l’année affichée."
    saved = "Visite notée."
    save_label = "Enregistrer la visite"
    empty = "Aucune visite notée cette année. Ouvrez un placement, puis « Noter une visite »."
    list_template = "pfmp/visit_list.html"
    form_template = "pfmp/visit_form.html"
    ordering = ("-date", "-pk")
    columns = (
        Column("Élève", lambda row: str(row.placement.student), "name", sort="placement__student__search_text"),
        Column("Entreprise", "placement.partner.name", sort="placement__partner__name"),
        Column("Date", "date", "date", sort="date"),
        Column("Mode", "get_mode_display", sort="mode"),
        Column("Faite par", "author_email", sort="author_email"),
        Column("Compte rendu", "report", screen=False),
    )

    def rows(self, request: SchoolRequest) -> QuerySet[Visit]:
        return permissions.visible_visits(request.membership).select_related(
            "placement__student", "placement__partner", "placement__school"
        )

    def list_rows(self, request: SchoolRequest) -> QuerySet[Visit]:
        return self.rows(request).filter(placement__period__year=request.school_year.code).select_related("school")

    def list_context(self, request: SchoolRequest) -> dict[str, Any]:
        """A new one is opened from its placement: the list leads to no empty form."""
        return {"new_url": ""}

    def may_change(self, request: SchoolRequest, record: Visit) -> Verdict:
        return permissions.may_change_visit(request.membership, record)

    def form_kwargs(self, request: SchoolRequest) -> dict[str, Any]:
        return {"today": timezone.localdate()}

    def initial(self, request: SchoolRequest) -> dict[str, Any]:
        return {"date": timezone.localdate(), "mode": VisitMode.ON_SITE}

    def _form(self, request: SchoolRequest, record: Any = None) -> RecordForm:
        """A new visit is of the placement that the address names: `?placement=…`."""
        form = super()._form(request, record)
        if record is None:
            placement = named_in_address(
                request,
                permissions.visible_placements(request.membership).select_related("student", "partner", "school"),
                "placement",
            )
            if placement is None:
                raise Http404
            demand(permissions.may_note_visit(request.membership, placement))
            form.instance.placement = placement
        return form

    def create(self, request: SchoolRequest, form: RecordForm) -> Visit:
        form.instance.author_email = request.membership.email
        return super().create(request, form)

    def after_save(self, request: SchoolRequest, record: Visit) -> str:
        return record.placement.get_absolute_url()

    def home_of(self, request: SchoolRequest, record: Visit) -> str:
        return record.placement.get_absolute_url()

    def subtitle(self, request: SchoolRequest, record: Visit) -> str:
        return f"{record.placement.student} chez {record.placement.partner}"
