"""Training periods in companies (PFMP): when each class goes, who goes where, who visits."""

from typing import Self

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import CheckConstraint, F, Index, Q, UniqueConstraint
from django.urls import reverse

from core.fields import exact_decimal_field
from core.scope import ScopedQuerySet
from partners.models import Contact, Partner
from pfmp.enums import (
    SOLUTION,
    ExemptionReason,
    HostMark,
    IncidentKind,
    InterruptionReason,
    PlacementOrigin,
    PlacementStatus,
    VisitMode,
)
from schools.models import DossierRecord, Membership, SchoolClass, SchoolRecord, Student, once_in_dossier, year_field


class Period(DossierRecord):
    """A PFMP of a class."""

    school_class = models.ForeignKey(SchoolClass, models.RESTRICT, related_name="periods", verbose_name="classe")
    year = year_field()
    label = models.TextField("libellé")
    start_date = models.DateField("début")
    end_date = models.DateField("fin")

    class Meta:
        verbose_name = "période de PFMP"
        verbose_name_plural = "périodes de PFMP"
        constraints = [
            once_in_dossier("period_dossier_id"),
            CheckConstraint(
                condition=Q(end_date__gte=F("start_date")),
                name="period_end_after_start",
                violation_error_message="La date de fin est avant la date de début.",
            ),
        ]
        indexes = [
            Index(fields=["school", "year"], include=["school_class", "start_date", "end_date"], name="period_year")
        ]

    def __str__(self) -> str:
        return self.label

    def get_absolute_url(self) -> str:
        return reverse("pfmp:period_detail", args=[self.school.uai, self.public_id])


class Exemption(SchoolRecord):
    """A pupil who does not do a period. Never a health datum."""

    period = models.ForeignKey(Period, models.CASCADE, related_name="exemptions", verbose_name="période")
    student = models.ForeignKey(Student, models.RESTRICT, related_name="exemptions", verbose_name="élève")
    reason = models.CharField("motif", max_length=14, choices=ExemptionReason.choices, blank=True)

    PERSONAL_DATA = ("student", "reason")

    class Meta:
        verbose_name = "dispense"
        constraints = [
            UniqueConstraint(
                fields=["period", "student"],
                name="exemption_once",
                violation_error_message="Cet élève est déjà dispensé de cette période.",
            )
        ]
        indexes = [Index(fields=["school", "period"], include=["student"], name="exemption_period")]

    def __str__(self) -> str:
        return f"{self.student}, {self.period}"

    def get_absolute_url(self) -> str:
        return reverse("pfmp:exemption_detail", args=[self.school.uai, self.public_id])


class PlacementQuerySet(ScopedQuerySet):
    def in_year(self, year: str) -> Self:
        """Placements of the periods of a school year (A-14)."""
        return self.filter(period__year=year, period__school_id=F("school_id"))

    def solutions(self) -> Self:
        return self.filter(status__in=SOLUTION)

    def not_cancelled(self) -> Self:
        return self.exclude(status=PlacementStatus.CANCELLED)

    def followed_by(self, membership: Membership) -> Self:
        """Placements that a teacher may see: of the classes they teach now, or that they follow (S-04, S-05)."""
        return self.filter(
            Q(referent_email__iexact=membership.email)
            | Q(period__school_class__in=membership.assignments.values("school_class"))
        )


