"""A digest of the business data: equal when, and only when, the canonical exports are equal."""

import hashlib
from typing import Any

from django.core.management.base import CommandParser

from core.commands import JsonLineCommand, Refused
from exchange import exports
from schools.models import School


class Command(JsonLineCommand):
    help = "Empreinte des données d’un établissement, ou de tous : celle de leur export."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("uai", nargs="?", default="", help="UAI de l’établissement ; sans lui, tous")

    def answer(self, **options: Any) -> dict[str, Any]:
        """One digest per school, and one of them all."""
        uai = options["uai"].strip().upper()
        schools = School.objects.filter(uai=uai) if uai else School.objects.order_by("uai")
        found = {school.uai: exports.collect(school).digest for school in schools}
        if uai and not found:
            raise Refused(f"Aucun établissement n’a l’UAI {uai}.")
        whole = hashlib.sha256("".join(f"{name} {digest}\n" for name, digest in found.items()).encode())
        return {"ok": True, "sha256": found[uai] if uai else whole.hexdigest(), "etablissements": found}
