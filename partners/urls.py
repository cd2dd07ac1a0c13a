"""Addresses of the partner file."""

from django.urls import path

from partners import views

app_name = "partners"

urlpatterns = [
    path("recherche/", views.search, name="search"),
    path("partenaires/suggestions/", views.partner_lookup, name="partner_lookup"),
    path("echanges/<uuid:public_id>/rappel-fait/", views.interaction_done, name="interaction_done"),
    *views.PartnerPages().urls(),
    *views.ContactPages().urls(),
    *views.InteractionPages().urls(),
    *views.OfferPages().urls(),
    *views.BeneficiaryPages().urls(),
    *views.ContributionPages().urls(),
    *views.CampaignPages().urls(),
]
