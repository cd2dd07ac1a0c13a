"""« Ajouter à la campagne »: partners picked on their list join the follow-up of a campaign of the taxe."""

from typing import Any

from django import forms
from django.utils import timezone

from core.french import plural
from partners import taxe
from partners.bulk import PARTNERS
from partners.enums import PartnerStatus
from partners.models import TaxApproach, TaxCampaign
from schools.bulk import BulkAction, BulkForm
from schools.roles import Permission


class CampaignForm(BulkForm):
    """Which campaign they join; the one of the civil year first."""

    campaign = forms.TypedChoiceField(label="Campagne", coerce=int)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = TaxCampaign.objects.in_school(self.school).order_by("-campaign").values_list("campaign", flat=True)
        years = list(known) or [timezone.localdate().year]
        this_year = timezone.localdate().year
        years.sort(key=lambda year: (year != this_year, -year))
        self.fields["campaign"].choices = [(year, f"Campagne {year}") for year in years]  # type: ignore[attr-defined]

    def warning(self) -> str:
        archived = self.rows.filter(status=PartnerStatus.ARCHIVED).count()
        return f"Laissés de côté, car archivés : {plural(archived, *self.nouns)}." if archived else ""

    def run(self, *, by: Any) -> str:
        year = self.cleaned_data["campaign"]
        wanted = list(self.rows.order_by().values_list("pk", flat=True))
        already = TaxApproach.objects.in_school(self.school).filter(campaign=year, partner__in=wanted).count()
        done = taxe.add_partners(self.school, year, wanted, by=by)
        said = f"Dans la campagne {year} : {plural(done, *self.nouns)} de plus."
        return f"{said} Y étaient déjà : {plural(already, *self.nouns)}." if already else said


PARTNERS.register(
    BulkAction(
        "campagne",
        "Ajouter à la campagne de taxe",
        "Ajouter {} à une campagne",
        "On les suit ensuite un par un : sollicité, promet, refuse, a versé.",
        Permission.EDIT_TAXE,
        icon="cash-coin",
        form=CampaignForm,
    )
)
