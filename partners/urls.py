"""Addresses of the partner file."""

from django.urls import path

from partners.views import followups, offers, records, taxe

app_name = "partners"

urlpatterns = [
    path("recherche/", records.search, name="search"),
    path("partenaires/suggestions/", records.partner_lookup, name="partner_lookup"),
    path("a-relancer/", followups.follow_ups, name="follow_ups"),
    path("echanges/<uuid:public_id>/rappel-fait/", followups.interaction_done, name="interaction_done"),
    path("echanges/<uuid:public_id>/rappel-a-faire/", followups.interaction_undone, name="interaction_undone"),
    path("echanges/<uuid:public_id>/reporter/", followups.interaction_postpone, name="interaction_postpone"),
    path("echanges/<uuid:public_id>/ce-qui-s-est-dit/", followups.interaction_said, name="interaction_said"),
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
