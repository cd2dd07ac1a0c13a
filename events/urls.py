"""Addresses of actions."""

from django.urls import path

from events.views import actions, calendar, feeds, guests, inviting, leading, pupils, records, templates

app_name = "events"

urlpatterns = [
    path("actions/inviter/", inviting.invite, name="invite"),
    path("actions/<uuid:public_id>/invites/", guests.action_guests, name="action_guests"),
    path("actions/<uuid:public_id>/inviter/", inviting.action_invite, name="action_invite"),
    path("actions/<uuid:public_id>/relancer/", guests.action_remind, name="action_remind"),
    path("actions/<uuid:public_id>/courriers/<slug:occasion>/", inviting.action_letter, name="action_letter"),
    path("actions/<uuid:public_id>/remercier/", inviting.action_thank, name="action_thank"),
    path("actions/<uuid:public_id>/accueil/", guests.action_door, name="action_door"),
    path("invitations/<uuid:public_id>/regler/", guests.invitation_settle, name="invitation_settle"),
    path("accueil/<slug:token>/", guests.guest_arrival, name="guest_arrival"),
    path("actions/<uuid:public_id>/eleves/", pupils.action_pupils, name="action_pupils"),
    path("actions/<uuid:public_id>/pointer/", pupils.action_tap, name="action_tap"),
    path("actions/<uuid:public_id>/attendre-une-classe/", pupils.action_expect_class, name="action_expect_class"),
    path("actions/<uuid:public_id>/ne-plus-attendre/", pupils.action_drop_class, name="action_drop_class"),
    path("actions/<uuid:public_id>/ajouter-un-eleve/", pupils.action_add_pupil, name="action_add_pupil"),
    path("actions/<uuid:public_id>/feuille-de-presence/", pupils.action_sheet, name="action_sheet"),
    path("actions/preparer/", actions.action_choose, name="action_choose"),
    path("actions/constate-apres/", leading.action_impact, name="action_impact"),
    path("actions/<uuid:public_id>/bilan/", leading.action_report, name="action_report"),
    path("actions/<uuid:public_id>/repeter/", leading.action_repeat, name="action_repeat"),
    path("actions/<uuid:public_id>/annuler/", leading.action_cancel, name="action_cancel"),
    path("actions/<uuid:public_id>/retablir/", leading.action_reopen, name="action_reopen"),
    path("actions/<uuid:public_id>/garder/", leading.action_keep, name="action_keep"),
    path("actions/<uuid:public_id>/etapes/", leading.action_step_new, name="action_step_new"),
    path("actions/etapes/<uuid:public_id>/", leading.action_step_edit, name="action_step_edit"),
    path("actions/etapes/<uuid:public_id>/faite/", leading.action_step_done, name="action_step_done"),
    path("actions/etapes/<uuid:public_id>/a-refaire/", leading.action_step_undone, name="action_step_undone"),
    path("agenda/", calendar.calendar_month, name="calendar_month"),
    path("agenda/a-venir/", calendar.calendar_coming, name="calendar_coming"),
    path("agenda/annee/", calendar.calendar_year, name="calendar_year"),
    path("agenda/programme/", calendar.year_programme, name="year_programme"),
    path("agenda/suivre/", feeds.calendar_feeds, name="calendar_feeds"),
    path("agenda/suivre/ouvrir/", feeds.calendar_feed_open, name="calendar_feed_open"),
    path("agenda/suivre/fermer/", feeds.calendar_feed_close, name="calendar_feed_close"),
    path("partenaires/<uuid:public_id>/actions/", records.partner_actions, name="partner_actions"),
    *actions.ActionPages().urls(),
    *templates.ActionTemplatePages().urls(),
    *records.ActionPartnerPages().urls(),
    *records.InvitationPages().urls(),
    *records.ParticipationPages().urls(),
]
