"""`frames_import FILE`: an académie's own agreements, or a newer national list, into the catalogue of every lycée."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from conventions import catalogue
from conventions.enums import FrameSource
from core.commands import JsonLineCommand, Refused
from core.tables import Unreadable

SHOWN = 20


class Command(JsonLineCommand):
    help = (
        "Importe des cadres dans le catalogue des conventions : les colonnes de core/data/conventions_nationales.csv, et "
        "« academie » pour ceux d’une académie ou d’une région académique. Tout, ou rien avec la liste des lignes refusées. "
        "Le fichier vaut pour ses niveaux et ses académies : ce qu’un import précédent y avait mis et qui n’y est plus sort du "
        "catalogue, sans être effacé."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="fichier CSV (ou XLSX, ODS)")
        parser.add_argument("--dry-run", action="store_true", help="dit ce qui changerait, sans rien enregistrer")
        parser.add_argument(
            "--whole",
            action="store_true",
            help="le fichier remplace aussi le catalogue livré, pour ses niveaux et académies",
        )

    def answer(self, **options: Any) -> dict[str, Any]:
        """Counts, and keys by fate; refused with line numbers when any line is bad."""
        path: Path = options["file"]
        if not path.is_file():
            raise Refused(f"Aucun fichier « {path.name} » à cet endroit.")
        try:
            frames, refused = catalogue.read_file(path)
        except (Unreadable, catalogue.BadFile) as error:
            raise Refused(str(error)) from None
        if refused:
            for one in refused[:SHOWN]:
                self.stderr.write(f"Ligne {one.line} : {one.reason}.")
            lines = [{"line": one.line, "reason": one.reason} for one in refused]
            count = f"{len(refused)} ligne{'s' if len(refused) > 1 else ''} à corriger"
            raise Refused(f"{count} : rien n’est enregistré.", lines=lines)
        if not frames:
            raise Refused("Ce fichier n’a aucune convention sous son en-tête.")
        done = catalogue.store(
            frames,
            source=FrameSource.IMPORTED,
            now=timezone.now(),
            whole=options["whole"],
            dry_run=options["dry_run"],
        )
        verb = "à écrire" if options["dry_run"] else "écrites"
        self.stderr.write(
            f"{len(frames)} conventions lues ; {verb} : {len(done.created)} nouvelles, {len(done.updated)} changées, "
            f"{len(done.gone)} sorties du catalogue ; {done.same} inchangées."
        )
        return {
            "ok": True,
            "dry_run": options["dry_run"],
            "created": done.created,
            "updated": done.updated,
            "gone": done.gone,
            "same": done.same,
        }
