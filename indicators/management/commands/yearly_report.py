"""`yearly_report UAI YEAR OUT.pdf [--date …]`: the report of a school year as a PDF."""

import hashlib
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.utils import timezone

from core import jobs, pdf
from core.commands import JsonLineCommand, Refused
from indicators import documents
from indicators.arguments import add_school_and_year, asked_for


class Command(JsonLineCommand):
    help = "Écrit le rapport annuel d’un lycée en PDF."

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_school_and_year(parser)
        parser.add_argument("out", type=Path, metavar="SORTIE.pdf")

    def answer(self, **options: Any) -> dict[str, Any]:
        school, year, today = asked_for(options)
        try:
            content = documents.report_of(school, year, today, issued_date=timezone.localdate())
        except jobs.Failure as refusal:
            raise Refused(str(refusal)) from None
        paper = documents.render(content)
        try:
            options["out"].write_bytes(paper)
        except OSError as error:
            raise Refused(f"Le fichier {options['out']} ne peut pas être écrit : {error.strerror}.") from None
        return {"ok": True, "pages": pdf.page_count(paper), "sha256": hashlib.sha256(paper).hexdigest()}
