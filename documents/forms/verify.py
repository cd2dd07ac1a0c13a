"""The public form of the verification page: a number and a file."""

from django import forms

from documents.forms.online import Plain

MAX_MEGABYTES = 20


class VerifyForm(Plain):
    number = forms.CharField(
        label="Numéro du document",
        max_length=60,
        help_text="Il est en haut de la première page : par exemple PFMP-2026-00042.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={
            "required": "Écrivez le numéro du document.",
            "max_length": "Un numéro est plus court : recopiez celui de la première page.",
            "null_characters_not_allowed": "Recopiez le numéro de la première page.",
        },
    )
    file = forms.FileField(
        label="Fichier PDF",
        help_text=f"Celui que vous avez reçu, {MAX_MEGABYTES} Mo au plus. Il n’est pas gardé : seule son empreinte est comparée.",
        widget=forms.FileInput(attrs={"accept": "application/pdf,.pdf"}),
        error_messages={
            "required": "Choisissez le fichier à vérifier.",
            "missing": "Choisissez le fichier à vérifier.",
            "empty": "Ce fichier est vide : choisissez celui que vous avez reçu.",
            "max_length": "Le nom de ce fichier est trop long : renommez-le, puis recommencez.",
        },
    )
