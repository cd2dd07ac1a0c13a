"""Form that takes in a logo or a seal."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from conventions import emblems
from conventions.enums import EmblemKind
from core import pictures


class EmblemForm(forms.Form):
    """A picture of one kind. `picture`, once valid: the same made again."""

    kind = forms.ChoiceField(choices=EmblemKind.choices, widget=forms.HiddenInput)
    image = forms.FileField(
        label="Image",
        help_text="PNG ou JPEG, 5\u00a0Mo au plus. Un fond transparent est gardé.",
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg"}),
        error_messages={"required": "Choisissez une image.", "empty": "Ce fichier est vide : choisissez-en un autre."},
    )
    picture: pictures.Reread

    def clean_image(self) -> Any:
        sent: UploadedFile = self.cleaned_data["image"]
        if (sent.size or 0) > pictures.LOGO.size:
            raise forms.ValidationError(
                f"L’image dépasse {pictures.LOGO.size // 1024 // 1024}\u00a0Mo. Enregistrez-la plus petite, puis recommencez."
            )
        self.picture = emblems.read(sent.read(), sent.name or "")
        return sent
