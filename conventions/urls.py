"""Addresses of agreements and networks."""

from django.urls import path

from conventions import views

app_name = "conventions"

urlpatterns = [
    path("partenaires/<uuid:public_id>/conventions/", views.partner_agreements, name="partner_agreements"),
    *views.AgreementPages().urls(),
    *views.NetworkPages().urls(),
]
