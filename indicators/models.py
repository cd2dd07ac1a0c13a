"""Dated figures of a school year, and what is shared with partners."""

from django.db import models
from django.db.models import CheckConstraint, F, Index, Q, UniqueConstraint
from django.urls import reverse

from partners.models import Partner
from schools.models import DossierRecord, SchoolRecord, once_in_dossier, year_field


class IndicatorShare(DossierRecord):
    """Indicators shown to a partner, or to all of them when none is named."""

    partner = models.ForeignKey(
        Partner, models.CASCADE, null=True, blank=True, related_name="shares", verbose_name="partenaire"
    )
    indicators = models.TextField("indicateurs", help_text="Codes séparés par une barre verticale.")
    shared_date = models.DateField("partagé le")
    revoked_date = models.DateField("arrêté le", null=True, blank=True)

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


class Snapshot(SchoolRecord):
    """The indicators of a school year as they were on a day (`--save`, each night, on demand)."""

    year = year_field()
    as_of = models.DateField("arrêté au")
    figures = models.JSONField("chiffres")
    computed_at = models.DateTimeField("calculé le")

    class Meta:
        verbose_name = "photo des indicateurs"
        verbose_name_plural = "photos des indicateurs"
        constraints = [UniqueConstraint(fields=["school", "year", "as_of"], name="snapshot_once_a_day")]
