"""Forms on offers: the bureau's own, and the public one that a company fills without an account."""

import re
import time
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.core import signing
from django.core.validators import validate_email

from partners.enums import OfferType
from partners.forms.fields import AtPartner, SiretField, student_field
from partners.models import Offer, OfferBeneficiary, OfferProposal, Partner
from schools.forms import RecordForm, limited
from schools.models import School, SchoolClass

OPENED_SALT = "partners.offer-form"
FASTEST = 4
"""Seconds below which no person has filled the public form."""
LONGEST = 86_400
MAX_LINKS = 2
LINK = re.compile(r"https?://|www\.", re.IGNORECASE)


def opened_now() -> str:
    """The signed moment at which a page was served."""
    return signing.dumps(int(time.time()), salt=OPENED_SALT)


class OfferForm(AtPartner):
    class Meta:
        model = Offer
        fields = [
            "partner", "type", "title", "description", "positions", "contact", "received_date", "closing_date",
            "filled_date", "withdrawn_date",
        ]  # fmt: skip
        paragraphs = ("description",)
        help_texts = {
            "description": "Missions, lieu, horaires, ce qu’il faut savoir faire.",
            "closing_date": "Dernier jour pour se présenter. Vide : jusqu’à ce qu’elle soit pourvue.",
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        closing, received = cleaned.get("closing_date"), cleaned.get("received_date")
        if closing and received and closing < received:
            self.add_error("closing_date", "Les candidatures se terminent avant que l’offre soit reçue.")
        return cleaned


class BeneficiaryForm(RecordForm):
    class Meta:
        model = OfferBeneficiary
        fields = ["offer", "student", "date"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["student"] = student_field(self.membership)
        self.fields["offer"].queryset = self.fields["offer"].queryset.order_by("-received_date")


class PublishForm(forms.Form):
    """The classes that an offer is published to, among those of the year on screen."""

    classes = forms.ModelMultipleChoiceField(
        label="Classes",
        queryset=SchoolClass.objects.none(),
        to_field_name="public_id",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Cochez au moins une classe."},
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, school: School, year: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["classes"]
        field.queryset = SchoolClass.objects.in_school(school).filter(year=year).order_by("code")
        field.label_from_instance = lambda found: found.label
        self.helper = FormHelper(self)
        self.helper.form_tag = False
        self.helper.disable_csrf = True


class ProposalForm(forms.ModelForm):
    """What a company writes about its offer. Robots are told apart without disturbing people: a field that nobody sees, and
    a page that was open for some seconds; texts full of links are refused with a sentence."""

    website = forms.CharField(required=False, label="Ne remplissez pas ce champ", max_length=200)
    opened = forms.CharField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = OfferProposal
        fields = [
            "type", "title", "description", "positions", "company", "siret", "postal_code", "city", "contact_name",
            "contact_email", "contact_phone",
        ]  # fmt: skip
        widgets = dict.fromkeys(
            ("company", "postal_code", "city", "contact_name", "contact_email", "contact_phone", "title"),
            forms.TextInput,
        ) | {"description": forms.Textarea(attrs={"rows": 5})}
        labels = {"title": "Intitulé du poste ou de la place", "positions": "Nombre de personnes cherchées"}
        help_texts = {
            "siret": "14 chiffres, si vous l’avez sous la main.",
            "description": "Missions, lieu, horaires, dates.",
        }
        error_messages = {
            "company": {"required": "Écrivez le nom de votre entreprise."},
            "contact_name": {"required": "Dites qui le lycée peut appeler."},
            "contact_email": {"required": "Donnez une adresse pour vous répondre."},
            "title": {"required": "Dites quel poste ou quelle place vous proposez."},
            "type": {"required": "Choisissez le type d’offre."},
        }

    siret = SiretField(help_text=Meta.help_texts["siret"])

    def __init__(self, *args: Any, school: School, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.school = school
        for name, field in self.fields.items():
            if isinstance(field, forms.CharField) and name not in ("siret", "opened"):
                limited(field, 3000 if name == "description" else 200)
        self.fields["type"].choices = [("", "Choisissez"), *OfferType.choices]
        self.fields["contact_email"].widget.input_type = "email"
        self.fields["contact_phone"].widget.input_type = "tel"
        self.fields["opened"].initial = opened_now()
        self.helper = FormHelper(self)
        self.helper.form_tag = False
        self.helper.disable_csrf = True

    @property
    def is_robot(self) -> bool:
        """True when the hidden field was filled, or the form came back faster than anyone types."""
        if self.data.get("website", "").strip():
            return True
        try:
            opened = signing.loads(self.data.get("opened", ""), salt=OPENED_SALT)
        except signing.BadSignature:
            return True
        return not FASTEST <= time.time() - opened <= LONGEST

    def open_again(self) -> None:
        """Start the clock anew, so that the same page can be sent once it was read."""
        self.data = {**self.data.dict(), "opened": opened_now()}

    def clean_contact_email(self) -> str:
        email = self.cleaned_data["contact_email"].strip()
        validate_email(email)
        return email

    def clean_positions(self) -> int:
        positions = int(self.cleaned_data["positions"])
        if not 1 <= positions <= 99:
            raise forms.ValidationError("Écrivez un nombre de 1 à 99.")
        return positions

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        written = " ".join(str(cleaned.get(name, "")) for name in ("company", "title", "description", "contact_name"))
        if len(LINK.findall(written)) > MAX_LINKS:
            self.add_error("description", f"Gardez au plus {MAX_LINKS} adresses de site dans votre texte.")
        return cleaned


class AcceptForm(forms.Form):
    """Whose offer it is: a partner that the school knows, or a new one."""

    NEW = "nouveau"

    version = forms.IntegerField(widget=forms.HiddenInput)
    partner = forms.ChoiceField(label="De quelle entreprise s’agit-il ?", widget=forms.RadioSelect)
    tell = forms.BooleanField(label="Prévenir l’entreprise par courriel", required=False, initial=True)

    def __init__(self, *args: Any, candidates: list[tuple[Partner, str]], company: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.candidates = {str(partner.public_id): partner for partner, _ in candidates}
        self.fields["partner"].choices = [
            (str(partner.public_id), f"{partner.name}, {partner.city or 'commune inconnue'} ({why})")
            for partner, why in candidates
        ] + [(self.NEW, f"Une entreprise nouvelle : {company}")]
        self.fields["partner"].initial = next(iter(self.candidates), self.NEW)
        self.helper = FormHelper(self)
        self.helper.form_tag = False
        self.helper.disable_csrf = True

    def clean_partner(self) -> Partner | None:
        return self.candidates.get(self.cleaned_data["partner"])


class RefuseForm(forms.Form):
    """Why a proposed offer is not taken."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label="Raison",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Dites pourquoi : cette phrase est celle que l’entreprise reçoit."},
    )
    tell = forms.BooleanField(label="Prévenir l’entreprise par courriel", required=False, initial=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper(self)
        self.helper.form_tag = False
        self.helper.disable_csrf = True
