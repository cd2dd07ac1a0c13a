"""Satisfaction of the team, the pupils and the partners; what leavers become."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import CheckConstraint, F, Index, Q, UniqueConstraint
from django.urls import reverse

from core.fields import SearchTextField
from events.models import Action
from partners.models import Partner
from pfmp.models import Period, Placement
from schools.models import DossierRecord, SchoolRecord, Student, once_in_dossier, year_field
from surveys.enums import Audience, Grade, Situation, Term


class Survey(DossierRecord):
    """A satisfaction survey of one audience."""

    audience = models.CharField("public", max_length=10, choices=Audience.choices)
    title = models.TextField("titre")
    opened_date = models.DateField("ouverte le")
    closed_date = models.DateField("close le", null=True, blank=True)
    asked_count = models.PositiveIntegerField(
        "personnes sollicitées", null=True, blank=True, help_text="Vide : inconnu. Le taux de réponse en a besoin."
    )
    action = models.ForeignKey(
        Action,
        models.SET_NULL,  # answers stay when the action goes
        null=True,
        blank=True,
        related_name="surveys",
        verbose_name="action",
    )
    period = models.ForeignKey(
        Period, models.SET_NULL, null=True, blank=True, related_name="surveys", verbose_name="période de PFMP"
    )
    search_text = SearchTextField(sources=("title",))

    class Meta:
        verbose_name = "enquête"
        constraints = [
            once_in_dossier("survey_dossier_id"),
            CheckConstraint(
                condition=Q(closed_date=None) | Q(closed_date__gte=F("opened_date")),
                name="survey_closed_after_opened",
                violation_error_message="La date de clôture est avant l’ouverture.",
            ),
        ]
        indexes = [Index(fields=["school", "opened_date"], name="survey_opened")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("surveys:survey_detail", args=[self.school.uai, self.public_id])


class SurveyAnswer(DossierRecord):
    """One answer, from 1 to 4. Nobody's name is kept with it; the comment may hold one."""

    audience = models.CharField("public", max_length=10, choices=Audience.choices)
    date = models.DateField("date")
    grade = models.PositiveSmallIntegerField(
        "note", choices=Grade.choices, validators=[MinValueValidator(1), MaxValueValidator(4)]
    )
    survey = models.ForeignKey(
        Survey, models.CASCADE, null=True, blank=True, related_name="answers", verbose_name="enquête"
    )
    action = models.ForeignKey(
        Action, models.SET_NULL, null=True, blank=True, related_name="answers", verbose_name="action"
    )
    placement = models.ForeignKey(
        Placement, models.SET_NULL, null=True, blank=True, related_name="answers", verbose_name="placement"
    )
    partner = models.ForeignKey(
        Partner, models.SET_NULL, null=True, blank=True, related_name="answers", verbose_name="partenaire"
    )
    comment = models.TextField("commentaire", blank=True)

    PERSONAL_DATA = ("comment", "placement")

    class Meta:
        verbose_name = "réponse à une enquête"
        verbose_name_plural = "réponses aux enquêtes"
        constraints = [
            once_in_dossier("answer_dossier_id"),
            CheckConstraint(
                condition=Q(grade__gte=1, grade__lte=4),
                name="answer_grade",
                violation_error_message="La note va de 1 à 4.",
            ),
        ]
        indexes = [
            Index(fields=["school", "date"], include=["audience", "grade", "survey"], name="answer_date"),
            Index(fields=["school", "survey"], name="answer_survey"),
        ]

    def __str__(self) -> str:
        return f"{self.get_audience_display()}, {self.date:%d/%m/%Y}, note {self.grade}"

    def get_absolute_url(self) -> str:
        return reverse("surveys:answer_detail", args=[self.school.uai, self.public_id])


class LeaverOutcome(SchoolRecord):
    """What a leaver does 6 or 12 months after leaving. Personal data."""

    student = models.ForeignKey(Student, models.RESTRICT, related_name="outcomes", verbose_name="élève")
    leaving_year = year_field()
    term_months = models.PositiveSmallIntegerField("échéance", choices=Term.choices)
    survey_date = models.DateField("date de l’enquête", null=True, blank=True)
    situation = models.CharField("situation", max_length=16, choices=Situation.choices)
    partner = models.ForeignKey(
        Partner, models.SET_NULL, null=True, blank=True, related_name="hired_leavers", verbose_name="employeur"
    )

    PERSONAL_DATA = ("student", "situation", "partner", "survey_date")

    class Meta:
        verbose_name = "devenir d’un sortant"
        verbose_name_plural = "devenir des sortants"
        constraints = [
            UniqueConstraint(
                fields=["student", "term_months"],
                name="outcome_once",
                violation_error_message="Le devenir de cet élève à cette échéance est déjà saisi.",
            ),
            CheckConstraint(
                condition=Q(term_months__in=[6, 12]),
                name="outcome_term",
                violation_error_message="L’échéance est de 6 ou de 12 mois.",
            ),
        ]
        indexes = [
            Index(
                fields=["school", "leaving_year"],
                include=["student", "term_months", "situation", "partner"],
                name="outcome_year",
            )
        ]

    def __str__(self) -> str:
        return f"{self.student}, {self.term_months} mois"

    def get_absolute_url(self) -> str:
        return reverse("surveys:outcome_detail", args=[self.school.uai, self.public_id])
