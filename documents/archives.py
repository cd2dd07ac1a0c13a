"""Many papers as one ZIP: a folder a class or a partner, the file of each paper, and a manifest that says what each is."""

import hashlib
import json
import tempfile
import unicodedata
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any

from django.core.files.base import File
from django.db.models import QuerySet
from django.utils import timezone

from core import jobs, spreadsheets
from core import status as statuses
from core.french import plural
from documents import permissions, selectors, subjects
from documents.enums import SIGNED
from documents.models import Document
from schools.models import School
from schools.selectors import membership_of

MOST = 5_000
"""Papers of one archive."""
FORBIDDEN = frozenset('\\:*?"<>|')
COLUMNS = (
    "numero", "version", "type", "fichier", "sha256", "sha256_scelle", "etat", "emis_le", "signe_par", "manque",
)  # fmt: skip
NOTICE = "Le fichier de ce document n’est pas dans l’archive : "


@dataclass(frozen=True)
class Line:
    """What the manifest says of one paper. `file` is empty for a paper that has none, and `why` says why."""

    number: str
    edition: int
    type: str
    file: str
    sha256: str
    sealed_sha256: str
    state: str
    issued: str
    signers: tuple[str, ...]
    missing: tuple[str, ...]
    why: str = ""

    def cells(self) -> list[str]:
        return [
            self.number, str(self.edition), self.type, self.file or f"{NOTICE}{self.why}", self.sha256,
            self.sealed_sha256, self.state, self.issued, " ; ".join(self.signers), " ; ".join(self.missing),
        ]  # fmt: skip


def file_name(document: Document) -> str:
    """« PFMP-2026-00042-v2.pdf »."""
    return f"{plain(document.number)}-v{document.edition}.pdf"


def plain(text: str, most: int = 80) -> str:
    """A name that every system takes: no separator, no control, no trailing dot."""
    kept = [c for c in text.replace("/", "-") if c not in FORBIDDEN and not unicodedata.category(c).startswith("C")]
    return "".join(kept)[:most].strip(" .") or "sans-nom"


def _folder(path: str) -> str:
    parts = [plain(part) for part in path.split("/") if part.strip(" .")]
    return "/".join(parts[:3])


def _signer(row: Any) -> str:
    """« Tuteur : Yann Dupont, le 3 mars 2026 »: no address."""
    day = f", {timezone.localdate(row.date).isoformat()}" if row.date else ""
    return f"{row.get_role_display()} : {row.name}{day}"


def _line(document: Any, folder: str, *, why: str) -> Line:
    path = "/".join(part for part in (_folder(folder), file_name(document)) if part)
    return Line(
        number=document.number,
        edition=document.edition,
        type=document.get_type_display(),
        file="" if why else path,
        sha256=document.sha256,
        sealed_sha256=document.sealed_sha256,
        state=statuses.word(selectors.signature_state(document)),
        issued=timezone.localdate(document.issued_at).isoformat(),
        signers=tuple(_signer(row) for row in selectors.counted(document) if row.status in SIGNED),
        missing=tuple(row.get_role_display() for row in selectors.missing(document)),
        why=why,
    )


def _content(document: Document) -> tuple[bytes, str]:
    """The bytes of a paper, sealed when it is, made now when it has none yet; else empty, and why."""
    if not document.sha256:
        kind = subjects.kind_of(document)
        if not document.content or kind is None or kind.keep_file is None:
            return b"", "il a été importé sans son PDF."
        try:
            kind.keep_file(document)
        except jobs.Failure as failure:
            return b"", str(failure)
        document.refresh_from_db(fields=["sha256", "file", "sealed_sha256", "sealed_file"])
    file = document.sealed_file if document.sealed_sha256 and document.sealed_file else document.file
    if not file:
        return b"", "il n’est plus sur le disque du serveur."
    try:
        with file.open("rb") as opened:
            return opened.read(), ""
    except FileNotFoundError:
        return b"", "il n’est plus sur le disque du serveur."


