"""Many rows in a few statements: prepared before the lock, run in one short transaction (R-05).

Primary keys are reserved beforehand, so that rows of several tables are ready as plain tuples. An update names the version it
was planned on; a row changed or removed in between makes the whole transaction go back (`Overtaken`).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, cast

from django.db import connection, models, transaction

from core.fields import ComputedFloatField, SearchTextField


class Overtaken(Exception):
    """The data changed since the rows were prepared."""


@dataclass
class Statement:
    """One SQL statement and its rows. `fenced`: each row must change exactly one line of the table."""

    sql: str
    rows: Sequence[Sequence[Any]]
    fenced: bool = True


def quoted(name: str | None) -> str:
    return connection.ops.quote_name(name or "")


def reserve(model: type[models.Model], count: int) -> range | list[int]:
    """Primary keys that nobody else will get. Some may stay unused: gaps do no harm."""
    table = model._meta.db_table
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [quoted(table), count]
            )
            return [row[0] for row in cursor.fetchall()]
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        row = cursor.fetchone()
        if row is None:
            cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, count])
        else:
            cursor.execute("UPDATE sqlite_sequence SET seq = seq + %s WHERE name = %s", [count, table])
        first = (row[0] if row else 0) + 1
        return range(first, first + count)


def computed_fields(model: type[models.Model]) -> list[Any]:
    """The fields that a row fills by itself (core.fields), which a plain update would forget."""
    return [item for item in model._meta.fields if isinstance(item, (SearchTextField, ComputedFloatField))]


def inserts(model: type[models.Model], made: Iterable[models.Model]) -> Statement:
    """The rows of new objects, which already have their primary key."""
    fields = list(model._meta.concrete_fields)
    names = ", ".join(quoted(item.column) for item in fields)
    marks = ", ".join(["%s"] * len(fields))
    sql = f"INSERT INTO {quoted(model._meta.db_table)} ({names}) VALUES ({marks})"
    rows = [
        tuple([item.get_db_prep_save(item.pre_save(instance, True), connection) for item in fields])
        for instance in made
    ]
    return Statement(sql, rows)


def updates(model: type[models.Model], names: Sequence[str], changed: Iterable[tuple[models.Model, int]]) -> Statement:
    """The named fields of stored objects, and the computed ones, where the version is still the one given."""
    meta = model._meta
    computed = computed_fields(model)
    fields = [cast("models.Field[Any, Any]", meta.get_field(name)) for name in names] + computed
    sets = ", ".join(f"{quoted(item.column)} = %s" for item in fields)
    sql = f"UPDATE {quoted(meta.db_table)} SET {sets} WHERE {quoted(meta.pk.column)} = %s AND version = %s"
    rows = []
    for instance, version in changed:
        for item in computed:
            item.fill(instance)
        values = [item.get_db_prep_save(getattr(instance, item.attname), connection) for item in fields]
        rows.append((*values, instance.pk, version))
    return Statement(sql, rows)


def deletions(model: type[models.Model], known: Iterable[tuple[int, int]]) -> Statement:
    """Rows to remove, as (primary key, version)."""
    meta = model._meta
    sql = f"DELETE FROM {quoted(meta.db_table)} WHERE {quoted(meta.pk.column)} = %s AND version = %s"
    return Statement(sql, list(known))


def execute(statements: Iterable[Statement]) -> None:
    """Run statements in the caller's transaction. Raises Overtaken when a row is not as it was."""
    with connection.cursor() as cursor:
        for statement in statements:
            if not statement.rows:
                continue
            cursor.executemany(statement.sql, statement.rows)
            if statement.fenced and cursor.rowcount != len(statement.rows):
                raise Overtaken
