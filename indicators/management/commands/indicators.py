"""`indicators UAI YEAR [--date AAAA-MM-JJ] [--save]`: every indicator of a school year, as one JSON line."""

from argparse import ArgumentParser, ArgumentTypeError
from datetime import date
from typing import Any

from django.utils import timezone

from core.commands import JsonLineCommand, Refused
from core.school_year import SchoolYear
from indicators import figures, rules, services
from schools.models import School


def iso_date(text: str) -> date:
    """A date as AAAA-MM-JJ, for argparse."""
    try:
        if len(text) != len("2026-08-31"):
            raise ValueError
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"« {text} » n’est pas une date : écrivez par exemple 2026-08-31.") from None


class Command(JsonLineCommand):
    help = "Calcule les indicateurs d’une année scolaire d’un lycée."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("uai", metavar="UAI")
        parser.add_argument("year", metavar="ANNÉE", help="par exemple 2025-2026")
        parser.add_argument("--date", type=iso_date, metavar="AAAA-MM-JJ", help="aujourd’hui à Paris par défaut")
        parser.add_argument("--save", action="store_true", help="garde les chiffres du jour")

    def answer(self, **options: Any) -> dict[str, Any]:
        school = School.objects.filter(uai=options["uai"].strip().upper()).first()
        if school is None:
            raise Refused(f"Aucun lycée n’a l’UAI « {options['uai']} » sur cette plateforme.")
        today = options["date"] or timezone.localdate()
        try:
            year = SchoolYear.parse(options["year"])
            rules.bounds(year, today)
        except ValueError as refusal:  # not a school year, or a day before it begins
            raise Refused(str(refusal)) from None
        if options["save"]:
            kept: dict[str, Any] = services.refresh(school, year, today).figures
            return kept
        return figures.compute(school, year, today).as_json()
