"""Rows of a resource, page after page, as JSON: the dossier's own columns and values."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from exchange.definitions import Resource
from exchange.exports import is_told
from exchange.rows import read
from exchange.values import PARIS
from schools.models import School
from surveys import results
from surveys.models import SurveyAnswer

SIZE, MOST = 100, 200


class Page(NamedTuple):
    """Rows, and after which identifier the next ones begin; None when these are the last."""

    rows: list[dict[str, Any]]
    after: UUID | None


def page(resource: Resource, school: School, *, after: UUID | None, size: int, today: date) -> Page:
    """The rows that follow `after`, in an order that does not move while others write. Two queries, some more for a few resources."""
    found = resource.model._default_manager.in_school(school).order_by("public_id")  # type: ignore[attr-defined]
    if after is not None:
        found = found.filter(public_id__gt=after)
    keys = list(found.values_list("pk", "public_id")[: size + 1])
    shown = [pk for pk, _ in keys[:size]]
    stored = {row.pk: row for row in read(resource, [school], only=shown)}
    rows = [
        {column.name: plain(value) for column, value in zip(resource.columns, stored[pk].values, strict=True)}
        for pk in shown
        if pk in stored and is_told(resource, stored[pk])
    ]
    if "fichier" in resource.by_name:
        for row in rows:
            row["fichier"] = None  # the API gives no file, and says no path
    if resource.model is SurveyAnswer:
        _hold_back(rows, shown, school, today)
    return Page(rows, keys[size - 1][1] if len(keys) > size else None)


def _hold_back(rows: list[dict[str, Any]], keys: list[int], school: School, today: date) -> None:
    """Take out the comments that the answers' own pages withhold: beside a grade and a day they would name somebody (P-20)."""
    said = SurveyAnswer.objects.in_school(school).filter(pk__in=keys, survey__isnull=False).exclude(comment="")
    answers = list(said.select_related("survey"))
    hidden = results.withheld(list({one.survey_id: one.survey for one in answers if one.survey}.values()), today)
    names = {one.dossier_id for one in answers if one.survey_id in hidden}
    for row in rows:
        if row["id"] in names:
            row["commentaire"] = None


def plain(value: Any) -> Any:
    """A value of the dossier in JSON: dates and moments as it writes them, an empty cell as null."""
    match value:
        case "":
            return None
        case datetime():
            return value.astimezone(PARIS).isoformat()
        case date():
            return value.isoformat()
        case Decimal():
            return float(value)
        case _:
            return value
