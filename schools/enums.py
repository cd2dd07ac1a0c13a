"""Closed lists of the dossier about schools and people: values are the dossier's own."""

from django.db.models import TextChoices


class SchoolType(TextChoices):
    LP = "lp", "Lycée professionnel"
    LPO = "lpo", "Lycée polyvalent"
    LGT = "lgt", "Lycée général et technologique"
    EREA = "erea", "Établissement régional d’enseignement adapté"
    OTHER = "autre", "Autre établissement"


class Niveau(TextChoices):
    TROISIEME_PM = "3pm", "3e prépa-métiers"
    CAP1 = "cap1", "CAP, 1re année"
    CAP2 = "cap2", "CAP, 2e année"
    SECONDE_PRO = "2nde_pro", "2de professionnelle"
    PREMIERE_PRO = "1re_pro", "1re professionnelle"
    TERMINALE_PRO = "tle_pro", "Terminale professionnelle"
    CS = "cs", "Certificat de spécialisation"
    BTS1 = "bts1", "BTS, 1re année"
    BTS2 = "bts2", "BTS, 2e année"
    SECONDE_GT = "2nde_gt", "2de générale et technologique"
    PREMIERE_TECHNO = "1re_techno", "1re technologique"
    TERMINALE_TECHNO = "tle_techno", "Terminale technologique"
    OTHER = "autre", "Autre niveau"


class Sex(TextChoices):
    F = "F", "Fille"
    M = "M", "Garçon"


class Role(TextChoices):
    BDE = "bde", "Bureau des entreprises"
    DDFPT = "ddfpt", "DDFPT"
    TEACHER = "enseignant", "Enseignant"
    HEAD = "direction", "Direction"
    OFFICE = "secretariat", "Secrétariat"
    READER = "consultation", "Consultation"


class ImportState(TextChoices):
    """How far a spreadsheet has come in: not in the dossier."""

    READING = "lecture", "En lecture"
    MAPPING = "colonnes", "Colonnes à vérifier"
    CHECKING = "controle", "En contrôle"
    CHECKED = "controle_fait", "Contrôlé"
    APPLYING = "import", "En import"
    APPLIED = "importe", "Importé"
    UNDONE = "annule", "Annulé"
    REFUSED = "refuse", "Refusé"


class DayOffKind(TextChoices):
    """Why a school has no lessons."""

    HOLIDAYS = "vacances", "Vacances scolaires"
    BRIDGE = "pont", "Pont"
    CLOSURE = "fermeture", "Fermeture du lycée"
    EXAM = "examens", "Examens"


class HolidayZone(TextChoices):
    A = "A", "Zone A"
    B = "B", "Zone B"
    C = "C", "Zone C"
    OTHER = "propre", "Calendrier propre (Corse, outre-mer)"
