"""Forms of networks and of who is in them."""

from typing import Any

from django.db.models import Q

from conventions import life
from conventions.enums import AgreementStage
from conventions.models import Network, NetworkMember
from partners.forms.fields import contact_field, partner_field
from schools.forms import RecordForm


class NetworkForm(RecordForm):
    class Meta:
        model = Network
        fields = ["name", "type", "joined_date", "left_date", "agreement", "formalised_date", "act"]
        help_texts = {
            "left_date": "Vide : le lycée en est toujours.",
            "agreement": "Sa signature formalise le réseau : la date et l’acte se remplissent d’eux-mêmes.",
            "act": "Sans convention : charte, label… Vide avec une convention : son titre.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        agreements: Any = self.fields["agreement"]
        agreements.queryset = agreements.queryset.filter(
            ~Q(stage=AgreementStage.ABANDONED) | Q(signed_date__isnull=False) | Q(pk=self.instance.agreement_id)
        ).order_by("title", "pk")

    def clean(self) -> dict[str, Any]:
        """What the agreement says of the date and the act, where nobody typed others."""
        cleaned = super().clean() or self.cleaned_data
        agreement = cleaned.get("agreement")
        if agreement is not None and agreement.signed_date is not None:
            if cleaned.get("formalised_date") is None and "formalised_date" not in self.errors:
                cleaned["formalised_date"] = agreement.signed_date
            cleaned["act"] = cleaned.get("act") or life.act_of(agreement)
        return cleaned


class NetworkMemberForm(RecordForm):
    """Someone of a network: a partner and perhaps one of its people, or a colleague."""

    class Meta:
        model = NetworkMember
        fields = ["partner", "contact", "membership", "role", "since", "until"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["partner"] = partner_field(self.school, required=False)
        self.fields["contact"] = contact_field(self.membership, required=False)
        colleagues = self.fields["membership"]
        colleagues.queryset = colleagues.queryset.filter(
            Q(is_active=True) | Q(pk=self.instance.membership_id)
        ).order_by("search_text")
        colleagues.label = "ou un personnel du lycée"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        partner, contact, colleague = (cleaned.get(name) for name in ("partner", "contact", "membership"))
        if {"partner", "contact", "membership"} & self.errors.keys():
            return cleaned
        if colleague and (partner or contact):
            self.add_error("membership", "Une ligne par personne : un partenaire, ou un personnel du lycée.")
        elif contact and partner and contact.partner_id != partner.pk:
            self.add_error("contact", f"{contact} ne travaille pas chez {partner}.")
        elif contact:
            cleaned["partner"] = contact.partner
        elif not partner and not colleague:
            self.add_error("partner", "Dites qui : un partenaire, ou un personnel du lycée.")
        return cleaned
