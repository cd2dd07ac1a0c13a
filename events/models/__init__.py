"""Actions led with partners: what was done and with whom, how it is prepared, links without an account, photographs."""

from events.models.actions import Action, ActionPartner, ActionQuerySet, Invitation, Participation
from events.models.links import CalendarFeed, InvitationLink
from events.models.pictures import ActionPhoto, ImageConsent, PhotoSubject
from events.models.preparing import ActionClass, ActionLetter, ActionStep, ActionTemplate, EventSettings

__all__ = [
    "Action",
    "ActionClass",
    "ActionLetter",
    "ActionPartner",
    "ActionPhoto",
    "ActionQuerySet",
    "ActionStep",
    "ActionTemplate",
    "CalendarFeed",
    "EventSettings",
    "ImageConsent",
    "Invitation",
    "InvitationLink",
    "Participation",
    "PhotoSubject",
]
