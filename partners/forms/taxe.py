"""Forms on the taxe d'apprentissage and gifts."""

from typing import Any

from partners.forms.fields import partner_field
from partners.models import Contribution, TaxCampaign
from schools.forms import RecordForm


class ContributionForm(RecordForm):
    class Meta:
        model = Contribution
        fields = ["partner", "campaign", "nature", "amount", "received_date", "use"]
        paragraphs = ("use",)
        help_texts = {
            "received_date": "Vide : promis, pas encore reçu.",
            "amount": "Valeur estimée pour un don en nature.",
            "campaign": "Année civile de la campagne, par exemple 2026.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["partner"] = partner_field(self.school)


class CampaignForm(RecordForm):
    class Meta:
        model = TaxCampaign
        fields = ["campaign", "target", "closing_date"]
