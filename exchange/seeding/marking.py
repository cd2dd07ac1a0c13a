"""A marker in every text of a lycée, so that a leak from one lycée to another is seen wherever it comes out (S-06)."""

from collections.abc import Iterable
from functools import cache

from django.db.models import CharField, Model, TextField

from core.fields import SearchTextField
from schools.models import Membership, School

CODES = {
    "dossier_id", "uai", "year", "leaving_year", "academy", "postal_code", "code", "formation_code", "ine", "siret", "naf",
    "timetable", "indicators", "referent_email", "author_email", "sha256", "sealed_sha256", "hash", "previous_hash",
    "template_version", "subject_id", "password", "message_key", "action_type", "country", "origin_year", "since",
    "token_hash", "electrical_level", "quota_order",
}  # fmt: skip
"""Texts that are codes, keys or numbers to compute with: a marker would make them wrong."""


STAFF_ADDRESSES = ("referent_email", "author_email")
ADDRESSES_OF_PAGES = ("website", "url")


@cache
def texts_of(model: type[Model]) -> tuple[str, ...]:
    """The names of the free texts of a table: text fields without a closed list, codes left out."""
    return tuple(
        field.attname
        for field in model._meta.concrete_fields
        if isinstance(field, (TextField, CharField))
        and not isinstance(field, SearchTextField)
        and not field.choices
        and field.attname not in CODES
        and not field.primary_key
    )


def mark(rows: Iterable[Model], marker: str) -> None:
    """Writes the marker into every free text of these rows, those that were empty included.

    The staff's addresses, by which people are found, carry it in lower case wherever they are repeated.
    """
    for row in rows:
        for name in texts_of(type(row)):
            setattr(row, name, _marked(name, getattr(row, name), marker))
        for name in STAFF_ADDRESSES:
            if text := getattr(row, name, ""):
                setattr(row, name, with_marker(text, marker).lower())
        if isinstance(row, Membership):
            row.email = row.email.lower()


def mark_unmarked(rows: Iterable[Model], marker: str) -> None:
    """Writes the marker into the free texts of these rows that do not carry it; a reason that nobody gave stays empty."""
    for row in rows:
        for name in texts_of(type(row)):
            text = getattr(row, name)
            if marker.lower() not in text.lower() and (text or name != "reason"):
                setattr(row, name, _marked(name, text, marker))


def _marked(name: str, text: str, marker: str) -> str:
    if "email" in name:
        return with_marker(text or "inconnu@demo.example", marker)
    if name in ADDRESSES_OF_PAGES:
        return f"{text or 'https://demo.example'}/{marker}"
    return f"{text} {marker}".strip()


def with_marker(email: str, marker: str) -> str:
    """`a@b.example` → `a.MARKER@b.example`."""
    local, _, domain = email.partition("@")
    return f"{local}.{marker}@{domain}"


def mark_all(school: School, tables: Iterable[Iterable[Model]], marker: str) -> None:
    """The whole lycée. `marker`: unaccented letters, digits, hyphens."""
    mark([school], marker)
    for rows in tables:
        mark(rows, marker)
