"""Addresses of the partner file."""

from django.urls import path

from partners.views import offers, records, taxe

app_name = "partners"

urlpatterns = [
    path("recherche/", records.search, name="search"),
    path("partenaires/suggestions/", records.partner_lookup, name="partner_lookup"),
    path("echanges/<uuid:public_id>/rappel-fait/", records.interaction_done, name="interaction_done"),
    *records.PartnerPages().urls(),
    *records.ContactPages().urls(),
    *records.InteractionPages().urls(),
    path("offres/a-afficher/", offers.offer_sheet, name="offer_sheet"),
    path("offres/<uuid:public_id>/publier/", offers.offer_publish, name="offer_publish"),
    path("offres/<uuid:public_id>/etat/<slug:move>/", offers.offer_move, name="offer_move"),
    path("offres-proposees/<uuid:public_id>/accepter/", offers.proposal_accept, name="proposal_accept"),
    path("offres-proposees/<uuid:public_id>/refuser/", offers.proposal_refuse, name="proposal_refuse"),
    *offers.ProposalPages().urls(),
    *offers.OfferPages().urls(),
    *offers.BeneficiaryPages().urls(),
    *taxe.ContributionPages().urls(),
    *taxe.CampaignPages().urls(),
]
