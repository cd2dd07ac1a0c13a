"""What leavers become: their situation, the campaigns that ask for it, InserJeunes beside, former pupils who agree to be asked."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import CheckConstraint, Index, Q, UniqueConstraint
from django.urls import reverse

from core.fields import SearchTextField
from partners.models import Contact, Partner
from schools.models import AccessLink, SchoolRecord, Student, year_field
from surveys.enums import AnswerMeans, CallResult, InserJeunesMeasure, Situation, Term


class LeaverOutcome(SchoolRecord):
    """What a leaver does 6, 12, 18 or 24 months after leaving; the dossier knows 6 and 12. Personal data."""

    student = models.ForeignKey(Student, models.RESTRICT, related_name="outcomes", verbose_name="élève")
    leaving_year = year_field()
    term_months = models.PositiveSmallIntegerField("échéance", choices=Term.choices)
    survey_date = models.DateField("date de l’enquête", null=True, blank=True)
    situation = models.CharField("situation", max_length=16, choices=Situation.choices)
    partner = models.ForeignKey(
        Partner, models.SET_NULL, null=True, blank=True, related_name="hired_leavers", verbose_name="employeur"
    )

    # Not in the dossier: what the person said besides, and how.
    employer_name = models.TextField("employeur écrit par la personne", blank=True)
    employer_city = models.TextField("commune de l’employeur", blank=True)
    job_title = models.TextField("métier ou formation", blank=True)
    means = models.CharField("réponse par", max_length=9, choices=AnswerMeans.choices, blank=True)
    employer_left_out = models.BooleanField("employeur laissé hors des partenaires", default=False, editable=False)

    PERSONAL_DATA = ("student", "situation", "partner", "survey_date", "employer_name", "employer_city", "job_title")

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
                condition=Q(term_months__in=[6, 12, 18, 24]),
                name="outcome_term",
                violation_error_message="L’échéance est de 6, 12, 18 ou 24 mois.",
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


class LeaverCampaign(SchoolRecord):
    """Asking those who left at the end of a year what they do, some months after."""

    leaving_year = year_field()
    term_months = models.PositiveSmallIntegerField("échéance", choices=Term.choices)
    opened_date = models.DateField("ouverte le")
    closed_date = models.DateField("close le", null=True, blank=True)

    class Meta:
        verbose_name = "campagne auprès des sortants"
        verbose_name_plural = "campagnes auprès des sortants"
        constraints = [
            UniqueConstraint(
                fields=["school", "leaving_year", "term_months"],
                name="leaver_campaign_once",
                violation_error_message="Cette campagne existe déjà.",
            )
        ]

    def __str__(self) -> str:
        return f"Sortants {self.leaving_year}, {self.term_months} mois"

    def get_absolute_url(self) -> str:
        return reverse("surveys:campaign_detail", args=[self.school.uai, self.public_id])


class LeaverLink(AccessLink):
    """One leaver's way to answer a campaign. The token is never stored."""

    campaign = models.ForeignKey(LeaverCampaign, models.CASCADE, related_name="links", editable=False)
    student = models.ForeignKey(Student, models.CASCADE, related_name="+", editable=False)
    email = models.TextField("adresse électronique", blank=True, editable=False)

    PERSONAL_DATA = ("student", "email")

    class Meta:
        verbose_name = "lien d’un sortant"
        verbose_name_plural = "liens des sortants"
        indexes = [Index(fields=["school", "campaign", "student"], name="leaver_link_campaign")]

    def __str__(self) -> str:
        return f"{self.student}, {self.campaign}"


