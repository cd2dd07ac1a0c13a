"""Agreements, the frames above them, and networks."""

from datetime import date

from django.core.files.base import ContentFile
from factory import LazyAttribute, SelfAttribute, Sequence, SubFactory, Trait
from factory.django import DjangoModelFactory

from conventions.models import Agreement, AgreementReview, Commitment, Emblem, Frame, Network, NetworkMember
from tests.factories.partners import PartnerFactory
from tests.factories.schools import OfSchool


class FrameFactory(DjangoModelFactory):
    """Of the catalogue, which belongs to no school."""

    class Meta:
        model = Frame

    key = Sequence(lambda n: f"essai-{n}")
    source = "importe"
    level = "nationale"
    partner_name = Sequence(lambda n: f"Fédération d’essai {n}")
    title = LazyAttribute(lambda o: f"Convention ministère / {o.partner_name}")
    themes = ["Visites d’entreprise", "Stages"]
    source_title = "Bulletin officiel"


class AgreementFactory(OfSchool):
    class Meta:
        model = Agreement

    class Params:
        is_frame = Trait(level="nationale", partner=None, signatory="Branche de l’électricité")

    level = "etablissement"
    partner = SubFactory(PartnerFactory, school=SelfAttribute("..school"))
    title = Sequence(lambda n: f"Convention {n}")
    signed_date = date(2025, 9, 28)


class CommitmentFactory(OfSchool):
    class Meta:
        model = Commitment

    agreement = SubFactory(AgreementFactory, school=SelfAttribute("..school"))
    axis = "Visites"
    side = "partenaire"
    kind = "actions"
    action_type = "visite_entreprise"
    label = "Recevoir les classes en visite"
    target = 6


class AgreementReviewFactory(OfSchool):
    class Meta:
        model = AgreementReview

    agreement = SubFactory(AgreementFactory, school=SelfAttribute("..school"))
    planned_date = date(2026, 6, 15)


class EmblemFactory(OfSchool):
    class Meta:
        model = Emblem

    partner = SubFactory(PartnerFactory, school=SelfAttribute("..school"))
    kind = "logo"
    file = LazyAttribute(lambda emblem: ContentFile(b"\x89PNG\r\n\x1a\n", name="logo.png"))
    width, height = 200, 100


class NetworkFactory(OfSchool):
    class Meta:
        model = Network

    name = Sequence(lambda n: f"Campus {n}")
    type = "campus_metiers"
    joined_date = date(2024, 9, 1)


class NetworkMemberFactory(OfSchool):
    class Meta:
        model = NetworkMember

    network = SubFactory(NetworkFactory, school=SelfAttribute("..school"))
    partner = SubFactory(PartnerFactory, school=SelfAttribute("..school"))
