"""Closed lists of the dossier about PFMP: values are the dossier's own."""

from django.db.models import IntegerChoices, TextChoices


class PlacementStatus(TextChoices):
    PROSPECT = "pressenti", "Piste en cours"
    CONFIRMED = "confirme", "Place trouvée"
    ISSUED = "convention_editee", "Convention éditée"
    SIGNED = "convention_signee", "Convention signée"
    ONGOING = "en_cours", "En entreprise"
    FINISHED = "termine", "Terminé"
    INTERRUPTED = "interrompu", "Interrompu"
    CANCELLED = "annule", "Annulé"


SOLUTION = (
    PlacementStatus.CONFIRMED,
    PlacementStatus.ISSUED,
    PlacementStatus.SIGNED,
    PlacementStatus.ONGOING,
    PlacementStatus.FINISHED,
    PlacementStatus.INTERRUPTED,
)
"""Statuses that count as a solution for a pupil (I5.1)."""

SECURED = (
    PlacementStatus.SIGNED,
    PlacementStatus.ONGOING,
    PlacementStatus.FINISHED,
    PlacementStatus.INTERRUPTED,
)
"""Statuses of a secured solution (I5.2)."""


class InterruptionReason(TextChoices):
    HOST = "organisme", "Organisme d’accueil"
    STUDENT = "eleve", "Élève"
    SCHOOL = "etablissement", "Lycée"
    ACCIDENT = "accident", "Accident"
    OTHER = "autre", "Autre motif"


class PlacementOrigin(TextChoices):
    BDE = "bde", "Bureau des entreprises"
    TEAM = "equipe", "Équipe pédagogique"
    STUDENT = "eleve", "Élève"
    FAMILY = "famille", "Famille"
    PARTNER = "partenaire", "Partenaire"


class ExemptionReason(TextChoices):
    SHORTENED = "duree_reduite", "Durée réduite"
    APPRENTICE = "apprentissage", "Apprentissage"
    POSTPONED = "report", "Report"
    OTHER = "autre", "Autre motif"


class VisitMode(TextChoices):
    ON_SITE = "sur_place", "Sur place"
    PHONE = "telephone", "Téléphone"
    VIDEO = "visio", "Visio"


class HostMark(IntegerChoices):
    """How good a host was on one point: not in the dossier."""

    BAD = 1, "À éviter"
    POOR = 2, "À améliorer"
    GOOD = 3, "Bien"
    EXCELLENT = 4, "Très bien"


class IncidentKind(TextChoices):
    """What went wrong at a host's: not in the dossier."""

    SAFETY = "securite", "Sécurité au travail"
    TASKS = "activites", "Activités hors convention"
    HOURS = "horaires", "Horaires non respectés"
    BEHAVIOUR = "comportement", "Comportement envers l’élève"
    BROKEN = "rupture", "Rupture par l’entreprise"
    OTHER = "autre", "Autre"
