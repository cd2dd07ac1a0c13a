"""A school's data out, in the open format, to the byte (B-23): the same data gives the same bytes."""

import csv
import hashlib
import io
import os
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.core.files.storage import default_storage

from exchange.definitions import PACKAGE_FILE, PACKAGE_NAME, RESOURCES, Resource
from exchange.rows import Stored, read
from exchange.snapshot import consistent_reads
from exchange.values import as_text
from schools.models import School

_DOCUMENTS = RESOURCES["documents"]
_FILE, _SHA256 = _DOCUMENTS.at("fichier"), _DOCUMENTS.at("sha256")
_ZIP_DATE = (1980, 1, 1, 0, 0, 0)  # the first that a ZIP can write: the archive must not depend on the day


@dataclass
class Export:
    """The files of a dossier, ready to be written."""

    tables: dict[str, bytes] = field(default_factory=dict)  # file → bytes
    rows: dict[str, int] = field(default_factory=dict)  # resource → rows
    papers: dict[str, str] = field(default_factory=dict)  # path in the dossier → name in the storage
    lost: list[str] = field(default_factory=list)  # ids of documents whose stored PDF is missing or altered

    @property
    def total(self) -> int:
        return sum(self.rows.values())

    @property
    def digest(self) -> str:
        """SHA-256 of the tables: each file's name, length and bytes, in the order of the contract."""
        digest = hashlib.sha256()
        for name, data in self.tables.items():
            digest.update(f"{name}\0{len(data)}\0".encode())
            digest.update(data)
        return digest.hexdigest()

    def files(self) -> Iterator[tuple[str, bytes]]:
        """Path and bytes of every file, in a fixed order."""
        yield PACKAGE_NAME, PACKAGE_FILE.read_bytes()
        yield from self.tables.items()
        for path, stored in sorted(self.papers.items()):
            with default_storage.open(stored) as paper:
                yield path, paper.read()


def table_bytes(resource: Resource, rows: list[list[str]]) -> bytes:
    """A header and rows sorted by key, by code points."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow([column.name for column in resource.columns])
    in_order = sorted(rows, key=lambda row: [row[index] for index in resource.key_indexes])
    writer.writerows(in_order)
    return out.getvalue().encode("utf-8-sig")


def is_told(resource: Resource, row: Stored) -> bool:
    """Does a dossier speak of this row? Not of a paper that is not made yet, nor of what `rows.read` calls silent."""
    return not row.is_silent and (resource is not _DOCUMENTS or bool(row.values[_SHA256]))


def collect(school: School, *, with_files: bool = False) -> Export:
    """Everything that the school holds, read in one state of the database.

    A document whose PDF is not made yet is left out: the format has nothing to say of it. So are a signature that a minor may
    add beside the guardian's, while it is not given, and what belongs to a sequence of observation (R-OBS-02).
    """
    export = Export()
    with consistent_reads():
        stored = {
            name: [row for row in read(resource, [school]) if not row.is_silent] for name, resource in RESOURCES.items()
        }
    unmade = {row.key[0] for row in stored["documents"] if not row.values[_SHA256]}
    stored["documents"] = [row for row in stored["documents"] if row.key[0] not in unmade]
    stored["signatures"] = [row for row in stored["signatures"] if row.key[0] not in unmade]
    for name, resource in RESOURCES.items():
        rows = [[as_text(value) for value in row.values] for row in stored[name]]
        if resource is _DOCUMENTS:
            for row, texts in zip(stored[name], rows, strict=True):
                texts[_FILE] = _paper(export, row) if with_files else ""
        export.tables[resource.file] = table_bytes(resource, rows)
        export.rows[name] = len(rows)
    return export


def _paper(export: Export, row: Stored) -> str:
    """The place of a document's PDF in the dossier: named by its fingerprint, the same on every installation."""
    name, sha256 = row.values[_FILE], row.values[_SHA256]
    if not name:
        return ""
    path = f"documents/{sha256}.pdf"
    if path not in export.papers:
        try:
            with default_storage.open(name) as paper:
                found = hashlib.sha256(paper.read()).hexdigest()
        except OSError:
            found = ""
        if found != sha256:
            export.lost.append(row.key[0])
            return ""
        export.papers[path] = name
    return path


def write_zip(export: Export, target: Any) -> None:
    """The dossier as a ZIP in a file object: same dossier, same bytes."""
    with zipfile.ZipFile(target, "w") as archive:
        for path, data in export.files():
            entry = zipfile.ZipInfo(path, _ZIP_DATE)
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, data, zipfile.ZIP_DEFLATED, compresslevel=6)


def as_zip(export: Export) -> bytes:
    """The ZIP, in memory."""
    out = io.BytesIO()
    write_zip(export, out)
    return out.getvalue()


def write(export: Export, path: Path) -> str:
    """Write the dossier to a folder, or to a file ending in `.zip`; returns its SHA-256.

    Of a ZIP, the fingerprint of the file; of a folder, the digest of its tables. Raises OSError.
    """
    if path.suffix.lower() != ".zip":
        path.mkdir(parents=True, exist_ok=True)
        for name, data in export.files():
            file = path / name
            file.parent.mkdir(exist_ok=True)
            _write_whole(file, data)
        return export.digest
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f"{path.name}.partial")
    try:
        with partial.open("wb") as target:
            write_zip(export, target)
        with partial.open("rb") as written:
            sha256 = hashlib.file_digest(written, "sha256").hexdigest()
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
    return sha256


def _write_whole(file: Path, data: bytes) -> None:
    """The whole file or the one before: a full disk leaves no half table."""
    partial = file.with_name(f"{file.name}.partial")
    try:
        with partial.open("wb") as target:
            target.write(data)
            target.flush()
            os.fsync(target.fileno())
        partial.replace(file)
    finally:
        partial.unlink(missing_ok=True)
