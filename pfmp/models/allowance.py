"""What the allowance of the State needs beside the placements (§ 8): never a bank account."""

from django.db import models
from django.db.models import UniqueConstraint
from django.urls import reverse

from schools.models import SchoolRecord, Student, year_field


class AllowanceFile(SchoolRecord):
    """One pupil's file of one year in ApLyPro: is it complete there? (R-ALLOC-05, R-APLY-04)."""

    student = models.ForeignKey(Student, models.CASCADE, related_name="allowance_files", verbose_name="élève")
    year = year_field()
    is_bank_ready = models.BooleanField("coordonnées bancaires complètes dans ApLyPro", null=True, blank=True)
    decision_date = models.DateField("décision d’attribution éditée le", null=True, blank=True)
    consent_date = models.DateField(
        "autorisation du responsable légal",
        null=True,
        blank=True,
        help_text="Écrite, chaque année, pour verser sur le compte d’un élève mineur.",
    )

    PERSONAL_DATA = ("is_bank_ready", "decision_date", "consent_date")

    class Meta:
        verbose_name = "dossier d’allocation"
        verbose_name_plural = "dossiers d’allocation"
        constraints = [UniqueConstraint(fields=["school", "year", "student"], name="allowance_file_once")]

    def __str__(self) -> str:
        return f"{self.student}, {self.year}"

    def get_absolute_url(self) -> str:
        return reverse("pfmp:allowance_file_detail", args=[self.school.uai, self.public_id])
