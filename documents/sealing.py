"""Sealing a paper that everyone has signed: drawn again with who signed in its boxes, its proof and the very PDF that people
signed inside, sealed, and kept beside that PDF, which never changes.

An app above gives its drawing (`subjects.Kind.draw_signed`); everything else is here, the same for every kind of paper.
"""

import hashlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from core import audit, disk, french, jobs, pdf, qr, sealing
from core.models import Job, JobState
from core.sealing import certificates
from documents import proof, selectors, subjects, verifying
from documents.enums import SIGNED, EventKind, SignatureMeans, SignatureRole, SignatureStatus
from documents.models import Document, Signature, SignatureEvent
from documents.models.papers import sealed_path

log = logging.getLogger(__name__)

KEY = "seal:{document_id}"
PATIENCE = timedelta(days=1)  # how long the PDF that people signed is waited for
STYLES = ("paper", "proof")
ALONE = "Le PDF signé n’a pas pu être préparé : demandez-le de nouveau, puis scellez."


@dataclass(frozen=True)
class State:
    """Where the seal of a paper stands, for its page: `may_ask` when someone may ask for it now."""

    words: str = ""
    may_ask: bool = False
    job: Job | None = None


def is_sealable(document: Document) -> bool:
    """Signed of all, still worth something, issued here: it can be drawn again."""
    kind = subjects.kind_of(document)
    return bool(document.completed_at and document.voided_at is None and document.content and kind and kind.draw_signed)


def state(document: Document) -> State:
    """What the page of a paper says of its seal; nothing for a paper that is not to be sealed, or whose seal is complete."""
    if document.sealed_sha256:
        waits = (
            SignatureEvent.objects.in_school(document.school_id)
            .filter(document=document, kind=EventKind.SEALED)
            .order_by("-number")
            .values_list("payload", flat=True)
            .first()
            or {}
        ).get("timestamp") == sealing.Timestamp.WAITING
        return State(
            "Sans horodatage pour l’instant : le service n’a pas répondu. Il est redemandé chaque nuit."
            if waits
            else ""
        )
    if not is_sealable(document):
        return State()
    job = Job.objects.filter(key=KEY.format(document_id=document.pk)).order_by("-created_at").first()
    if job and job.state in (JobState.WAITING, JobState.RUNNING):
        return State("Le fichier scellé se prépare.", job=job)
    if job and job.state == JobState.FAILED:
        return State(job.error, may_ask=True, job=job)
    return State("Signé de tous, pas encore scellé.", may_ask=True, job=job)


# ------------------------------------------------------------------------------------------------ what the paper says


def marks(signatures: Sequence[Signature]) -> list[subjects.Mark]:
    """What stands in the boxes of those who signed, in their order."""
    return [
        subjects.Mark(SignatureRole(row.role), row.name, words(row), row.capacity)
        for row in signatures
        if row.status in SIGNED
    ]


def words(signature: Signature) -> str:
    """« Signé en ligne le 12 novembre 2026 à 10 h 42 »."""
    if signature.status == SignatureStatus.ONLINE:
        return f"Signé en ligne le {french.moment(signature.date)}"
    return f"Signé sur papier le {french.day(signature.date)}, noté par le lycée"


HOW = {
    SignatureMeans.PAPER: "Sur papier, noté par le lycée",
    SignatureMeans.MAILED_CODE: "En ligne, avec un code reçu par courriel",
    SignatureMeans.SPOKEN_CODE: "En ligne, avec un code donné de vive voix",
    SignatureMeans.ACCOUNT: "En ligne, depuis son compte, avec un code reçu par courriel",
}


