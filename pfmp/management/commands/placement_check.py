"""What the rules say of a placement, before its convention is issued."""

from typing import Any

from django.core.management.base import CommandParser

from core.commands import JsonLineCommand, Refused
from pfmp import selectors
from pfmp.models import Placement
from schools.models import School


class Command(JsonLineCommand):
    help = "Contrôle un placement : règles enfreintes et règles non contrôlables, en une ligne JSON."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("uai", help="UAI de l’établissement")
        parser.add_argument("placement_id", help="identifiant du placement dans le dossier")

    def answer(self, **options: Any) -> dict[str, Any]:
        """The problems and the rules that lack a datum; refused when the school or the placement is unknown."""
        uai, placement_id = options["uai"].strip().upper(), options["placement_id"]
        school = School.objects.filter(uai=uai).first()
        if school is None:
            raise Refused(f"Aucun établissement n’a l’UAI {uai}.")
        placement = Placement.objects.in_school(school).filter(dossier_id=placement_id).first()
        if placement is None:
            raise Refused(f"Aucun placement n’a l’identifiant « {placement_id} » dans l’établissement {uai}.")
        return selectors.check_placement(placement, approval=selectors.board_approval(school)).as_json()
