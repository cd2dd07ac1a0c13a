"""What every record has: an opaque name for addresses, a version against lost edits, who and when."""

import uuid
from collections.abc import Iterable

from django.conf import settings
from django.db import models


class Record(models.Model):
    """A row that people make and correct."""

    public_id = models.UUIDField("identifiant", default=uuid.uuid4, unique=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(auto_now_add=True, editable=False)
    updated_at = models.DateTimeField(auto_now=True, editable=False)
    # The record outlives the account of who wrote it.
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )

    class Meta:
        abstract = True

    def full_clean(
        self, exclude: Iterable[str] | None = None, validate_unique: bool = True, validate_constraints: bool = True
    ) -> None:
        """As Django's, less the look-up of a random identifier among all schools."""
        super().full_clean({*(exclude or ()), "public_id"}, validate_unique, validate_constraints)

    @property
    def public_id_text(self) -> str:
        """The identifier as addresses write it."""
        return str(self.public_id)
