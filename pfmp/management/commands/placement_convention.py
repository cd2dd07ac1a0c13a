"""The convention of one placement, as a file: the promise of the command line, without a worker."""

import hashlib
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from core import pdf
from core.commands import JsonLineCommand, Refused
from documents.wording import versions
from pfmp import documents, paper_text, safety, selectors
from pfmp.models import Placement
from schools.models import School

DRAFT = "à éditer"


class Command(JsonLineCommand):
    help = "Écrit la convention de PFMP d’un placement en PDF, et répond en une ligne JSON."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("uai", help="UAI de l’établissement")
        parser.add_argument("placement_id", help="identifiant du placement dans le dossier")
        parser.add_argument("out", help="fichier PDF à écrire")

    def answer(self, **options: Any) -> dict[str, Any]:
        """Pages and SHA-256 of the file; refused with every blocking reason, or when the file cannot be written.

        An issued convention is drawn from what was frozen; else from the data of today, and nothing is saved.
        """
        uai, placement_id, out = options["uai"].strip().upper(), options["placement_id"], Path(options["out"])
        school = School.objects.filter(uai=uai).first()
        if school is None:
            raise Refused(f"Aucun établissement n’a l’UAI {uai}.")
        found = documents.with_relations(Placement.objects.in_school(school)).filter(dossier_id=placement_id).first()
        if found is None:
            raise Refused(f"Aucun placement n’a l’identifiant « {placement_id} » dans l’établissement {uai}.")
        paper = self._paper(found, school)
        try:
            out.write_bytes(paper)
        except OSError as error:
            raise Refused(
                f"Le fichier {out} ne peut pas être écrit : vérifiez que son dossier existe, qu’il est à vous et que le "
                "disque n’est pas plein."
            ) from error
        return {"ok": True, "pages": pdf.page_count(paper), "sha256": hashlib.sha256(paper).hexdigest()}

    def _paper(self, placement: Placement, school: School) -> bytes:
        issued = selectors.latest_papers([placement]).get(placement.dossier_id)
        if issued and issued.sha256 and issued.file:
            with issued.file.open("rb") as file:
                return bytes(file.read())
        if issued and issued.content:
            content = documents.ConventionContent.from_json(issued.content)
            return documents.render(content, versions.text_of(issued, paper_text.model_of(content.kind)))
        checked = selectors.check_placement(
            placement
        )  # the board's vote (R-CONV-07) leaves a dotted line, it does not block
        if checked.blocking:
            reasons = [f"{problem.rule} : {problem.message}" for problem in checked.blocking]
            raise Refused(" ".join(reasons), regles=[problem.rule for problem in checked.blocking])
        content = documents.content_of(
            placement,
            number=issued.number if issued else DRAFT,
            version=issued.edition if issued else 1,
            issued_date=timezone.localdate(),
            checked=checked,
            referents=documents.referents_of([placement]),
            country_sheet=safety.country_texts(school, {placement.country}).get(placement.country, ""),
        )
        return documents.render(content, versions.text_for(school, paper_text.model_of(content.kind)))
