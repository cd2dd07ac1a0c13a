"""Addresses of surveys and leavers."""

from django.urls import path

from surveys.views import campaigns, former, inserjeunes, leavers, results, surveys, templates

app_name = "surveys"

urlpatterns = [
    path("enquetes/choisir/", surveys.survey_pick, name="survey_pick"),
    *surveys.SurveyPages().urls(),
    path("enquetes/<uuid:public_id>/apercu/", surveys.survey_preview, name="survey_preview"),
    path("enquetes/<uuid:public_id>/lien/", results.survey_share, name="survey_share"),
    path("enquetes/<uuid:public_id>/envoyer/", results.survey_ask, name="survey_ask"),
    path("enquetes/<uuid:public_id>/relancer/", results.survey_remind, name="survey_remind"),
    path("enquetes/<uuid:public_id>/clore/", results.survey_close, name="survey_close"),
    path("enquetes/<uuid:public_id>/ecarter/", results.survey_set_aside, name="survey_set_aside"),
    *templates.TemplatePages().urls(),
    *surveys.AnswerPages().urls(),
    *leavers.OutcomePages().urls(),
    *campaigns.CampaignPages().urls(),
    path("sortants/campagnes/<uuid:public_id>/envoyer/", campaigns.campaign_send, name="campaign_send"),
    path("sortants/campagnes/<uuid:public_id>/clore/", campaigns.campaign_close, name="campaign_close"),
    path("sortants/campagnes/<uuid:public_id>/appeler/", campaigns.call_next, name="call_next"),
    path("sortants/appels/<uuid:public_id>/", campaigns.call_detail, name="call_detail"),
    path("sortants/employeurs/", campaigns.employer_list, name="employer_list"),
    path("sortants/employeurs/<uuid:public_id>/", campaigns.employer_match, name="employer_match"),
    *former.FormerPages().urls(),
    path("anciens-eleves/<uuid:public_id>/contact/", former.former_contact, name="former_contact"),
    path("anciens-eleves/<uuid:public_id>/retirer-accord/", former.former_withdraw, name="former_withdraw"),
    *inserjeunes.InserJeunesPages().urls(),
]
