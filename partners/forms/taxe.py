"""Forms on the taxe d'apprentissage and gifts."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from partners import taxe_mail
from partners.askable import Source
from partners.enums import Channel, ContributionNature, ContributionOrigin, TaxIntention
from partners.forms.fields import partner_field
from partners.mailing import unknown_variables
from partners.models import Contact, Contribution, PartnerTag, TaxApproach, TaxCampaign, TaxTransfer
from partners.rules import taxe as rules
from schools.forms import RecordForm
from schools.models import School


class EurosField(forms.Field):
    """An amount as people write it: « 1 234,56 € », « 1234.56 »."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "maxlength": "40", "autocomplete": "off"})

    def to_python(self, value: Any) -> Decimal | None:
        if value in self.empty_values:
            return None
        try:
            return rules.read_amount(str(value)[:100])
        except ValueError as error:
            raise ValidationError(str(error)) from None

    def prepare_value(self, value: Any) -> Any:
        """Cents when there are some, with the comma of the country."""
        if isinstance(value, Decimal):
            return f"{value:f}".rstrip("0").rstrip(".").replace(".", ",") if value % 1 else f"{value:.0f}"
        return value

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            now = self.to_python(data)
        except ValidationError:
            return True
        return (initial in self.empty_values) != (now is None) or (now is not None and now != initial)


def _dressed(form: forms.Form) -> None:
    """The classes that crispy would add: for forms of one line, drawn by hand."""
    for field in form.fields.values():
        if isinstance(field.widget, forms.Select):
            field.widget.attrs["class"] = "form-select"
        elif isinstance(field.widget, forms.TextInput):
            field.widget.attrs["class"] = "form-control"


def _demand_campaign(value: int | None) -> int | None:
    if value is not None and not rules.FIRST_CAMPAIGN <= value <= rules.LAST_CAMPAIGN:
        raise ValidationError("Écrivez l’année civile de la campagne, par exemple 2026.")
    return value


