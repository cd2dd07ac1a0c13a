"""Who goes where: the placement, what the company said about it, absences and days caught up, papers handed over."""

from typing import Self

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import CheckConstraint, F, Index, Q, UniqueConstraint
from django.urls import reverse

from core.fields import exact_decimal_field
from core.scope import ScopedQuerySet
from partners.models import Contact, Partner
from pfmp.enums import (
    OBSERVATIONS,
    SOLUTION,
    AbsenceKind,
    DaysReason,
    DeliveryState,
    InterruptionOutcome,
    InterruptionReason,
    MilestoneStep,
    PlacementOrigin,
    PlacementStatus,
    ReportedBy,
)
from pfmp.models.periods import Period
from schools.models import DossierRecord, Membership, SchoolRecord, Student, once_in_dossier


class PlacementQuerySet(ScopedQuerySet):
    def in_year(self, year: str) -> Self:
        """Placements of the periods of a school year (A-14)."""
        return self.filter(period__year=year, period__school_id=F("school_id"))

    def counted(self) -> Self:
        """Those of periods of the dossier and of the indicators: no sequence of observation (R-OBS-02)."""
        return self.exclude(period__kind__in=OBSERVATIONS)

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
    # What follows is not in the dossier.
    country = models.CharField(
        "pays, à l’étranger", max_length=2, blank=True, help_text="Code ISO à deux lettres. Vide : en France."
    )
    is_extension = models.BooleanField(
        "prolongation après une interruption",
        default=False,
        help_text="Hors quota de l’organisme (L124-15, R-INTERR-03).",
    )
    night_designation_date = models.DateField(
        "élève désigné pour la nuit le",
        null=True,
        blank=True,
        help_text="Élève majeur nommément désigné par le chef d’établissement (R-MAJ-01).",
    )
    interruption_outcome = models.CharField(
        "suite de l’interruption", max_length=12, choices=InterruptionOutcome.choices, blank=True
    )
    origin_year = models.CharField(
        "année d’origine",
        max_length=9,
        blank=True,
        help_text="D’une PFMP rattrapée : payée au tarif de cette année-là.",
    )
    days_reason = models.CharField("pourquoi ce nombre de jours", max_length=20, choices=DaysReason.choices, blank=True)
    days_note = models.TextField("précision sur les jours", blank=True)
    days_by = models.ForeignKey(
        Membership,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name="jours notés par",
    )
    allowance_entered_date = models.DateField("saisi dans ApLyPro le", null=True, blank=True)
    allowance_validated_date = models.DateField("validé dans ApLyPro le", null=True, blank=True)
    accepted_alerts = models.JSONField(
        "alertes acceptées",
        default=dict,
        blank=True,
        help_text="Pour chaque règle en alerte, la raison écrite de passer outre ; imprimée sur la convention.",
    )

    objects = PlacementQuerySet.as_manager()  # type: ignore[misc]

    PERSONAL_DATA = (
        "student", "partner", "tutor", "signer", "referent_email", "start_date", "end_date", "interruption_reason",
        "days_done", "days_note", "night_designation_date", "tasks", "place_address", "timetable", "accepted_alerts",
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


class Terms(SchoolRecord):
    """What the company and the school agreed on beside dates and hours: the annexes of the convention (§ 5.4)."""

    placement = models.OneToOneField(Placement, models.CASCADE, related_name="terms", verbose_name="placement")
    skills = models.JSONField("compétences visées", default=list, blank=True)  # [{"code": …, "label": …}]
    supervision = models.TextField("encadrement et suivi", blank=True)
    evaluation = models.TextField("évaluation", blank=True)
    equipment = models.TextField("équipements et machines utilisés", blank=True)
    protections = models.TextField("protections fournies", blank=True)
    regulated_works = models.JSONField("travaux réglementés", default=list, blank=True)  # ["D4153-28", …]
    works_supervisor = models.TextField("qui encadre ces travaux", blank=True)
    electrical_level = models.TextField("habilitation électrique", blank=True)
    has_variable_hours = models.BooleanField("horaires variables, planning communiqué", default=False)
    meals = models.TextField("repas", blank=True)
    transport = models.TextField("transport", blank=True)
    housing = models.TextField("hébergement", blank=True)
    gratuity = exact_decimal_field(
        "gratification, en euros par heure", null=True, blank=True, validators=[MinValueValidator(0)]
    )
    gratuity_terms = models.TextField("modalités de la gratification", blank=True)
    insurer = models.TextField("assureur de l’entreprise", blank=True)
    insurance_number = models.TextField("numéro de contrat", blank=True)
    is_no_job = models.BooleanField(
        "pas un emploi",
        null=True,
        blank=True,
        help_text="L’entreprise confirme que l’élève ne remplace personne et n’occupe pas un poste permanent (R-USAGE-01).",
    )

    PERSONAL_DATA = ("works_supervisor",)

    class Meta:
        verbose_name = "annexes du placement"
        verbose_name_plural = "annexes des placements"

    def __str__(self) -> str:
        return f"Annexes, {self.placement}"

    def get_absolute_url(self) -> str:
        return reverse("pfmp:placement_detail", args=[self.school.uai, self.placement.public_id])


class Absence(SchoolRecord):
    """A day on which the pupil was not there, or came late. A fact, never a reason of health."""

    placement = models.ForeignKey(Placement, models.CASCADE, related_name="absences", verbose_name="placement")
    date = models.DateField("jour")
    kind = models.CharField("nature", max_length=12, choices=AbsenceKind.choices, default=AbsenceKind.ABSENT)
    minutes = models.PositiveSmallIntegerField("minutes de retard", null=True, blank=True)
    reported_by = models.CharField("dit par", max_length=12, choices=ReportedBy.choices, default=ReportedBy.TEAM)
    was_told = models.BooleanField("entreprise et lycée prévenus", null=True, blank=True)
    school_life_told_at = models.DateTimeField("vie scolaire prévenue le", null=True, blank=True, editable=False)

    PERSONAL_DATA = ("date", "kind")

    class Meta:
        verbose_name = "absence en entreprise"
        verbose_name_plural = "absences en entreprise"
        constraints = [
            UniqueConstraint(
                fields=["placement", "date"],
                name="absence_once_a_day",
                violation_error_message="Ce jour-là, une absence ou un retard est déjà noté.",
            ),
            CheckConstraint(
                condition=Q(kind=AbsenceKind.LATE) | Q(minutes=None),
                name="absence_minutes_of_late",
                violation_error_message="Les minutes disent un retard, pas une absence.",
            ),
        ]
        indexes = [Index(fields=["school", "placement", "date"], include=["kind"], name="absence_placement")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.date:%d/%m/%Y}"

    def get_absolute_url(self) -> str:
        return reverse("pfmp:placement_days", args=[self.school.uai, self.placement.public_id])


class Recovery(SchoolRecord):
    """A day worked besides the timetable, to catch up a missed one (R-ABS-02)."""

    placement = models.ForeignKey(Placement, models.CASCADE, related_name="recoveries", verbose_name="placement")
    date = models.DateField("jour")
    minutes = models.PositiveSmallIntegerField("durée, en minutes", validators=[MinValueValidator(1)])
    note = models.TextField("précision", blank=True)

    class Meta:
        verbose_name = "jour rattrapé"
        verbose_name_plural = "jours rattrapés"
        constraints = [
            UniqueConstraint(
                fields=["placement", "date"],
                name="recovery_once_a_day",
                violation_error_message="Ce jour de rattrapage est déjà noté.",
            )
        ]
        indexes = [Index(fields=["school", "placement", "date"], include=["minutes"], name="recovery_placement")]

    def __str__(self) -> str:
        return f"Rattrapage, {self.date:%d/%m/%Y}"

    def get_absolute_url(self) -> str:
        return reverse("pfmp:placement_days", args=[self.school.uai, self.placement.public_id])


class Delivery(SchoolRecord):
    """A paper that a colleague hands to another: « remis → reçu conforme / à corriger, motif »."""

    placement = models.ForeignKey(Placement, models.CASCADE, related_name="deliveries", verbose_name="placement")
    step = models.CharField("document", max_length=20, choices=MilestoneStep.choices)
    given_by = models.ForeignKey(
        Membership, models.SET_NULL, null=True, related_name="+", editable=False, verbose_name="remis par"
    )
    given_at = models.DateTimeField("remis le", editable=False)
    state = models.CharField(
        "état", max_length=14, choices=DeliveryState.choices, default=DeliveryState.GIVEN, editable=False
    )
    received_by = models.ForeignKey(
        Membership, models.SET_NULL, null=True, related_name="+", editable=False, verbose_name="reçu par"
    )
    received_at = models.DateTimeField("reçu le", null=True, editable=False)
    reason = models.TextField("à corriger", blank=True)

    PERSONAL_DATA = ("reason",)

    class Meta:
        verbose_name = "remise de document"
        verbose_name_plural = "remises de documents"
        constraints = [
            UniqueConstraint(
                fields=["placement", "step"],
                condition=Q(state=DeliveryState.GIVEN),
                name="delivery_waits_once",
                violation_error_message="Ce document est déjà remis : il attend d’être reçu.",
            )
        ]
        indexes = [Index(fields=["school", "placement", "step"], include=["state"], name="delivery_placement")]

    def __str__(self) -> str:
        return f"{self.get_step_display()}, {self.get_state_display()}"

    def get_absolute_url(self) -> str:
        return reverse("pfmp:placement_detail", args=[self.school.uai, self.placement.public_id])
