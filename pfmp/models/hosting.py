"""What a host can take, and how it went there."""

from django.db import models
from django.db.models import Index, Q, UniqueConstraint
from django.urls import reverse

from partners.models import Partner
from pfmp.enums import HostMark, IncidentKind
from pfmp.models.periods import Period
from pfmp.models.placements import Placement
from schools.models import Membership, SchoolRecord, year_field


class HostCapacity(SchoolRecord):
    """How many pupils of a formation a host accepts, for one period or for each period of the year."""

    partner = models.ForeignKey(Partner, models.CASCADE, related_name="capacities", verbose_name="organisme d’accueil")
    year = year_field()
    formation = models.CharField("formation", max_length=255)  # SchoolClass.diploma
    period = models.ForeignKey(
        Period,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="capacities",
        verbose_name="période",
        help_text="Vide : chaque période de l’année.",
    )
    places = models.PositiveSmallIntegerField("places")
    note = models.TextField("précision", blank=True)

    class Meta:
        verbose_name = "capacité d’accueil"
        verbose_name_plural = "capacités d’accueil"
        constraints = [
            UniqueConstraint(
                fields=["school", "partner", "year", "formation", "period"],
                condition=Q(period__isnull=False),
                name="capacity_once_per_period",
                violation_error_message="Les places de cette formation sont déjà notées pour cette période.",
            ),
            UniqueConstraint(
                fields=["school", "partner", "year", "formation"],
                condition=Q(period__isnull=True),
                name="capacity_once_per_year",
                violation_error_message="Les places de cette formation sont déjà notées pour cette année.",
            ),
        ]
        indexes = [Index(fields=["school", "year", "formation"], include=["partner", "places"], name="capacity_year")]

    def __str__(self) -> str:
        return f"{self.partner}, {self.formation} : {self.places}"

    def get_absolute_url(self) -> str:
        return reverse("pfmp:partner_hosting", args=[self.school.uai, self.partner.public_id])


class HostReview(SchoolRecord):
    """How a placement went, seen from the school: welcome, tasks, safety, tutor, from 1 (to avoid) to 4 (excellent)."""

    placement = models.OneToOneField(Placement, models.CASCADE, related_name="review", verbose_name="placement")
    welcome = models.PositiveSmallIntegerField("accueil", choices=HostMark.choices, null=True, blank=True)
    tasks = models.PositiveSmallIntegerField("activités confiées", choices=HostMark.choices, null=True, blank=True)
    safety = models.PositiveSmallIntegerField("sécurité", choices=HostMark.choices, null=True, blank=True)
    tutoring = models.PositiveSmallIntegerField("tuteur", choices=HostMark.choices, null=True, blank=True)
    take_again = models.BooleanField("à reprendre", null=True, blank=True)
    comment = models.TextField("commentaire", blank=True)
    date = models.DateField("date")
    author = models.ForeignKey(
        Membership, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="noté par"
    )

    PERSONAL_DATA = ("comment",)

    class Meta:
        verbose_name = "bilan d’accueil"
        verbose_name_plural = "bilans d’accueil"
        indexes = [Index(fields=["school", "date"], include=["placement"], name="review_date")]

    def __str__(self) -> str:
        return f"Bilan d’accueil, {self.placement}"

    def get_absolute_url(self) -> str:
        return reverse("pfmp:placement_detail", args=[self.school.uai, self.placement.public_id])


class HostIncident(SchoolRecord):
    """Something went wrong at a host's. Never a health datum."""

    partner = models.ForeignKey(Partner, models.CASCADE, related_name="incidents", verbose_name="organisme d’accueil")
    placement = models.ForeignKey(
        Placement, models.SET_NULL, null=True, blank=True, related_name="incidents", verbose_name="placement"
    )
    date = models.DateField("date")
    kind = models.CharField("nature", max_length=12, choices=IncidentKind.choices)
    facts = models.TextField("faits", help_text="Ce qui s’est passé ; rien sur la santé.")
    decision = models.TextField("suite donnée", blank=True)
    author = models.ForeignKey(
        Membership, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="noté par"
    )

    PERSONAL_DATA = ("facts", "decision")

    class Meta:
        verbose_name = "incident"
        indexes = [Index(fields=["school", "partner", "date"], name="incident_partner")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.partner}"

    def get_absolute_url(self) -> str:
        return reverse("pfmp:incident_detail", args=[self.school.uai, self.public_id])
