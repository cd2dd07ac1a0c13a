"""Report an accident, then follow its declaration."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone

from pfmp.forms.visits import speaks_of_health
from pfmp.models import Accident
from schools.forms import RecordForm
from schools.permissions import allows
from schools.roles import Permission

FOLLOW_UP = ("declared_date", "copy_date", "closed_date")


class MomentInput(forms.DateTimeInput):
    """The browser's own field for a day and an hour."""

    input_type = "datetime-local"

    def __init__(self, attrs: Any = None) -> None:
        super().__init__(attrs, format="%Y-%m-%dT%H:%M")


def moment(label: str, *, required: bool = False, help_text: str = "") -> forms.DateTimeField:
    return forms.DateTimeField(
        label=label,
        required=required,
        help_text=help_text,
        widget=MomentInput,
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
    )


class AccidentForm(RecordForm):
    """When, where, what happened in facts; once reported, what the company did. The placement is the one of the page."""

    happened_at = moment("Quand", required=True)
    known_at = moment("Connu de l’entreprise", help_text="Les 48 heures partent de là. Vide : au moment de l’accident.")
    family_told_at = moment("Famille prévenue")

    class Meta:
        model = Accident
        fields = ["happened_at", "place", "known_at", "facts", "family_told_at", *FOLLOW_UP]
        paragraphs = ("facts",)
        widgets = {"place": forms.RadioSelect}
        labels = {"place": "Où", "facts": "Ce qui s’est passé"}
        help_texts = {
            "facts": "Le lieu, l’activité, les témoins. Rien sur les blessures ni sur les soins.",
            "closed_date": "Quand tout est reçu.",
        }

    def __init__(self, *args: Any, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now = now
        self.fields["place"].choices = [choice for choice in self.fields["place"].choices if choice[0]]
        if self.is_new:
            left_out: tuple[str, ...] = FOLLOW_UP
        else:
            left_out = () if allows(self.membership, Permission.MANAGE_PLACEMENTS) else ("closed_date",)
        for name in left_out:
            del self.fields[name]

    def clean_facts(self) -> str:
        text: str = self.cleaned_data["facts"]
        if word := speaks_of_health(text):
            raise forms.ValidationError(
                f"« {word} » touche à la santé : écrivez ce qui s’est passé, sans blessure ni soin."
            )
        return text

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        happened = cleaned.get("happened_at")
        for name in ("happened_at", "known_at", "family_told_at"):
            said = cleaned.get(name)
            if said and said > self.now + timedelta(minutes=5):
                self.add_error(name, "Ce moment est dans le futur.")
            elif said and happened and said < happened and name != "happened_at":
                self.add_error(name, "C’est avant l’accident : vérifiez les deux moments.")
        if happened and happened < self.now - timedelta(days=3 * 366):
            self.add_error("happened_at", "Cette date est trop ancienne : vérifiez l’année.")
        day = timezone.localtime(happened).date() if happened else None
        today = timezone.localtime(self.now).date()
        for name in FOLLOW_UP:
            said = cleaned.get(name)
            if said and said > today:
                self.add_error(name, "Cette date est dans le futur.")
            elif said and day and said < day:
                self.add_error(name, "C’est avant l’accident : vérifiez les deux dates.")
        return cleaned
