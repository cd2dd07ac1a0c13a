"""What points to a table: read in Django's own register, so that a table of any app is found without being named."""

from collections.abc import Iterator
from typing import Any

from django.db import models


def pointing_to(model: type[models.Model]) -> Iterator[tuple[type[models.Model], Any]]:
    """(table, column) of every foreign key of the project to this table, hidden ones too."""
    for found in model._meta.get_fields(include_hidden=True):
        if found.auto_created and not found.concrete and (found.one_to_many or found.one_to_one):
            yield found.related_model, found.field  # type: ignore[misc, union-attr]
