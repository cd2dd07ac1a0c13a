"""Writing a plan: everything is prepared before the lock, then a few statements in one short transaction.

Primary keys are reserved beforehand, so that the rows of all tables are ready as plain tuples. Each update names the version
it was planned on; a row changed, added or removed in between makes the whole transaction go back, and the import is planned
again on the new state.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models.functions import Lower

from accounts.models import User
from core import statements
from core.statements import Overtaken, Statement, reserve
from exchange.definitions import RESOURCES, SCHOOLS, Column, Resource
from exchange.imports.planning import Change, Plan
from exchange.imports.world import World
from exchange.rows import Stored


@dataclass
class Prepared:
    """A plan as statements, in the order of their writing."""

    statements: list[Statement] = field(default_factory=list)
    schools: dict[str, int] = field(default_factory=dict)  # UAI → primary key, new ones included


class _Keys:
    """Primary keys of the rows that relations name, stored or reserved."""

    def __init__(self, world: World) -> None:
        self._of: dict[str, dict[tuple[str, tuple[str, ...]], int]] = {
            name: {place: stored.pk for place, stored in rows.items()} for name, rows in world.stored.items()
        }
        self.schools = {uai: school.pk for uai, school in world.schools.items()}

    def add(self, resource: Resource, changes: list[Change]) -> dict[int, int]:
        """Reserve keys for the new rows; position of the change → its key."""
        new = [number for number, change in enumerate(changes) if change.stored is None]
        keys = dict(zip(new, reserve(resource.model, len(new)), strict=True)) if new else {}
        table = self._of.setdefault(resource.name, {})
        for number, pk in keys.items():
            change = changes[number]
            table[change.uai, change.row.key] = pk
            if resource.name == SCHOOLS:
                self.schools[change.uai] = pk
        return keys

    def named(self, target: str, uai: str, key: tuple[str, ...]) -> int | None:
        return self._of.get(target, {}).get((uai, key))


def _relations(resource: Resource) -> dict[int, tuple[str, tuple[int, ...]]]:
    """Column that writes a relation → the resource it names and the columns of its key."""
    found: dict[int, tuple[str, tuple[int, ...]]] = {}
    for reference in resource.references:
        if reference.target == SCHOOLS:
            continue
        # The relation is read from the one column of the reference that goes through it.
        for index in reference.indexes:
            column = resource.columns[index]
            if column.is_relation and column.field != "school":
                found[index] = (reference.target, reference.indexes)
    return found


class _Writer:
    """Turns the changes of one resource into statements."""

    def __init__(self, resource: Resource, present: frozenset[str], keys: _Keys, *, by: Any, now: datetime) -> None:
        self.resource = resource
        self.model = resource.model
        self.keys = keys
        self.by_id = by.pk if by is not None else None
        self.now = now
        self.relations = _relations(resource)
        # `fichier` is a place in the dossier, not a value; the school of a stored row never changes.
        self.columns = [
            column
            for column in resource.columns
            if column.name in present and column.name != "fichier" and column.field != "school"
        ]

    def _value(self, column: Column, change: Change) -> Any:
        relation = self.relations.get(column.index)
        if relation is None:
            return change.row.values[column.index]
        target, indexes = relation
        if not change.row.raw[column.index]:
            return None
        key = tuple(change.row.raw[index] for index in indexes)
        pk = self.keys.named(target, change.uai, key)
        if pk is None:
            raise Overtaken
        return pk

    def instance(self, change: Change, pk: int) -> models.Model:
        """The row as the model sees it, relations as keys."""
        values: dict[str, Any] = {}
        if change.stored is not None:
            for column in self.resource.columns:
                if not column.is_relation and column.name != "fichier":
                    values[column.path] = change.stored.values[column.index]
        for column in self.columns:
            values[f"{column.field}_id" if column.is_relation else column.path] = self._value(column, change)
        if self.resource.name != SCHOOLS:
            values["school_id"] = self.keys.schools[change.uai]
        return self.model(pk=pk, created_by_id=self.by_id, updated_by_id=self.by_id, **values)

    def also_needed(self, pks: list[int]) -> dict[int, dict[str, Any]]:
        """What computed fields read of stored rows and no column of the dossier says (a partner's brand), by one query."""
        concrete = {item.name for item in self.model._meta.concrete_fields}
        said = {column.path for column in self.resource.columns}
        names = sorted(
            {name for item in statements.computed_fields(self.model) for name in getattr(item, "sources", ())}
            & (concrete - said)
        )
        if not names or not pks:
            return {}
        found = self.model._default_manager.filter(pk__in=pks).values("pk", *names)
        return {row["pk"]: row for row in found}

    def updates(self, changed: list[tuple[models.Model, Stored]]) -> Statement:
        names = [column.field for column in self.columns if column.name not in self.resource.key]
        names += ["version", "updated_at", "updated_by", *(["file"] if self.resource.name == "documents" else [])]
        kept = self.also_needed([stored.pk for _, stored in changed])
        for instance, stored in changed:
            instance.version = stored.version + 1  # type: ignore[attr-defined]
            instance.updated_at = self.now  # type: ignore[attr-defined]
            for name, value in kept.get(stored.pk, {}).items():
                setattr(instance, name, value)
        return statements.updates(self.model, names, [(instance, stored.version) for instance, stored in changed])


def _link_accounts(made: Iterable[models.Model]) -> None:
    """New staff who already have an account get it, once per school."""
    staff: dict[str, list[Any]] = {}
    for membership in made:
        staff.setdefault(membership.email.lower(), []).append(membership)  # type: ignore[attr-defined]
    users = User.objects.annotate(address=Lower("email")).filter(address__in=list(staff))
    linked: set[tuple[int, int]] = set()
    for user in users:
        for membership in staff.get(user.address, ()):
            if (user.pk, membership.school_id) not in linked:
                membership.user_id = user.pk
                linked.add((user.pk, membership.school_id))


def prepare(plan: Plan, world: World, *, by: Any, now: datetime, files: Any) -> Prepared:
    """The statements of a plan. Reserves the primary keys; `files` stores the PDFs that documents bring."""
    keys = _Keys(world)
    prepared = Prepared()
    new_keys = {name: keys.add(RESOURCES[name], plan.changes[name]) for name in RESOURCES if name in plan.changes}
    for name, reserved in new_keys.items():
        resource = RESOURCES[name]
        writer = _Writer(resource, world.tables[name].present, keys, by=by, now=now)
        made: list[models.Model] = []
        changed: list[tuple[models.Model, Stored]] = []
        for number, change in enumerate(plan.changes[name]):
            instance = writer.instance(change, reserved[number] if change.stored is None else change.stored.pk)
            if name == "documents":
                files.attach(instance, change)
            if change.stored is None:
                made.append(instance)
            else:
                changed.append((instance, change.stored))
        if name == "personnels":
            _link_accounts(made)
        if made:
            prepared.statements.append(statements.inserts(resource.model, made))
        if changed:
            prepared.statements.append(writer.updates(changed))
    for name in reversed(RESOURCES):
        if rows := plan.deletions.get(name):
            known = [(row.pk, row.version) for row in rows]
            prepared.statements.append(statements.deletions(RESOURCES[name].model, known))
    prepared.schools = keys.schools
    return prepared


def execute(prepared: Prepared) -> None:
    """Run the statements in the caller's transaction. Raises Overtaken when a row is not as planned."""
    statements.execute(prepared.statements)
