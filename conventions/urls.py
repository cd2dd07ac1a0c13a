"""Addresses of agreements and networks."""

from django.urls import path

from conventions.views import agreements, catalogue, commitments, emblems, moves, networks, papers, reviews, tree

app_name = "conventions"

urlpatterns = [
    path("partenaires/<uuid:public_id>/conventions/", agreements.partner_agreements, name="partner_agreements"),
    path("conventions/<uuid:public_id>/etape/<slug:act>/", moves.agreement_move, name="agreement_move"),
    path("conventions/<uuid:public_id>/engagements/nouveau/", commitments.commitment_new, name="commitment_new"),
    path("conventions/engagements/<uuid:public_id>/", commitments.commitment_edit, name="commitment_edit"),
    path("conventions/engagements/<uuid:public_id>/retirer/", commitments.commitment_remove, name="commitment_remove"),
    path("conventions/<uuid:public_id>/bilans/nouveau/", reviews.review_new, name="review_new"),
    path("conventions/bilans/<uuid:public_id>/", reviews.review_edit, name="review_edit"),
    path("conventions/bilans/<uuid:public_id>/retirer/", reviews.review_remove, name="review_remove"),
    path("conventions/arbre/", tree.agreement_tree, name="agreement_tree"),
    path("conventions/catalogue/", catalogue.frame_list, name="frame_list"),
    path("conventions/catalogue/<uuid:public_id>/", catalogue.frame_detail, name="frame_detail"),
    path("conventions/catalogue/<uuid:public_id>/decliner/", catalogue.frame_decline, name="frame_decline"),
    path("conventions/mobilisation/", catalogue.mobilised, name="mobilised"),
    path("conventions/<uuid:public_id>/apercu/", papers.agreement_draft, name="agreement_draft"),
    path("conventions/<uuid:public_id>/point-d-etape/", papers.agreement_progress, name="agreement_progress"),
    path("reglages/logo-et-cachet/", emblems.school_emblems, name="school_emblems"),
    path("partenaires/<uuid:public_id>/logo-et-cachet/", emblems.partner_emblems, name="partner_emblems"),
    path("logos/<uuid:public_id>/", emblems.emblem_image, name="emblem_image"),
    path("logos/<uuid:public_id>/retirer/", emblems.emblem_remove, name="emblem_remove"),
    *agreements.AgreementPages().urls(),
    path("reseaux/<uuid:public_id>/membres/nouveau/", networks.network_member_new, name="network_member_new"),
    path("reseaux/membres/<uuid:public_id>/", networks.network_member_edit, name="network_member_edit"),
    path("reseaux/membres/<uuid:public_id>/retirer/", networks.network_member_remove, name="network_member_remove"),
    *networks.NetworkPages().urls(),
]
