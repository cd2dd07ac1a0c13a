"""Periods, placements and all that follows them."""

from datetime import UTC, date, datetime

from factory import LazyAttribute, SelfAttribute, Sequence, SubFactory, Trait

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
from tests.factories.partners import PartnerFactory
from tests.factories.schools import YEAR, ClassFactory, MembershipFactory, OfSchool, StudentFactory


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
