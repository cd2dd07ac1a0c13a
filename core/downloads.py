"""Answers that a browser keeps as a file."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from core import spreadsheets

FORMATS: dict[str, tuple[str, str]] = {
    "xlsx": ("Classeur (XLSX)", spreadsheets.XLSX_TYPE),
    "ods": ("Classeur LibreOffice (ODS)", spreadsheets.ODS_TYPE),
    "csv": ("Texte (CSV)", spreadsheets.CSV_TYPE),
    "json": ("Données (JSON)", spreadsheets.JSON_TYPE),
}
"""The files that a table comes in: by extension, the words of the link and the content type."""


def attachment(content: bytes, content_type: str, filename: str) -> HttpResponse:
    """A file to keep rather than to show. The middlewares forbid copies on the way and guesses of its type.

    `filename` may hold what people typed: it stays one line, quoted as the header asks.
    """
    response = HttpResponse(content, content_type=content_type)
    plain = " ".join("".join(letter if letter.isprintable() else " " for letter in filename).split())
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=plain)
    return response


def picture(file: Any, filename: str, content_type: str = "image/jpeg") -> HttpResponse | None:
    """A stored picture, shown in place and kept by no cache; None when its file is gone (a row that came with a dossier)."""
    try:
        with file.open("rb") as content:
            response = HttpResponse(content.read(), content_type=content_type)
    except (FileNotFoundError, ValueError):
        return None
    response["Content-Disposition"] = f'inline; filename="{filename}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def table(wanted: str, name: str, title: str, headers: Sequence[str], rows: Iterable[Sequence[Any]]) -> HttpResponse:
    """A table as a file: `wanted` is one of FORMATS, `name` the file's without its extension, `title` its sheet's."""
    match wanted:
        case "csv":
            content = spreadsheets.as_csv(headers, rows)
        case "json":
            content = spreadsheets.as_json(headers, rows)
        case "ods":
            content = spreadsheets.as_ods(title, headers, rows)
        case _:
            content = spreadsheets.as_xlsx(title, headers, rows)
    return attachment(content, FORMATS[wanted][1], f"{name}.{wanted}")
