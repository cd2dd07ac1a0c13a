"""Forms on periods, placements and visits."""

from datetime import date
from typing import Any

from django import forms

from partners.forms import student_field
from pfmp.models import Exemption, Period, Visit
from schools.forms import RecordForm


class PeriodForm(RecordForm):
    """When a class goes into companies; the year is the class's own."""

    class Meta:
        model = Period
        fields = ["school_class", "label", "start_date", "end_date"]
        help_texts = {"label": "Par exemple « PFMP n° 2 »."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        classes = self.fields["school_class"]
        classes.queryset = classes.queryset.order_by("-year", "code")
        classes.label_from_instance = lambda found: f"{found.label} ({found.year})"

    def _post_clean(self) -> None:
        if school_class := self.cleaned_data.get("school_class"):
            self.instance.year = school_class.year
        super()._post_clean()  # type: ignore[misc]


class ExemptionForm(RecordForm):
    """A pupil who does not do a period; never why in terms of health."""

    class Meta:
        model = Exemption
        fields = ["student", "period", "reason"]
        help_texts = {"reason": "Jamais une raison de santé."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["student"] = student_field(self.membership)
        periods = self.fields["period"]
        periods.queryset = periods.queryset.select_related("school_class").order_by("-start_date", "school_class__code")
        periods.label_from_instance = lambda found: (
            f"{found.school_class.label}, {found.label} ({found.start_date:%d/%m/%Y})"
        )


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
