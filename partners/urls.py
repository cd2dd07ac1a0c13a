"""Addresses of the partner file."""

from django.urls import path

from partners.views import records

app_name = "partners"

urlpatterns = [
    path("recherche/", records.search, name="search"),
    path("partenaires/suggestions/", records.partner_lookup, name="partner_lookup"),
    path("echanges/<uuid:public_id>/rappel-fait/", records.interaction_done, name="interaction_done"),
    *records.PartnerPages().urls(),
    *records.ContactPages().urls(),
    *records.InteractionPages().urls(),
    *records.OfferPages().urls(),
    *records.BeneficiaryPages().urls(),
    *records.ContributionPages().urls(),
    *records.CampaignPages().urls(),
]
