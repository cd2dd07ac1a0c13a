"""What is seen during and after a placement: visits planned and made, the tutor's evaluation, the pupil's opinion."""

import uuid

from django.db import models
from django.db.models import Index, Q, UniqueConstraint
from django.urls import reverse

from pfmp.enums import AlertLevel, VisitMode
from pfmp.models.placements import Placement
from schools.models import DossierRecord, Membership, SchoolRecord, once_in_dossier


def picture_path(visit: "Visit", filename: str) -> str:
    """A random name that says nothing about anyone (S-27)."""
    return f"visits/{visit.school.uai}/{uuid.uuid4().hex}.jpg"


class Visit(DossierRecord):
    """A follow-up of a placement by the team. Personal data: report, author."""

    placement = models.ForeignKey(Placement, models.CASCADE, related_name="visits", verbose_name="placement")
    date = models.DateField("date")
    mode = models.CharField("mode", max_length=10, choices=VisitMode.choices)
    author_email = models.TextField("fait par", blank=True)
    report = models.TextField("compte rendu", blank=True)
    # What follows is not in the dossier.
    answers = models.JSONField("points vus", default=dict, blank=True)  # {code of a point: 1 to 4}
    met_tutor = models.BooleanField("tuteur rencontré", null=True, blank=True)
    alert_level = models.PositiveSmallIntegerField("alerte", choices=AlertLevel.choices, default=AlertLevel.NONE)
    alert_text = models.TextField("ce qui inquiète", blank=True, help_text="Des faits ; rien sur la santé.")
    alert_closed_date = models.DateField("alerte traitée le", null=True, blank=True)
    alert_answer = models.TextField("suite donnée", blank=True)
    picture = models.FileField("photo", upload_to=picture_path, blank=True, editable=False)

    PERSONAL_DATA = ("author_email", "report", "answers", "alert_text", "alert_answer", "picture")

    class Meta:
        verbose_name = "visite"
        constraints = [once_in_dossier("visit_dossier_id")]
        indexes = [
            Index(fields=["school", "placement"], include=["date", "mode"], name="visit_placement"),
            Index(fields=["school", "date"], name="visit_date"),
            Index(fields=["school", "alert_closed_date"], condition=Q(alert_level__gt=0), name="visit_alert"),
        ]

    def __str__(self) -> str:
        return f"{self.get_mode_display()}, {self.date:%d/%m/%Y}"

    def get_absolute_url(self) -> str:
        return reverse("pfmp:visit_detail", args=[self.school.uai, self.public_id])


class PlannedVisit(SchoolRecord):
    """A visit that a referent means to make, on a day; `visit` is the one that was made."""

    placement = models.ForeignKey(Placement, models.CASCADE, related_name="planned_visits", verbose_name="placement")
    membership = models.ForeignKey(
        Membership, models.CASCADE, related_name="planned_visits", verbose_name="qui s’y rend"
    )
    date = models.DateField("jour")
    time = models.TimeField("heure", null=True, blank=True)
    mode = models.CharField("mode", max_length=10, choices=VisitMode.choices, default=VisitMode.ON_SITE)
    visit = models.OneToOneField(
        Visit,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="planned",
        verbose_name="visite faite",
    )

    class Meta:
        verbose_name = "visite prévue"
        verbose_name_plural = "visites prévues"
        constraints = [
            UniqueConstraint(
                fields=["placement", "membership", "date"],
                name="planned_visit_once",
                violation_error_message="Cette visite est déjà prévue ce jour-là.",
            )
        ]
        indexes = [Index(fields=["school", "membership", "date"], name="planned_visit_day")]

    def __str__(self) -> str:
        return f"{self.placement}, {self.date:%d/%m/%Y}"

    def get_absolute_url(self) -> str:
        return reverse("pfmp:planned_visit_detail", args=[self.school.uai, self.public_id])


class TutorEvaluation(SchoolRecord):
    """The tutor's grid on one placement: skills of the formation and attitudes; correctable until the bureau closes it."""

    placement = models.OneToOneField(Placement, models.CASCADE, related_name="evaluation", verbose_name="placement")
    marks = models.JSONField("compétences", default=dict, blank=True)  # {code of a skill: level 0 to 4}
    attitudes = models.JSONField("attitudes", default=dict, blank=True)  # {code: level 0 to 4}
    comment = models.TextField("appréciation", blank=True)
    author_name = models.TextField("évalué par", blank=True)
    submitted_at = models.DateTimeField("remise le", null=True, blank=True, editable=False)
    closed_at = models.DateTimeField("close le", null=True, blank=True, editable=False)

    PERSONAL_DATA = ("marks", "attitudes", "comment", "author_name")

    class Meta:
        verbose_name = "évaluation du tuteur"
        verbose_name_plural = "évaluations des tuteurs"

    def __str__(self) -> str:
        return f"Évaluation, {self.placement}"

    def get_absolute_url(self) -> str:
        return reverse("pfmp:placement_evaluation", args=[self.school.uai, self.placement.public_id])


class WelcomeOpinion(SchoolRecord):
    """How the pupil was welcomed (L124-4): never shown to the host by name, never part of the diploma (R-RGPD-06)."""

    placement = models.OneToOneField(Placement, models.CASCADE, related_name="opinion", verbose_name="placement")
    answers = models.JSONField("réponses", default=dict)  # {code of a question: 1 to 4}
    comment = models.TextField("commentaire", blank=True)
    submitted_at = models.DateTimeField("remise le", editable=False)

    PERSONAL_DATA = ("answers", "comment")

    class Meta:
        verbose_name = "avis de l’élève sur l’accueil"
        verbose_name_plural = "avis des élèves sur l’accueil"

    def __str__(self) -> str:
        return f"Avis sur l’accueil, {self.placement}"

    def get_absolute_url(self) -> str:
        return reverse("pfmp:placement_detail", args=[self.school.uai, self.placement.public_id])
