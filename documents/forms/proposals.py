"""The bureau's answer to what a signer proposes."""

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms


class RefusalForm(forms.Form):
    """A word of answer, which the signer receives."""

    answer = forms.CharField(
        label="Votre réponse",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": "1000"}),
        help_text="La personne la reçoit par courriel, avec un lien pour signer.",
        error_messages={"required": "Écrivez un mot de réponse : la personne qui propose le reçoit."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper(self)
        self.helper.form_tag = False
        self.helper.disable_csrf = True
