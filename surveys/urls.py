"""Addresses of surveys and leavers."""

from surveys.views import leavers, surveys

app_name = "surveys"

urlpatterns = [
    *surveys.SurveyPages().urls(),
    *surveys.AnswerPages().urls(),
    *leavers.OutcomePages().urls(),
]
