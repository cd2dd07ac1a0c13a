"""Say why a paper comes back."""

from django import forms

from pfmp.deliveries import LONGEST_REASON, NO_REASON


class SendBackForm(forms.Form):
    reason = forms.CharField(
        label="Ce qui est à corriger",
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": NO_REASON},
        help_text="Par exemple « la signature du tuteur manque ». Des faits ; rien sur la santé.",
    )
