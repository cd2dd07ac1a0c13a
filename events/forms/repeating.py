"""Forms of a series: its rhythm, then its dates."""

from datetime import date
from typing import Any

from django import forms

from events import repeating
from events.repeating import Rhythm


class RhythmForm(forms.Form):
    """How often, and how many times more."""

    rythme = forms.ChoiceField(label="Rythme", choices=Rhythm.choices, widget=forms.RadioSelect, initial=Rhythm.WEEKLY)
    fois = forms.IntegerField(
        label="Combien de fois de plus", min_value=1, max_value=repeating.MOST, initial=3, required=False
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        cleaned["fois"] = 1 if cleaned.get("rythme") == Rhythm.YEARLY else cleaned.get("fois") or 1
        return cleaned


class DaysForm(forms.Form):
    """The dates that are kept among those proposed, and one more that somebody typed."""

    jours = forms.Field(required=False, widget=forms.SelectMultiple)
    autre = forms.DateField(
        label="Une autre date", required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )

    def __init__(self, *args: Any, first: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.first = first

    def clean_jours(self) -> list[date]:
        try:
            found = [date.fromisoformat(text) for text in self.cleaned_data["jours"] or []]
        except ValueError:
            raise forms.ValidationError("Une de ces dates ne se lit pas : choisissez-les dans la liste.") from None
        if len(found) > repeating.MOST:
            raise forms.ValidationError(f"Pas plus de {repeating.MOST} dates à la fois.")
        for day in found:
            self._check(day)
        return found

    def clean_autre(self) -> date | None:
        day: date | None = self.cleaned_data["autre"]
        if day is not None:
            self._check(day)
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        cleaned["days"] = [*cleaned.get("jours", []), *([cleaned["autre"]] if cleaned.get("autre") else [])]
        if not self.errors and not cleaned["days"]:
            raise forms.ValidationError("Cochez au moins une date.")
        return cleaned

    def _check(self, day: date) -> None:
        if not self.first < day <= repeating.last_proposable(self.first):
            raise forms.ValidationError("Une date est avant l’action, ou plus de deux ans après.")