class ContributionForm(RecordForm):
    amount = EurosField(label="Montant en euros", help_text="Valeur estimée pour un don en nature.")
    twice = forms.BooleanField(
        label="Ce versement est bien arrivé deux fois",
        required=False,
        widget=forms.HiddenInput,
    )

    class Meta:
        model = Contribution
        fields = [
            "partner", "campaign", "nature", "amount", "received_date", "origin", "transfer", "use", "board_date",
            "thanked_date",
        ]  # fmt: skip
        paragraphs = ("use",)
        labels = {"transfer": "Virement", "use": "Ce que l’argent a permis"}
        help_texts = {
            "received_date": "Vide : promis, pas encore reçu.",
            "campaign": "Année civile de la campagne, par exemple 2026.",
            "use": "Montré à l’employeur dans la lettre de remerciement : « Outillage de l’atelier ».",
            "board_date": "Pour un don : le conseil d’administration en autorise l’acceptation (R421-20).",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["partner"] = partner_field(self.school)
        transfers = self.fields["transfer"].queryset.order_by("-campaign", "-date")
        self.fields["transfer"].queryset = transfers[:60] if self.is_new and not self.is_bound else transfers
        self.fields["transfer"].empty_label = "Aucun virement noté"
        if not self.is_new:
            del self.fields["twice"]
        else:
            del self.fields["thanked_date"]

    def clean_campaign(self) -> int | None:
        return _demand_campaign(self.cleaned_data.get("campaign"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        nature, transfer = cleaned.get("nature"), cleaned.get("transfer")
        received = cleaned.get("received_date")
        if nature == ContributionNature.TAXE and cleaned.get("board_date"):
            self.add_error("board_date", "Le conseil d’administration accepte les dons, pas la taxe d’apprentissage.")
        if nature and nature != ContributionNature.TAXE:
            if transfer:
                self.add_error("transfer", "Un virement de SOLTéA ne porte que la taxe : un don se note à part.")
            if cleaned.get("origin"):
                self.add_error("origin", "L’origine ne se dit que de la taxe d’apprentissage.")
        if transfer and cleaned.get("campaign") and transfer.campaign != cleaned["campaign"]:
            self.add_error("transfer", f"Ce virement est de la campagne {transfer.campaign}.")
        if transfer and received is None and "received_date" not in self.errors:
            cleaned["received_date"] = transfer.date
            self.instance.received_date = transfer.date
        thanked = cleaned.get("thanked_date")
        if thanked and (received is None or thanked < received):
            self.add_error("thanked_date", "On remercie de ce qui est reçu : cette date vient avant la réception.")
        return cleaned

    def offer_twice(self) -> None:
        """Show the box that says that the payment really came twice."""
        self.fields["twice"].widget = forms.CheckboxInput()


class CampaignForm(RecordForm):
    target = EurosField(label="Objectif en euros", required=False)

    class Meta:
        model = TaxCampaign
        fields = ["campaign", "target", "closing_date"]
        help_texts = {
            "campaign": "Année civile, par exemple 2026.",
            "closing_date": "Jour du dernier virement, quand vous le connaissez. Vide : la campagne est ouverte.",
        }

    def clean_campaign(self) -> int | None:
        return _demand_campaign(self.cleaned_data.get("campaign"))


class TransferForm(RecordForm):
    amount = EurosField(
        label="Montant du virement",
        required=False,
        help_text="Tel que sur le relevé : la page dit l’écart avec ses lignes.",
    )

    class Meta:
        model = TaxTransfer
        fields = ["campaign", "date", "label", "amount"]
        help_texts = {"label": "Par exemple : 1er virement SOLTéA.", "campaign": "Année civile, par exemple 2026."}

    def clean_campaign(self) -> int | None:
        return _demand_campaign(self.cleaned_data.get("campaign"))


class TransferLineForm(forms.Form):
    """One employer of a transfer, in one line."""

    amount = EurosField(label="Montant")
    origin = forms.ChoiceField(label="Origine", required=False, choices=[("", "Non dite"), *ContributionOrigin.choices])
    twice = forms.BooleanField(label="Bien arrivé deux fois", required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, school: School, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["partner"] = partner_field(school)
        self.order_fields(["partner", "amount", "origin", "twice"])
        _dressed(self)

    def offer_twice(self) -> None:
        self.fields["twice"].widget = forms.CheckboxInput()


class ApproachForm(RecordForm):
    """Everything on the follow-up of one partner, to correct it; the answer in one line is `AnswerForm`."""

    class Meta:
        model = TaxApproach
        fields = ["campaign", "partner", "contact", "asked_date", "asked_by", "channel", "reminded_date", "note"]
        paragraphs = ("note",)
        help_texts = {"note": "Des faits utiles à un collègue ; rien sur la santé ni la vie privée."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["partner"] = partner_field(self.school)
        self.fields["asked_by"].queryset = (
            self.fields["asked_by"].queryset.filter(is_active=True).order_by("search_text")
        )
        if self.is_new:
            for name in ("contact", "asked_by", "reminded_date", "asked_date", "channel"):
                del self.fields[name]
        else:
            del self.fields["campaign"], self.fields["partner"]
            contacts = Contact.objects.in_school(self.school).filter(partner=self.instance.partner_id)
            self.fields["contact"].queryset = contacts.order_by("last_name", "first_name")

    def clean_campaign(self) -> int | None:
        return _demand_campaign(self.cleaned_data.get("campaign"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        asked, reminded = cleaned.get("asked_date"), cleaned.get("reminded_date")
        if reminded and asked is None:
            self.add_error("asked_date", "Une relance vient après une première demande : dites quand elle a été faite.")
        elif reminded and asked and reminded < asked:
            self.add_error("reminded_date", "La relance est avant la demande.")
        return cleaned


ANSWERS = [
    (TaxIntention.ASKED, "Sollicité, pas de réponse"),
    (TaxIntention.PROMISED, TaxIntention.PROMISED.label),
    (TaxIntention.REFUSED, TaxIntention.REFUSED.label),
    (TaxIntention.TO_ASK, TaxIntention.TO_ASK.label),
]


class AnswerForm(forms.Form):
    """What a partner says, in one line."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    intention = forms.ChoiceField(label="Réponse", choices=ANSWERS)
    amount = EurosField(label="Montant promis", required=False)
    channel = forms.ChoiceField(label="Par", required=False, choices=[("", "Sans échange noté"), *Channel.choices])
    note = forms.CharField(label="Note", required=False, max_length=500)

    def __init__(self, *args: Any, approach: TaxApproach, **kwargs: Any) -> None:
        kwargs["initial"] = {
            "version": approach.version,
            "intention": approach.intention,
            "amount": approach.promised_amount,
            "note": approach.note,
        } | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        if approach.intention == TaxIntention.PAID:
            self.fields["intention"].choices = [(TaxIntention.PAID, TaxIntention.PAID.label)]
        _dressed(self)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("amount") is not None and cleaned.get("intention") not in (
            TaxIntention.PROMISED,
            TaxIntention.PAID,
        ):
            self.add_error("amount", "Un montant accompagne une promesse : choisissez « Promet », ou laissez vide.")
        return cleaned


class AddForm(forms.Form):
    """Who joins the follow-up list of a campaign: sets of partners, and partners of a word."""

    sources = forms.MultipleChoiceField(label="Qui ajouter", widget=forms.CheckboxSelectMultiple, required=False)
    tag = forms.ChoiceField(label="Les partenaires qui portent l’étiquette", required=False)

    def __init__(
        self, *args: Any, sources: Iterable[tuple[Source, int]], campaign: int, school: School, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sources"].choices = [
            (source.key, f"{source.labelled(campaign)} ({count} à ajouter)") for source, count in sources
        ]
        tags = PartnerTag.objects.in_school(school).order_by("label").values_list("label", flat=True).distinct()
        self.fields["tag"].choices = [("", "Aucune"), *((label, label) for label in tags)]
        if len(self.fields["tag"].choices) == 1:
            del self.fields["tag"]
            self.fields["sources"].required = True

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and not cleaned.get("sources") and not cleaned.get("tag"):
            raise ValidationError("Choisissez au moins une liste, ou une étiquette.")
        return cleaned


class MessageForm(forms.Form):
    """The text of a message to several partners, with words that are replaced for each."""

    subject = forms.CharField(label="Objet", max_length=200)
    body = forms.CharField(label="Message", max_length=8000, widget=forms.Textarea(attrs={"rows": 16}))

    def __init__(self, *args: Any, variables: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.variables = variables

    def clean_subject(self) -> str:
        subject = " ".join(self.cleaned_data["subject"].split())
        if unknown := unknown_variables(subject, taxe_mail.IN_SUBJECT):
            raise ValidationError(
                f"L’objet ne nomme personne : {{{unknown[0]}}} n’y est pas remplacé. Il accepte {{lycee}} et {{campagne}}."
            )
        return subject

    def clean_body(self) -> str:
        body: str = self.cleaned_data["body"]
        if unknown := unknown_variables(body, self.variables):
            raise ValidationError(
                f"Le message ne sait pas remplacer {{{unknown[0]}}}. Voyez la liste des mots à droite."
            )
        return body


class UseForm(forms.Form):
    """What the payments that say nothing yet have bought."""

    use = forms.CharField(label="Ce que l’argent a permis", max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))

    def clean_use(self) -> str:
        return " ".join(self.cleaned_data["use"].split())
