"""Regulated works, fitness, training, abroad, accidents: what the law wants tracked before and during a stay."""

from datetime import date

from django.db import models
from django.db.models import CheckConstraint, Index, Q, UniqueConstraint
from django.urls import reverse

from partners.models import Partner
from pfmp.enums import AccidentPlace, MedicalOutcome, TrainingKind, WorksDeclarant
from pfmp.models.placements import Placement
from schools.models import SchoolRecord, Student


class WorksDeclaration(SchoolRecord):
    """A declaration of derogation sent to the labour inspection: valid three years from its sending (R-TRAV-02 to 05, 09)."""

    declarant = models.CharField("déclarée par", max_length=12, choices=WorksDeclarant.choices)
    partner = models.ForeignKey(
        Partner,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="works_declarations",
        verbose_name="organisme d’accueil",
        help_text="Vide : la déclaration du lycée pour ses ateliers.",
    )
    sent_date = models.DateField("envoyée le")
    works = models.JSONField("travaux déclarés", default=list)  # ["D4153-28", …]
    formations = models.TextField("formations concernées", blank=True)
    places = models.TextField("lieux de formation", blank=True)
    machines = models.TextField("machines et travaux de maintenance", blank=True)
    supervisors = models.TextField("qualité ou fonction de qui encadre", blank=True)
    reference = models.TextField(
        "preuve de l’envoi", blank=True, help_text="Numéro de recommandé, accusé de réception."
    )
    withdrawn_date = models.DateField("retirée le", null=True, blank=True)

    PERSONAL_DATA = ("supervisors",)

    class Meta:
        verbose_name = "déclaration de travaux réglementés"
        verbose_name_plural = "déclarations de travaux réglementés"
        constraints = [
            CheckConstraint(
                condition=Q(declarant=WorksDeclarant.SCHOOL, partner=None)
                | (~Q(declarant=WorksDeclarant.SCHOOL) & Q(partner__isnull=False)),
                name="works_declaration_of",
                violation_error_message="La déclaration du lycée ne nomme pas d’entreprise ; les autres en nomment une.",
            )
        ]
        indexes = [Index(fields=["school", "partner", "sent_date"], name="works_declaration_partner")]

    def __str__(self) -> str:
        return f"Travaux réglementés, {self.partner or 'le lycée'}, {self.sent_date:%d/%m/%Y}"

    def get_absolute_url(self) -> str:
        return reverse("pfmp:works_declaration_detail", args=[self.school.uai, self.public_id])


class MedicalOpinion(SchoolRecord):
    """The yearly opinion on fitness for regulated works: outcome and date, never a reason (R-TRAV-07, P-02)."""

    student = models.ForeignKey(Student, models.CASCADE, related_name="medical_opinions", verbose_name="élève")
    date = models.DateField("date de l’avis")
    outcome = models.CharField("avis", max_length=12, choices=MedicalOutcome.choices)

    PERSONAL_DATA = ("date", "outcome")

    class Meta:
        verbose_name = "avis d’aptitude"
        verbose_name_plural = "avis d’aptitude"
        constraints = [
            UniqueConstraint(
                fields=["student", "date"],
                name="medical_opinion_once",
                violation_error_message="Un avis de ce jour est déjà noté.",
            )
        ]
        indexes = [Index(fields=["school", "student", "-date"], include=["outcome"], name="medical_opinion_last")]

    def __str__(self) -> str:
        return f"{self.get_outcome_display()}, {self.date:%d/%m/%Y}"

    def get_absolute_url(self) -> str:
        return reverse("pfmp:medical_opinion_detail", args=[self.school.uai, self.public_id])


class Training(SchoolRecord):
    """What a pupil was trained to before leaving, and evaluated on (R-TRAV-06, R-TRAV-08, R-TRAV-11)."""

    student = models.ForeignKey(Student, models.CASCADE, related_name="trainings", verbose_name="élève")
    kind = models.CharField("formation", max_length=12, choices=TrainingKind.choices)
    date = models.DateField("validée le")
    level = models.TextField("niveau ou catégorie", blank=True, help_text="Par exemple B1V, R482 cat. A.")

    PERSONAL_DATA = ("date", "level")

    class Meta:
        verbose_name = "formation à la sécurité"
        verbose_name_plural = "formations à la sécurité"
        constraints = [
            UniqueConstraint(
                fields=["student", "kind", "date"],
                name="training_once",
                violation_error_message="Cette formation est déjà notée à cette date.",
            )
        ]
        indexes = [Index(fields=["school", "student", "kind", "-date"], name="training_last")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.date:%d/%m/%Y}"

    def get_absolute_url(self) -> str:
        return reverse("pfmp:training_detail", args=[self.school.uai, self.public_id])


class CountrySheet(SchoolRecord):
    """What an intern must know of the law of a country: annexed to the convention of a stay abroad (L124-20, R-CONV-11)."""

    country = models.CharField("pays", max_length=2, help_text="Code ISO à deux lettres.")
    text = models.TextField("ce qu’il faut savoir", help_text="Durées, repos, nuit, accidents, numéros d’urgence.")
    checked_date: "models.DateField[date, date]" = models.DateField("relue le")
    source = models.TextField("source", blank=True)

    class Meta:
        verbose_name = "fiche pays"
        verbose_name_plural = "fiches pays"
        constraints = [
            UniqueConstraint(
                fields=["school", "country"],
                name="country_sheet_once",
                violation_error_message="Ce pays a déjà sa fiche.",
            )
        ]

    def __str__(self) -> str:
        return self.country

    def get_absolute_url(self) -> str:
        return reverse("pfmp:country_sheet_detail", args=[self.school.uai, self.public_id])


class Accident(SchoolRecord):
    """An accident at work or on the way: the host declares within 48 h, Sundays and holidays left out (R-AT-01 to 03).

    Facts and dates of the procedure; nothing on injuries or care.
    """

    placement = models.ForeignKey(Placement, models.CASCADE, related_name="accidents", verbose_name="placement")
    happened_at = models.DateTimeField("date et heure")
    known_at = models.DateTimeField("connu de l’entreprise le", null=True, blank=True)
    place = models.CharField("où", max_length=8, choices=AccidentPlace.choices)
    facts = models.TextField("circonstances", blank=True, help_text="Ce qui s’est passé ; rien sur la santé.")
    declared_date = models.DateField("déclaré par l’entreprise le", null=True, blank=True)
    copy_date = models.DateField("copie reçue le", null=True, blank=True)
    family_told_at = models.DateTimeField("famille prévenue le", null=True, blank=True)
    closed_date = models.DateField("dossier clos le", null=True, blank=True)

    PERSONAL_DATA = ("happened_at", "facts")

    class Meta:
        verbose_name = "accident"
        indexes = [Index(fields=["school", "placement", "happened_at"], name="accident_placement")]

    def __str__(self) -> str:
        return f"Accident, {self.placement}"

    def get_absolute_url(self) -> str:
        return reverse("pfmp:accident_detail", args=[self.school.uai, self.public_id])
