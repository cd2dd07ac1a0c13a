"""« À éviter »: why pupils are no longer sent to a partner."""

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms


class AvoidForm(forms.Form):
    """The reason, which the bureau, the DDFPT and the head may read."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label="Raison",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Des faits, sans rien sur la santé. Le bureau, le DDFPT et la direction la lisent ; les autres voient seulement « à éviter ».",
        error_messages={"required": "Dites pourquoi : sans raison, personne ne saura quand lever cette marque."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper(self)
        self.helper.form_tag = False
        self.helper.disable_csrf = True
