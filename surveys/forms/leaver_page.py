"""Forms of the page of a leaver: where they are, and whether they may be asked again."""

from typing import Any

from django import forms

from core.mail import LINE_BREAK
from surveys import former
from surveys.former import Agreement
from surveys.leaver_answers import Place

MOST = 200


class PlaceForm(forms.Form):
    """Where, in one's own words; nothing is asked for."""

    name = forms.CharField(max_length=MOST, required=False)
    city = forms.CharField(max_length=MOST, required=False, label="Dans quelle ville ?")
    job = forms.CharField(max_length=MOST, required=False)

    def __init__(self, *args: Any, in_studies: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = "Dans quelle école ou quel lycée ?" if in_studies else "Chez quel employeur ?"
        self.fields["job"].label = "Quelle formation ?" if in_studies else "Quel métier ?"

    @property
    def place(self) -> Place:
        said = self.cleaned_data
        return Place(said["name"], said["city"], said["job"])


class AgreementForm(forms.Form):
    """Three boxes, none ticked beforehand, and where to reach the person."""

    contact = forms.BooleanField(required=False, label=former.WORDING.contact)
    talk = forms.BooleanField(required=False, label=former.WORDING.talk)
    hosting = forms.BooleanField(required=False, label=former.WORDING.hosting)
    email = forms.EmailField(
        required=False,
        max_length=MOST,
        label="Ton adresse électronique",
        help_text="Vide : celle où nous t’avons écrit.",
        error_messages={"invalid": "Cette adresse n’en est pas une : vérifie-la, ou laisse vide."},
    )
    phone = forms.CharField(required=False, max_length=40, label="Ton téléphone")

    def clean_phone(self) -> str:
        phone: str = self.cleaned_data["phone"].strip()
        if phone and (LINE_BREAK.search(phone) or sum(char.isdigit() for char in phone) < 6):
            raise forms.ValidationError("Ce numéro n’en est pas un : vérifie-le, ou laisse vide.")
        return phone

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if (cleaned.get("talk") or cleaned.get("hosting")) and not cleaned.get("contact"):
            self.add_error(
                "contact",
                "Pour que le lycée puisse te le demander, coche aussi cette case ; sinon, décoche les autres.",
            )
        return cleaned

    @property
    def agreement(self) -> Agreement | None:
        """None when nothing is agreed to."""
        said = self.cleaned_data
        if not said["contact"]:
            return None
        return Agreement(talk=said["talk"], hosting=said["hosting"], email=said["email"], phone=said["phone"])
