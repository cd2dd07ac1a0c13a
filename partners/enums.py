"""Closed lists about partners: the dossier's own values, then those that stay in the platform."""

from django.db.models import TextChoices


class PartnerType(TextChoices):
    COMPANY = "entreprise", "Entreprise"
    ASSOCIATION = "association", "Association"
    ADMINISTRATION = "administration", "Administration"
    LOCAL_AUTHORITY = "collectivite", "Collectivité"
    BRANCH = "branche_professionnelle", "Branche professionnelle"
    OPCO = "opco", "OPCO"
    CHAMBER = "chambre_consulaire", "Chambre consulaire"
    FRANCE_TRAVAIL = "france_travail", "France Travail"
    MISSION_LOCALE = "mission_locale", "Mission locale"
    TRAINING_SCHOOL = "etablissement_formation", "Établissement de formation"
    CAMPUS = "campus_metiers", "Campus des métiers"
    CLEE = "clee", "CLEE"
    PROFESSIONAL_BODY = "organisation_professionnelle", "Organisation professionnelle"
    NATIONAL_NETWORK = "reseau_national", "Réseau national"
    OTHER = "autre", "Autre partenaire"


class Headcount(TextChoices):
    NONE = "0", "Aucun salarié"
    UNDER_10 = "1-9", "1 à 9 salariés"
    UNDER_20 = "10-19", "10 à 19 salariés"
    UNDER_50 = "20-49", "20 à 49 salariés"
    UNDER_250 = "50-249", "50 à 249 salariés"
    OVER_250 = "250+", "250 salariés et plus"


class PartnerStatus(TextChoices):
    PROSPECT = "prospect", "À démarcher"
    ACTIVE = "actif", "Actif"
    DORMANT = "dormant", "Dormant"
    ARCHIVED = "archive", "Archivé"


class ContactRole(TextChoices):
    LEADER = "dirigeant", "Dirige et signe"
    HR = "rh", "Ressources humaines"
    TUTOR = "tuteur", "Tuteur d’élèves"
    TAXE = "taxe_apprentissage", "Taxe d’apprentissage"
    OFFICE = "administratif", "Administratif"
    OTHER = "autre", "Autre rôle"


PURPOSES: dict[str, str] = {
    ContactRole.LEADER: "Pour signer, pour tout accord",
    ContactRole.TUTOR: "Pour un élève en stage",
    ContactRole.HR: "Pour une offre d’emploi",
    ContactRole.TAXE: "Pour la taxe d’apprentissage",
    ContactRole.OFFICE: "Pour les papiers",
    ContactRole.OTHER: "Pour le reste",
    "": "Pour le reste",
}
"""What one calls a contact for, in the order of a partner's page."""


class Channel(TextChoices):
    CALL = "appel", "Appel"
    MAIL = "courriel", "Courriel"
    VISIT = "visite", "Visite"
    MEETING = "rendez_vous", "Rendez-vous"
    FAIR = "salon", "Salon"
    OTHER = "autre", "Autre"


class Initiative(TextChoices):
    SCHOOL = "etablissement", "Le lycée"
    PARTNER = "partenaire", "Le partenaire"


class OfferType(TextChoices):
    JOB = "emploi", "Emploi"
    APPRENTICESHIP = "apprentissage", "Apprentissage"
    PROFESSIONAL_CONTRACT = "professionnalisation", "Contrat de professionnalisation"
    PFMP = "pfmp", "Place de PFMP"
    INTERNSHIP = "stage", "Stage"
    SEASONAL = "saisonnier", "Emploi saisonnier"


class ContributionNature(TextChoices):
    TAXE = "solde_taxe", "Solde de la taxe d’apprentissage"
    GIFT_MONEY = "don_numeraire", "Don en argent"
    GIFT_KIND = "don_nature", "Don en nature"


class ContributionOrigin(TextChoices):
    """Who decided: not in the dossier."""

    EMPLOYER = "employeur", "Choix de l’employeur"
    REMAINDER = "reliquat", "Répartition du reliquat"


class TaxIntention(TextChoices):
    """Where a campaign stands with a partner: not in the dossier."""

    TO_ASK = "a_demander", "À solliciter"
    ASKED = "demande", "Sollicité"
    PROMISED = "promet", "Promet"
    REFUSED = "refuse", "Refuse"
    PAID = "verse", "A versé"


class ProposalStatus(TextChoices):
    """What became of an offer proposed on the public form: not in the dossier."""

    WAITING = "attente", "À examiner"
    ACCEPTED = "acceptee", "Acceptée"
    REFUSED = "refusee", "Refusée"
