"""Rows for tests: one factory a model, everything of one school unless said otherwise."""

import uuid
from datetime import UTC, date, datetime

import factory
from django.core.files.base import ContentFile
from factory import LazyAttribute, SelfAttribute, Sequence, SubFactory, Trait
from factory.django import DjangoModelFactory

from accounts.models import User
from conventions.models import Agreement, AgreementReview, Commitment, Emblem, Frame, Network, NetworkMember
from core.uai import with_key
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
from events.models import Action, ActionPartner, Invitation, Participation
from indicators.models import IndicatorShare
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
from pfmp.models import (
    Absence,
    Accident,
    AllowanceFile,
    Approach,
    CountrySheet,
    Delivery,
    Exemption,
    FormationAnnex,
    FormationDuration,
    HostCapacity,
    HostIncident,
    HostReview,
    MedicalOpinion,
    Milestone,
    Period,
    PersonalLink,
    PfmpSettings,
    Placement,
    PlannedVisit,
    PreConvention,
    Recovery,
    Skill,
    Terms,
    Training,
    TutorEvaluation,
    Visit,
    WelcomeOpinion,
    WorksDeclaration,
)
from schools.models import (
    Membership,
    SavedView,
    School,
    SchoolClass,
    SchoolHoliday,
    Schooling,
    Student,
    TableImport,
    TeachingAssignment,
)
from surveys.models import LeaverOutcome, Survey, SurveyAnswer

YEAR = "2025-2026"
PASSWORD = "un mot de passe assez long"


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    email = Sequence(lambda n: f"personne{n}@lycee.example")
    first_name = "Camille"
    last_name = Sequence(lambda n: f"Roussel{n}")
    password = factory.django.Password(PASSWORD)


class SchoolFactory(DjangoModelFactory):
    class Meta:
        model = School

    uai = Sequence(lambda n: with_key(9_700_000 + n))
    name = Sequence(lambda n: f"Lycée d’essai {n}")
    type = "lp"
    city = "Laon"


class OfSchool(DjangoModelFactory):
    class Meta:
        abstract = True

    school = SubFactory(SchoolFactory)


class MembershipFactory(OfSchool):
    class Meta:
        model = Membership

    user = SubFactory(UserFactory)
    email = LazyAttribute(lambda o: o.user.email if o.user else f"sans-compte-{o.last_name}@lycee.example")
    last_name = Sequence(lambda n: f"Benamar{n}")
    first_name = "Sofia"
    role = "bde"


class ClassFactory(OfSchool):
    class Meta:
        model = SchoolClass

    year = YEAR
    code = Sequence(lambda n: f"1MELEC{n}")
    label = LazyAttribute(lambda o: f"1re {o.code}")
    niveau = "1re_pro"


class StudentFactory(OfSchool):
    class Meta:
        model = Student

    last_name = Sequence(lambda n: f"Meziane{n}")
    first_name = "Rayan"


class SchoolingFactory(OfSchool):
    class Meta:
        model = Schooling

    student = SubFactory(StudentFactory, school=SelfAttribute("..school"))
    school_class = SubFactory(ClassFactory, school=SelfAttribute("..school"))
    year = SelfAttribute("school_class.year")
    entry_date = date(2025, 9, 1)


class AssignmentFactory(OfSchool):
    class Meta:
        model = TeachingAssignment

    membership = SubFactory(MembershipFactory, school=SelfAttribute("..school"), role="enseignant")
    school_class = SubFactory(ClassFactory, school=SelfAttribute("..school"))
    year = SelfAttribute("school_class.year")


class SavedViewFactory(OfSchool):
    class Meta:
        model = SavedView

    membership = SubFactory(MembershipFactory, school=SelfAttribute("..school"))
    page = "partners:partner_list"
    label = Sequence(lambda n: f"À relancer {n}")
    query = "statut=dormant"
    is_shared = True


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


class PeriodFactory(OfSchool):
    class Meta:
        model = Period

    school_class = SubFactory(ClassFactory, school=SelfAttribute("..school"))
    year = SelfAttribute("school_class.year")
    label = "PFMP n° 1"
    start_date = date(2026, 3, 2)
    end_date = date(2026, 3, 27)


class ExemptionFactory(OfSchool):
    class Meta:
        model = Exemption

    period = SubFactory(PeriodFactory, school=SelfAttribute("..school"))
    student = SubFactory(StudentFactory, school=SelfAttribute("..school"))