class LeaverCall(SchoolRecord):
    """A telephone call to a leaver, and how it went; without a result, somebody is on the telephone with them.

    A leaver has one call under way at most: two colleagues never call the same person.
    """

    campaign = models.ForeignKey(LeaverCampaign, models.CASCADE, related_name="calls", verbose_name="campagne")
    student = models.ForeignKey(Student, models.CASCADE, related_name="+", verbose_name="élève")
    called_at = models.DateTimeField("appelé le", editable=False)
    result = models.CharField("résultat", max_length=14, choices=CallResult.choices, blank=True)

    PERSONAL_DATA = ("student", "result")

    class Meta:
        verbose_name = "appel à un sortant"
        verbose_name_plural = "appels aux sortants"
        constraints = [
            UniqueConstraint(fields=["campaign", "student"], condition=Q(result=""), name="leaver_call_one_at_once")
        ]
        indexes = [Index(fields=["school", "campaign", "student"], include=["called_at", "result"], name="leaver_call")]

    def __str__(self) -> str:
        return f"{self.student}, {self.get_result_display()}"


class FormerStudent(SchoolRecord):
    """A former pupil who agreed to be asked again: to bear witness, to host a pupil, to hire. Personal data, by consent (P-01)."""

    student = models.ForeignKey(
        Student, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="élève d’alors"
    )
    first_name = models.TextField("prénom")
    last_name = models.TextField("nom")
    email = models.TextField("adresse électronique", blank=True)
    phone = models.TextField("téléphone", blank=True)
    leaving_year = year_field()
    formation = models.TextField("formation", blank=True)
    partner = models.ForeignKey(
        Partner, models.SET_NULL, null=True, blank=True, related_name="former_students", verbose_name="employeur"
    )
    job_title = models.TextField("métier", blank=True)
    offers_talk = models.BooleanField("peut venir témoigner", default=False)
    offers_hosting = models.BooleanField("peut accueillir un élève", default=False)
    consent_date = models.DateField("accord donné le")
    consent_text = models.CharField("texte accepté", max_length=10, blank=True, editable=False)
    revoked_date = models.DateField("accord retiré le", null=True, blank=True)
    contact = models.ForeignKey(
        Contact, models.SET_NULL, null=True, blank=True, editable=False, related_name="+", verbose_name="contact"
    )
    search_text = SearchTextField(sources=("first_name", "last_name", "formation", "job_title"))

    PERSONAL_DATA = ("student", "first_name", "last_name", "email", "phone", "job_title", "search_text")

    class Meta:
        verbose_name = "ancien élève"
        verbose_name_plural = "anciens élèves"
        constraints = [UniqueConstraint(fields=["school", "student"], name="former_student_once")]
        indexes = [Index(fields=["school", "search_text"], name="former_student_search")]

    def __str__(self) -> str:
        return f"{self.first_name} {self.last_name}"

    def get_absolute_url(self) -> str:
        return reverse("surveys:former_detail", args=[self.school.uai, self.public_id])


class InserJeunesFigure(SchoolRecord):
    """An official figure of InserJeunes, kept as published: beside ours, never mixed with them (R-IJ-03)."""

    vintage = models.TextField("millésime", help_text="Par exemple : sortants 2023 et 2024 cumulés.")
    formation = models.TextField("formation", blank=True, help_text="Vide : tout le lycée.")
    measure = models.CharField("mesure", max_length=16, choices=InserJeunesMeasure.choices)
    term_months = models.PositiveSmallIntegerField("échéance", choices=[(0, "sans échéance"), *Term.choices], default=0)
    percent = models.DecimalField(
        "valeur en %",
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(-100), MaxValueValidator(100)],
        help_text="Vide : non publiée (trop peu d’élèves).",
    )
    source = models.TextField("source", help_text="Le fichier ou la page d’où vient le chiffre.")
    published_date = models.DateField("publié le", null=True, blank=True)
    search_text = SearchTextField(sources=("formation", "vintage"))

    class Meta:
        verbose_name = "chiffre InserJeunes"
        verbose_name_plural = "chiffres InserJeunes"
        constraints = [
            UniqueConstraint(
                fields=["school", "vintage", "formation", "measure", "term_months"],
                name="inserjeunes_once",
                violation_error_message="Ce chiffre est déjà saisi.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_measure_display()}, {self.vintage}"

    def get_absolute_url(self) -> str:
        return reverse("surveys:inserjeunes_detail", args=[self.school.uai, self.public_id])
