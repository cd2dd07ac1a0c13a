"""When each class goes, who does not, by when each step is expected, and what a school decides about PFMP."""

from datetime import date
from typing import Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import CheckConstraint, F, Index, Q, UniqueConstraint
from django.urls import reverse

from core.scope import ScopedQuerySet
from pfmp.enums import OBSERVATIONS, ExemptionReason, MilestoneAnchor, MilestoneStep, PeriodKind
from schools.enums import Role
from schools.models import DossierRecord, SchoolClass, SchoolRecord, Student, once_in_dossier, year_field


class PeriodQuerySet(ScopedQuerySet):
    def counted(self) -> Self:
        """Those of the dossier and of the indicators: PFMP and internships, no sequence of observation (R-OBS-02)."""
        return self.exclude(kind__in=OBSERVATIONS)

    def touching(self, start: date, end: date) -> Self:
        """Those that have a day between these two, both included."""
        return self.filter(start_date__lte=end, end_date__gte=start)


class Period(DossierRecord):
    """A PFMP of a class."""

    school_class = models.ForeignKey(SchoolClass, models.RESTRICT, related_name="periods", verbose_name="classe")
    year = year_field()
    label = models.TextField("libellé")
    start_date = models.DateField("début")
    end_date = models.DateField("fin")
    # Not in the dossier: there, every period is one.
    kind = models.CharField("nature", max_length=16, choices=PeriodKind.choices, default=PeriodKind.PFMP)
    counts_for_exam = models.BooleanField(
        "compte pour l’examen",
        default=True,
        help_text="Non pour le parcours de fin de terminale : payé, mais hors examen (R-DUREE-07).",
    )
    note = models.TextField("précision", blank=True)

    objects = PeriodQuerySet.as_manager()  # type: ignore[misc]

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


class PfmpSettings(SchoolRecord):
    """What a school or its académie decided about PFMP. One row a school; none is the default of each field."""

    referent_limit = models.PositiveSmallIntegerField(
        "élèves suivis par référent, au plus",
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(24)],
        help_text="Vote du conseil d’administration (R-CONV-08). Vide : 16, limite lue dans D124-3.",
    )
    referent_vote_date = models.DateField("vote sur le suivi", null=True, blank=True)
    quota_order = models.TextField(
        "arrêté de dérogation au quota",
        blank=True,
        help_text="Référence de l’arrêté de l’autorité académique qui porte le quota à 20 % (R-QUOTA-02). Vide : aucun.",
    )
    quota_order_date = models.DateField("date de l’arrêté", null=True, blank=True)
    closes_with_certificate = models.BooleanField(
        "clore avec l’attestation seulement",
        default=False,
        help_text="Un placement reste « En entreprise » tant que son attestation n’est pas signée (R-ATT-01).",
    )
    accident_text = models.TextField(
        "consigne en cas d’accident",
        blank=True,
        help_text="Remplace la consigne de la fiche d’urgence (R-AT-04).",
    )
    school_life_email = models.TextField("vie scolaire, adresse électronique", blank=True)
    school_insurance = models.TextField("assurance du lycée : assureur et numéro de contrat", blank=True)
    student_letter = models.TextField("modèle de lettre de motivation", blank=True)
    student_advice = models.TextField("conseils aux élèves qui cherchent", blank=True)

    class Meta:
        verbose_name = "réglages des PFMP"
        verbose_name_plural = "réglages des PFMP"
        constraints = [UniqueConstraint(fields=["school"], name="pfmp_settings_once")]

    def __str__(self) -> str:
        return f"PFMP, {self.school}"

    def get_absolute_url(self) -> str:
        return reverse("pfmp:pfmp_settings", args=[self.school.uai])


class Milestone(SchoolRecord):
    """A step of the school's backward calendar: by when, who does it, who checks. A school without rows has the defaults."""

    step = models.CharField("étape", max_length=20, choices=MilestoneStep.choices)
    anchor = models.CharField("compté depuis", max_length=12, choices=MilestoneAnchor.choices)
    days = models.SmallIntegerField(
        "jours",
        validators=[MinValueValidator(-120), MaxValueValidator(60)],
        help_text="Négatif : avant ; positif : après.",
    )
    owner = models.CharField("qui fait", max_length=12, choices=Role.choices, blank=True)
    checker = models.CharField("qui vérifie", max_length=12, choices=Role.choices, blank=True)
    is_active = models.BooleanField("suivie", default=True)

    class Meta:
        verbose_name = "jalon"
        verbose_name_plural = "jalons"
        constraints = [
            UniqueConstraint(
                fields=["school", "step"],
                name="milestone_once",
                violation_error_message="Cette étape a déjà son jalon.",
            )
        ]

    def __str__(self) -> str:
        return self.get_step_display()

    def get_absolute_url(self) -> str:
        return reverse("pfmp:milestones", args=[self.school.uai])


class FormationDuration(SchoolRecord):
    """How many weeks a formation asks over its whole cycle, when it is not what its diploma says (R-DUREE-01 to 03, 09, 10)."""

    formation = models.CharField("formation", max_length=255)  # SchoolClass.diploma
    weeks = models.PositiveSmallIntegerField(
        "semaines exigées", validators=[MinValueValidator(1), MaxValueValidator(60)]
    )
    minimum_block = models.PositiveSmallIntegerField(
        "semaines par période, au moins",
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(12)],
    )
    since = year_field()
    source = models.TextField("texte de référence", blank=True)

    class Meta:
        verbose_name = "durée de formation en entreprise"
        verbose_name_plural = "durées de formation en entreprise"
        constraints = [
            UniqueConstraint(
                fields=["school", "formation", "since"],
                name="formation_duration_once",
                violation_error_message="La durée de cette formation est déjà notée à partir de cette année.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.formation} : {self.weeks} semaines"

    def get_absolute_url(self) -> str:
        return reverse("pfmp:formation_duration_detail", args=[self.school.uai, self.public_id])
