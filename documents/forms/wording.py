"""A school's own wording of one text of a paper."""

from typing import Any

from django import forms

from documents.wording import syntax
from documents.wording.catalogue import Entry


class WordingForm(forms.Form):
    """`based_on`: the number of the school's version that was read, so that two people do not overwrite each other."""

    text = forms.CharField(
        label="Texte",
        max_length=syntax.MAX_LENGTH,
        strip=False,
        widget=forms.Textarea(
            attrs={"rows": 18, "maxlength": str(syntax.MAX_LENGTH), "spellcheck": "true", "class": "wording-text"}
        ),
        help_text="Une ligne par paragraphe. Une ligne qui commence par « - » est un point de liste.",
        error_messages={"max_length": f"Le texte dépasse {syntax.MAX_LENGTH} caractères."},
    )
    based_on = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    exemple = forms.ChoiceField(
        label="Exemple montré", required=False, widget=forms.Select(attrs={"class": "form-select"})
    )

    def __init__(self, *args: Any, entry: Entry, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.entry = entry
        self.fields["exemple"].choices = list(entry.examples.labels.items())

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"].replace("\r\n", "\n").replace("\r", "\n").strip()
        if problems := self.entry.model.text_problems(text):
            raise forms.ValidationError(problems)
        return text
