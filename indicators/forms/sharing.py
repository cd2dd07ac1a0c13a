"""The form on what is shared with partners."""

from typing import Any

from django import forms

from indicators import definitions
from indicators.models import IndicatorShare
from partners.forms.fields import partner_field
from schools.forms import RecordForm


class ShareForm(RecordForm):
    class Meta:
        model = IndicatorShare
        fields = ["partner", "indicators", "shared_date", "revoked_date"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["partner"] = partner_field(
            self.school, required=False, label="Partenaire (vide : tous les partenaires)"
        )
        self.fields["indicators"] = forms.MultipleChoiceField(
            label="Indicateurs partagés",
            choices=[(item.code, f"{item.code} {item.label}") for item in definitions.in_order()],
            widget=forms.CheckboxSelectMultiple,
            error_messages={"required": "Choisissez au moins un indicateur."},
        )
        self.initial["indicators"] = [code for code in str(self.instance.indicators).split("|") if code]

    def clean_indicators(self) -> str:
        return "|".join(self.cleaned_data["indicators"])
