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
    path("taxe-apprentissage/", taxe.taxe_home, name="taxe_home"),
    path("taxe-apprentissage/versements/<uuid:public_id>/lettre/", taxe.contribution_letter, name="contribution_letter"),
    path("taxe-apprentissage/suivi/<uuid:public_id>/reponse/", taxe.approach_answer, name="approach_answer"),
    path("taxe-apprentissage/campagnes/<uuid:public_id>/ajouter/", taxe.campaign_add, name="campaign_add"),
    path("taxe-apprentissage/campagnes/<uuid:public_id>/ecrire/", taxe.campaign_write, name="campaign_write"),
    path("taxe-apprentissage/campagnes/<uuid:public_id>/emploi-des-fonds/", taxe.campaign_use, name="campaign_use"),
    path("taxe-apprentissage/campagnes/<uuid:public_id>/remerciements/", taxe.campaign_thanks, name="campaign_thanks"),
    path("taxe-apprentissage/campagnes/<uuid:public_id>/remerciements/annuler/", taxe.thanks_undo, name="thanks_undo"),
    path("taxe-apprentissage/virements/<uuid:public_id>/ligne/", taxe.transfer_line, name="transfer_line"),
    path("partenaires/<uuid:public_id>/taxe/", taxe.partner_taxe, name="partner_taxe"),
    *taxe.ContributionPages().urls(),
    *taxe.CampaignPages().urls(),
    *taxe.ApproachPages().urls(),
    *taxe.TransferPages().urls(),
]
