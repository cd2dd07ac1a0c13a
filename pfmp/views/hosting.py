"""What a host accepts and how it went: a tab of the partner's page, and the lists behind."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from core.verdict import Verdict, demand
from partners.views.doubles import follows_merges
from partners.views.overview import partner_frame
from partners.views.records import PartnerPages, initial_partner
from pfmp import hosting, opinions
from pfmp.filters import CapacityFilters, IncidentFilters, ReviewFilters
from pfmp.forms.hosting import CapacityForm, IncidentForm, ReviewForm
from pfmp.models import HostCapacity, HostIncident, HostReview
from pfmp.views.named import placement_named
from schools.forms import RecordForm
from schools.middleware import SchoolRequest
from schools.pages import Column, RecordPages
from schools.permissions import allows
from schools.roles import Permission

LATEST = 20


@require_GET
@follows_merges
def partner_hosting(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """Places accepted, taken and left in the year on screen; reviews and incidents for those who may read them."""
    demand(allows(request.membership, Permission.VIEW_PLACEMENTS))
    membership = request.membership
    partner = PartnerPages().find(request, public_id)
    year = request.school_year.code
    said = HostCapacity.objects.in_school(request.school).filter(partner=partner, year=year)
    reviews = (
        hosting.visible_reviews(membership)
        .filter(placement__partner=partner)
        .select_related(
            "placement__student", "placement__period__school_class", "placement__school", "school", "author"
        )
        .order_by("-date", "-pk")
    )
    incidents = hosting.visible_incidents(membership).filter(partner=partner).select_related("school", "author")
    quality = hosting.quality(partner, membership)
    named = f"?partenaire={partner.public_id}"
    context = {
        **partner_frame(request, partner),
        "places": hosting.places(request.school, said),
        "may_edit": allows(membership, Permission.MANAGE_PLACEMENTS),
        "capacity_url": CapacityPages().url("new", request) + named,
        "quality": quality,
        "marks": [
            (ReviewForm.base_fields[name].label, hosting.mark_in_words(mean), mean)
            for name, mean in quality.means.items()
        ],
        "welcome": opinions.welcome_at(partner, membership),
        "reviews": reviews[:LATEST],
        "incidents": incidents.order_by("-date", "-pk")[:LATEST],
        "may_report": allows(membership, Permission.LOG_VISIT),
        "incident_url": IncidentPages().url("new", request) + named,
        "may_avoid": allows(membership, Permission.EDIT_PARTNERS),
    }
    return render(request, "pfmp/partner_hosting.html", context)


class CapacityPages(RecordPages):
    model, app, name, slug = HostCapacity, "pfmp", "capacity", "places-d-accueil"
    view, edit = Permission.VIEW_PLACEMENTS, Permission.MANAGE_PLACEMENTS
    form, filters = CapacityForm, CapacityFilters
    title, new_label = "Places d’accueil", "Noter des places"
    parent = ("PFMP", "pfmp:board")
    noun = "accord,accords"
    intro = "Combien d’élèves chaque entreprise accepte, par formation, pour l’année affichée."
    saved = "Places notées."
    save_label = "Enregistrer les places"
    empty = "Aucune entreprise n’a encore dit combien d’élèves elle prend. Notez-le à la prochaine conversation."
    ordering = ("formation", "partner__search_text", "pk")
    columns = (
        Column("Entreprise", lambda row: row.partner.name, "name", sort="partner__search_text"),
        Column("Commune", "partner.city", sort="partner__city"),
        Column("Formation", "formation", sort="formation"),
        Column("Période", lambda row: row.period.label if row.period else "chaque période"),
        Column("Places", "places", "number", sort="places"),
        Column("Prises au plus", lambda row: row.most_taken, "number"),
        Column("Précision", "note", screen=False),
    )

    def list_rows(self, request: SchoolRequest) -> QuerySet[HostCapacity]:
        return (
            self.rows(request)
            .filter(year=request.school_year.code)
            .select_related("partner__school", "school", "period")
            .annotate(most_taken=hosting.most_taken(request.school))
        )

    def form_kwargs(self, request: SchoolRequest) -> dict[str, Any]:
        return {"year": request.school_year.code}

    def initial(self, request: SchoolRequest) -> dict[str, Any]:
        return {"partner": initial_partner(request), "places": 1}


class ReviewPages(RecordPages):
    """Reviews of hosts: one a placement, opened from the placement's page."""

    model, app, name, slug = HostReview, "pfmp", "review", "bilans-d-accueil"
    view, edit = Permission.LOG_VISIT, Permission.LOG_VISIT
    form, filters = ReviewForm, ReviewFilters
    title, new_label = "Bilans d’accueil", "Noter le bilan d’accueil"
    parent = ("PFMP", "pfmp:board")
    noun = "bilan"
    intro = "Comment chaque entreprise a accueilli les élèves, pour l’année affichée."
    saved = "Bilan d’accueil noté."
    save_label = "Enregistrer le bilan"
    empty = "Aucun bilan cette année. Ouvrez un placement commencé, puis « Noter le bilan d’accueil »."
    form_template = "pfmp/review_form.html"
    list_template = "pfmp/review_list.html"
    ordering = ("-date", "-pk")
    columns = (
        Column("Entreprise", lambda row: row.placement.partner.name, "name", sort="placement__partner__search_text"),
        Column("Élève", lambda row: str(row.placement.student)),
        Column("Classe", lambda row: row.placement.period.school_class.label),
        Column("Accueil", "get_welcome_display", sort="welcome"),
        Column("Activités", "get_tasks_display", sort="tasks"),
        Column("Sécurité", "get_safety_display", sort="safety"),
        Column("Tuteur", "get_tutoring_display", sort="tutoring"),
        Column("À reprendre", "take_again", "yesno", sort="take_again"),
        Column("Commentaire", "comment", screen=False),
        Column("Date", "date", "date", sort="date", screen=False),
        Column("Noté par", "author", screen=False),
    )

    def may_view(self, request: SchoolRequest) -> Verdict:
        return allows(request.membership, Permission.VIEW_HOST_QUALITY) or super().may_view(request)

    def rows(self, request: SchoolRequest) -> QuerySet[HostReview]:
        return hosting.visible_reviews(request.membership).select_related(
            "placement__student", "placement__partner", "placement__period__school_class", "placement__school"
        )

    def list_rows(self, request: SchoolRequest) -> QuerySet[HostReview]:
        return (
            self.rows(request)
            .filter(placement__period__year=request.school_year.code)
            .select_related("school", "author")
        )

    def list_context(self, request: SchoolRequest) -> dict[str, Any]:
        """A new one is opened from its placement: the list leads to no empty form."""
        return {"new_url": ""}

    def may_change(self, request: SchoolRequest, record: HostReview) -> Verdict:
        """One's own, or any for the bureau."""
        if record.author_id == request.membership.pk:
            return self.may_change_some(request)
        return allows(request.membership, Permission.MANAGE_PLACEMENTS)

    def new_page(self, request: SchoolRequest) -> HttpResponse:
        """Of the placement that the address names; one that has its review already opens it instead."""
        demand(self.may_add(request))
        placement = placement_named(request, "period__school_class")
        demand(hosting.may_review(request.membership, placement, timezone.localdate()))
        if known := HostReview.objects.in_school(request.school).filter(placement=placement).first():
            return redirect("pfmp:review_edit", request.school.uai, known.public_id)
        form = self._form(request)
        form.instance.placement = placement
        return self._form_page(request, form, self.create, record=None)

    def create(self, request: SchoolRequest, form: RecordForm) -> HostReview:
        form.instance.author = request.membership
        form.instance.date = timezone.localdate()
        return super().create(request, form)

    def after_save(self, request: SchoolRequest, record: HostReview) -> str:
        return record.placement.get_absolute_url()

    def home_of(self, request: SchoolRequest, record: HostReview) -> str:
        return record.placement.get_absolute_url()


