"""Rows of the database in the words of the dossier: what the export writes, and what an import compares with."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from conventions.enums import AgreementLevel
from documents.enums import SignatureStatus
from exchange.definitions import RESOURCES, SCHOOLS, Resource
from exchange.values import as_text
from schools.models import School

_AGREEMENTS = RESOURCES["conventions"]
_SIGNATURES = RESOURCES["signatures"]
_SIGNATURE_STATE = (_SIGNATURES.at("statut"), _SIGNATURES.at("date"))
_FRAME_COLUMNS = (_AGREEMENTS.at("uai"), _AGREEMENTS.at("niveau"))


@dataclass(frozen=True, slots=True)
class Stored:
    """A row of the database: its values in the order of the contract's columns, relations as the dossier names them."""

    pk: int
    version: int
    uai: str  # the school that holds it, also for a frame, whose column `uai` is empty
    key: tuple[str, ...]
    values: tuple[Any, ...]
    is_silent: bool = False  # no dossier speaks of it: a signature that may be added and was not


def read(resource: Resource, schools: Collection[School]) -> list[Stored]:
    """Every row of a resource in these schools, by one query."""
    if not schools:
        return []
    paths = [column.path for column in resource.columns]
    query: QuerySet[Any, Any]
    if resource.name == SCHOOLS:
        query = School.objects.filter(pk__in=[school.pk for school in schools]).values_list(
            "pk", "version", "uai", *paths
        )
    else:
        more = ("optional",) if resource is _SIGNATURES else ()
        query = resource.model._default_manager.filter(school__in=[school.pk for school in schools]).values_list(
            "pk", "version", "school__uai", *paths, *more
        )
    frame = _FRAME_COLUMNS if resource is _AGREEMENTS else None
    found = []
    for pk, version, uai, *values in query.iterator(chunk_size=5000):
        is_silent = resource is _SIGNATURES and values.pop() and _is_unsigned(values)
        for index, value in enumerate(values):
            if value is None and resource.columns[index].type == "string":
                values[index] = ""
        if frame and values[frame[1]] != AgreementLevel.SCHOOL:
            values[frame[0]] = ""
        key = tuple([as_text(values[index]) for index in resource.key_indexes])
        found.append(Stored(pk, version, uai, key, tuple(values), is_silent))
    return found


def _is_unsigned(signature: list[Any]) -> bool:
    status, date = (signature[index] for index in _SIGNATURE_STATE)
    return date is None or status in (SignatureStatus.AWAITED, SignatureStatus.REFUSED)