def proof_page(document: Document, signatures: Sequence[Signature], events: Sequence[SignatureEvent]) -> pdf.Drawing:
    """« Preuve des signatures »: who signed, in which role, how and when; what was signed; how to check."""
    last = {event.role: event for event in events if event.kind in (EventKind.SIGNED, EventKind.NOTED)}
    rows = []
    for row in signatures:
        if row.status not in SIGNED:
            continue
        payload = last[row.role].payload if row.role in last else {}
        rows.append(
            {
                "role": row.get_role_display(),
                "name": row.name,
                "position": row.position,
                "capacity": row.capacity,
                "how": HOW.get(SignatureMeans(row.means), "") if row.means else "Sur papier, noté par le lycée",
                "address": payload.get("address", ""),
                "when": french.moment(row.date) if row.status == SignatureStatus.ONLINE else french.day(row.date),
                "noted": french.moment(row.recorded_at) if row.status == SignatureStatus.ON_PAPER else "",
                "has_scan": bool(payload.get("scan")),
            }
        )
    url = verifying.address(document.number)
    html = render_to_string(
        "pdf/proof.html",
        {
            "document": document,
            "school": document.school,
            "kind": document.get_type_display(),
            "issued": french.moment(document.issued_at),
            "completed": french.moment(document.completed_at),
            "rows": rows,
            "sha256": _in_groups(document.sha256),
            "lines": len(events),
            "last_hash": _in_groups(events[-1].hash) if events else "",
            "url": url,
            "qr": qr.picture(url),
        },
    )
    return pdf.Drawing(html, "Preuve des signatures", styles=STYLES)


def _in_groups(digest: str) -> str:
    """Sixteen groups of four signs: read aloud or compared by eye."""
    return " ".join(digest[at : at + 4] for at in range(0, len(digest), 4))


# ------------------------------------------------------------------------------------------------ making the file


def draw(document: Document, *, original: bytes, events: Sequence[SignatureEvent], now: datetime) -> bytes:
    """The PDF/A-3a and PDF/UA-1 file that gets sealed: the paper with its marks, the page of proof, both attachments."""
    kind = subjects.kind_of(document)
    if kind is None or kind.draw_signed is None:
        raise jobs.Failure("Ce document ne peut pas être dessiné de nouveau : il n’est pas scellé.")
    signatures = selectors.in_boxes(
        Signature.objects.in_school(document.school_id).filter(document=document, status__in=SIGNED)
    )
    paper = kind.draw_signed(document, marks(signatures))
    attached = (
        pdf.Attachment(
            "original.pdf",
            f"Le document {document.number}, version {document.edition}, tel qu’il a été signé",
            original,
            "application/pdf",
            "Source",
        ),
        pdf.Attachment(
            "preuve.json",
            "La preuve des signatures, ligne à ligne, et comment la vérifier",
            proof.as_json(document, events),
            "application/json",
            "Data",
        ),
    )
    return pdf.archive(
        [paper, proof_page(document, signatures, events)], title=paper.title, moment=now, attachments=attached
    )


def seal_and_store(document: Document, *, now: datetime, again: bool = False) -> jobs.Result:
    """Seal a paper that everyone has signed, and keep the sealed file; a second call changes nothing.

    `again` seals once more a paper whose seal waits for its timestamp; the former file stays recognised by its fingerprint.
    Raises jobs.Failure with a French sentence, jobs.Postponed while the PDF that people signed is being made.
    """
    if document.sealed_sha256 and not again:
        return _result(document, "Le document est déjà scellé.")
    if document.completed_at is None or document.voided_at is not None:
        return jobs.Result("Ce document n’est plus signé de tous : il n’est pas scellé.")
    original = _original(document, now)
    events = proof.lines(document)
    if broken := proof.first_break(document, events):
        raise jobs.Failure(f"La preuve de ce document a été modifiée à la ligne {broken} : il n’est pas scellé.")
    try:
        certificate = certificates.certificate_for(document.school.uai, now)
    except certificates.CertificateError as error:
        raise jobs.Failure(str(error)) from error
    drawn = draw(document, original=original, events=events, now=now)
    sealed = sealing.seal(
        drawn,
        certificate=certificate,
        reason=f"{document.number}, version {document.edition} : signé de tous",
        place=document.school.name,
    )
    if again and sealed.timestamp != sealing.Timestamp.GIVEN:
        return jobs.Result("Le service d’horodatage ne répond toujours pas.")
    return _store(document, sealed, now=now)


def _original(document: Document, now: datetime) -> bytes:
    """The very bytes that people signed."""
    if not document.sha256 or not document.file:
        if document.completed_at is None or now - document.completed_at > PATIENCE:
            raise jobs.Failure(ALONE)
        subjects.prepare(document, by=None)
        raise jobs.Postponed(now + timedelta(minutes=1), "Le PDF signé est en préparation.")
    try:
        with default_storage.open(str(document.file.name), "rb") as file:
            content = bytes(file.read())
    except OSError as error:
        raise jobs.Failure("Le PDF signé manque sur le disque du serveur : il n’est pas scellé.") from error
    if hashlib.sha256(content).hexdigest() != document.sha256:
        raise jobs.Failure("Le PDF conservé n’est plus celui qui a été signé : il n’est pas scellé.")
    return content


