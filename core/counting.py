"""Several counts asked at once: each query becomes one value of another query."""

from collections.abc import Mapping
from typing import Any

from django.db.models import IntegerField, QuerySet, Subquery


class Rows(Subquery):
    """How many rows a query has, as one value of another query."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) counted)"
    output_field = IntegerField()


def counts(one: QuerySet[Any], wanted: Mapping[str, QuerySet[Any]]) -> dict[str, int]:
    """How many rows each query has, in one statement. `one`: a query of a single row that carries the answers."""
    asked = {name: rows for name, rows in wanted.items() if not rows.query.is_empty()}
    found: dict[str, int] = dict.fromkeys(wanted, 0)
    if asked:
        names = {f"n{place}": name for place, name in enumerate(asked)}
        values = {short: Rows(asked[name].order_by().values("pk")) for short, name in names.items()}
        told = one.values(**values).get()
        found |= {names[short]: count for short, count in told.items()}
    return found
