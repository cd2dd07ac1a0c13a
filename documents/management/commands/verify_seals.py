"""Are the stored sealed files what they were?"""

from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from core.commands import JsonLineCommand, Refused
from core.sealing import certificates
from documents import sealing
from schools.models import School


class Command(JsonLineCommand):
    help = "Vérifie les fichiers scellés conservés : présents, inchangés, leur sceau intact et d’un certificat connu."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--uai", default="", help="un seul établissement ; sans lui, tous")

    def answer(self, **options: Any) -> dict[str, Any]:
        """How many were checked, and the primary keys of those that are damaged; what is wrong with certificates."""
        documents = sealing.sealed_documents()
        if uai := options["uai"].strip().upper():
            school = School.objects.filter(uai=uai).first()
            if school is None:
                raise Refused(f"Aucun établissement n’a l’UAI {uai}.")
            documents = documents.filter(school=school)
        known, checked, damaged = certificates.known(), 0, []
        for document in documents.iterator(chunk_size=200):
            checked += 1
            if found := sealing.damage(document, known):
                damaged.append({"document": document.pk, "message": found.message})
                self.stderr.write(f"{document.pk} : {found.message}")
        troubles = list(certificates.troubles(timezone.now()))
        for trouble in troubles:
            self.stderr.write(trouble)
        return {"ok": not damaged, "checked": checked, "damaged": damaged, "certificates": troubles}
