"""The form of the signing book: the consent, then the six digits."""

from typing import Any

from django import forms

from documents.forms.online import Plain


class SignForm(Plain):
    """`consent`: the sentence that the box accepts; it names how many papers, and which."""

    consent = forms.BooleanField(
        error_messages={"required": "Cochez cette case : sans votre accord, rien n’est signé."}
    )
    code = forms.CharField(
        label="Code à six chiffres",
        max_length=20,
        error_messages={"required": "Recopiez le code reçu par courriel."},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "maxlength": "20"}),
    )

    def __init__(self, *args: Any, consent: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["consent"].label = consent
