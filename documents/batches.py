"""Twenty papers came back signed: noted together, each paper whole or not at all."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from documents import circuit
from documents.enums import SignatureRole
from documents.models import Document, Signature


@dataclass(frozen=True)
class Line:
    """One paper of a batch: the signatures to note, and the day written on it; None when it is no date."""

    document: Document
    signatures: Sequence[Signature]
    signed_on: date | None


@dataclass(frozen=True)
class Outcome:
    """What became of a batch: how many signatures on how many papers, and why each paper left out was (by primary key)."""

    signatures: int
    papers: int
    refused: dict[int, str]


@transaction.atomic
def _note(line: Line, signed_on: date, *, by: Any, now: datetime) -> int:
    """Every signature of a paper, or none. Raises ValidationError."""
    roles = [SignatureRole(row.role) for row in line.signatures if not row.optional]
    noted = circuit.note_all_on_paper(line.document, roles=roles, signed_on=signed_on, by=by, now=now) if roles else 0
    if noted < len(roles):
        raise ValidationError(circuit.STALE)
    for row in line.signatures:
        if row.optional:  # given besides: nobody waits for it, so it is named one by one
            row.document = line.document
            circuit.note_paper(row, signed_on=signed_on, by=by, now=now)
            noted += 1
    return noted


def note(lines: Iterable[Line], *, by: Any, now: datetime) -> Outcome:
    """Note the signatures of several papers. A paper that is refused changes nothing and stops none of the others."""
    signatures = papers = 0
    refused: dict[int, str] = {}
    for line in lines:
        if line.signed_on is None:
            refused[line.document.pk] = "Écrivez la date de signature : jour, mois, année."
            continue
        try:
            signatures += _note(line, line.signed_on, by=by, now=now)
            papers += 1
        except ValidationError as error:
            refused[line.document.pk] = error.messages[0]
    return Outcome(signatures, papers, refused)