class Placement(DossierRecord):
    """One pupil, one host, one period. Personal data: who, where, when."""

    period = models.ForeignKey(Period, models.RESTRICT, related_name="placements", verbose_name="période")
    student = models.ForeignKey(Student, models.RESTRICT, related_name="placements", verbose_name="élève")
    partner = models.ForeignKey(Partner, models.RESTRICT, related_name="placements", verbose_name="organisme d’accueil")
    tutor = models.ForeignKey(
        Contact,
        models.SET_NULL,  # the placement took place, whoever was the tutor
        null=True,
        blank=True,
        related_name="tutored_placements",
        verbose_name="tuteur",
    )
    signer = models.ForeignKey(
        Contact,
        models.SET_NULL,  # the paper keeps the name
        null=True,
        blank=True,
        related_name="signed_placements",
        verbose_name="signe pour l’entreprise",
        help_text="Vide : la personne qui dirige l’entreprise, d’après ses contacts.",
    )
    referent_email = models.TextField("enseignant référent", blank=True)
    start_date = models.DateField("début")
    end_date = models.DateField("fin")
    status = models.CharField(
        "statut", max_length=18, choices=PlacementStatus.choices, default=PlacementStatus.CONFIRMED
    )
    interrupted_date = models.DateField("interrompu le", null=True, blank=True)
    interruption_reason = models.CharField(
        "motif de l’interruption", max_length=14, choices=InterruptionReason.choices, blank=True
    )
    origin = models.CharField("trouvé par", max_length=12, choices=PlacementOrigin.choices, blank=True)
    days_done = exact_decimal_field("jours effectués", null=True, blank=True, validators=[MinValueValidator(0)])
    tasks = models.TextField("activités confiées", blank=True)
    place_address = models.TextField("lieu d’accueil, s’il diffère du siège", blank=True)
    timetable = models.TextField("horaires hebdomadaires", blank=True)
    accepted_alerts = models.JSONField(
        "alertes acceptées",
        default=dict,
        blank=True,
        help_text="Pour chaque règle en alerte, la raison écrite de passer outre ; imprimée sur la convention.",
    )

    objects = PlacementQuerySet.as_manager()  # type: ignore[misc]

    PERSONAL_DATA = (
        "student", "partner", "tutor", "signer", "referent_email", "start_date", "end_date", "interruption_reason",
        "days_done", "tasks", "place_address", "timetable", "accepted_alerts",
    )  # fmt: skip

    class Meta:
        verbose_name = "placement"
        constraints = [
            once_in_dossier("placement_dossier_id"),
            CheckConstraint(
                condition=Q(end_date__gte=F("start_date")),
                name="placement_end_after_start",
                violation_error_message="La date de fin est avant la date de début.",
            ),
            CheckConstraint(
                condition=Q(days_done=None) | Q(days_done__gte=0),
                name="placement_days_done",
                violation_error_message="Un nombre de jours n’est pas négatif.",
            ),
        ]
        indexes = [
            Index(
                fields=["school", "period"],
                include=["student", "partner", "status", "start_date", "end_date", "interrupted_date"],
                name="placement_period",
            ),
            Index(fields=["school", "student"], name="placement_student"),
            Index(fields=["school", "partner", "start_date"], include=["end_date", "status"], name="placement_partner"),
        ]

    def __str__(self) -> str:
        return f"{self.student} chez {self.partner}"

    def get_absolute_url(self) -> str:
        return reverse("pfmp:placement_detail", args=[self.school.uai, self.public_id])


class Visit(DossierRecord):
    """A follow-up of a placement by the team. Personal data: report, author."""

    placement = models.ForeignKey(Placement, models.CASCADE, related_name="visits", verbose_name="placement")
    date = models.DateField("date")
    mode = models.CharField("mode", max_length=10, choices=VisitMode.choices)
    author_email = models.TextField("fait par", blank=True)
    report = models.TextField("compte rendu", blank=True)

    PERSONAL_DATA = ("author_email", "report")

    class Meta:
        verbose_name = "visite"
        constraints = [once_in_dossier("visit_dossier_id")]
        indexes = [
            Index(fields=["school", "placement"], include=["date", "mode"], name="visit_placement"),
            Index(fields=["school", "date"], name="visit_date"),
        ]

    def __str__(self) -> str:
        return f"{self.get_mode_display()}, {self.date:%d/%m/%Y}"

    def get_absolute_url(self) -> str:
        return reverse("pfmp:visit_detail", args=[self.school.uai, self.public_id])


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
