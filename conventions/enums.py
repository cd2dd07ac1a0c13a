"""Closed lists of the dossier about agreements and networks: values are the dossier's own."""

from django.db.models import TextChoices


class AgreementLevel(TextChoices):
    NATIONAL = "nationale", "Nationale"
    REGION = "region_academique", "Région académique"
    ACADEMY = "academique", "Académique"
    SCHOOL = "etablissement", "Lycée"


class NetworkType(TextChoices):
    LYCEE_DES_METIERS = "lycee_des_metiers_en_reseau", "Lycées des métiers en réseau"
    CAMPUS = "campus_metiers", "Campus des métiers et des qualifications"
    CLEE = "clee", "Comité local école-entreprise (CLEE)"
    CORDEES = "cordees_reussite", "Cordées de la réussite"
    ALUMNI = "reseau_anciens", "Réseau d’anciens élèves"
    COMPANIES = "reseau_entreprises", "Réseau d’entreprises"
    TRANSFER = "transfert_technologie", "Transfert de technologie"
    OTHER = "autre", "Autre réseau"
