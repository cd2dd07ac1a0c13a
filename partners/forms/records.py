"""Forms on partners and what is said, offered and given."""

from datetime import date
from typing import Any

from django import forms
from django.core.validators import validate_email
from django.utils import timezone

from partners import register
from partners.forms.doubles import DoubleCheck
from partners.forms.fields import AtPartner, SiretField, partner_field
from partners.forms.register import Help, offer_help
from partners.models import Contact, Interaction, Partner
from schools.enums import Role
from schools.forms import RecordForm


class PartnerForm(DoubleCheck):
    class Meta:
        model = Partner
        fields = [
            "name", "siret", "brand", "name_locked", "type", "naf", "headcount", "address", "postal_code", "city", "phone", "email", "website",
            "status", "owner", "first_contact_date", "named_since", "notes",
        ]  # fmt: skip
        paragraphs = ("notes",)
        help_texts = {
            "siret": "14 chiffres. Vide pour un partenaire sans SIRET.",
            "naf": "Le code du métier, par exemple 43.21A.",
            "notes": "Des faits utiles à un collègue ; rien sur la santé ni la vie privée.",
            "named_since": "Le jour où l’entreprise a dit oui : son nom et sa commune paraissent sur la page publique du lycée "
            "et dans les rapports remis à d’autres. Vide : elle n’est jamais citée.",
        }

    siret = SiretField(help_text=Meta.help_texts["siret"])
    register_answer = forms.CharField(widget=forms.HiddenInput, required=False)  # what was taken from Sirene, signed

    def __init__(self, *args: Any, register_help: Help | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        colleagues = self.fields["owner"].queryset.filter(is_active=True).exclude(role=Role.READER)
        self.fields["owner"].queryset = colleagues.order_by("search_text", "pk")
        self.fields["owner"].empty_label = "Personne en particulier"
        self.register_help = offer_help(self, register_help)
        self.show_doubles()

    def clean_register_answer(self) -> register.Taken | None:
        return register.unseal(self.cleaned_data["register_answer"])

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        register.follow_form(self.instance, changed=self.changed_data, taken=self.cleaned_data.get("register_answer"))

    def clean_named_since(self) -> date | None:
        """An agreement is one that was given: a day to come is a slip."""
        day: date | None = self.cleaned_data["named_since"]
        if day is not None and day > timezone.localdate():
            raise forms.ValidationError("Ce jour n’est pas encore venu : écrivez celui où l’entreprise a accepté.")
        return day

    def clean_website(self) -> str:
        website = self.cleaned_data["website"].strip()
        if website and "://" not in website:
            website = f"https://{website}"
        if website and not website.startswith(("http://", "https://")):
            raise forms.ValidationError("Écrivez une adresse qui commence par http:// ou https://.")
        return website

    def clean_email(self) -> str:
        if email := self.cleaned_data["email"].strip():
            validate_email(email)
        return email


class ContactForm(RecordForm):
    class Meta:
        model = Contact
        fields = [
            "partner", "last_name", "first_name", "position", "role", "phone", "email", "is_active", "is_former_student",
            "refuses_mailings",
        ]  # fmt: skip
        help_texts = {"refuses_mailings": "Cette personne l’a demandé. Plus aucun courriel groupé ne lui est adressé."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["partner"] = partner_field(self.school)

    def clean_email(self) -> str:
        if email := self.cleaned_data["email"].strip():
            validate_email(email)
        return email


class InteractionForm(AtPartner):
    """Add an exchange: partner, date, channel, initiative, subject; then when to call again."""

    class Meta:
        model = Interaction
        fields = [
            "partner", "contact", "date", "channel", "initiative", "subject", "report", "call_again_date", "called_again",
        ]  # fmt: skip
        paragraphs = ("report",)
        widgets = {"called_again": forms.CheckboxInput}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        again, day = cleaned.get("call_again_date"), cleaned.get("date")
        if again and day and again < day:
            self.add_error("call_again_date", "La date de rappel est avant l’échange.")
        return cleaned
