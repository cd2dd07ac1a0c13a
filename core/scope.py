"""The tenant wall: a query on a school's table says which school, or it does not run (S-02)."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Self

from django.db import models
from django.db.models.expressions import Col
from django.db.models.lookups import Exact, In
from django.db.models.sql.where import AND, WhereNode


class UnscopedQuery(RuntimeError):
    """A query on a school's table was about to run without naming a school."""


def _names_a_row_or_school(node: Any) -> bool:
    """True when the condition pins the rows: one school, or rows reached from rows already loaded (keys)."""
    if isinstance(node, WhereNode):
        if node.negated:
            return False
        found = [_names_a_row_or_school(child) for child in node.children]
        return any(found) if node.connector == AND else bool(found) and all(found)
    if isinstance(node, (Exact, In)) and isinstance(node.lhs, Col):
        return node.lhs.target.primary_key or node.lhs.target.is_relation
    return False


def _guarded(method: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(method)
    def guard(self: Any, *args: Any, **kwargs: Any) -> Any:
        self.demand_scope()
        return method(self, *args, **kwargs)

    return guard


class ScopedQuerySet(models.QuerySet):
    """Rows of schools. Start with `in_school(school)`, or say why not with `across_schools(why=…)`."""

    _across = ""

    def in_school(self, school: Any) -> Self:
        """The rows of one school (the object or its primary key)."""
        return self.filter(school=school)

    def across_schools(self, *, why: str) -> Self:
        """Rows of every school: for commands and nightly jobs only, with the reason in words."""
        clone = self._chain()  # type: ignore[attr-defined]
        clone._across = why
        return clone

    def demand_scope(self) -> None:
        """Raise UnscopedQuery when neither a school nor known rows are named."""
        if self._across or self.query.is_empty():
            return
        queries = self.query.combined_queries or (self.query,)
        if not all(_names_a_row_or_school(query.where) for query in queries):
            raise UnscopedQuery(f"{self.model.__name__}: start with .in_school(school) (S-02).")

    def _clone(self) -> Self:
        clone = super()._clone()  # type: ignore[misc]
        clone._across = self._across
        return clone

    def _fetch_all(self) -> None:
        if self._result_cache is None:
            self.demand_scope()
        super()._fetch_all()

    iterator = _guarded(models.QuerySet.iterator)
    count = _guarded(models.QuerySet.count)
    exists = _guarded(models.QuerySet.exists)
    aggregate = _guarded(models.QuerySet.aggregate)
    update = _guarded(models.QuerySet.update)
    delete = _guarded(models.QuerySet.delete)
