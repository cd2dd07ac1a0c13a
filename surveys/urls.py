"""Addresses of surveys and leavers."""

from django.urls import path

from surveys.views import leavers, results, surveys, templates

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
]
