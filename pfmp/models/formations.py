"""What a formation teaches in companies: its pedagogical annex, reusable from one placement to the next."""

from django.db import models
from django.db.models import Index, UniqueConstraint
from django.urls import reverse

from schools.models import SchoolRecord


class FormationAnnex(SchoolRecord):
    """The pedagogical annex of a formation: aims, usual tasks, how pupils are followed and evaluated."""

    formation = models.CharField("formation", max_length=255)  # SchoolClass.diploma
    label = models.CharField("intitulé", max_length=200, help_text="Par exemple : 1re année, accueil et vente.")
    aims = models.TextField("objectifs", blank=True)
    tasks = models.TextField("activités habituelles", blank=True, help_text="Une par ligne.")
    following = models.TextField("modalités de suivi", blank=True)
    evaluation = models.TextField("modalités d’évaluation", blank=True)
    is_active = models.BooleanField("proposée", default=True)

    class Meta:
        verbose_name = "annexe pédagogique"
        verbose_name_plural = "annexes pédagogiques"
        constraints = [
            UniqueConstraint(
                fields=["school", "formation", "label"],
                name="formation_annex_once",
                violation_error_message="Une annexe de cette formation porte déjà cet intitulé.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.formation}, {self.label}"

    def get_absolute_url(self) -> str:
        return reverse("pfmp:annex_detail", args=[self.school.uai, self.public_id])


class Skill(SchoolRecord):
    """One skill of an annex, as the diploma's referential names it."""

    annex = models.ForeignKey(FormationAnnex, models.CASCADE, related_name="skills", verbose_name="annexe")
    code = models.CharField("code", max_length=20, help_text="Par exemple C1.2.")
    label = models.TextField("compétence")
    position = models.PositiveSmallIntegerField("ordre", default=0)

    class Meta:
        verbose_name = "compétence"
        ordering = ["position", "code"]
        constraints = [
            UniqueConstraint(
                fields=["annex", "code"],
                name="skill_once",
                violation_error_message="Cette annexe a déjà une compétence de ce code.",
            )
        ]
        indexes = [Index(fields=["school", "annex", "position"], name="skill_order")]

    def __str__(self) -> str:
        return f"{self.code} {self.label}"

    def get_absolute_url(self) -> str:
        return self.annex.get_absolute_url()
