"""Rows of the database in the words of the dossier: what the export writes, and what an import compares with."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from conventions.enums import AgreementLevel
from documents.enums import SignatureStatus, Subject
from documents.models import Document
from exchange.definitions import RESOURCES, SCHOOLS, Resource
from exchange.values import as_text
from pfmp.enums import OBSERVATIONS
from pfmp.models import Period, Placement
from schools.models import DossierRecord, School
from surveys.enums import DOSSIER_TERMS

_AGREEMENTS = RESOURCES["conventions"]
_SIGNATURES = RESOURCES["signatures"]
_SIGNATURE_STATE = (_SIGNATURES.at("statut"), _SIGNATURES.at("date"))
_OUTCOMES = RESOURCES["insertion"]
_FRAME_COLUMNS = (_AGREEMENTS.at("uai"), _AGREEMENTS.at("niveau"))


@dataclass(frozen=True, slots=True)
class Stored:
    """A row of the database: its values in the order of the contract's columns, relations as the dossier names them."""

    pk: int
    version: int
    uai: str  # the school that holds it, also for a frame, whose column `uai` is empty
    key: tuple[str, ...]
    values: tuple[Any, ...]
    is_silent: bool = (
        False  # no dossier speaks of it: an unused signature, a sequence of observation, a leaver at 18 or 24 months
    )


def read(resource: Resource, schools: Collection[School], *, only: Collection[int] | None = None) -> list[Stored]:
    """Every row of a resource in these schools, by one query; `only` keeps the rows of these primary keys."""
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
    if only is not None:
        query = query.filter(pk__in=only)
    frame = _FRAME_COLUMNS if resource is _AGREEMENTS else None
    beside = _Beside(resource, schools)
    found = []
    for pk, version, uai, *values in query.iterator(chunk_size=5000):
        is_silent = resource is _SIGNATURES and values.pop() and _is_unsigned(values)
        for index, value in enumerate(values):
            if value is None and resource.columns[index].type == "string":
                values[index] = ""
        if frame and values[frame[1]] != AgreementLevel.SCHOOL:
            values[frame[0]] = ""
        if resource is _OUTCOMES:
            is_silent = values[_OUTCOMES.at("echeance_mois")] not in DOSSIER_TERMS
        is_silent = beside.settle(uai, values) or is_silent
        key = tuple([as_text(values[index]) for index in resource.key_indexes])
        found.append(Stored(pk, version, uai, key, tuple(values), is_silent))
    return found


class _Beside:
    """What no dossier says: sequences of observation, who goes there, their papers (R-OBS-02). A few queries a resource.

    A survey about one of them is told without its period, an answer without its placement.
    """

    _PATHS: Mapping[str, tuple[str, type[DossierRecord], str]] = {
        "periodes_pfmp": ("id", Period, "kind"),
        "dispenses": ("periode_id", Period, "kind"),
        "placements": ("id", Placement, "period__kind"),
        "visites": ("placement_id", Placement, "period__kind"),
        "documents": ("objet_id", Placement, "period__kind"),
        "enquetes": ("periode_id", Period, "kind"),
        "satisfaction": ("placement_id", Placement, "period__kind"),
    }
    """Resource → its column that may name one, the model of what it names, where that says its kind."""

    _TOLD = ("enquetes", "satisfaction")

    def __init__(self, resource: Resource, schools: Collection[School]) -> None:
        self.index: int | None = None
        self.subject: int | None = None
        self.is_told = resource.name in self._TOLD
        self.named: frozenset[tuple[str, str]] = frozenset()
        if resource.name == "signatures":
            self.index, self.named = resource.at("document_id"), self._papers(schools)
        elif resource.name in self._PATHS:
            column, model, kind = self._PATHS[resource.name]
            self.index, self.named = resource.at(column), self._rows(model, kind, schools)
            if resource.name == "documents":
                self.subject = resource.at("objet")

    @staticmethod
    def _rows(model: type[DossierRecord], kind: str, schools: Collection[School]) -> frozenset[tuple[str, str]]:
        rows = model._default_manager.filter(school__in=[school.pk for school in schools])
        return frozenset(rows.filter(**{f"{kind}__in": OBSERVATIONS}).values_list("school__uai", "dossier_id"))

    def _papers(self, schools: Collection[School]) -> frozenset[tuple[str, str]]:
        placements = self._rows(Placement, "period__kind", schools)
        if not placements:
            return frozenset()
        papers = Document._default_manager.filter(
            school__in=[school.pk for school in schools], subject=Subject.PLACEMENT
        ).values_list("school__uai", "subject_id", "dossier_id")
        return frozenset((uai, paper) for uai, subject, paper in papers if (uai, subject) in placements)

    def settle(self, uai: str, values: list[Any]) -> bool:
        """Whether no dossier speaks of the row; takes the name of what is not told out of a row that is."""
        if not self.named or self.index is None or (uai, values[self.index]) not in self.named:
            return False
        if self.subject is not None and values[self.subject] != Subject.PLACEMENT:
            return False
        if self.is_told:
            values[self.index] = ""
        return not self.is_told


def _is_unsigned(signature: list[Any]) -> bool:
    status, date = (signature[index] for index in _SIGNATURE_STATE)
    return date is None or status in (SignatureStatus.AWAITED, SignatureStatus.REFUSED)
