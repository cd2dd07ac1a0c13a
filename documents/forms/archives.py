"""The form that asks for many papers as one ZIP."""

from typing import Any

from django import forms

from core.school_year import SchoolYear
from schools.models import SchoolClass


class ArchiveForm(forms.Form):
    """Which papers: those of a class, else all those issued in a school year."""

    annee = forms.ChoiceField(label="Année scolaire", help_text="Les documents émis du 1er septembre au 31 août.")
    classe = forms.ModelChoiceField(
        SchoolClass.objects.none(), label="Classe", required=False, empty_label="Toutes, un dossier par classe"
    )

    def __init__(self, *args: Any, years: list[SchoolYear], classes: Any, shown: SchoolYear, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["annee"].choices = [(year.code, year.code) for year in years]
        self.fields["classe"].queryset = classes
        self.fields["classe"].label = f"Classe de {shown}"
