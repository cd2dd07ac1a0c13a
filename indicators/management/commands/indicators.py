"""`indicators UAI YEAR [--date AAAA-MM-JJ] [--save]`: every indicator of a school year, as one JSON line."""

from argparse import ArgumentParser
from typing import Any

from core.commands import JsonLineCommand
from indicators import figures, services
from indicators.arguments import add_school_and_year, asked_for


class Command(JsonLineCommand):
    help = "Calcule les indicateurs d’une année scolaire d’un lycée."

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_school_and_year(parser)
        parser.add_argument("--save", action="store_true", help="garde les chiffres du jour")

    def answer(self, **options: Any) -> dict[str, Any]:
        school, year, today = asked_for(options)
        if options["save"]:
            kept: dict[str, Any] = services.refresh(school, year, today).figures
            return kept
        return figures.compute(school, year, today).as_json()
