"""Addresses of agreements and networks."""

from django.urls import path

from conventions import views

app_name = "conventions"

urlpatterns = [
    path("partenaires/<uuid:public_id>/conventions/", views.partner_agreements, name="partner_agreements"),
    *views.AgreementPages().urls(),
    path("reseaux/<uuid:public_id>/membres/nouveau/", views.network_member_new, name="network_member_new"),
    path("reseaux/membres/<uuid:public_id>/", views.network_member_edit, name="network_member_edit"),
    path("reseaux/membres/<uuid:public_id>/retirer/", views.network_member_remove, name="network_member_remove"),
    *views.NetworkPages().urls(),
]