class IncidentPages(RecordPages):
    model, app, name, slug = HostIncident, "pfmp", "incident", "incidents"
    view, edit = Permission.LOG_VISIT, Permission.LOG_VISIT
    form, filters = IncidentForm, IncidentFilters
    title, new_label = "Incidents", "Signaler un incident"
    parent = ("PFMP", "pfmp:board")
    noun = "incident"
    intro = "Ce qui s’est mal passé en entreprise, et la suite donnée. Rien sur la santé."
    saved = "Incident noté. Le bureau des entreprises le voit."
    save_label = "Enregistrer l’incident"
    empty = "Aucun incident noté."
    ordering = ("-date", "-pk")
    columns = (
        Column("Entreprise", lambda row: row.partner.name, "name", sort="partner__search_text"),
        Column("Nature", "get_kind_display", sort="kind"),
        Column("Date", "date", "date", sort="date"),
        Column("Suite donnée", "decision"),
        Column("Faits", "facts", screen=False),
        Column("Noté par", "author", screen=False),
    )

    def may_view(self, request: SchoolRequest) -> Verdict:
        return allows(request.membership, Permission.VIEW_HOST_QUALITY) or super().may_view(request)

    def rows(self, request: SchoolRequest) -> QuerySet[HostIncident]:
        return hosting.visible_incidents(request.membership)

    def list_rows(self, request: SchoolRequest) -> QuerySet[HostIncident]:
        return self.rows(request).select_related("partner__school", "school", "author")

    def form_kwargs(self, request: SchoolRequest) -> dict[str, Any]:
        return {"today": timezone.localdate()}

    def initial(self, request: SchoolRequest) -> dict[str, Any]:
        return {"partner": initial_partner(request), "date": timezone.localdate()}

    def may_change(self, request: SchoolRequest, record: HostIncident) -> Verdict:
        """One's own, or any for the bureau."""
        if record.author_id == request.membership.pk:
            return self.may_change_some(request)
        return allows(request.membership, Permission.MANAGE_PLACEMENTS)

    def create(self, request: SchoolRequest, form: RecordForm) -> HostIncident:
        form.instance.author = request.membership
        return super().create(request, form)

    def subtitle(self, request: SchoolRequest, record: HostIncident) -> str:
        return str(record.partner)
