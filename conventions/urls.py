"""Addresses of agreements and networks."""

from django.urls import path

from conventions.views import agreements, networks

app_name = "conventions"

urlpatterns = [
    path("partenaires/<uuid:public_id>/conventions/", agreements.partner_agreements, name="partner_agreements"),
    *agreements.AgreementPages().urls(),
    path("reseaux/<uuid:public_id>/membres/nouveau/", networks.network_member_new, name="network_member_new"),
    path("reseaux/membres/<uuid:public_id>/", networks.network_member_edit, name="network_member_edit"),
    path("reseaux/membres/<uuid:public_id>/retirer/", networks.network_member_remove, name="network_member_remove"),
    *networks.NetworkPages().urls(),
]
