"""Frozen content: plain JSON there and back, and refusal of what was written otherwise."""

import json
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.frozen import Frozen, SchemaError


@dataclass(frozen=True)
class Part:
    name: str
    price: Decimal | None = None


@dataclass(frozen=True)
class Content(Frozen):
    schema: ClassVar[int] = 3

    day: date
    parts: tuple[Part, ...] = ()
    main: Part | None = None
    value: float | int | bool | str | None = None
    names: dict[str, date] = field(default_factory=dict)


parts = st.builds(Part, st.text(), st.none() | st.decimals(allow_nan=False, allow_infinity=False))
contents = st.builds(
    Content,
    st.dates(),
    st.lists(parts).map(tuple),
    st.none() | parts,
    st.none() | st.booleans() | st.integers() | st.text() | st.floats(allow_nan=False, allow_infinity=False),
    st.dictionaries(st.text(), st.dates()),
)


@given(contents)
def test_content_comes_back_the_same(content):
    assert Content.from_json(json.loads(json.dumps(content.to_json()))) == content


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"schema": 2, "day": "2026-01-01"},
        {"schema": 3},
        {"schema": 3, "day": "2026-02-30"},
        {"schema": 3, "day": "2026-01-01", "more": 1},
        {"schema": 3, "day": "2026-01-01", "parts": [{"price": "1"}]},
        {"schema": 3, "day": "2026-01-01", "main": {"name": "a", "price": "dear"}},
        {"schema": 3, "day": None},
    ],
)
def test_another_shape_is_refused(data):
    with pytest.raises(SchemaError):
        Content.from_json(data)
