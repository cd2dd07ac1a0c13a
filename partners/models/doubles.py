"""Doubles: pairs that are none after all, and merges that can be undone."""

from django.db import models
from django.db.models import CheckConstraint, F, Index, Q, UniqueConstraint
from django.urls import reverse

from partners.models.file import Partner
from schools.models import SchoolRecord


class NotDouble(SchoolRecord):
    """Two partners that look alike and are two: never proposed again. `first` has the smaller primary key."""

    first = models.ForeignKey(Partner, models.CASCADE, related_name="+")
    second = models.ForeignKey(Partner, models.CASCADE, related_name="+")

    class Meta:
        verbose_name = "paire qui n’est pas un doublon"
        verbose_name_plural = "paires qui ne sont pas des doublons"
        constraints = [
            UniqueConstraint(fields=["first", "second"], name="not_double_once"),
            CheckConstraint(condition=Q(first__lt=F("second")), name="not_double_order"),
        ]
        indexes = [Index(fields=["school"], include=["first", "second"], name="not_double_school")]

    def __str__(self) -> str:
        return f"{self.first} / {self.second}"


class Merge(SchoolRecord):
    """A partner that became part of another: all it takes to undo it, for 30 days.

    `removed_id`, `removed_name`: the address and name that the partner had, so that old links still lead somewhere.
    `story`: the removed row, the kept one's fields before, and every row that was moved or dropped, as partners/merging.py
    writes them; emptied when the delay is over.
    """

    kept = models.ForeignKey(Partner, models.CASCADE, related_name="merges", verbose_name="fiche gardée")
    removed_id = models.UUIDField(editable=False)
    removed_name = models.TextField("fiche fusionnée", editable=False)
    story = models.JSONField(default=dict, editable=False)
    undone_at = models.DateTimeField("défaite le", null=True, blank=True, editable=False)

    PERSONAL_DATA = ("removed_name", "story")

    class Meta:
        verbose_name = "fusion"
        indexes = [
            Index(fields=["school", "created_at"], name="merge_created"),
            Index(fields=["school", "removed_id"], name="merge_removed"),
        ]

    def __str__(self) -> str:
        return f"{self.removed_name} → {self.kept}"

    def get_absolute_url(self) -> str:
        return reverse("partners:merge_detail", args=[self.school.uai, self.public_id])
