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

ENDED = (PlacementStatus.FINISHED, PlacementStatus.INTERRUPTED)
"""Statuses of a stay that is over, whatever its length."""


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


class PeriodKind(TextChoices):
    """What a class does in companies: only PFMP and internships of BTS are in the dossier and the indicators (R-OBS-02)."""

    PFMP = "pfmp", "PFMP"
    BTS = "stage_bts", "Stage de BTS"
    OBSERVATION_3E = "observation_3e", "Séquence d’observation de 3e"
    OBSERVATION_2GT = "observation_2gt", "Séquence d’observation de 2de GT"
    OBSERVATION = "observation", "Période d’observation volontaire"


OBSERVATIONS = (PeriodKind.OBSERVATION_3E, PeriodKind.OBSERVATION_2GT, PeriodKind.OBSERVATION)
"""Kinds that are no PFMP: no allowance, no exam, conventions of their own; they still take a host's places (R-OBS-02)."""


class InterruptionOutcome(TextChoices):
    """What follows an interruption (L124-15, R-INTERR-01)."""

    VALIDATED = "validation", "Validée malgré la durée"
    ALTERNATIVE = "alternative", "Autre modalité"
    POSTPONED = "report", "Reportée ou rattrapée"


class MilestoneStep(TextChoices):
    """A step of the school's own backward calendar (R-CONV-05, § 5.6)."""

    PLACE_FOUND = "place_trouvee", "Entreprise trouvée"
    SHEET_GIVEN = "fiche_remise", "Pré-convention remise à l’entreprise"
    SHEET_BACK = "fiche_rendue", "Pré-convention rendue"
    ISSUED = "convention_editee", "Convention éditée"
    SIGNED = "convention_signee", "Convention signée de tous"
    FILED = "convention_remise", "Convention remise au bureau"
    ARRIVED = "arrivee_verifiee", "Arrivée vérifiée"
    VISITED = "visite_faite", "Visite faite"
    CERTIFIED = "attestation_recue", "Attestation reçue"
    WELCOME = "accueil_evalue", "Accueil évalué par l’élève"


class MilestoneAnchor(TextChoices):
    """From which day the days of a step are counted."""

    START = "debut", "le dernier jour de cours avant la période"
    FIRST_DAY = "premier_jour", "le premier jour en entreprise"
    END = "fin", "la fin de la période"


class DeliveryState(TextChoices):
    """A paper handed from one colleague to another: given, received, or sent back with a reason."""

    GIVEN = "remis", "Remis"
    RECEIVED = "recu_conforme", "Reçu conforme"
    TO_CORRECT = "a_corriger", "À corriger"


class AbsenceKind(TextChoices):
    """Why nobody was there, in facts and never in health."""

    ABSENT = "absence", "Absence"
    ALLOWED = "autorisee", "Absence autorisée"
    CLOSED = "fermeture", "Entreprise fermée"
    LATE = "retard", "Retard"


class ReportedBy(TextChoices):
    """Who said so."""

    TUTOR = "tuteur", "Le tuteur, par son lien"
    PHONE = "telephone", "Le tuteur, au téléphone"
    TEAM = "equipe", "L’équipe"
    STUDENT = "eleve", "L’élève"


class DaysReason(TextChoices):
    """Why the days done are not those that the arithmetic gives."""

    SHEET = "feuille_presence", "Feuille de présence de l’entreprise"
    CERTIFICATE = "attestation", "Attestation signée de l’entreprise"
    TIMETABLE = "horaires_reels", "Horaires réels différents"
    OTHER = "autre", "Autre motif"


class ApproachState(TextChoices):
    """Where a search stands with one company."""

    PLANNED = "a_faire", "À contacter"
    ASKED = "demande", "Demandé"
    WAITING = "attente", "Réponse attendue"
    REFUSED = "non", "Refus"
    ACCEPTED = "oui", "Accord"


class ApproachMeans(TextChoices):
    VISIT = "sur_place", "Sur place"
    PHONE = "telephone", "Téléphone"
    MAIL = "courriel", "Courriel"
    SITE = "en_ligne", "Formulaire en ligne"
    KNOWN = "relation", "Par une connaissance"


class ApproachMaker(TextChoices):
    STUDENT = "eleve", "L’élève"
    FAMILY = "famille", "La famille"
    TEAM = "equipe", "L’équipe"


class PreConventionState(TextChoices):
    """The pre-convention: the pupil or the team opens it, the company fills its part, the teacher validates the tasks."""

    DRAFT = "a_envoyer", "À envoyer à l’entreprise"
    SENT = "chez_entreprise", "Chez l’entreprise"
    FILLED = "remplie", "Remplie, à valider"
    TO_CORRECT = "a_corriger", "À corriger par l’entreprise"
    VALIDATED = "validee", "Validée"
    ABANDONED = "abandonnee", "Abandonnée"


class LinkPurpose(TextChoices):
    """What a personal link opens, without an account."""

    PRE_CONVENTION = "pre_convention", "Pré-convention, pour l’entreprise"
    STUDENT = "eleve", "Espace de l’élève"
    TUTOR = "tuteur", "Espace du tuteur"


class AlertLevel(IntegerChoices):
    """What a visit or a tutor raises to the bureau."""

    NONE = 0, "Rien à signaler"
    WATCH = 1, "À surveiller"
    URGENT = 2, "Urgent"


class WorksDeclarant(TextChoices):
    """Who declares regulated works to the labour inspection (R-TRAV-02), by kind of body (R-TRAV-09)."""

    EMPLOYER = "employeur", "L’employeur"
    STATE = "etat", "Service de l’État"
    LOCAL_AUTHORITY = "collectivite", "Collectivité territoriale"
    SCHOOL = "lycee", "Le lycée, pour ses ateliers"


class MedicalOutcome(TextChoices):
    """The yearly opinion on fitness for regulated works: the outcome, never why (R-TRAV-07)."""

    FAVOURABLE = "favorable", "Favorable"
    RESERVED = "reserves", "Favorable avec réserves"
    UNFAVOURABLE = "defavorable", "Défavorable"


class TrainingKind(TextChoices):
    """What a pupil was trained to before leaving (R-TRAV-06, R-TRAV-11, R-TRAV-12)."""

    SAFETY = "securite", "Formation à la sécurité, évaluée"
    ELECTRICAL = "electricite", "Préparation à l’habilitation électrique"
    DRIVING = "conduite", "Formation à la conduite d’engins"
    PSC1 = "secours", "Secourisme (PSC1, SST)"


class AccidentPlace(TextChoices):
    WORK = "travail", "Au travail"
    WAY = "trajet", "Sur le trajet"


class VisitPoint(TextChoices):
    """What a visit looks at, each as a sentence that one agrees with or not: not in the dossier."""

    WELCOME = "accueil", "L’élève est bien accueilli et encadré"
    TASKS = "activites", "Les activités sont celles de la convention"
    SAFETY = "securite", "La sécurité est assurée"
    HOURS = "horaires", "Les horaires sont respectés"
    ATTITUDE = "attitude", "L’élève s’intéresse et s’implique"
    PROGRESS = "progres", "L’élève progresse"


class VisitGrade(IntegerChoices):
    """How far one agrees with a point of a visit."""

    NO = 1, "Non"
    RATHER_NO = 2, "Plutôt non"
    RATHER_YES = 3, "Plutôt oui"
    YES = 4, "Oui"