def _store(document: Document, sealed: sealing.Sealed, *, now: datetime) -> jobs.Result:
    before, digest = document.sealed_sha256, hashlib.sha256(sealed.file).hexdigest()
    with disk.said_when_full("le document n’est pas scellé"):
        name = default_storage.save(sealed_path(document, ""), ContentFile(sealed.file))
    kept = False
    waits = sealed.timestamp == sealing.Timestamp.WAITING
    said = "Le document est scellé." if not waits else (
        "Le document est scellé, sans horodatage : le service n’a pas répondu. Il est redemandé chaque nuit."
    )  # fmt: skip
    try:
        with jobs.closing(_result(document, said)):
            held = proof.hold(document)
            kept = (
                held.sealed_sha256 == before
                and held.completed_at == document.completed_at
                and held.voided_at is None
                and held.sha256 == document.sha256
            )
            if kept:
                _write(held, name, digest, sealed, now=now)
    except BaseException:
        default_storage.delete(name)
        raise
    if not kept:  # sealed by another worker, or no longer signed of all
        default_storage.delete(name)
    document.refresh_from_db()
    return _result(document, said)


def _write(held: Document, name: str, digest: str, sealed: sealing.Sealed, *, now: datetime) -> None:
    former = held.sealed_file.name
    held.sealed_file, held.sealed_sha256, held.sealed_at = name, digest, now
    held.save(update_fields=["sealed_file", "sealed_sha256", "sealed_at", "updated_at"])
    proof.add(
        held,
        EventKind.SEALED,
        at=now,
        sha256=digest,
        level=sealed.level.value,
        timestamp=sealed.timestamp.value,
        certificate=sealed.fingerprint,
    )
    audit.record("documents.sealed", held, level=sealed.level.value, timestamp=sealed.timestamp.value)
    if former:
        transaction.on_commit(lambda: default_storage.delete(former))


def _result(document: Document, said: str) -> jobs.Result:
    url = reverse("documents:document_sealed", args=[document.school.uai, document.public_id])
    return jobs.Result(said, data={"url": url, "label": "Télécharger le PDF scellé"})


# ------------------------------------------------------------------------------------------------ looking after seals


def waiting_for_a_timestamp(now: datetime, *, within: timedelta = timedelta(days=30)) -> list[Document]:
    """The papers of every school whose last seal still waits for its timestamp."""
    last: dict[int, Any] = {}
    events = (
        SignatureEvent.objects.across_schools(why="seals that wait for their timestamp")
        .filter(kind=EventKind.SEALED, at__gte=now - within)
        .order_by("document_id", "number")
        .values_list("document_id", "payload")
    )
    for document_id, payload in events:
        last[document_id] = payload.get("timestamp")
    waiting = [pk for pk, timestamp in last.items() if timestamp == sealing.Timestamp.WAITING]
    found = Document.objects.across_schools(why="seals that wait for their timestamp").filter(pk__in=waiting)
    return [one for one in found.select_related("school").order_by("pk") if one.sealed_sha256 and one.voided_at is None]


def sealed_documents() -> Any:
    """The papers of every school that have a sealed file, oldest first."""
    found = Document.objects.across_schools(why="sealed files are checked whole")
    return found.exclude(sealed_sha256="").defer("content").order_by("pk")


@dataclass(frozen=True)
class Damage:
    """A sealed file that is not what it was: the paper, and what is wrong in a French sentence."""

    document: Document
    message: str


def damage(document: Document, known: Sequence[bytes]) -> Damage | None:
    """Check a stored sealed file: there, unchanged, its seal intact and ours. `known`: `certificates.known()`."""
    try:
        with default_storage.open(str(document.sealed_file.name), "rb") as file:
            content = bytes(file.read())
    except OSError:
        return Damage(document, "Le fichier scellé manque.")
    if hashlib.sha256(content).hexdigest() != document.sealed_sha256:
        return Damage(document, "Le fichier scellé n’a plus son empreinte.")
    reading = sealing.read(content, known=known, at=document.sealed_at or timezone.now())
    if not (reading.is_intact and reading.covers_all):
        return Damage(document, "Le sceau ne tient pas.")
    return None if reading.is_trusted else Damage(document, "Le sceau n’est pas d’un certificat connu ici.")
