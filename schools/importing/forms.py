"""Forms of an import: the file, how it was read, the column of each field."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from core.tables import UPLOAD, Unreadable
from core.tables.guard import ACCEPTED, check_name_and_size
from core.tables.text_file import DELIMITERS, ENCODINGS
from schools.importing.kinds import Kind

PREFIX = "colonne-"
SAMPLE = 40


class FileForm(forms.Form):
    """A spreadsheet to look at: nothing is written before its report has been read."""

    fichier = forms.FileField(
        label="Tableau",
        help_text="Un fichier XLSX, ODS ou CSV. 20 Mo et 20 000 lignes au plus.",
        max_length=200,
        allow_empty_file=True,  # an empty file is told in our words
        error_messages={"required": "Choisissez un fichier.", "max_length": "Donnez un nom plus court à ce fichier."},
        widget=forms.FileInput(attrs={"accept": ",".join(ACCEPTED)}),
    )

    def clean_fichier(self) -> UploadedFile:
        """Name and size; what is inside is looked at in a process of its own."""
        file: UploadedFile = self.cleaned_data["fichier"]
        try:
            check_name_and_size(file.name or "", file.size or 0, UPLOAD)
        except Unreadable as refusal:
            raise forms.ValidationError(str(refusal)) from None
        return file


class LayoutForm(forms.Form):
    """How the file was read: the sheet, the line of the header, and for a text its encoding and separator."""

    sheet = forms.TypedChoiceField(label="Feuille", coerce=int)
    header_line = forms.TypedChoiceField(label="Ligne des titres de colonnes", coerce=int)
    encoding = forms.ChoiceField(label="Encodage")
    delimiter = forms.ChoiceField(label="Séparateur")

    def __init__(self, *args: Any, layout: Mapping[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {name: layout.get(name) for name in self.fields}
        lines = [
            (line, f"{line} : {' · '.join(cell for cell in cells if cell)[:90]}")
            for line, cells in layout.get("top", ())
        ]
        here = layout.get("header_line")
        if here is not None and here not in [line for line, _ in lines]:
            lines.append((here, str(here)))
        self.fields["header_line"].choices = lines
        if len(layout.get("sheets", ())) > 1:
            self.fields["sheet"].choices = list(enumerate(layout["sheets"]))
        else:
            del self.fields["sheet"]
        if layout.get("format") == "csv":
            self.fields["encoding"].choices = list(ENCODINGS.items())
            self.fields["delimiter"].choices = list(DELIMITERS.items())
        else:
            del self.fields["encoding"], self.fields["delimiter"]

    def asked(self, layout: Mapping[str, Any]) -> dict[str, Any]:
        """What to read again with: another sheet has its own header."""
        found = {name: value for name, value in self.cleaned_data.items() if value not in ("", None)}
        if found.get("sheet", layout.get("sheet")) != layout.get("sheet"):
            found.pop("header_line", None)
        return found


class ColumnsForm(forms.Form):
    """For each field of the kind, the column that holds it."""

    def __init__(self, *args: Any, kind: Kind, layout: Mapping[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind, self.layout = kind, layout
        columns = [
            (str(at), self._told(at)) for at in range(len(layout["headers"])) if layout["filled"][at] or self._label(at)
        ]
        for one in kind.fields:
            self.fields[PREFIX + one.name] = forms.ChoiceField(
                label=one.label, help_text=one.help, required=False, choices=[("", "Aucune colonne"), *columns]
            )

    def _label(self, at: int) -> str:
        return str(self.layout["headers"][at])

    def _told(self, at: int) -> str:
        samples = self.layout["samples"][at]
        label = self._label(at) or f"Colonne {at + 1}"
        return f"{label} (ex. {samples[0][:SAMPLE]})" if samples else f"{label} (vide)"

    @property
    def lines(self) -> list[dict[str, Any]]:
        """Each field, its choice, and samples of the column chosen."""
        found = []
        for one in self.kind.fields:
            bound = self[PREFIX + one.name]
            chosen = str(bound.value() if bound.value() is not None else "")
            samples = (
                self.layout["samples"][int(chosen)]
                if chosen.isdigit() and int(chosen) < len(self.layout["samples"])
                else []
            )
            found.append({"field": one, "bound": bound, "samples": samples, "chosen": chosen})
        return found

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        taken: dict[str, str] = {}
        for one in self.kind.fields:
            column = cleaned.get(PREFIX + one.name, "")
            if not column:
                continue
            if column in taken:
                self.add_error(
                    PREFIX + one.name,
                    f"La colonne « {self._label(int(column))} » est déjà prise pour « {taken[column]} ».",
                )
            taken.setdefault(column, one.label)
        if not self.errors and (sentence := self.kind.missing(set(self.mapping))):
            self.add_error(None, sentence)
        return cleaned

    @property
    def mapping(self) -> dict[str, int]:
        """Field → column, of those that have one."""
        return {
            one.name: int(self.cleaned_data[PREFIX + one.name])
            for one in self.kind.fields
            if self.cleaned_data.get(PREFIX + one.name)
        }
