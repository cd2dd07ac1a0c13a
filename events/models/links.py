"""Ways in without an account: a guest's answer, a calendar's feed."""

from django.db import models
from django.db.models import Index

from events.models.actions import Invitation
from schools.models import AccessLink, Membership, SchoolRecord


class InvitationLink(AccessLink):
    """One guest's way to answer an invitation. The token is never stored."""

    invitation = models.ForeignKey(Invitation, models.CASCADE, related_name="links", editable=False)

    PERSONAL_DATA = ("invitation",)

    class Meta:
        verbose_name = "lien d’une invitation"
        verbose_name_plural = "liens des invitations"
        indexes = [Index(fields=["school", "invitation"], name="invitation_link_invitation")]

    def __str__(self) -> str:
        return f"Lien de {self.invitation}"


class CalendarFeed(SchoolRecord):
    """An iCalendar address, secret and revocable: of a person, or of the whole school when nobody is named."""

    membership = models.ForeignKey(
        Membership, models.CASCADE, null=True, blank=True, related_name="+", verbose_name="de"
    )
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    revoked_at = models.DateTimeField("révoqué le", null=True, blank=True, editable=False)

    PERSONAL_DATA = ("membership",)

    class Meta:
        verbose_name = "agenda à suivre"
        verbose_name_plural = "agendas à suivre"
        indexes = [Index(fields=["school", "membership"], name="calendar_feed_member")]

    def __str__(self) -> str:
        return f"Agenda de {self.membership}" if self.membership else "Agenda du lycée"
