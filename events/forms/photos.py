"""The form of a photograph: the file, who is on it, under which authorisations."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from core import french, pictures
from events import photos
from events.models import Action, ActionPhoto, ImageConsent
from schools.forms import RecordForm


class PhotoForm(RecordForm):
    """A photograph of an action. Either nobody can be recognised, or every pupil who can is ticked."""

    photo = forms.FileField(
        label="Photo",
        help_text="JPEG ou PNG. Elle est réduite, sans lieu ni date.",
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png"}),
    )
    consents = forms.ModelMultipleChoiceField(
        ImageConsent.objects.none(),
        to_field_name="public_id",
        label="Élèves reconnaissables",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    everyone = forms.BooleanField(label="Aucun autre élève n’est reconnaissable sur la photo", required=False)

    class Meta:
        model = ActionPhoto
        fields = ["caption", "shows_nobody"]
        labels = {"caption": "Légende", "shows_nobody": "Personne n’est reconnaissable"}
        help_texts = {"caption": "Sans nom d’élève."}

    field_order = ["photo", "caption", "shows_nobody", "consents", "everyone"]

    def __init__(self, *args: Any, action: Action, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.action, self.today = action, today
        self.instance.action = action
        self.content: bytes | None = None
        field: Any = self.fields["consents"]
        field.queryset = photos.usable(action, today)
        field.wanted = True  # one of two ways to say who is on it: neither is left out lightly
        field.label_from_instance = lambda consent: (
            f"{consent.student.full_name}, {consent.project} ({consent.use}), jusqu’au {french.day(consent.until_date)}"
        )
        field.help_text = (
            "Seuls paraissent ceux dont l’autorisation couvre ce jour. Un adulte reconnaissable donne son accord avant."
        )

    def clean_photo(self) -> Any:
        sent = self.cleaned_data["photo"]
        try:
            self.content = pictures.reread(sent.read(), sent.name, pictures.PHOTO).content
        except pictures.Unreadable as refusal:
            raise ValidationError(str(refusal)) from None
        return sent

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        nobody, chosen = cleaned.get("shows_nobody"), cleaned.get("consents")
        if "consents" in self.errors:
            return cleaned
        if nobody and chosen:
            self.add_error("shows_nobody", "Vous avez coché des élèves : personne n’est reconnaissable, ou eux seuls ?")
        elif not nobody and not chosen:
            self.add_error("shows_nobody", "Cochez les élèves reconnaissables, ou dites que personne ne l’est.")
        elif chosen and not cleaned.get("everyone"):
            self.add_error("everyone", "Vérifiez que tous les élèves reconnaissables sont cochés, puis dites-le.")
        return cleaned
