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
