"""Partnership agreements: the list, the page of one, a partner's tab."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from conventions.filters import AgreementFilters
from conventions.forms.agreements import AgreementForm
from conventions.models import Agreement
from core.verdict import Denied, Verdict, demand
from documents.enums import Subject
from documents.models import Document
from partners.views.doubles import follows_merges
from partners.views.overview import partner_frame
from partners.views.records import PartnerPages, initial_partner
from schools.middleware import SchoolRequest
from schools.pages import Column, Fact, RecordPages
from schools.permissions import allows
from schools.roles import Permission


class AgreementPages(RecordPages):
    model, app, name, slug = Agreement, "conventions", "agreement", "conventions"
    view, edit = Permission.VIEW_AGREEMENTS, Permission.EDIT_AGREEMENTS
    form, filters = AgreementForm, AgreementFilters
    title, new_label = "Conventions de partenariat", "Ajouter une convention"
    noun = "convention"
    saved = "Convention enregistrée."
    save_label = "Enregistrer la convention"
    intro = "Celles du lycée, et les cadres nationaux ou académiques qu’il décline."
    ordering = ("-signed_date", "title", "pk")
    list_template = "conventions/agreement_list.html"
    columns = (
        Column("Titre", "title", "name", sort="title"),
        Column("Partenaire ou signataire", lambda row: row.partner or row.signatory, sort="partner__search_text"),
        Column("Niveau", "get_level_display", sort="level"),
        Column("État", lambda row: row.state_on(timezone.localdate()), "badge"),
        Column("Signée le", "signed_date", "date", sort="signed_date"),
        Column("Fin", "end_date", "date", sort="end_date"),
        Column("Tacite reconduction", "tacit_renewal", "yesno", screen=False),
        Column("Résiliée le", "terminated_date", "date", screen=False),
        Column("Délibération du CA", "board_vote_date", "date", screen=False),
    )

    def list_rows(self, request: SchoolRequest) -> QuerySet[Agreement]:
        return self.rows(request).select_related("partner", "school")

    def list_context(self, request: SchoolRequest) -> dict[str, Any]:
        return {"networks_url": reverse("conventions:network_list", args=[request.school.uai])}

    def initial(self, request: SchoolRequest) -> dict[str, Any]:
        return {"partner": initial_partner(request)}

    def may_delete(self, request: SchoolRequest, record: Agreement) -> Verdict:
        """Not once a paper speaks of it: the paper would speak of nothing."""
        if Document.objects.in_school(request.school).about(Subject.AGREEMENT, record.dossier_id).exists():
            return Denied("Un document a été émis pour cette convention : elle se résilie, elle ne se supprime pas.")
        return super().may_delete(request, record)

    def facts(self, request: SchoolRequest, record: Agreement) -> Iterable[Fact]:
        for name, fact in self.named_facts(request, record):
            yield Fact(fact.label, ", ".join(record.axes_list)) if name == "axes" else fact

    def status(self, record: Agreement) -> str:
        return record.state_on(timezone.localdate())

    def subtitle(self, request: SchoolRequest, record: Agreement) -> str:
        return str(record.partner or record.signatory)


@require_GET
@follows_merges
def partner_agreements(request: SchoolRequest, public_id: UUID) -> HttpResponse:
    """A partner's agreements: a tab of its page."""
    demand(allows(request.membership, Permission.VIEW_AGREEMENTS))
    partner = PartnerPages().find(request, public_id)
    agreements = Agreement.objects.in_school(request.school).filter(partner=partner).select_related("school")
    today = timezone.localdate()
    return render(
        request,
        "conventions/partner_agreements.html",
        {
            **partner_frame(request, partner),
            "agreements": [(agreement, agreement.state_on(today)) for agreement in agreements.order_by("-signed_date")],
            "may_edit": allows(request.membership, Permission.EDIT_AGREEMENTS),
        },
    )
