"""What is shared with partners, frozen; and the links that open it."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import CheckConstraint, F, Index, Q, UniqueConstraint
from django.urls import reverse

from indicators.rules.secrecy import LEAST
from partners.models import Contact, Partner
from schools.models import AccessLink, DossierRecord, SchoolRecord, once_in_dossier, year_field


class Publication(SchoolRecord):
    """What of a year's figures may be read outside the school, since a day: shares and the académie read nothing else (P-22).

    `figures` is published; `behind` stays in the school: what the next publication is compared with (`rules.secrecy_history`).
    """

    year = year_field()
    as_of = models.DateField("arrêté au")
    figures = models.JSONField("chiffres publiés", editable=False)
    behind = models.JSONField("de quoi comparer", editable=False)
    # A paper issued for the rectorat tells it: never forgotten, what follows is compared with it for good.
    is_on_paper = models.BooleanField("dite par un document remis", default=False, editable=False)

    class Meta:
        verbose_name = "publication des indicateurs"
        verbose_name_plural = "publications des indicateurs"
        indexes = [Index(fields=["school", "year", "as_of"], name="publication_year")]

    def __str__(self) -> str:
        return f"Chiffres publiés {self.year}, {self.as_of:%d/%m/%Y}"


def threshold(label: str, least: int, most: int) -> models.PositiveSmallIntegerField:
    """A whole number that starts at the legal threshold and never goes below it."""
    return models.PositiveSmallIntegerField(
        label, default=least, validators=[MinValueValidator(least), MaxValueValidator(most)]
    )


class SecrecySettings(SchoolRecord):
    """The school's own thresholds for what leaves it: those of P-20 and P-21 or higher, never lower."""

    small = threshold("plus petit effectif montré", LEAST.small, 50)
    pupils = threshold("élèves au moins pour un taux", LEAST.pupils, 200)
    leavers = threshold("sortants au moins pour un taux d’insertion", LEAST.leavers, 200)
    extremes = threshold("effectif au moins pour montrer 0 % ou 100 %", LEAST.extremes, 500)
    answers = threshold("réponses au moins pour une satisfaction", LEAST.answers, 100)
    firms = threshold("entreprises au moins pour un montant", LEAST.firms, 50)

    class Meta:
        verbose_name = "seuils de secret"
        verbose_name_plural = "seuils de secret"
        constraints = [UniqueConstraint(fields=["school"], name="secrecy_settings_once")]

    def __str__(self) -> str:
        return "Seuils de secret"


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
    publication = models.ForeignKey(
        Publication, models.SET_NULL, null=True, blank=True, editable=False, related_name="shares"
    )
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
