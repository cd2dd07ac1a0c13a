"""Addresses of the partner file."""

from django.urls import path

from partners.views import avoid, exchanges, followups, map, offers, page, records, taxe

app_name = "partners"

urlpatterns = [
    path("recherche/", records.search, name="search"),
    path("partenaires/carte/", map.partner_map, name="partner_map"),
    path("partenaires/suggestions/", records.partner_lookup, name="partner_lookup"),
    path("contacts/suggestions/", records.contact_lookup, name="contact_lookup"),
    path("a-relancer/", followups.follow_ups, name="follow_ups"),
    path("echanges/<uuid:public_id>/rappel-fait/", followups.interaction_done, name="interaction_done"),
    path("echanges/<uuid:public_id>/rappel-a-faire/", followups.interaction_undone, name="interaction_undone"),
    path("echanges/<uuid:public_id>/reporter/", followups.interaction_postpone, name="interaction_postpone"),
    path("echanges/<uuid:public_id>/ce-qui-s-est-dit/", followups.interaction_said, name="interaction_said"),
    path("echanges/noter/", exchanges.exchange_note, name="exchange_note"),
    path("partenaires/<uuid:public_id>/noter/", exchanges.exchange_quick, name="exchange_quick"),
    path("partenaires/<uuid:public_id>/histoire/", page.partner_story, name="partner_story"),
    path("partenaires/<uuid:public_id>/echanges/", page.partner_interactions, name="partner_interactions"),
    path("partenaires/<uuid:public_id>/offres/", page.partner_offers, name="partner_offers"),
    path("partenaires/<uuid:public_id>/taxe/", page.partner_contributions, name="partner_contributions"),
    path("partenaires/<uuid:public_id>/documents/", page.partner_documents, name="partner_documents"),
    path("partenaires/<uuid:public_id>/a-eviter/", avoid.partner_avoid, name="partner_avoid"),
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
