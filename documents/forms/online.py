"""Forms of the public pages of signature: the code, who signs, who is the tutor, contact data, signing, refusing."""

import re
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms

from core.mail import LINE_BREAK, is_address

YES, OTHER = "oui", "autre"
SIGN, REFUSE = "signer", "refuser"
CONSENT = "J’ai lu ce document. Je le signe en ligne : cette signature vaut ma signature sur papier."
CONSENT_VERSION = "1"


def accepted_text() -> str:
    """What the proof keeps of the consent: the words, and their version."""
    return f"{CONSENT} (texte {CONSENT_VERSION})"


class Plain(forms.Form):
    """A form drawn by crispy inside a <form> of the page."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper(self)
        self.helper.form_tag = False
        self.helper.disable_csrf = True


HIDDEN = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
"""Controls, and marks that turn the reading round: they would make a signed paper say something else than its letters."""

PRINTED = re.compile("[ -\u024f\u0300-\u036f\u0384-\u0481\u1e00-\u1eff\u2010-\u2027]")
"""Latin letters with their marks, Greek and Cyrillic, and the signs of French print."""


class LineField(forms.CharField):
    """One line of text: a line break in the middle is refused, since names and addresses go into messages (S-23)."""

    def __init__(self, label: str, *, most: int = 120, **kwargs: Any) -> None:
        super().__init__(label=label, max_length=most, **kwargs)

    def validate(self, value: str) -> None:
        super().validate(value)
        if LINE_BREAK.search(value):
            raise forms.ValidationError("Écrivez sur une seule ligne.")
        if HIDDEN.search(value):
            raise forms.ValidationError("Écrivez sans caractère invisible.")


class PaperLine(LineField):
    """One line that is printed on the sealed paper: in the letters that its fonts hold, since a box names nobody."""

    def validate(self, value: str) -> None:
        super().validate(value)
        if strange := next((sign for sign in value if not PRINTED.fullmatch(sign) or not sign.isprintable()), ""):
            raise forms.ValidationError(f"Écrivez en lettres latines : le papier ne sait pas imprimer « {strange} ».")


class EmailLine(LineField):
    """An electronic address, or nothing."""

    widget = forms.EmailInput

    def validate(self, value: str) -> None:
        super().validate(value)
        if value and not is_address(value):
            raise forms.ValidationError("Écrivez une adresse complète, par exemple prenom.nom@entreprise.fr.")


class CodeForm(Plain):
    """The six digits that came by mail or were read out."""

    code = LineField(
        "Votre code à six chiffres",
        most=20,
        error_messages={"required": "Écrivez les six chiffres du code."},
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "pattern": "[0-9 ]*", "class": "code-field"}
        ),
    )

    def clean_code(self) -> str:
        digits = "".join(character for character in self.cleaned_data["code"] if character in "0123456789")
        if len(digits) != 6:
            raise forms.ValidationError("Le code a six chiffres.")
        return digits


class PersonForm(Plain):
    """« C’est bien cette personne », or another one, named."""

    who = forms.ChoiceField(label="", widget=forms.RadioSelect, error_messages={"required": "Choisissez une réponse."})
    last_name = LineField("Nom", required=False)
    first_name = LineField("Prénom", required=False)
    position = LineField("Fonction", required=False)
    email = EmailLine("Adresse électronique", most=254, required=False)
    phone = LineField("Téléphone", most=40, required=False)

    def __init__(self, *args: Any, question: str, yes: str, other: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["who"].label = question
        self.fields["who"].choices = [(YES, yes), (OTHER, other)]
        self.fields["phone"].widget.input_type = "tel"
        for name, hint in (("last_name", "family-name"), ("first_name", "given-name"), ("position", "organization-title"),
                           ("email", "email"), ("phone", "tel")):  # fmt: skip
            self.fields[name].widget.attrs["autocomplete"] = "off" if name != "email" else hint
            self.fields[name].wanted = True  # asked for when it is another person

    @property
    def is_other(self) -> bool:
        return self.cleaned_data.get("who") == OTHER

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("who") == OTHER:
            if not cleaned.get("last_name") and "last_name" not in self.errors:
                self.add_error("last_name", "Écrivez le nom de cette personne.")
            if not (cleaned.get("email") or cleaned.get("phone")) and not {"email", "phone"} & set(self.errors):
                self.add_error("email", "Donnez une adresse ou un téléphone : le lycée doit pouvoir la joindre.")
        return cleaned

    def said(self) -> dict[str, str]:
        """The person as a proposal holds it."""
        return {name: self.cleaned_data[name] for name in ("last_name", "first_name", "position", "email", "phone")}


class UnnamedSignerForm(Plain):
    """The paper names the organisation and nobody of it: the person says who they are."""

    last_name = PaperLine("Votre nom", error_messages={"required": "Écrivez votre nom."})
    first_name = PaperLine("Votre prénom", error_messages={"required": "Écrivez votre prénom."})
    position = PaperLine("Votre fonction", error_messages={"required": "Écrivez votre fonction, par exemple gérante."})

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, hint in (
            ("last_name", "family-name"),
            ("first_name", "given-name"),
            ("position", "organization-title"),
        ):
            self.fields[name].widget.attrs["autocomplete"] = hint


class ContactForm(Plain):
    """A signer's own contact data, corrected."""

    last_name = LineField("Nom", required=False)
    first_name = LineField("Prénom", required=False)
    email = EmailLine("Nouvelle adresse électronique", most=254, required=False)
    phone = LineField("Nouveau téléphone", most=40, required=False)
    message = forms.CharField(
        label="Autre chose à corriger", required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["phone"].widget.input_type = "tel"
        for name, hint in (("last_name", "family-name"), ("first_name", "given-name"), ("email", "email"), ("phone", "tel")):  # fmt: skip
            self.fields[name].widget.attrs["autocomplete"] = hint

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and not any(cleaned.values()):
            raise forms.ValidationError("Écrivez ce qu’il faut corriger.")
        return cleaned


class SignForm(Plain):
    """The consent, and the SHA-256 of the PDF that was shown."""

    sha256 = forms.CharField(widget=forms.HiddenInput, max_length=64)
    accepted = forms.BooleanField(
        label=CONSENT, error_messages={"required": "Cochez la case pour dire que vous avez lu et que vous signez."}
    )


class RefuseForm(Plain):
    """Why somebody does not sign."""

    reason = forms.CharField(
        label="Pourquoi ?",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Votre phrase va au lycée, qui corrige et vous répond.",
        error_messages={"required": "Dites pourquoi : une phrase suffit."},
    )
