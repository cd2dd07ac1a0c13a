"""`seal_year UAI YEAR [--date AAAA-MM-JJ]`: seal the figures of a closed school year, as one JSON line."""

from argparse import ArgumentParser
from typing import Any

from core.commands import JsonLineCommand, Refused
from indicators import sealing
from indicators.arguments import add_school_and_year, asked_for


class Command(JsonLineCommand):
    help = "Scelle les chiffres d’une année scolaire close d’un lycée. Une année déjà scellée reste telle quelle."

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_school_and_year(parser)

    def answer(self, **options: Any) -> dict[str, Any]:
        school, year, today = asked_for(options)
        try:
            seal = sealing.seal(school, year, today)
        except sealing.NotClosed as refusal:
            raise Refused(str(refusal)) from None
        return {
            "ok": sealing.is_intact(seal, school.uai),
            "annee": seal.year,
            "arrete": seal.as_of.isoformat(),
            "definitions": seal.definitions,
            "scelle_le": seal.sealed_at.isoformat(),
            "sha256": seal.sha256,
        }
