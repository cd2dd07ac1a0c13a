"""Closed lists of the dossier about papers: values are the dossier's own."""

from django.db.models import TextChoices


class DocumentType(TextChoices):
    PFMP_CONVENTION = "convention_pfmp", "Convention de PFMP"
    PFMP_AVENANT = "avenant_pfmp", "Avenant à une convention de PFMP"
    PFMP_CERTIFICATE = "attestation_pfmp", "Attestation de PFMP"
    AGREEMENT = "convention_partenariat", "Convention de partenariat"
    YEARLY_REPORT = "rapport_annuel", "Rapport annuel"
    OTHER = "autre", "Autre document"


class Subject(TextChoices):
    PLACEMENT = "placement", "Placement"
    AGREEMENT = "convention", "Convention de partenariat"
    SCHOOL = "etablissement", "Lycée"


class SignatureRole(TextChoices):
    HEAD = "chef_etablissement", "Chef d’établissement"
    HOST = "organisme_accueil", "Organisme d’accueil"
    STUDENT = "eleve", "Élève"
    GUARDIAN = "responsable_legal", "Responsable légal"
    REFERENT = "enseignant_referent", "Enseignant référent"
    TUTOR = "tuteur", "Tuteur"
    PARTNER = "partenaire", "Partenaire"


class SignatureStatus(TextChoices):
    AWAITED = "attendue", "Attendue"
    ON_PAPER = "signee_papier", "Signée sur papier"
    ONLINE = "signee_en_ligne", "Signée en ligne"
    REFUSED = "refusee", "Refusée"
    VOIDED = "annulee", "Annulée"


SIGNED = (SignatureStatus.ON_PAPER, SignatureStatus.ONLINE)
"""Paper and pixels count the same."""
