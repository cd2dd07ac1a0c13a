"""When and why a placement stopped before its end."""

from datetime import date
from typing import Any

from django import forms

from pfmp.enums import InterruptionOutcome, InterruptionReason
from pfmp.models import Placement
from schools.forms import DateInput


class InterruptionForm(forms.Form):
    interrupted_date = forms.DateField(label="Dernier jour en entreprise", widget=DateInput)
    interruption_reason = forms.ChoiceField(
        label="À l’initiative de, ou pour",
        choices=InterruptionReason.choices,
        widget=forms.RadioSelect,
        help_text="Jamais une raison de santé.",
    )
    interruption_outcome = forms.ChoiceField(
        label="Suite, si elle est déjà décidée",
        choices=[("", "À décider plus tard"), *InterruptionOutcome.choices],
        required=False,
        help_text="La période peut être validée malgré sa durée, validée autrement, ou reportée (L124-15).",
    )

    def __init__(self, *args: Any, placement: Placement, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.placement, self.today = placement, today
        self.fields["interrupted_date"].initial = min(today, placement.end_date)

    def clean_interrupted_date(self) -> date:
        day: date = self.cleaned_data["interrupted_date"]
        first, last = self.placement.start_date, self.placement.end_date
        if not first <= day <= last:
            raise forms.ValidationError(
                f"Le placement va du {first:%d/%m/%Y} au {last:%d/%m/%Y} : choisissez un de ces jours."
            )
        if day > self.today:
            raise forms.ValidationError("Ce jour n’est pas encore venu.")
        return day


class OutcomeForm(forms.Form):
    """What follows an interruption."""

    interruption_outcome = forms.ChoiceField(
        label="Que devient la période ?",
        choices=InterruptionOutcome.choices,
        widget=forms.RadioSelect,
        help_text="L’équipe pédagogique en décide. Pour un report, saisissez ensuite le second placement.",
    )
