"""Forms on what leavers become."""

from typing import Any

from django import forms

from core.school_year import SchoolYear
from partners.forms.fields import partner_field, student_field
from schools.forms import RecordForm
from surveys.models import LeaverOutcome


class LeavingYearForm(RecordForm):
    """A record that names the school year at whose end somebody left."""

    def clean_leaving_year(self) -> str:
        try:
            return SchoolYear.parse(self.cleaned_data["leaving_year"].strip()).code
        except ValueError as error:
            raise forms.ValidationError(str(error)) from None


class OutcomeForm(LeavingYearForm):
    """What one leaver does, at one of the four terms."""

    class Meta:
        model = LeaverOutcome
        fields = [
            "student",
            "leaving_year",
            "term_months",
            "situation",
            "survey_date",
            "partner",
            "employer_name",
            "employer_city",
            "job_title",
        ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["student"] = student_field(self.membership)
        self.fields["partner"] = partner_field(self.school, required=False, label="Employeur, s’il est partenaire")
