"""Writes the rows of a lycée, parents before children."""

from collections.abc import Iterable, Iterator

from django.apps import apps
from django.db.models import Model

from exchange.seeding.world import World
from schools.models import SchoolRecord

BATCH = 2000


def tables_in_order(world: World) -> list[type[Model]]:
    """The tables with rows, each after those that it points to."""
    waiting = [model for model in apps.get_models() if world.rows.get(model)]
    ordered: list[type[Model]] = []
    while waiting:
        ready = [model for model in waiting if not _parents(model) & set(waiting) - {model}]
        if not ready:
            raise RuntimeError(f"These tables point to each other: {waiting}")
        ordered += ready
        waiting = [model for model in waiting if model not in ready]
    return ordered


def _parents(model: type[Model]) -> set[type[Model]]:
    return {field.related_model for field in model._meta.concrete_fields if field.is_relation}  # type: ignore[misc]


def write(world: World) -> None:
    """The lycée and all its rows so far."""
    world.school.save(force_insert=True)
    write_tables(world, tables_in_order(world))


def write_tables(world: World, tables: Iterable[type[Model]]) -> None:
    """One bulk insert a table. Rows of a table that points to itself are written parents first."""
    for model in tables:
        for rows in _layers(model, world.rows[model]):
            model._default_manager.bulk_create(rows, batch_size=BATCH)


def _layers(model: type[Model], rows: list[SchoolRecord]) -> Iterator[list[SchoolRecord]]:
    own = next((field.name for field in model._meta.concrete_fields if field.related_model is model), None)
    if own is None:
        yield rows
        return
    left = rows
    while left:
        ready = [row for row in left if getattr(row, own) is None or getattr(row, own).pk]
        written = {id(row) for row in ready}
        left = [row for row in left if id(row) not in written] if len(ready) < len(left) else []
        yield ready
