"""The taxe d'apprentissage and gifts: what came, and the yearly campaigns."""

from typing import Any

from django.db.models import Q, QuerySet, Sum

from partners.enums import ContributionNature
from partners.filters import ContributionFilters
from partners.forms.taxe import CampaignForm, ContributionForm
from partners.models import Contribution, TaxCampaign
from partners.views.records import initial_partner
from schools.middleware import SchoolRequest
from schools.pages import Column, RecordPages
from schools.roles import Permission


class ContributionPages(RecordPages):
    model, app, name, slug = Contribution, "partners", "contribution", "taxe"
    view, edit = Permission.VIEW_TAXE, Permission.EDIT_TAXE
    form, filters = ContributionForm, ContributionFilters
    title, new_label = "Taxe d’apprentissage et dons", "Ajouter un versement ou un don"
    saved = "Versement enregistré."
    ordering = ("-campaign", "-received_date", "-pk")
    list_template = "partners/contribution_list.html"
    columns = (
        Column("Partenaire", lambda row: row.partner.name, "name", sort="partner__search_text"),
        Column("Campagne", lambda row: str(row.campaign), sort="campaign"),
        Column("Nature", "get_nature_display", sort="nature"),
        Column("Montant", "amount", "euros", sort="amount"),
        Column("Reçu le", "received_date", "date", sort="received_date"),
        Column("Emploi des fonds", "use"),
    )

    def list_rows(self, request: SchoolRequest) -> QuerySet[Contribution]:
        return self.rows(request).select_related("partner", "school")

    def initial(self, request: SchoolRequest) -> dict[str, Any]:
        return {"partner": initial_partner(request), "campaign": request.school_year.end.year}

    def list_context(self, request: SchoolRequest) -> dict[str, Any]:
        campaign = request.school_year.end.year
        mine = self.rows(request).filter(campaign=campaign)
        sums = mine.aggregate(
            received=Sum("amount", filter=Q(nature=ContributionNature.TAXE, received_date__isnull=False)),
            promised=Sum("amount", filter=Q(nature=ContributionNature.TAXE, received_date=None)),
            gifts=Sum("amount", filter=~Q(nature=ContributionNature.TAXE)),
        )
        return {
            "campaign": campaign,
            "tax_campaign": TaxCampaign.objects.in_school(request.school).filter(campaign=campaign).first(),
            "sums": sums,
            "campaigns_url": CampaignPages().url("list", request),
        }


class CampaignPages(RecordPages):
    model, app, name, slug = TaxCampaign, "partners", "campaign", "campagnes-taxe"
    view, edit = Permission.VIEW_TAXE, Permission.EDIT_TAXE
    form = CampaignForm
    title, new_label = "Campagnes de taxe d’apprentissage", "Ouvrir une campagne"
    saved = "Campagne enregistrée."
    ordering = ("-campaign",)
    columns = (
        Column("Campagne", str, "name", sort="campaign"),
        Column("Objectif", "target", "euros"),
        Column("Close le", "closing_date", "date"),
    )

    def list_rows(self, request: SchoolRequest) -> QuerySet[TaxCampaign]:
        return self.rows(request).select_related("school")

    def initial(self, request: SchoolRequest) -> dict[str, Any]:
        return {"campaign": request.school_year.end.year}
