"""The form of a message to several partners."""

import uuid
from typing import Any

from django import forms
from django.core import signing

from core.mail import LINE_BREAK
from partners import mailing
from partners.enums import ContactRole
from schools.models import Membership

KEY_SALT = "partners.mailing-key"


class MailingForm(forms.Form):
    """To whom at each partner, and what."""

    role = forms.ChoiceField(
        label="À qui, chez chacun",
        choices=[*ContactRole.choices, (mailing.GENERAL, "L’adresse générale de l’entreprise")],
        help_text="Sans contact de ce rôle, le message part à l’adresse générale.",
    )
    subject = forms.CharField(label="Objet", max_length=150, help_text="Sans nom de personne : il se lit en route.")
    body = forms.CharField(
        label="Message",
        max_length=5000,
        widget=forms.Textarea({"rows": 12}),
        help_text="Vous pouvez écrire {prenom}, {nom} et {entreprise} : chacun lit les siens. "
        "Votre signature et la façon de ne plus en recevoir s’ajoutent à la fin.",
    )
    creation_key = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, membership: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.membership = membership
        self.fields["creation_key"].initial = signing.dumps(
            {"key": uuid.uuid4().hex, "user": membership.user_id}, salt=KEY_SALT
        )

    def clean_subject(self) -> str:
        subject: str = self.cleaned_data["subject"]
        if LINE_BREAK.search(subject):
            raise forms.ValidationError("L’objet tient sur une seule ligne.")
        if "{" in subject:
            raise forms.ValidationError("L’objet ne nomme personne : les mots entre accolades vont dans le message.")
        return subject

    def clean_body(self) -> str:
        body: str = self.cleaned_data["body"]
        if unknown := mailing.unknown_variables(body):
            known = ", ".join(f"{{{name}}}" for name in mailing.VARIABLES)
            raise forms.ValidationError(f"« {{{unknown[0]}}} » ne veut rien dire ici. Les mots connus : {known}.")
        return body

    def clean_creation_key(self) -> uuid.UUID | None:
        """The one-use key of this message: sending twice sends once."""
        try:
            read = signing.loads(self.cleaned_data.get("creation_key") or "", salt=KEY_SALT, max_age=7 * 86400)
        except signing.BadSignature:
            raise forms.ValidationError("Cette page est trop ancienne : recommencez depuis la liste.") from None
        if read["user"] != self.membership.user_id:
            raise forms.ValidationError("Cette page a été ouverte par une autre personne.")
        return uuid.UUID(read["key"])
