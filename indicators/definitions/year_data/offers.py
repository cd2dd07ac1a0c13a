"""What partners give: offers of a job, and the taxe d'apprentissage."""

from datetime import date
from functools import cached_property

from indicators.definitions.year_data.reading import Reading
from indicators.definitions.year_data.rows import BenefitRow, ContributionRow, OfferRow
from partners.enums import ContributionNature, OfferType, PartnerType
from partners.models import Contribution, Offer, OfferBeneficiary, TaxCampaign

JOB_OFFERS = (OfferType.JOB, OfferType.APPRENTICESHIP, OfferType.PROFESSIONAL_CONTRACT, OfferType.SEASONAL)
"""Offers of a job in the wide sense (I5.6)."""


class Offers(Reading):
    @cached_property
    def job_offers(self) -> dict[int, OfferRow]:
        """Offers of a job received in the period from companies (I5.6, A-42)."""
        rows = (
            self._of(Offer.objects)
            .filter(received_date__range=(self.start, self.as_of), type__in=JOB_OFFERS)
            .filter(partner__school=self.school, partner__type=PartnerType.COMPANY)
            .values_list("pk", "partner_id", "type", "positions")
        )
        return {row[0]: OfferRow(*row) for row in rows}

    @cached_property
    def benefits(self) -> list[BenefitRow]:
        """Pupils taken on through these offers, at any date (A-86)."""
        rows = (
            self._of(OfferBeneficiary.objects)
            .filter(
                offer__school=self.school,
                offer__received_date__range=(self.start, self.as_of),
                offer__type__in=JOB_OFFERS,
                offer__partner__school=self.school,
                offer__partner__type=PartnerType.COMPANY,
            )
            .values_list("pk", "offer_id", "student_id", "date")
        )
        return [row for row in map(BenefitRow._make, rows) if row.offer in self.job_offers]

    @property
    def campaign(self) -> int:
        """The campaign of the school year: its second calendar year (A-94)."""
        return self.year.first + 1

    @cached_property
    def contributions(self) -> list[ContributionRow]:
        """Payments and gifts of the campaign and of the one before, promised ones included."""
        rows = (
            self._of(Contribution.objects)
            .filter(campaign__in=(self.campaign - 1, self.campaign))
            .values_list("pk", "partner_id", "campaign", "nature", "amount", "received_date", "use")
        )
        return list(map(ContributionRow._make, rows))

    def received(
        self, nature: ContributionNature, *, campaign: int | None = None, by: date | None = None
    ) -> list[ContributionRow]:
        """Rows of a campaign (this one) received on `by` at the latest (the day asked for: A-87)."""
        day = by or self.bounds.today
        return [
            row
            for row in self.contributions
            if row.nature == nature
            and row.campaign == (campaign or self.campaign)
            and row.received is not None
            and row.received <= day
        ]

    @cached_property
    def campaigns(self) -> dict[int, date | None]:
        """Campaigns written, this one and the one before, with their closing date."""
        rows = self._of(TaxCampaign.objects).filter(campaign__in=(self.campaign - 1, self.campaign))
        return dict(rows.values_list("campaign", "closing_date"))

    def has_campaign(self, campaign: int) -> bool:
        """Is anything written for it (A-89)?"""
        return campaign in self.campaigns or any(
            row.campaign == campaign and row.nature == ContributionNature.TAXE for row in self.contributions
        )
