"""Companies and their people, what was said with them, their offers and what they pay."""

import uuid
from datetime import date

import factory
from factory import SelfAttribute, Sequence, SubFactory

from partners.models import (
    Contact,
    Contribution,
    Interaction,
    Mailing,
    Merge,
    NotDouble,
    Offer,
    OfferBeneficiary,
    OfferClass,
    OfferProposal,
    Partner,
    TaxApproach,
    TaxCampaign,
    TaxTransfer,
)
from tests.factories.schools import ClassFactory, OfSchool, StudentFactory


class PartnerFactory(OfSchool):
    class Meta:
        model = Partner

    name = Sequence(lambda n: f"Énergies Soleil-Haut {n}")
    city = "Laon"
    naf = "43.21A"


class NotDoubleFactory(OfSchool):
    class Meta:
        model = NotDouble

    first = SubFactory(PartnerFactory, school=SelfAttribute("..school"))
    second = SubFactory(PartnerFactory, school=SelfAttribute("..school"))


class MergeFactory(OfSchool):
    class Meta:
        model = Merge

    kept = SubFactory(PartnerFactory, school=SelfAttribute("..school"))
    removed_id = factory.LazyFunction(uuid.uuid4)
    removed_name = Sequence(lambda n: f"Énergies Soleil {n}")


class ContactFactory(OfSchool):
    class Meta:
        model = Contact

    partner = SubFactory(PartnerFactory, school=SelfAttribute("..school"))
    last_name = Sequence(lambda n: f"Ferrand{n}")
    first_name = "Yann"


class InteractionFactory(OfSchool):
    class Meta:
        model = Interaction

    partner = SubFactory(PartnerFactory, school=SelfAttribute("..school"))
    date = date(2025, 11, 12)
    channel = "appel"
    initiative = "etablissement"
    subject = "Deux places en mars"


class MailingFactory(OfSchool):
    class Meta:
        model = Mailing

    subject = "Forum des métiers"
    body = "Bonjour {prenom},"


class OfferFactory(OfSchool):
    class Meta:
        model = Offer

    partner = SubFactory(PartnerFactory, school=SelfAttribute("..school"))
    type = "emploi"
    title = Sequence(lambda n: f"Électricien {n}")
    received_date = date(2025, 11, 12)
    positions = 1


class OfferClassFactory(OfSchool):
    class Meta:
        model = OfferClass

    offer = SubFactory(OfferFactory, school=SelfAttribute("..school"))
    school_class = SubFactory(ClassFactory, school=SelfAttribute("..school"))


class ProposalFactory(OfSchool):
    class Meta:
        model = OfferProposal

    company = Sequence(lambda n: f"Chaudronnerie {n}")
    contact_name = "Inès Vasseur"
    contact_email = Sequence(lambda n: f"ines{n}@chaudronnerie.example")
    type = "apprentissage"
    title = Sequence(lambda n: f"Apprenti soudeur {n}")


class BeneficiaryFactory(OfSchool):
    class Meta:
        model = OfferBeneficiary

    offer = SubFactory(OfferFactory, school=SelfAttribute("..school"))
    student = SubFactory(StudentFactory, school=SelfAttribute("..school"))
    date = date(2025, 12, 1)


class ContributionFactory(OfSchool):
    class Meta:
        model = Contribution

    partner = SubFactory(PartnerFactory, school=SelfAttribute("..school"))
    campaign = 2026
    nature = "solde_taxe"
    amount = 1200
    received_date = date(2026, 7, 11)


class CampaignFactory(OfSchool):
    class Meta:
        model = TaxCampaign

    campaign = Sequence(lambda n: 2001 + n)


class ApproachFactory(OfSchool):
    class Meta:
        model = TaxApproach

    partner = SubFactory(PartnerFactory, school=SelfAttribute("..school"))
    campaign = 2026


class TransferFactory(OfSchool):
    class Meta:
        model = TaxTransfer

    campaign = 2026
    date = date(2026, 7, 11)
    label = "1er virement SOLTéA"
