"""The proof of a paper (S-22): a chain of lines, each carrying the hash of the one before."""

import hashlib
import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from documents.enums import EventKind
from documents.models import Document, SignatureEvent


def hold(document: Document) -> Document:
    """Until the end of the transaction nobody else writes about this paper: the row as it is now, locked."""
    rows = Document.objects.in_school(document.school_id).select_related("school")
    return rows.select_for_update(no_key=True, of=("self",)).get(pk=document.pk)


def line(document: Document, event: SignatureEvent) -> dict[str, Any]:
    """What the hash of a line covers."""
    return {
        "document": str(document.public_id),
        "number": event.number,
        "kind": event.kind,
        "role": event.role,
        "at": event.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "payload": event.payload,
        "previous": event.previous_hash,
    }


def digest(document: Document, event: SignatureEvent) -> str:
    """The hash of a line: SHA-256 of its canonical JSON, the hash of the line before included."""
    text = json.dumps(line(document, event), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def add(
    document: Document,
    kind: EventKind,
    *,
    at: datetime,
    role: str = "",
    by: Any = None,
    after: SignatureEvent | None = None,
    **payload: Any,
) -> SignatureEvent:
    """Add a line to a paper's proof. To be called in a transaction that holds the paper (`hold`): lines follow each other.

    `after`: the last line, when the caller has just added it.
    """
    last = after or (
        SignatureEvent.objects.in_school(document.school_id).filter(document=document).order_by("-number").first()
    )
    event = SignatureEvent(
        school_id=document.school_id,
        document=document,
        number=last.number + 1 if last else 1,
        kind=kind,
        role=role,
        at=at,
        payload=payload,
        previous_hash=last.hash if last else "",
        created_by=by,
        updated_by=by,
    )
    event.hash = digest(document, event)
    event.save(force_insert=True)
    return event


def lines(document: Document) -> list[SignatureEvent]:
    """The proof of a paper, oldest line first."""
    return list(
        SignatureEvent.objects.in_school(document.school_id)
        .filter(document=document)
        .select_related("created_by")
        .order_by("number")
    )


def first_break(document: Document, events: Iterable[SignatureEvent]) -> int | None:
    """The number of the first line that does not follow from the one before; None when the chain holds."""
    previous, expected = "", 1
    for event in events:
        if event.number != expected or event.previous_hash != previous or digest(document, event) != event.hash:
            return event.number
        previous, expected = event.hash, expected + 1
    return None


HOW_TO_CHECK = (
    "Pour chaque ligne, dans l’ordre : « previous » est le « hash » de la ligne d’avant (vide pour la première), et « hash » est "
    "le SHA-256, en hexadécimal, de la ligne sans « hash », écrite en JSON UTF-8, clés triées, sans espace "
    "(json.dumps(ligne, ensure_ascii=False, sort_keys=True, separators=(',', ':')) en Python). « sha256 » est l’empreinte du "
    "PDF que les personnes ont signé ; chaque ligne de genre « signature » la porte aussi."
)


def as_json(document: Document, events: Iterable[SignatureEvent]) -> bytes:
    """The proof of a paper as a file: what anyone needs to check the chain again, line by line (docs/signatures.md).

    Each line is exactly what its hash covers, with the hash beside it.
    """
    told = {
        "document": str(document.public_id),
        "number": document.number,
        "edition": document.edition,
        "sha256": document.sha256,
        "verification": HOW_TO_CHECK,
        "lines": [{**line(document, event), "hash": event.hash} for event in events],
    }
    return (json.dumps(told, ensure_ascii=False, indent=1) + "\n").encode()
