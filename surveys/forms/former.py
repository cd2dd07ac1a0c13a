"""Forms on former pupils who agreed to be asked again."""

from typing import Any

from django import forms
from django.utils import timezone

from partners.forms.fields import partner_field, student_field
from schools.models import School
from surveys.forms.leavers import LeavingYearForm
from surveys.models import FormerStudent


class FormerForm(LeavingYearForm):
    """What the bureau notes of an agreement given aloud or on paper, and corrects of the others."""

    class Meta:
        model = FormerStudent
        fields = [
            "student", "first_name", "last_name", "email", "phone", "leaving_year", "formation", "partner", "job_title",
            "offers_talk", "offers_hosting", "consent_date",
        ]  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["student"] = student_field(self.membership, required=False, label="Élève d’alors")
        self.fields["partner"] = partner_field(self.school, required=False, label="Employeur, s’il est partenaire")
        self.fields["consent_date"].help_text = "Le jour où la personne a dit oui."

    def clean_consent_date(self) -> Any:
        day = self.cleaned_data["consent_date"]
        if day and day > timezone.localdate():
            raise forms.ValidationError("L’accord est donné au plus tard aujourd’hui.")
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        student = cleaned.get("student")
        if student and FormerStudent.objects.in_school(self.school).filter(student=student).exclude(
            pk=self.instance.pk
        ):
            self.add_error("student", "Cette personne est déjà dans la liste, ou y a été : ouvrez sa fiche.")
        return cleaned


class EmployerForm(forms.Form):
    """Where a former pupil works, among the partners."""

    def __init__(self, *args: Any, school: School, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["partner"] = partner_field(school, label="Employeur")
