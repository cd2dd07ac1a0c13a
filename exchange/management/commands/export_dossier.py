"""A school's data out, as a folder or a ZIP of the open format."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from core import audit
from core.commands import JsonLineCommand, Refused
from exchange import exports
from schools.models import School


class Command(JsonLineCommand):
    help = "Exporte les données d’un établissement dans le format ouvert : un dossier, ou une archive .zip."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("uai", help="UAI de l’établissement")
        parser.add_argument("path", type=Path, help="dossier, ou archive finissant par .zip")
        parser.add_argument("--with-files", action="store_true", help="joint les PDF conservés")

    def answer(self, **options: Any) -> dict[str, Any]:
        """Rows by resource and the fingerprint: of the ZIP file, or of the tables of the folder."""
        uai = options["uai"].strip().upper()
        school = School.objects.filter(uai=uai).first()
        if school is None:
            raise Refused(f"Aucun établissement n’a l’UAI {uai}.")
        export = exports.collect(school, with_files=options["with_files"])
        try:
            sha256 = exports.write(export, options["path"])
        except OSError as error:
            raise Refused(f"L’export ne s’écrit pas dans {options['path']} : {error.strerror}.") from None
        audit.record("exchange.dossier_exported", school, rows=export.total)
        if export.lost:
            self.stderr.write(f"PDF introuvables ou altérés, laissés de côté : {', '.join(export.lost)}.")
        self.stderr.write(f"{export.total} lignes exportées.")
        return {"ok": True, "rows": export.rows, "sha256": sha256}
