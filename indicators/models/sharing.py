"""What is shared with partners, frozen; and the links that open it."""

from django.db import models
from django.db.models import CheckConstraint, F, Index, Q
from django.urls import reverse

from partners.models import Contact, Partner
from schools.models import AccessLink, DossierRecord, once_in_dossier


class IndicatorShare(DossierRecord):
    """Indicators shown to a partner, or to all of them when none is named."""

    partner = models.ForeignKey(
        Partner, models.CASCADE, null=True, blank=True, related_name="shares", verbose_name="partenaire"
    )
    indicators = models.TextField("indicateurs", help_text="Codes séparés par une barre verticale.")
    shared_date = models.DateField("partagé le")
    revoked_date = models.DateField("arrêté le", null=True, blank=True)
    # Not in the dossier: what the partner reads, frozen the day it is shared (P-22).
    year = models.CharField("année scolaire", max_length=9, blank=True)
    message = models.TextField("mot d’accompagnement", blank=True)
    content = models.JSONField("ce qui est partagé", null=True, blank=True, editable=False)

    class Meta:
        verbose_name = "partage d’indicateurs"
        verbose_name_plural = "partages d’indicateurs"
        constraints = [
            once_in_dossier("share_dossier_id"),
            CheckConstraint(
                condition=Q(revoked_date=None) | Q(revoked_date__gte=F("shared_date")),
                name="share_revoked_after_shared",
                violation_error_message="La date d’arrêt est avant le partage.",
            ),
        ]
        indexes = [Index(fields=["school", "shared_date"], name="share_date")]

    def __str__(self) -> str:
        return f"Partage du {self.shared_date:%d/%m/%Y}"

    def get_absolute_url(self) -> str:
        return reverse("indicators:share_detail", args=[self.school.uai, self.public_id])


class ShareLink(AccessLink):
    """A partner's way to what is shared with them. The token is never stored."""

    share = models.ForeignKey(IndicatorShare, models.CASCADE, related_name="links", editable=False)
    partner = models.ForeignKey(Partner, models.CASCADE, null=True, editable=False, related_name="+")
    contact = models.ForeignKey(Contact, models.SET_NULL, null=True, editable=False, related_name="+")
    email = models.TextField("adresse électronique", blank=True, editable=False)

    PERSONAL_DATA = ("contact", "email")

    class Meta:
        verbose_name = "lien d’un partage"
        verbose_name_plural = "liens des partages"
        indexes = [Index(fields=["school", "share"], name="share_link_share")]

    def __str__(self) -> str:
        return f"Lien de {self.share}"
