"""Companies and other partners: who they are, what was said, what they offer and give."""

from partners.models.doubles import Merge, NotDouble
from partners.models.file import Contact, Interaction, Mailing, Partner, PartnerQuerySet, PartnerTag
from partners.models.offers import Offer, OfferBeneficiary, OfferClass, OfferProposal, OfferQuerySet
from partners.models.taxe import Contribution, TaxApproach, TaxCampaign, TaxTransfer

__all__ = [
    "Contact",
    "Contribution",
    "Interaction",
    "Mailing",
    "Merge",
    "NotDouble",
    "Offer",
    "OfferBeneficiary",
    "OfferClass",
    "OfferProposal",
    "OfferQuerySet",
    "Partner",
    "PartnerQuerySet",
    "PartnerTag",
    "TaxApproach",
    "TaxCampaign",
    "TaxTransfer",
]