class PlacementFactory(OfSchool):
    class Meta:
        model = Placement

    class Params:
        signed = Trait(status="convention_signee")

    period = SubFactory(PeriodFactory, school=SelfAttribute("..school"))
    student = SubFactory(StudentFactory, school=SelfAttribute("..school"))
    partner = SubFactory(PartnerFactory, school=SelfAttribute("..school"))
    start_date = SelfAttribute("period.start_date")
    end_date = SelfAttribute("period.end_date")
    status = "confirme"


class CapacityFactory(OfSchool):
    class Meta:
        model = HostCapacity

    partner = SubFactory(PartnerFactory, school=SelfAttribute("..school"))
    year = YEAR
    formation = "Bac pro MELEC"
    places = 2


class ReviewFactory(OfSchool):
    class Meta:
        model = HostReview

    placement = SubFactory(PlacementFactory, school=SelfAttribute("..school"))
    welcome = 3
    date = date(2026, 2, 20)


class PfmpSettingsFactory(OfSchool):
    class Meta:
        model = PfmpSettings


class MilestoneFactory(OfSchool):
    class Meta:
        model = Milestone

    step = "place_trouvee"
    anchor = "debut"
    days = -35
    owner = "bde"


class FormationDurationFactory(OfSchool):
    class Meta:
        model = FormationDuration

    formation = Sequence(lambda n: f"CAP Spécialité {n}")
    weeks = 14
    since = YEAR


class TermsFactory(OfSchool):
    class Meta:
        model = Terms

    placement = SubFactory(PlacementFactory, school=SelfAttribute("..school"))


class AbsenceFactory(OfSchool):
    class Meta:
        model = Absence

    placement = SubFactory(PlacementFactory, school=SelfAttribute("..school"))
    date = LazyAttribute(lambda absence: absence.placement.start_date)


class RecoveryFactory(OfSchool):
    class Meta:
        model = Recovery

    placement = SubFactory(PlacementFactory, school=SelfAttribute("..school"))
    date = LazyAttribute(lambda recovery: recovery.placement.end_date)
    minutes = 420


class DeliveryFactory(OfSchool):
    class Meta:
        model = Delivery

    placement = SubFactory(PlacementFactory, school=SelfAttribute("..school"))
    step = "convention_remise"
    given_at = datetime(2026, 1, 5, 8, tzinfo=UTC)


class PlannedVisitFactory(OfSchool):
    class Meta:
        model = PlannedVisit

    placement = SubFactory(PlacementFactory, school=SelfAttribute("..school"))
    membership = SubFactory(MembershipFactory, school=SelfAttribute("..school"))
    date = LazyAttribute(lambda planned: planned.placement.start_date)


class EvaluationFactory(OfSchool):
    class Meta:
        model = TutorEvaluation

    placement = SubFactory(PlacementFactory, school=SelfAttribute("..school"))


class OpinionFactory(OfSchool):
    class Meta:
        model = WelcomeOpinion

    placement = SubFactory(PlacementFactory, school=SelfAttribute("..school"))
    submitted_at = datetime(2026, 2, 20, 8, tzinfo=UTC)


class SearchFactory(OfSchool):
    class Meta:
        model = Approach

    period = SubFactory(PeriodFactory, school=SelfAttribute("..school"))
    student = SubFactory(StudentFactory, school=SelfAttribute("..school"))
    company = "Garage des Lilas"
    date = date(2025, 11, 20)


class PreConventionFactory(OfSchool):
    class Meta:
        model = PreConvention

    placement = SubFactory(PlacementFactory, school=SelfAttribute("..school"))


class PersonalLinkFactory(OfSchool):
    class Meta:
        model = PersonalLink

    purpose = "eleve"
    student = SubFactory(StudentFactory, school=SelfAttribute("..school"))
    token_hash = Sequence(lambda n: f"{n:064d}")
    name = "Nadia Lefèvre"
    expires_at = datetime(2199, 1, 1, tzinfo=UTC)


class AnnexFactory(OfSchool):
    class Meta:
        model = FormationAnnex

    formation = "CAP Menuisier"
    label = Sequence(lambda n: f"Annexe {n}")


class SkillFactory(OfSchool):
    class Meta:
        model = Skill

    annex = SubFactory(AnnexFactory, school=SelfAttribute("..school"))
    code = Sequence(lambda n: f"C{n}")
    label = "Préparer le poste de travail"


