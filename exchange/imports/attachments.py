"""PDFs that a dossier carries beside documents.csv (B-18)."""

import hashlib
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from documents.models import Document
from exchange.imports.planning import FILE, SHA256, Change
from exchange.imports.reading import Row, Table
from exchange.imports.world import World
from exchange.problems import Problems
from exchange.rows import Stored
from exchange.sources import Source, is_safe


class Attachments:
    """The PDFs of one dossier: checked once, stored when the import is written."""

    def __init__(self, source: Source, table: Table | None) -> None:
        self.source = source
        self.table = table
        self.problems = Problems()
        self.used: set[str] = set()
        self._written: list[str] = []
        if table is not None:
            for row in table.rows:
                self._check(table, row)

    def _check(self, table: Table, row: Row) -> None:
        file, path, sha256 = table.resource.file, row.raw[FILE], row.raw[SHA256]
        if not path or FILE in row.bad:
            return
        where: dict[str, Any] = {"line": row.line, "column": "fichier", "value": path}
        if not is_safe(path):
            self.problems.error(
                file,
                "Ce chemin sort du dossier : écrivez un chemin relatif, sans « .. », par exemple documents/a.pdf.",
                **where,
            )
        elif path not in self.source:
            self.problems.warn(
                file, "Ce fichier n’est pas dans le dossier : le document est importé sans son PDF.", **where
            )
        else:
            self.used.add(path)
            data = self.source.read(path)
            if self.source.limits.only_pdf and not data.startswith(b"%PDF-"):
                self.problems.error(file, "Ce fichier n’est pas un PDF : joignez le PDF du document.", **where)
            elif SHA256 not in row.bad and hashlib.sha256(data).hexdigest() != sha256:
                self.problems.error(
                    file, "L’empreinte de ce fichier n’est pas celle de la colonne « sha256 ».", **where
                )

    def against(self, world: World) -> Problems:
        """An issued paper never changes: its PDF kept here must be the one of the dossier."""
        problems = Problems()
        for row in self.table.rows if self.table else ():
            stored = world.stored["documents"].get((row.uai or "", row.key))
            if stored and stored.values[FILE] and SHA256 not in row.bad and stored.values[SHA256] != row.raw[SHA256]:
                problems.error(
                    "documents.csv",
                    "Le PDF de ce document est conservé ici avec une autre empreinte : un document émis ne change pas.",
                    line=row.line,
                    column="sha256",
                    value=row.raw[SHA256],
                )
        return problems

    def has_new_file(self, row: Row, stored: Stored | None) -> bool:
        """The dossier brings the PDF, and nothing is kept yet."""
        return row.raw[FILE] in self.used and not (stored and stored.values[FILE])

    def attach(self, document: Document, change: Change) -> None:
        """Store the PDF under a random name, or keep the one there is."""
        if change.stored and change.stored.values[FILE]:
            document.file = change.stored.values[FILE]
        elif change.row.raw[FILE] in self.used:
            name = f"documents/{change.uai}/{document.public_id}.pdf"
            saved = default_storage.save(name, ContentFile(self.source.read(change.row.raw[FILE])))
            self._written.append(saved)
            document.file = saved

    def give_up(self) -> None:
        """Remove what was stored for an import that was not written."""
        for name in self._written:
            default_storage.delete(name)
        self._written.clear()
