"""Forms on periods and exemptions."""

from typing import Any

from partners.forms.fields import student_field
from pfmp.models import Exemption, Period
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