def write(documents: Sequence[Document], into: IO[bytes], *, now: datetime) -> list[Line]:
    """Write the papers of one school, read by `selectors.with_signatures`, as a ZIP. Tells the job how far it is."""
    folders = subjects.folders_of(documents)
    lines: list[Line] = []
    with zipfile.ZipFile(into, "w", zipfile.ZIP_STORED, allowZip64=True) as archive:
        taken: set[str] = set()
        for at, document in enumerate(documents):
            jobs.progress(at, len(documents), "Les documents sont réunis un à un.")
            content, why = _content(document)
            line = _line(document, folders.get(document.pk, ""), why=why)
            if line.file in taken:  # the same number twice: imported papers may
                line = _line(document, f"{folders.get(document.pk, '')}/{document.public_id}", why=why)
            lines.append(line)
            if line.file:
                taken.add(line.file)
                archive.writestr(line.file, content)
        archive.writestr("manifest.csv", as_csv(lines), zipfile.ZIP_DEFLATED)
        archive.writestr("manifest.json", as_json(lines, now=now), zipfile.ZIP_DEFLATED)
    return lines


def as_csv(lines: Sequence[Line]) -> bytes:
    """The manifest for a spreadsheet: no cell is a formula (S-26)."""
    return spreadsheets.as_csv(COLUMNS, [line.cells() for line in lines])


def as_json(lines: Sequence[Line], *, now: datetime) -> bytes:
    """The manifest for a program, by the same names."""
    papers = [
        dict(
            zip(
                COLUMNS,
                (
                    line.number, line.edition, line.type, line.file, line.sha256, line.sealed_sha256, line.state,
                    line.issued, list(line.signers), list(line.missing),
                ),
                strict=True,
            )
        )
        | ({"absent": line.why} if line.why else {})
        for line in lines
    ]  # fmt: skip
    told = {"fait_le": timezone.localtime(now).isoformat(timespec="seconds"), "documents": papers}
    return (json.dumps(told, ensure_ascii=False, indent=1) + "\n").encode()


def make(document_ids: Sequence[int], *, school: School, asked_by: Any, name: str, now: datetime) -> jobs.Result:
    """The body of the job: what the asker may still see of these papers, in the order given."""
    membership = membership_of(asked_by, school.uai)
    if membership is None:
        raise jobs.Failure("Vous n’êtes plus membre de ce lycée.")
    found: dict[int, Document] = {}
    for start in range(0, len(document_ids), 500):
        chunk = document_ids[start : start + 500]
        rows = permissions.visible_documents(membership).filter(pk__in=chunk).select_related("school")
        found |= {document.pk: document for document in selectors.with_signatures(rows)}
    documents = [found[pk] for pk in document_ids if pk in found]
    if not documents:
        raise jobs.Failure("Aucun de ces documents n’est plus à réunir : rouvrez la liste.")
    into: Any = tempfile.TemporaryFile()  # noqa: SIM115  closed with the last reference, once the job has kept it
    lines = write(documents, into, now=now)
    into.seek(0)
    absent = sum(not line.file for line in lines)
    said = f"{plural(len(lines) - absent, 'document')} dans l’archive."
    if absent:
        said += f" Sans fichier : {absent}, le manifeste dit pourquoi."
    return jobs.Result(said, file=File(into), name=f"{plain(name)}.zip")


def digest_of(document_ids: Sequence[int]) -> str:
    """What makes asking twice for the same papers do it once."""
    return hashlib.sha256(",".join(map(str, document_ids)).encode()).hexdigest()[:32]


def ids_of(documents: QuerySet[Document]) -> list[int]:
    """Primary keys of these papers by number and edition, `MOST` at most."""
    return list(documents.order_by("number", "edition", "pk").values_list("pk", flat=True)[: MOST + 1])
