"""Closed lists of the dossier about surveys and leavers: values are the dossier's own."""

from django.db.models import IntegerChoices, TextChoices


class Audience(TextChoices):
    TEAM = "equipe", "Équipe pédagogique"
    STUDENTS = "eleve", "Élèves"
    PARTNERS = "partenaire", "Partenaires"


class Grade(IntegerChoices):
    NOT_AT_ALL = 1, "Pas du tout satisfait"
    RATHER_NOT = 2, "Plutôt pas satisfait"
    RATHER = 3, "Plutôt satisfait"
    FULLY = 4, "Tout à fait satisfait"


class SetAside(TextChoices):
    """Why answers that came by a link for everybody are removed."""

    LEAKED = "lien_publie", "Le lien a été publié hors du lycée"
    TRIAL = "essai", "Ce sont des essais"
    REPEATED = "doublons", "La même personne a répondu plusieurs fois"


class Situation(TextChoices):
    JOB = "emploi", "En emploi"
    APPRENTICESHIP = "apprentissage", "En apprentissage"
    STUDIES = "poursuite_etudes", "En études"
    JOB_SEEKING = "recherche_emploi", "En recherche d’emploi"
    OTHER = "autre", "Autre situation"
    NO_ANSWER = "sans_reponse", "Sans réponse"


class Term(IntegerChoices):
    SIX_MONTHS = 6, "6 mois"
    TWELVE_MONTHS = 12, "12 mois"
    EIGHTEEN_MONTHS = 18, "18 mois"
    TWENTY_FOUR_MONTHS = 24, "24 mois"


DOSSIER_TERMS = (Term.SIX_MONTHS, Term.TWELVE_MONTHS)
"""Those that the dossier and the indicators know."""


class AnswerMeans(TextChoices):
    """How a leaver answered."""

    LINK = "lien", "Lien reçu"
    PHONE = "telephone", "Téléphone"
    ENTERED = "saisie", "Saisie"


class CallResult(TextChoices):
    """How a call to a leaver went."""

    ANSWERED = "joint", "A répondu"
    NO_ANSWER = "absent", "Pas de réponse"
    CALL_BACK = "rappeler", "À rappeler"
    WRONG_NUMBER = "faux_numero", "Numéro faux"
    REFUSES = "refuse", "Ne veut pas répondre"


class InserJeunesMeasure(TextChoices):
    """What InserJeunes publishes (R-IJ-01, R-IJ-02)."""

    EMPLOYMENT = "emploi_salarie", "Taux d’emploi salarié"
    STUDIES = "poursuite", "Taux de poursuite d’études"
    INTERRUPTION = "interruption", "Taux d’interruption en cours de formation"
    ADDED_VALUE = "valeur_ajoutee", "Valeur ajoutée sur l’emploi (points)"
