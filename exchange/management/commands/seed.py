"""`seed`: fictitious lycées of any size, for trying the platform, for tests and for measuring at scale."""

import argparse
import json
import os
import re
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from exchange.seeding import schools
from exchange.seeding.world import Size

ACCOUNTS_FILE = "demo.json"


def _from(least: int, most: int) -> Any:
    def number(text: str) -> int:
        value = int(text)
        if not least <= value <= most:
            raise argparse.ArgumentTypeError(f"de {least} à {most}")
        return value

    return number


def _marker(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9_-]{3,40}", text):
        raise argparse.ArgumentTypeError("de 3 à 40 lettres sans accent, chiffres, tirets")
    return text


class Command(BaseCommand):
    help = (
        "Crée des lycées fictifs : élèves, entreprises, placements, actions… La même graine donne les mêmes données. "
        "Un lycée déjà créé est laissé tel quel. Les mots de passe des comptes de démonstration sont tirés au sort."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--schools", type=_from(1, schools.MOST_SCHOOLS), default=1, help="nombre de lycées")
        parser.add_argument("--students", type=_from(40, 20_000), default=600, help="élèves par lycée")
        parser.add_argument("--years", type=_from(1, 10), default=2, help="années scolaires, l’actuelle comprise")
        parser.add_argument(
            "--marker",
            type=_marker,
            default=None,
            help="mot écrit dans tous les textes des lycées autres que le premier",
        )
        parser.add_argument("--random-seed", type=int, default=1, help="graine des tirages")
        parser.add_argument("--today", type=date.fromisoformat, default=None, help="jour de référence, AAAA-MM-JJ")

    def handle(self, *args: Any, **options: Any) -> None:
        done = schools.seed(
            schools=options["schools"],
            size=Size(students=options["students"], years=options["years"]),
            seed=options["random_seed"],
            today=options["today"] or timezone.localdate(),
            marker=options["marker"] or "",
            tell=self.stderr.write,
        )
        for login in done.logins:
            self.stderr.write(f"{login.role:<13} {login.email}  {login.password}  ({login.school})")
        if done.logins:
            _keep(settings.DATA_DIR / ACCOUNTS_FILE, [login.as_json() for login in done.logins])
        self.stdout.write(
            json.dumps({"ok": True, "schools": done.made, "kept": done.kept, "rows": done.rows}, ensure_ascii=False)
        )


def _keep(path: Path, accounts: list[dict[str, str]]) -> None:
    """Adds these accounts to the file that `bin/run` shows; only its owner may read it."""
    known = json.loads(path.read_text(encoding="utf-8"))["accounts"] if path.exists() else []
    emails = {account["email"] for account in accounts}
    kept = [account for account in known if account["email"] not in emails]
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump({"accounts": [*kept, *accounts]}, file, ensure_ascii=False, indent=2)
