"""The filters of the catalogue: its rows are read with the lycée's own situation, so they are filtered in Python."""

from collections.abc import Sequence

from django import forms

from conventions.enums import AgreementLevel, Audience, Purpose, Standing
from conventions.mobilising import Line
from conventions.territory import Reach
from core.text import search_words

LEVELS = [(level.value, level.label) for level in AgreementLevel if level != AgreementLevel.SCHOOL]


class CatalogueFilters(forms.Form):
    """What the address of the catalogue asks for."""

    q = forms.CharField(label="Partenaire, secteur ou titre", required=False, max_length=100)
    pour = forms.ChoiceField(label="Pour quoi", required=False, choices=[("", "Indifférent"), *Purpose.choices])
    public = forms.ChoiceField(label="Pour qui", required=False, choices=[("", "Indifférent"), *Audience.choices])
    niveau = forms.ChoiceField(label="Niveau", required=False, choices=[("", "Indifférent"), *LEVELS])
    statut = forms.ChoiceField(label="Statut estimé", required=False, choices=[("", "Indifférent"), *Standing.choices])
    secteur = forms.ChoiceField(label="Secteur", required=False)
    ici = forms.ChoiceField(
        label="Au lycée",
        required=False,
        choices=[
            ("", "Indifférent"),
            ("oui", "Déjà décliné"),
            ("non", "Pas encore décliné"),
            ("proche", "Proche de vos formations ou partenaires"),
        ],
    )

    def __init__(self, *args: object, sectors: Sequence[str], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["secteur"].choices = [("", "Indifférent"), *((name, name) for name in sectors)]

    def kept(self, lines: Sequence[Line]) -> list[Line]:
        """Those of the lines that the filters let through; none when a filter makes no sense, which the form says."""
        if not self.is_valid():
            return []
        asked = self.cleaned_data
        words = search_words(asked["q"])
        if asked["q"] and not words:
            return []
        return [line for line in lines if all(word in line.frame.search_text for word in words) and _fits(line, asked)]


def _fits(line: Line, asked: dict[str, str]) -> bool:
    return (
        (not asked["pour"] or asked["pour"] in line.purposes)
        and (not asked["public"] or asked["public"] in line.audiences)
        and (not asked["niveau"] or asked["niveau"] == line.frame.level)
        and (not asked["statut"] or asked["statut"] == line.standing)
        and (not asked["secteur"] or asked["secteur"] == line.frame.sector)
        and _here(line, asked["ici"])
    )


def _here(line: Line, asked: str) -> bool:
    if asked == "oui":
        return bool(line.declined_by)
    if asked == "non":
        return not line.declined_by
    if asked == "proche":
        return bool(line.fields or line.network or line.reach == Reach.HERE)
    return True
