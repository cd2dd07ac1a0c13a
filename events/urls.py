"""Addresses of actions."""

from django.urls import path

from events import views

app_name = "events"

urlpatterns = [
    path("actions/<uuid:public_id>/attendre-une-classe/", views.action_expect_class, name="action_expect_class"),
    path("actions/<uuid:public_id>/presences/", views.action_presence, name="action_presence"),
    path("actions/<uuid:public_id>/reponses/", views.action_replies, name="action_replies"),
    path("partenaires/<uuid:public_id>/actions/", views.partner_actions, name="partner_actions"),
    *views.ActionPages().urls(),
    *views.ActionPartnerPages().urls(),
    *views.InvitationPages().urls(),
    *views.ParticipationPages().urls(),
]
