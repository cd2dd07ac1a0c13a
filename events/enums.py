"""Closed lists of the dossier about actions: values are the dossier's own."""

from django.db.models import TextChoices


class ActionType(TextChoices):
    COMPANY_VISIT = "visite_entreprise", "Visite d’entreprise"
    PROFESSIONAL_TALK = "intervention_professionnel", "Intervention d’un professionnel"
    FORUM = "forum_salon", "Forum ou salon"
    JOB_DATING = "job_dating", "Job dating"
    OBSERVATION = "stage_observation", "Stage d’observation"
    JOINT_PROJECT = "projet_collaboratif", "Projet collaboratif"
    CONTEST = "concours_hackathon", "Concours ou hackathon"
    MENTORING = "mentorat", "Mentorat"
    TEACHER_IMMERSION = "immersion_enseignant", "Immersion d’enseignants"
    TAILORED_TRAINING = "formation_sur_mesure", "Formation sur mesure"
    EXAM_JURY = "jury_examen", "Jury d’examen"
    MOCK_INTERVIEW = "simulation_entretien", "Simulation d’entretien"
    AVENIRPRO = "avenirpro", "Atelier AvenirPro"
    MIDDLE_SCHOOL = "decouverte_metiers_college", "Découverte des métiers au collège"
    OPEN_DAY = "portes_ouvertes", "Portes ouvertes"
    EQUIPMENT_GIFT = "don_equipement", "Don d’équipement"
    IMPROVEMENT_COUNCIL = "conseil_perfectionnement", "Conseil de perfectionnement"
    MOBILITY = "mobilite", "Mobilité"
    NETWORK_MEETING = "reunion_reseau", "Réunion de réseau"
    OTHER = "autre", "Autre action"


class ActionStatus(TextChoices):
    PLANNED = "prevue", "Prévue"
    DONE = "realisee", "Réalisée"
    CANCELLED = "annulee", "Annulée"


class InvitationReply(TextChoices):
    ACCEPTED = "acceptee", "Acceptée"
    DECLINED = "declinee", "Déclinée"
