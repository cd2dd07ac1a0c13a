"""What people send: one ZIP, or the CSV files of a dossier; a key of the read API to give."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from exchange import tokens
from exchange.definitions import PACKAGE_NAME
from exchange.uploads import MAX_BYTES, ZIP_START
from schools.models import Membership

MAX_FILES = 40


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files under one name."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        files = data if isinstance(data, (list, tuple)) else [data]
        return [super(FilesField, self).clean(file, initial) for file in files or [None]]


class DossierForm(forms.Form):
    """A dossier to check: nothing is saved before its report has been read."""

    dossier = FilesField(
        label="Dossier",
        help_text="Une archive ZIP, ou les fichiers CSV qu’elle contiendrait. 20 Mo au plus.",
        # A file of zero byte is a table without rows (B-27).
        allow_empty_file=True,
        max_length=200,
        error_messages={"required": "Choisissez une archive ZIP ou des fichiers CSV."},
        widget=FilesInput(attrs={"accept": ".zip,.csv", "multiple": True}),
    )

    def clean_dossier(self) -> Sequence[UploadedFile]:
        """Sizes, names and first bytes; what is inside is looked at by the check."""
        files: list[UploadedFile] = self.cleaned_data["dossier"]
        if len(files) > MAX_FILES:
            raise ValidationError(f"Vous avez choisi {len(files)} fichiers : envoyez plutôt une archive ZIP.")
        if sum(file.size or 0 for file in files) > MAX_BYTES:
            raise ValidationError("Ces fichiers dépassent 20 Mo : envoyez le dossier en plusieurs fois.")
        names = [(file.name or "").lower() for file in files]
        if len(files) == 1 and names[0].endswith(".zip"):
            start = files[0].read(4)
            files[0].seek(0)
            if start not in ZIP_START:
                raise ValidationError(
                    "Ce fichier ne s’ouvre pas comme une archive ZIP : refaites l’archive et recommencez."
                )
        elif not all(name.endswith(".csv") or name == PACKAGE_NAME for name in names):
            raise ValidationError("Envoyez une seule archive ZIP, ou seulement des fichiers CSV.")
        if len(set(names)) < len(names):
            raise ValidationError("Deux fichiers portent le même nom : gardez-en un.")
        return files


class ExportForm(forms.Form):
    """What goes with the tables."""

    with_files = forms.BooleanField(
        label="Joindre les PDF des documents émis",
        required=False,
        help_text="L’archive est alors préparée en arrière-plan.",
    )


class KeyForm(forms.Form):
    """A key of the read API: for which use, which scopes, how long."""

    label = forms.CharField(
        label="Usage",
        max_length=200,
        help_text="Quel programme lit, et pour qui. Par exemple : tableau de bord du rectorat.",
    )
    scopes = forms.MultipleChoiceField(
        label="Portées",
        widget=forms.CheckboxSelectMultiple,
        help_text="Le moins possible : ce que l’usage demande, rien de plus.",
        error_messages={"required": "Choisissez au moins une portée : sans elle, la clé n’ouvre rien."},
    )
    days = forms.TypedChoiceField(
        label="Durée", coerce=int, choices=[(days, f"{days} jours") for days in tokens.LIVES], initial=tokens.LIVES[1]
    )

    def __init__(self, *args: Any, membership: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["scopes"].choices = [(scope.value, scope.label) for scope in tokens.may_give(membership)]
