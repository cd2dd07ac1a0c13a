"""Closed lists of the dossier about actions: values are the dossier's own."""

from django.db.models import TextChoices

from conventions.enums import ActionType

__all__ = ["ActionStatus", "ActionType", "InvitationReply"]


class ActionStatus(TextChoices):
    PLANNED = "prevue", "Prévue"
    DONE = "realisee", "Réalisée"
    CANCELLED = "annulee", "Annulée"


class InvitationReply(TextChoices):
    ACCEPTED = "acceptee", "Acceptée"
    DECLINED = "declinee", "Déclinée"
