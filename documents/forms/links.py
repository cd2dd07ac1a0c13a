"""Forms of the staff's page of a signature's links."""

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms

from documents.forms.online import EmailLine, LineField


class OtherPersonForm(forms.Form):
    """Somebody else who may give the same signature: the second guardian."""

    name = LineField("Nom et prénom", error_messages={"required": "Écrivez le nom de cette personne."})
    email = EmailLine("Adresse électronique", most=254, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper(self)
        self.helper.form_tag = False
        self.helper.disable_csrf = True
