"""Plain JSON of a frozen dataclass, there and back: what an issued paper says is kept in this form.

Fields may be str, int, bool, float, Decimal, date, other such dataclasses, tuples of these, dicts of str to these,
or None.
"""

from __future__ import annotations

import types
import typing
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar, Self, get_args, get_origin


class SchemaError(ValueError):
    """The JSON was not written for this dataclass, or by a later version of it."""


class Frozen:
    """Mixed into a frozen dataclass; ``schema`` grows when a field changes its meaning."""

    schema: ClassVar[int] = 1

    def to_json(self) -> dict[str, Any]:
        """A dict that json.dumps accepts, with its ``schema``."""
        return {"schema": self.schema, **_plain(self)}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """The content that ``to_json`` wrote. Raises SchemaError when it is of another schema or shape."""
        if data.get("schema") != cls.schema:
            raise SchemaError(f"{cls.__name__}: schema {data.get('schema')!r}, {cls.schema} expected.")
        try:
            built: Self = _built(cls, {key: value for key, value in data.items() if key != "schema"})
        except (TypeError, ValueError, KeyError, ArithmeticError) as error:
            raise SchemaError(f"{cls.__name__}: {error}") from error
        return built


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def _built(kind: Any, value: Any) -> Any:
    origin = get_origin(kind)
    if origin in (typing.Union, types.UnionType):
        if value is None:
            return None
        options = [option for option in get_args(kind) if option is not type(None)]
        # Only plain JSON types share a union beside None: the value says which it is.
        return _built(options[0], value) if len(options) == 1 else value
    if origin is tuple:
        return tuple(_built(get_args(kind)[0], item) for item in value)
    if origin is dict:
        return {key: _built(get_args(kind)[1], item) for key, item in value.items()}
    if is_dataclass(kind):
        hints = typing.get_type_hints(kind)
        return kind(**{key: _built(hints[key], item) for key, item in value.items()})  # type: ignore[operator]
    if kind is date:
        return date.fromisoformat(value)
    return Decimal(value) if kind is Decimal else value
