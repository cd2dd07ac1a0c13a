"""Plan, do, check by the eight headings of the sheet: targets, decisions, self-evaluation, evidence."""

import uuid

from django.db import models
from django.db.models import Index, Q, UniqueConstraint
from django.urls import reverse

from documents.models import Document
from events.models import Action
from indicators.enums import Heading
from schools.models import Membership, SchoolRecord, year_field


def evidence_path(record: "Evidence", filename: str) -> str:
    """A random name: the one that people see stands in `file_name`."""
    return f"evidence/{uuid.uuid4().hex}"


class Target(SchoolRecord):
    """What the school aims at for one indicator in one year, in the indicator's unit (a rate is a fraction)."""

    year = year_field()
    code = models.CharField("indicateur", max_length=20)
    value = models.DecimalField("objectif", max_digits=15, decimal_places=6)
    reason = models.TextField("pourquoi cet objectif", blank=True)

    class Meta:
        verbose_name = "objectif"
        constraints = [UniqueConstraint(fields=["school", "year", "code"], name="target_once")]

    def __str__(self) -> str:
        return f"Objectif {self.code}, {self.year}"


class Decision(SchoolRecord):
    """Something decided to progress on a heading: who does it, for when, what came of it."""

    year = year_field()
    heading = models.CharField("rubrique", max_length=12, choices=Heading.choices)
    label = models.TextField("décision")
    owner = models.ForeignKey(Membership, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="par")
    due_date = models.DateField("pour le", null=True, blank=True)
    done_date = models.DateField("faite le", null=True, blank=True)
    outcome = models.TextField("résultat", blank=True)
    action = models.ForeignKey(
        Action, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="action liée"
    )

    class Meta:
        verbose_name = "décision"
        indexes = [
            Index(fields=["school", "year", "heading"], name="decision_heading"),
            Index(fields=["school", "done_date", "due_date"], name="decision_due"),
        ]

    def __str__(self) -> str:
        return self.label

    def get_absolute_url(self) -> str:
        return reverse("indicators:decision_detail", args=[self.school.uai, self.public_id])


class SelfEvaluation(SchoolRecord):
    """The school's answer to one question of the sheet; an answer that is changed stays, with the moment it was replaced."""

    year = year_field()
    heading = models.CharField("rubrique", max_length=12, choices=Heading.choices)
    question = models.CharField("question", max_length=40)
    text = models.TextField("réponse")
    replaced_at = models.DateTimeField("remplacée le", null=True, blank=True, editable=False)

    class Meta:
        verbose_name = "auto-évaluation"
        verbose_name_plural = "auto-évaluations"
        constraints = [
            UniqueConstraint(
                fields=["school", "year", "heading", "question"],
                condition=Q(replaced_at=None),
                name="self_evaluation_current_once",
            )
        ]
        indexes = [Index(fields=["school", "year", "heading"], name="self_evaluation_heading")]

    def __str__(self) -> str:
        return f"{self.get_heading_display()}, {self.year}"


class Evidence(SchoolRecord):
    """What proves what is said of a heading: a paper of the platform, a file, or an address."""

    year = year_field()
    heading = models.CharField("rubrique", max_length=12, choices=Heading.choices)
    label = models.TextField("preuve")
    document = models.ForeignKey(
        Document, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="document de la plateforme"
    )
    url = models.URLField("adresse", max_length=500, blank=True)
    file = models.FileField("fichier", upload_to=evidence_path, blank=True, editable=False)
    file_name = models.TextField("nom du fichier", blank=True, editable=False)

    class Meta:
        verbose_name = "preuve"
        indexes = [Index(fields=["school", "year", "heading"], name="evidence_heading")]

    def __str__(self) -> str:
        return self.label

    def get_absolute_url(self) -> str:
        return reverse("indicators:heading", args=[self.school.uai, self.heading])
