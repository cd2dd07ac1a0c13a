"""A marker in every text of a lycée, so that a leak from one lycée to another is seen wherever it comes out (S-06)."""

from collections.abc import Iterable
from functools import cache

from django.db.models import CharField, Field, Model, TextField

from accounts.models import User
from core.fields import SearchTextField
from schools.models import Membership, School

CODES = {
    "dossier_id", "uai", "year", "leaving_year", "academy", "postal_code", "code", "formation_code", "ine", "siret", "naf",
    "timetable", "indicators", "referent_email", "author_email", "sha256", "template_version", "subject_id", "password",
}  # fmt: skip
"""Texts that are codes, keys or numbers to compute with: a marker would make them wrong."""


@cache
def texts_of(model: type[Model]) -> tuple[str, ...]:
    """The names of the free texts of a table: text fields without a closed list, codes left out."""
    fields: Iterable[Field] = model._meta.concrete_fields  # type: ignore[assignment]
    return tuple(
        field.attname
        for field in fields
        if isinstance(field, (TextField, CharField))
        and not isinstance(field, SearchTextField)
        and not field.choices
        and field.attname not in CODES
        and not field.primary_key
    )


def mark(rows: Iterable[Model], marker: str) -> None:
    """Writes the marker into every free text of these rows, those that were empty included.

    Addresses that people sign in or are found by (staff) carry it in lower case, before the @.
    """
    for row in rows:
        for name in texts_of(type(row)):
            text = getattr(row, name)
            if "email" in name:
                marked = with_marker(text or "inconnu@demo.example", marker)
                text = marked.lower() if isinstance(row, (Membership, User)) else marked
            else:
                text = f"{text} {marker}".strip()
            setattr(row, name, text)


def with_marker(email: str, marker: str) -> str:
    """`a@b.example` → `a.MARKER@b.example`."""
    local, _, domain = email.partition("@")
    word = "".join(c if c.isascii() and (c.isalnum() or c in "-_.") else "-" for c in marker)
    return f"{local}.{word}@{domain}"


def mark_addresses(rows: Iterable[Model], marker: str) -> None:
    """The staff's addresses that other rows repeat (`referent_email`, `author_email`) stay those of the staff."""
    for row in rows:
        for name in ("referent_email", "author_email"):
            if text := getattr(row, name, ""):
                setattr(row, name, with_marker(text, marker).lower())


def mark_all(school: School, tables: Iterable[Iterable[Model]], marker: str) -> None:
    """The whole lycée."""
    mark([school], marker)
    for rows in tables:
        rows = list(rows)
        mark(rows, marker)
        mark_addresses(rows, marker)
