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


class SignatureMeans(TextChoices):
    """How a signature came."""

    PAPER = "papier", "Sur papier"
    MAILED_CODE = "code_courriel", "En ligne, code reçu par courriel"
    SPOKEN_CODE = "code_vive_voix", "En ligne, code donné de vive voix"
    ACCOUNT = "compte", "En ligne, depuis son compte"

    @property
    def beside(self) -> str:
        """What is said beside « Signée en ligne »."""
        return str(self.label).removeprefix("En ligne, ")


class EventKind(TextChoices):
    """What the proof of a paper tells, in order."""

    ISSUED = "edition", "Document édité"
    LINK_SENT = "lien", "Lien envoyé ou remis"
    CODE_SENT = "code", "Code envoyé"
    CODE_FAILED = "code_faux", "Code refusé"
    OPENED = "ouverture", "Document ouvert par le signataire"
    SIGNED = "signature", "Signature en ligne"
    NOTED = "papier", "Signature sur papier notée"
    REFUSED = "refus", "Refus"
    REOPENED = "reprise", "Signature de nouveau attendue"
    PROPOSED = "proposition", "Correction ou autre personne proposée"
    PROPOSAL_ANSWERED = "reponse", "Proposition acceptée ou refusée"
    REMINDED = "relance", "Relance"
    COMPLETED = "complet", "Signé de tous"
    SEALED = "scelle", "Fichier scellé"
    VOIDED = "annulation", "Signatures annulées par un changement"


class LinkChannel(TextChoices):
    """How a personal link reached its person."""

    MAIL = "courriel", "Par courriel"
    COPY = "copie", "Copié par le bureau"
    SHEET = "feuillet", "Sur un feuillet imprimé, en QR code"


class ProposalKind(TextChoices):
    CORRECTION = "coordonnees", "Mes coordonnées ont changé"
    SIGNER = "signataire", "Une autre personne signe pour l’organisme"
    TUTOR = "tuteur", "Le tuteur est une autre personne"


class ProposalState(TextChoices):
    WAITING = "proposition_attente", "À examiner"
    ACCEPTED = "proposition_acceptee", "Acceptée"
    REFUSED = "proposition_refusee", "Refusée"


class ReminderKind(TextChoices):
    FIRST = "premier", "Premier envoi"
    AUTOMATIC = "automatique", "Relance automatique"
    MANUAL = "manuelle", "Relance demandée"
