"""A school's data in, from a folder or a ZIP of the open format."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.db import OperationalError
from django.utils import timezone

from core.commands import JsonLineCommand
from exchange import imports, sources
from exchange.imports import running


class Command(JsonLineCommand):
    help = "Importe un dossier (dossier de fichiers CSV ou archive ZIP) : tout, ou rien avec la liste des erreurs."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=Path, help="dossier ou archive .zip")
        parser.add_argument("--dry-run", action="store_true", help="vérifie et compte, sans rien enregistrer")
        parser.add_argument("--prune", action="store_true", help="supprime ce que les fichiers présents n’ont plus")
        parser.add_argument("--uai", default="", help="refuse les données d’un autre établissement")

    def answer(self, **options: Any) -> dict[str, Any]:
        """Counts by resource, errors and warnings."""
        dry_run = options["dry_run"]
        try:
            source = sources.opened(options["path"])
        except sources.Unreadable as error:
            return running.refused(error, dry_run=dry_run).as_json()
        try:
            outcome = imports.run(
                source, now=timezone.now(), uai=options["uai"].strip().upper(), dry_run=dry_run, prune=options["prune"]
            )
        except OperationalError:
            busy = sources.Unreadable(
                source.name, "La base de données est occupée ou absente : recommencez dans un instant."
            )
            return running.refused(busy, dry_run=dry_run).as_json()
        finally:
            source.close()
        found = outcome.problems
        if not outcome.ok:
            self.stderr.write(f"Dossier refusé : {len(found.errors)} erreur(s). Rien n’est enregistré.")
        else:
            done = "à écrire" if dry_run else "écrites"
            self.stderr.write(
                f"{outcome.rows} lignes lues, {outcome.written} {done}, {len(found.warnings)} avertissement(s), "
                f"verrou tenu {outcome.lock_seconds:.2f} s."
            )
        return outcome.as_json()
