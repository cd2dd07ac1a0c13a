"""Addresses of actions."""

from django.urls import path

from events.views import actions, records

app_name = "events"

urlpatterns = [
    path("actions/<uuid:public_id>/attendre-une-classe/", records.action_expect_class, name="action_expect_class"),
    path("actions/<uuid:public_id>/presences/", records.action_presence, name="action_presence"),
    path("actions/<uuid:public_id>/reponses/", records.action_replies, name="action_replies"),
    path("partenaires/<uuid:public_id>/actions/", records.partner_actions, name="partner_actions"),
    *actions.ActionPages().urls(),
    *records.ActionPartnerPages().urls(),
    *records.InvitationPages().urls(),
    *records.ParticipationPages().urls(),
]
