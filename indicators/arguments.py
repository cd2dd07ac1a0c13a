"""What the commands on figures are asked: a school, a year, a day."""

from argparse import ArgumentParser, ArgumentTypeError
from datetime import date
from typing import Any

from django.utils import timezone

from core.commands import Refused
from core.school_year import SchoolYear
from indicators import rules
from schools.models import School


def iso_date(text: str) -> date:
    """A date as AAAA-MM-JJ, for argparse."""
    try:
        if len(text) != len("2026-08-31"):
            raise ValueError
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"« {text} » n’est pas une date : écrivez par exemple 2026-08-31.") from None


def add_school_and_year(parser: ArgumentParser) -> None:
    """UAI, YEAR and --date, as every command on figures takes them."""
    parser.add_argument("uai", metavar="UAI")
    parser.add_argument("year", metavar="ANNÉE", help="par exemple 2025-2026")
    parser.add_argument("--date", type=iso_date, metavar="AAAA-MM-JJ", help="aujourd’hui à Paris par défaut")


def asked_for(options: dict[str, Any]) -> tuple[School, SchoolYear, date]:
    """The school, year and day. Raises Refused for an unknown UAI, a malformed year, a day before the year (A-02, A-33)."""
    school = School.objects.filter(uai=options["uai"].strip().upper()).first()
    if school is None:
        raise Refused(f"Aucun lycée n’a l’UAI « {options['uai']} » sur cette plateforme.")
    today = options["date"] or timezone.localdate()
    try:
        year = SchoolYear.parse(options["year"])
        rules.bounds(year, today)
    except ValueError as refusal:
        raise Refused(str(refusal)) from None
    return school, year, today
