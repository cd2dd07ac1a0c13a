"""Texts of agreements made comparable: as `core.text.searchable`, with both apostrophes between two words."""

from core.text import searchable


def plain(text: str, limit: int = 4_000) -> str:
    """`"Services de l’automobile"` → `"services de l automobile"`."""
    return searchable(text.replace("’", "'"), limit=limit)
