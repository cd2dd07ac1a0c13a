"""Addresses of surveys and leavers."""

from surveys import views

app_name = "surveys"

urlpatterns = [
    *views.SurveyPages().urls(),
    *views.AnswerPages().urls(),
    *views.OutcomePages().urls(),
]
