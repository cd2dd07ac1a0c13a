"""Forms on surveys and answers."""

from typing import Any

from django import forms

from events.models import Action
from partners.forms.fields import partner_field
from pfmp.models import Period
from schools.forms import RecordForm
from surveys.models import Survey, SurveyAnswer


class SurveyForm(RecordForm):
    class Meta:
        model = Survey
        fields = ["audience", "title", "opened_date", "closed_date", "asked_count", "action", "period"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["action"].queryset = Action.objects.in_school(self.school).order_by("-start_date")
        periods = Period.objects.in_school(self.school).counted().select_related("school_class").order_by("-start_date")
        self.fields["period"].queryset = periods
        self.fields["period"].label_from_instance = lambda period: f"{period.school_class} : {period} ({period.year})"


class AnswerForm(RecordForm):
    class Meta:
        model = SurveyAnswer
        fields = ["survey", "audience", "date", "grade", "action", "partner", "comment"]
        paragraphs = ("comment",)
        widgets = {"grade": forms.RadioSelect}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["survey"].queryset = Survey.objects.in_school(self.school).order_by("-opened_date")
        self.fields["action"].queryset = Action.objects.in_school(self.school).order_by("-start_date")
        self.fields["partner"] = partner_field(self.school, required=False)
        self.fields["grade"].choices = [choice for choice in self.fields["grade"].choices if choice[0] != ""]

    def clean(self) -> dict[str, Any]:
        """An answer is of its survey's audience (A-116)."""
        cleaned = super().clean() or self.cleaned_data
        survey, audience = cleaned.get("survey"), cleaned.get("audience")
        if survey and audience and survey.audience != audience:
            self.add_error("audience", f"Cette enquête s’adresse à un autre public : {survey.get_audience_display()}.")
        return cleaned
