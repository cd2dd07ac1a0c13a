"""Training periods in companies (PFMP): when each class goes, who goes where, who visits, what comes of it."""

from pfmp.models.allowance import AllowanceFile
from pfmp.models.following import PlannedVisit, TutorEvaluation, Visit, WelcomeOpinion
from pfmp.models.formations import FormationAnnex, Skill
from pfmp.models.hosting import HostCapacity, HostIncident, HostReview
from pfmp.models.periods import Exemption, FormationDuration, Milestone, Period, PfmpSettings
from pfmp.models.placements import Absence, Delivery, Placement, PlacementQuerySet, Recovery, Terms
from pfmp.models.safety import Accident, CountrySheet, MedicalOpinion, Training, WorksDeclaration
from pfmp.models.searching import Approach, PersonalLink, PreConvention

__all__ = [
    "Absence",
    "Accident",
    "AllowanceFile",
    "Approach",
    "CountrySheet",
    "Delivery",
    "Exemption",
    "FormationAnnex",
    "FormationDuration",
    "HostCapacity",
    "HostIncident",
    "HostReview",
    "MedicalOpinion",
    "Milestone",
    "Period",
    "PersonalLink",
    "PfmpSettings",
    "Placement",
    "PlacementQuerySet",
    "PlannedVisit",
    "PreConvention",
    "Recovery",
    "Skill",
    "Terms",
    "Training",
    "TutorEvaluation",
    "Visit",
    "WelcomeOpinion",
    "WorksDeclaration",
]
