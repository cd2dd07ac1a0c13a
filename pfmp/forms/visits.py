"""The form of a visit, filled on a phone."""

from datetime import date
from typing import Any

from django import forms

from pfmp.models import Visit
from schools.forms import RecordForm


class VisitForm(RecordForm):
    """A visit noted on a phone: the day, how, what was seen. The placement is the one of the page."""

    class Meta:
        model = Visit
        fields = ["date", "mode", "report"]
        paragraphs = ("report",)
        labels = {"date": "Jour de la visite", "mode": "Comment"}
        help_texts = {"report": "Des faits : activités, ponctualité, demandes. Rien sur la santé."}
        widgets = {"mode": forms.RadioSelect}

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["mode"].choices = [choice for choice in self.fields["mode"].choices if choice[0]]

    def clean_date(self) -> date:
        day: date = self.cleaned_data["date"]
        if day > self.today:
            raise forms.ValidationError("Cette visite est dans le futur : notez-la quand elle a eu lieu.")
        if day < self.instance.placement.start_date:
            start = self.instance.placement.start_date
            raise forms.ValidationError(f"L’élève n’était pas encore en entreprise : il part le {start:%d/%m/%Y}.")
        return day
