"""Rows of a dossier straight into the database, for tests of figures: no check, all in bulk.

The import command has its own tests; here the rows are right by construction.
"""

import csv
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import models

from conventions.models import Agreement
from exchange.definitions import RESOURCES, SCHOOLS, Column, Resource
from schools.models import School

Rows = Mapping[str, Sequence[Mapping[str, str]]]

_TRUE = {"true", "oui", "1"}


def read(folder: Path) -> dict[str, list[dict[str, str]]]:
    """The CSV files of a dossier, by resource."""
    found = {}
    for file in folder.glob("*.csv"):
        with file.open(encoding="utf-8-sig", newline="") as lines:
            found[file.stem] = list(csv.DictReader(lines, delimiter=";"))
    return found


def load(rows: Rows) -> dict[str, School]:
    """Make every row of the dossier; returns the schools by UAI."""
    schools = {row["uai"]: School.objects.create(**_plain(RESOURCES[SCHOOLS], row)) for row in rows[SCHOOLS]}
    index: dict[tuple[int, str, tuple[str, ...]], models.Model] = {}
    for name, resource in RESOURCES.items():
        if name == SCHOOLS or not rows.get(name):
            continue
        made = []
        for row in rows[name]:
            for school in [schools[row["uai"]]] if row.get("uai") else _schools_of(resource, row, index, schools):
                instance = resource.model(
                    school=school, **_plain(resource, row), **_related(resource, row, school, index)
                )
                made.append(instance)
                index[school.pk, name, tuple(row[column] for column in resource.key)] = instance
        if name == "conventions":
            _insert_agreements(resource, made, rows[name], index)
        else:
            resource.model._default_manager.bulk_create(made)
    return schools


def _schools_of(resource: Resource, row: Mapping[str, str], index: Any, schools: Mapping[str, School]) -> list[School]:
    """The school of the row it hangs on; all of them for a frame above the schools (B-25)."""
    if resource.name == "conventions":
        return list(schools.values())
    owner = resource.references[0]
    key = tuple(row[column] for column in owner.columns)
    return [school for school in schools.values() if (school.pk, owner.target, key) in index]


def _insert_agreements(resource: Resource, made: list[Any], rows: Any, index: Any) -> None:
    parents = {row["id"]: row.get("parente_id", "") for row in rows}
    resource.model._default_manager.bulk_create(made)
    for agreement in made:
        if parents[agreement.dossier_id]:
            agreement.parent = index[agreement.school_id, "conventions", (parents[agreement.dossier_id],)]
    Agreement.objects.across_schools(why="test data").bulk_update(made, ["parent"])


def _plain(resource: Resource, row: Mapping[str, str]) -> dict[str, Any]:
    given = (column for column in resource.columns if not column.is_relation and column.path != "school__uai")
    return {column.field: _value(column, row.get(column.name, "").strip()) for column in given}


def _value(column: Column, text: str) -> Any:
    if not text:
        return "" if column.type == "string" else None
    match column.type:
        case "integer":
            return int(text)
        case "number":
            return Decimal(text.replace(",", "."))
        case "boolean":
            return text.lower() in _TRUE
        case "date":
            return date.fromisoformat(text)
        case "datetime":
            return datetime.fromisoformat(text)
    return text


def _related(resource: Resource, row: Mapping[str, str], school: School, index: Any) -> dict[str, models.Model | None]:
    found: dict[str, models.Model | None] = {}
    for reference in resource.references:
        if reference.target == SCHOOLS or reference.target == resource.name:
            continue
        key = tuple(row.get(column, "") for column in reference.columns)
        field = resource.by_name[reference.column].field
        if field == "school":
            continue
        found[field] = index[school.pk, reference.target, key] if all(key) else None
    return found
