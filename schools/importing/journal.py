"""Writing a plan in one go, and what it takes to undo it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

from django.apps import apps
from django.db import models

from core import statements
from core.relations import pointing_to
from core.statements import Statement
from schools.importing.kinds import Plan

Key = tuple[str, int]  # model label, primary key


@dataclass
class Prepared:
    """A plan, or its undoing, as statements ready to run, and the journal of what they do."""

    statements: list[Statement] = field(default_factory=list)
    journal: dict[str, Any] = field(default_factory=dict)


def _label(model: type[models.Model]) -> str:
    return model._meta.label


def kept(item: "models.Field[Any, Any]", row: models.Model) -> str | None:
    """A field's value as the journal writes it: text, None for null."""
    return None if getattr(row, item.attname) is None else str(item.value_to_string(row))


def _restored(item: "models.Field[Any, Any]", text: str | None) -> Any:
    return None if text is None else item.to_python(text)


def _give_keys(new: list[models.Model]) -> None:
    """Primary keys for the new rows, and for the relations that name them."""
    by_model: dict[type[models.Model], list[models.Model]] = defaultdict(list)
    for row in new:
        by_model[type(row)].append(row)
    for model, rows in by_model.items():
        for row, pk in zip(rows, statements.reserve(model, len(rows)), strict=True):
            row.pk = pk
    for model, rows in by_model.items():
        relations: list[Any] = [item for item in model._meta.concrete_fields if item.is_relation]
        for row in rows:
            for item in relations:
                if item.is_cached(row) and getattr(row, item.name) is not None:
                    setattr(row, item.attname, getattr(row, item.name).pk)
            if hasattr(row, "dossier_id") and not row.dossier_id:
                row.dossier_id = str(row.public_id)  # type: ignore[attr-defined]


def prepare(plan: Plan, *, by: Any, now: datetime) -> Prepared:
    """The statements that write a plan. Reserves the primary keys."""
    prepared = Prepared(journal={"created": [], "changed": []})
    author = by.pk if by is not None else None
    if plan.new:
        _give_keys(plan.new)
        by_model: dict[type[models.Model], list[models.Model]] = {}
        for row in plan.new:
            row.created_by_id = row.updated_by_id = author  # type: ignore[attr-defined]
            by_model.setdefault(type(row), []).append(row)
        for model, rows in by_model.items():
            prepared.statements.append(statements.inserts(model, rows))
            prepared.journal["created"].append([_label(model), [row.pk for row in rows]])
    groups: dict[tuple[type[models.Model], tuple[str, ...]], list[models.Model]] = defaultdict(list)
    for change in plan.changes:
        row, meta = change.row, change.row._meta
        before = {}
        for name, value in change.values.items():
            item = cast("models.Field[Any, Any]", meta.get_field(name))
            old = kept(item, row)
            setattr(row, name, value)
            before[name] = [old, kept(item, row)]
        groups[type(row), tuple(sorted(change.values))].append(row)
        prepared.journal["changed"].append([_label(type(row)), row.pk, before])
    prepared.statements += [_update(model, names, rows, by=author, now=now) for (model, names), rows in groups.items()]
    return prepared


def _update(
    model: type[models.Model], names: Iterable[str], rows: list[Any], *, by: int | None, now: datetime
) -> Statement:
    versions = []
    for row in rows:
        versions.append((row, row.version))
        row.version += 1
        row.updated_at, row.updated_by_id = now, by
    return statements.updates(model, [*names, "version", "updated_at", "updated_by"], versions)


# ------------------------------------------------------------------------------------------------ undo
@dataclass
class Undone:
    """What undoing an import does, and what it leaves because it has its own life since."""

    prepared: Prepared = field(default_factory=Prepared)
    removed: int = 0
    restored: int = 0
    kept: list[dict[str, str]] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        return {"removed": self.removed, "restored": self.restored, "kept": self.kept}


STANDS = "d’autres données s’appuient dessus depuis"
CHANGED = "modifié depuis l’import"


def undo(journal: dict[str, Any], *, by: Any, now: datetime) -> Undone:
    """How to take back what a journal says, as things are now: rows that others stand on or that someone changed stay."""
    undone = Undone()
    removable: dict[str, dict[int, Any]] = {}
    for label, pks in reversed(journal.get("created", ())):  # those that name others first
        model = apps.get_model(label)
        rows = {row.pk: row for row in _stored(model, pks)}
        stays: dict[int, str] = {pk: CHANGED for pk, row in rows.items() if row.version != 1}
        for pk in _stood_on(model, set(rows), removable):
            stays.setdefault(pk, STANDS)
        removable[label] = {pk: row for pk, row in rows.items() if pk not in stays}
        undone.removed += len(removable[label])
        undone.kept += [_said(rows[pk], why) for pk, why in stays.items()]
        known = [(pk, row.version) for pk, row in removable[label].items()]
        undone.prepared.statements.append(statements.deletions(model, known))
    _restore(undone, journal, by=by, now=now)
    return undone


def _restore(undone: Undone, journal: dict[str, Any], *, by: Any, now: datetime) -> None:
    by_label: dict[str, dict[int, dict[str, list[str | None]]]] = defaultdict(dict)
    for label, pk, fields in journal.get("changed", ()):
        by_label[label][pk] = fields
    for label, changes in by_label.items():
        model = apps.get_model(label)
        groups: dict[tuple[str, ...], list[Any]] = defaultdict(list)
        for row in _stored(model, changes):
            back = []
            for name, (old, new) in changes[row.pk].items():
                item = cast("models.Field[Any, Any]", model._meta.get_field(name))
                if kept(item, row) == new:
                    setattr(row, item.attname, _restored(item, old))
                    back.append(name)
            if len(back) < len(changes[row.pk]):
                undone.kept.append(_said(row, CHANGED))
            if back:
                groups[tuple(sorted(back))].append(row)
                undone.restored += 1
        author = by.pk if by is not None else None
        undone.prepared.statements += [
            _update(model, names, rows, by=author, now=now) for names, rows in groups.items()
        ]


def _stood_on(model: Any, pks: set[int], leaving: dict[str, dict[int, Any]]) -> set[int]:
    """The rows that something else names, other than what leaves with them."""
    found: set[int] = set()
    if not pks:
        return found
    for other, column in pointing_to(model):
        gone = leaving.get(_label(other), {})
        naming = other._base_manager.filter(**{f"{column.name}__in": pks}).values_list("pk", column.attname)
        found |= {named for pk, named in naming if pk not in gone}
    return found


def _stored(model: type[models.Model], pks: Iterable[int]) -> models.QuerySet[Any]:
    """The rows as they are now, with what their title and address read: the school, the partner…"""
    return model._base_manager.filter(pk__in=list(pks)).select_related()


def _said(row: Any, why: str) -> dict[str, str]:
    url = row.get_absolute_url() if hasattr(row, "get_absolute_url") else ""
    return {"title": str(row)[:200], "why": why, "url": url}
