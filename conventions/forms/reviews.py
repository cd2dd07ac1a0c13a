"""Form of a meeting that takes stock of an agreement: planned, then held."""

from datetime import date
from typing import Any

from crispy_forms.layout import Div, Layout
from django import forms

from conventions.models import AgreementReview
from core import french
from schools.forms import RecordForm


class ReviewForm(RecordForm):
    class Meta:
        model = AgreementReview
        fields = ["planned_date", "held_date", "summary", "decisions"]
        paragraphs = ("summary", "decisions")
        help_texts = {"held_date": "Quand il a eu lieu : écrivez alors ce qui s’est dit."}

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "bilan_%s")  # beside another form on the page of the agreement
        super().__init__(*args, **kwargs)
        self.today = today
        key = "creation_key" if self.is_new else "version"
        self.helper.layout = Layout(
            key, Div("planned_date", "held_date", css_class="form-pair"), "summary", "decisions"
        )

    def clean_held_date(self) -> date | None:
        held: date | None = self.cleaned_data["held_date"]
        if held and held > self.today:
            raise forms.ValidationError("Ce jour n’est pas encore venu : gardez-le comme date prévue.")
        return held

    def clean_planned_date(self) -> date:
        planned: date = self.cleaned_data["planned_date"]
        if not date(2000, 1, 1) <= planned <= date(self.today.year + 20, 12, 31):
            raise forms.ValidationError(f"Le {french.day(planned)} : vérifiez l’année.")
        return planned

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if (cleaned.get("summary") or cleaned.get("decisions")) and not cleaned.get("held_date"):
            if "held_date" not in self.errors:
                self.add_error("held_date", "Écrivez quand le bilan a été tenu.")
        return cleaned