class WorksDeclarationFactory(OfSchool):
    class Meta:
        model = WorksDeclaration

    declarant = "employeur"
    partner = SubFactory(PartnerFactory, school=SelfAttribute("..school"))
    sent_date = date(2025, 9, 15)
    works = LazyAttribute(lambda declaration: ["D4153-28"])


class MedicalOpinionFactory(OfSchool):
    class Meta:
        model = MedicalOpinion

    student = SubFactory(StudentFactory, school=SelfAttribute("..school"))
    date = date(2025, 10, 1)
    outcome = "favorable"


class TrainingFactory(OfSchool):
    class Meta:
        model = Training

    student = SubFactory(StudentFactory, school=SelfAttribute("..school"))
    kind = "securite"
    date = date(2025, 10, 10)


class CountrySheetFactory(OfSchool):
    class Meta:
        model = CountrySheet

    country = "BE"
    text = "Trente-huit heures par semaine."
    checked_date = date(2025, 9, 1)


class AccidentFactory(OfSchool):
    class Meta:
        model = Accident

    placement = SubFactory(PlacementFactory, school=SelfAttribute("..school"))
    happened_at = datetime(2026, 1, 20, 9, tzinfo=UTC)
    place = "travail"


class AllowanceFileFactory(OfSchool):
    class Meta:
        model = AllowanceFile

    student = SubFactory(StudentFactory, school=SelfAttribute("..school"))
    year = YEAR


class SchoolHolidayFactory(OfSchool):
    class Meta:
        model = SchoolHoliday

    label = "Pont de l’Ascension"
    kind = "pont"
    start_date = date(2026, 5, 15)
    end_date = date(2026, 5, 15)


class IncidentFactory(OfSchool):
    class Meta:
        model = HostIncident

    partner = SubFactory(PartnerFactory, school=SelfAttribute("..school"))
    date = date(2026, 2, 3)
    kind = "securite"
    facts = "Échafaudage sans garde-corps."


class VisitFactory(OfSchool):
    class Meta:
        model = Visit

    placement = SubFactory(PlacementFactory, school=SelfAttribute("..school"))
    date = date(2026, 3, 12)
    mode = "sur_place"


class ActionFactory(OfSchool):
    class Meta:
        model = Action

    class Params:
        planned = Trait(status="prevue")

    type = "forum_salon"
    title = Sequence(lambda n: f"Forum {n}")
    start_date = date(2025, 11, 20)
    status = "realisee"
    initiative = "etablissement"


class ActionPartnerFactory(OfSchool):
    class Meta:
        model = ActionPartner

    action = SubFactory(ActionFactory, school=SelfAttribute("..school"))
    partner = SubFactory(PartnerFactory, school=SelfAttribute("..school"))


class InvitationFactory(OfSchool):
    class Meta:
        model = Invitation

    action = SubFactory(ActionFactory, school=SelfAttribute("..school"))
    partner = SubFactory(PartnerFactory, school=SelfAttribute("..school"))
    sent_date = date(2025, 11, 1)


class ParticipationFactory(OfSchool):
    class Meta:
        model = Participation

    action = SubFactory(ActionFactory, school=SelfAttribute("..school"))
    student = SubFactory(StudentFactory, school=SelfAttribute("..school"))


class SurveyFactory(OfSchool):
    class Meta:
        model = Survey

    audience = "eleve"
    title = Sequence(lambda n: f"Enquête {n}")
    opened_date = date(2026, 4, 1)


class AnswerFactory(OfSchool):
    class Meta:
        model = SurveyAnswer

    survey = SubFactory(SurveyFactory, school=SelfAttribute("..school"))
    audience = SelfAttribute("survey.audience")
    date = date(2026, 4, 10)
    grade = 3


class OutcomeFactory(OfSchool):
    class Meta:
        model = LeaverOutcome

    student = SubFactory(StudentFactory, school=SelfAttribute("..school"))
    leaving_year = "2024-2025"
    term_months = 6
    situation = "emploi"


class ShareFactory(OfSchool):
    class Meta:
        model = IndicatorShare

    indicators = "I1.1|I3.1"
    shared_date = date(2025, 11, 2)


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


class TableImportFactory(OfSchool):
    class Meta:
        model = TableImport

    kind = "partners.companies"
    file_name = "entreprises.xlsx"
    sha256 = "a" * 64
    state = "refuse"
