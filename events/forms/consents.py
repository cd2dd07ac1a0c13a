"""The form of an authorisation to use a pupil's image."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError

from events import photos
from events.models import ImageConsent
from partners.forms.fields import student_field
from schools.forms import RecordForm

LONGEST_YEARS = 5


class ImageConsentForm(RecordForm):
    """Who authorised what, until when: the paper that was signed stays at school."""

    class Meta:
        model = ImageConsent
        fields = ["student", "project", "use", "given_by", "signed_date", "until_date"]

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        if self.is_new:
            self.fields["student"] = student_field(self.membership)
        else:
            del self.fields["student"]  # another pupil's agreement is another authorisation

    def clean_signed_date(self) -> date:
        day: date = self.cleaned_data["signed_date"]
        if day > self.today:
            raise ValidationError("Ce jour n’est pas encore venu : écrivez celui de la signature.")
        if day.year < 2000:
            raise ValidationError("Cette date est trop ancienne : vérifiez l’année.")
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        student = cleaned.get("student") or (None if self.is_new else self.instance.student)
        signed, until = cleaned.get("signed_date"), cleaned.get("until_date")
        if signed and until and until.year > signed.year + LONGEST_YEARS:
            self.add_error("until_date", f"Une autorisation est limitée dans le temps : {LONGEST_YEARS} ans au plus.")
        if student and signed and cleaned.get("given_by"):
            problem = photos.giver_problem(
                cleaned["given_by"], student.birth_date, signed, both=photos.needs_both(self.school)
            )
            if problem:
                self.add_error("given_by", problem)
        return cleaned
