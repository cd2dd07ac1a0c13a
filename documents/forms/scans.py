"""The form that deposits the scan of a signed paper."""

from datetime import date as day
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from core import scanning
from documents.enums import SignatureRole
from documents.models import Signature
from schools.forms import DateInput


class SeveralFiles(forms.FileInput):
    """Several pictures at once; on a telephone, the browser proposes the camera beside the files."""

    allow_multiple_selected = True


class ScanFiles(forms.FileField):
    """The pages of one paper, in the order sent. What is inside is looked at in a process of its own."""

    widget = SeveralFiles

    def clean(self, data: Any, initial: Any = None) -> Any:
        files: list[UploadedFile] = [one for one in (data if isinstance(data, (list, tuple)) else [data]) if one]
        if not files:
            raise forms.ValidationError("Choisissez une photo ou un PDF du papier signé.")
        try:
            scanning.check([scanning.Sent("", file.name or "", file.size or 0) for file in files])
        except scanning.Unreadable as refusal:
            raise forms.ValidationError(str(refusal)) from None
        return files


class ScanForm(forms.Form):
    """Which signatures the scan shows, the day written on the paper, and its pages."""

    pages = ScanFiles(
        label="Le papier signé",
        help_text="Une ou plusieurs photos, ou un PDF\u202f: 20\u00a0Mo par fichier, 30\u00a0pages en tout.",
        widget=SeveralFiles(attrs={"accept": f"image/*,{','.join(scanning.ACCEPTED)}"}),
    )
    roles = forms.MultipleChoiceField(
        label="Signatures que l’on y voit",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Une de ces signatures vient de changer : regardez où elle en est."},
    )
    date = forms.DateField(
        label="Date écrite sur le papier",
        widget=DateInput,
        error_messages={
            "required": "Écrivez la date qui est sur le papier.",
            "invalid": "Écrivez la date qui est sur le papier : jour, mois, année.",
        },
    )

    def __init__(self, *args: Any, signatures: list[Signature], today: day, first: day, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["roles"].choices = [
            (row.role, f"{SignatureRole(row.role).label}, {row.name}") for row in signatures
        ]
        self.fields["date"].initial = today
        self.fields["date"].widget.attrs |= {"min": first.isoformat(), "max": today.isoformat()}
