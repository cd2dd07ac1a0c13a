"""Addresses of the partner file."""

from django.urls import path

from partners.views import (
    avoid,
    doubles,
    exchanges,
    followups,
    handover,
    mailing,
    map,
    offers,
    page,
    records,
    register,
)
from partners.views.taxe import approaches, campaigns, contributions, messages, thanks, transfers

app_name = "partners"

urlpatterns = [
    path("recherche/", records.search, name="search"),
    path("courriels-groupes/", mailing.mailing_list, name="mailing_list"),
    path("courriels-groupes/ecrire/", mailing.mailing_new, name="mailing_new"),
    path("courriels-groupes/<uuid:public_id>/", mailing.mailing_detail, name="mailing_detail"),
    path("partenaires/carte/", map.partner_map, name="partner_map"),
    path("partenaires/suggestions/", records.partner_lookup, name="partner_lookup"),
    path("contacts/suggestions/", records.contact_lookup, name="contact_lookup"),
    path("a-relancer/", followups.follow_ups, name="follow_ups"),
    path("a-relancer/passation/", handover.handover, name="handover"),
    path("a-relancer/passation/confier/", handover.owner_reassign, name="owner_reassign"),
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
    path("partenaires/sirene/", register.register_lookup, name="register_lookup"),
    path("partenaires/adresses-a-verifier/", register.address_review, name="address_review"),
    path("partenaires/<uuid:public_id>/sirene/verifier/", register.register_check, name="register_check"),
    path("partenaires/<uuid:public_id>/sirene/reprendre/", register.register_take, name="register_take"),
    path("partenaires/doublons/", doubles.double_list, name="double_list"),
    path("partenaires/doublons/proposes/", doubles.double_hints, name="double_hints"),
    path("partenaires/doublons/differents/", doubles.double_dismiss, name="double_dismiss"),
    path("partenaires/doublons/differents/<uuid:public_id>/", doubles.double_restore, name="double_restore"),
    path("partenaires/<uuid:public_id>/fusionner/", doubles.partner_merge, name="partner_merge"),
    path("partenaires/fusions/<uuid:public_id>/", doubles.merge_detail, name="merge_detail"),
    path("partenaires/fusions/<uuid:public_id>/defaire/", doubles.merge_undo, name="merge_undo"),
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
    path("taxe-apprentissage/", campaigns.taxe_home, name="taxe_home"),
    path(
        "taxe-apprentissage/versements/<uuid:public_id>/lettre/", thanks.contribution_letter, name="contribution_letter"
    ),
    path("taxe-apprentissage/suivi/ecrire/", messages.approach_write, name="approach_write"),
    path("taxe-apprentissage/suivi/<uuid:public_id>/reponse/", approaches.approach_answer, name="approach_answer"),
    path("taxe-apprentissage/campagnes/<uuid:public_id>/ajouter/", campaigns.campaign_add, name="campaign_add"),
    path("taxe-apprentissage/campagnes/<uuid:public_id>/ecrire/", messages.campaign_write, name="campaign_write"),
    path(
        "taxe-apprentissage/campagnes/<uuid:public_id>/emploi-des-fonds/", campaigns.campaign_use, name="campaign_use"
    ),
    path(
        "taxe-apprentissage/campagnes/<uuid:public_id>/remerciements/", thanks.campaign_thanks, name="campaign_thanks"
    ),
    path(
        "taxe-apprentissage/campagnes/<uuid:public_id>/remerciements/annuler/", thanks.thanks_undo, name="thanks_undo"
    ),
    path("taxe-apprentissage/virements/<uuid:public_id>/ligne/", transfers.transfer_line, name="transfer_line"),
    *contributions.ContributionPages().urls(),
    *campaigns.CampaignPages().urls(),
    *approaches.ApproachPages().urls(),
    *transfers.TransferPages().urls(),
]
