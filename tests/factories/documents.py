"""Papers, their signatures and what signing takes."""

from datetime import UTC, date, datetime

from factory import SelfAttribute, Sequence, SubFactory

from documents.models import (
    CircuitSettings,
    Delegation,
    Document,
    Reminder,
    Scan,
    Signature,
    SignerProposal,
    SigningCode,
    SigningLink,
)
from tests.factories.schools import MembershipFactory, OfSchool


class DocumentFactory(OfSchool):
    class Meta:
        model = Document

    type = "convention_pfmp"
    subject = "placement"
    subject_id = "inconnu"
    number = Sequence(lambda n: f"PFMP-2026-{n:05d}")
    issued_at = datetime(2026, 2, 10, 9, 0, tzinfo=UTC)


class ScanFactory(OfSchool):
    class Meta:
        model = Scan

    document = SubFactory(DocumentFactory, school=SelfAttribute("..school"))
    file = "scans/absent.pdf"
    sha256 = "b" * 64
    pages = 1


class SignatureFactory(OfSchool):
    class Meta:
        model = Signature

    document = SubFactory(DocumentFactory, school=SelfAttribute("..school"))
    role = "chef_etablissement"
    name = "Nadia Lefèvre"


class SigningLinkFactory(OfSchool):
    class Meta:
        model = SigningLink

    signature = SubFactory(SignatureFactory, school=SelfAttribute("..school"))
    token_hash = Sequence(lambda n: f"{n:064d}")
    name = "Nadia Lefèvre"
    channel = "courriel"
    expires_at = datetime(2199, 1, 1, tzinfo=UTC)


class SigningCodeFactory(OfSchool):
    class Meta:
        model = SigningCode

    link = SubFactory(SigningLinkFactory, school=SelfAttribute("..school"))
    target = "a" * 64
    code_hash = "b" * 64
    expires_at = datetime(2199, 1, 1, tzinfo=UTC)


class SignerProposalFactory(OfSchool):
    class Meta:
        model = SignerProposal

    signature = SubFactory(SignatureFactory, school=SelfAttribute("..school"), role="organisme_accueil")
    kind = "coordonnees"
    email = "yann.ferrand@energies.example"


class ReminderFactory(OfSchool):
    class Meta:
        model = Reminder

    signature = SubFactory(SignatureFactory, school=SelfAttribute("..school"))
    kind = "premier"
    channel = "courriel"
    sent_at = datetime(2026, 2, 10, 10, 0, tzinfo=UTC)


class DelegationFactory(OfSchool):
    class Meta:
        model = Delegation

    membership = SubFactory(MembershipFactory, school=SelfAttribute("..school"), role="ddfpt")
    act = "arrêté du 1er septembre 2025"
    since = date(2025, 9, 1)


class CircuitSettingsFactory(OfSchool):
    class Meta:
        model = CircuitSettings
