"""What people send: one ZIP, or the CSV files of a dossier."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from exchange.definitions import PACKAGE_NAME
from exchange.uploads import MAX_BYTES, ZIP_START

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
