"""The bureau's answer to what a signer proposes."""

from django import forms

from documents.forms.online import Plain


class RefusalForm(Plain):
    """A word of answer, which the signer receives."""

    answer = forms.CharField(
        label="Votre réponse",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": "1000"}),
        help_text="La personne la reçoit par courriel, avec un lien pour signer.",
        error_messages={"required": "Écrivez un mot de réponse : la personne qui propose le reçoit."},
    )
