"""Form of an agreement."""

from typing import Any

from django.core.validators import URLValidator

from conventions.enums import AgreementLevel
from conventions.models import Agreement
from partners.forms.fields import partner_field
from schools.forms import RecordForm


class AgreementForm(RecordForm):
    class Meta:
        model = Agreement
        fields = [
            "level", "title", "partner", "signatory", "academy", "parent", "axes", "board_vote_date", "signed_date",
            "start_date", "end_date", "tacit_renewal", "terminated_date", "follow_up", "url",
        ]  # fmt: skip
        paragraphs = ("follow_up",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["partner"] = partner_field(self.school, required=False)
        frames = Agreement.objects.in_school(self.school).exclude(level=AgreementLevel.SCHOOL).order_by("title")
        if self.instance.pk:
            frames = frames.exclude(pk=self.instance.pk)
        self.fields["parent"].queryset = frames

    def clean_url(self) -> str:
        if url := self.cleaned_data["url"].strip():
            URLValidator(schemes=["http", "https"])(url)
        return url

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        local = cleaned.get("level") == AgreementLevel.SCHOOL
        if local and not cleaned.get("partner") and "partner" not in self.errors:
            self.add_error("partner", "Dites avec quel partenaire le lycée s’engage.")
        if not local and cleaned.get("partner"):
            self.add_error(
                "partner", "Un cadre national ou académique n’a pas de partenaire du lycée : écrivez son signataire."
            )
        return cleaned
