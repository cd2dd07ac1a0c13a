"""Closed lists of the dossier about actions: values are the dossier's own."""

from django.db.models import IntegerChoices, TextChoices

from conventions.enums import ActionType

__all__ = ["ActionStatus", "ActionType", "Consenting", "InvitationReply", "Label", "Occasion", "Workshop"]


class ActionStatus(TextChoices):
    PLANNED = "prevue", "Prévue"
    DONE = "realisee", "Réalisée"
    CANCELLED = "annulee", "Annulée"


class InvitationReply(TextChoices):
    ACCEPTED = "acceptee", "Acceptée"
    DECLINED = "declinee", "Déclinée"


class Workshop(IntegerChoices):
    """The four collective workshops that a final-year pupil follows at least (R-AVP-01); their subjects are the school's."""

    FIRST = 1, "Atelier 1"
    SECOND = 2, "Atelier 2"
    THIRD = 3, "Atelier 3"
    FOURTH = 4, "Atelier 4"


class Label(TextChoices):
    """Labels that the sheet asks about; each is kept as one of the tags of an action, by its value."""

    EQUALITY = "égalité", "Égalité filles-garçons"
    INCLUSION = "inclusion", "Inclusion"


class Occasion(TextChoices):
    """Why a letter about an action leaves."""

    INVITATION = "invitation", "Invitation"
    REMINDER = "relance", "Relance"
    CANCELLATION = "annulation", "Annulation"
    THANKS = "remerciement", "Remerciement"


class Consenting(TextChoices):
    """Who authorised the use of a person's image (P-09): the pupil of age, else the parents."""

    STUDENT = "eleve", "L’élève, majeur"
    GUARDIAN = "responsable", "Un responsable légal"
    GUARDIANS = "responsables", "Les deux responsables légaux"
