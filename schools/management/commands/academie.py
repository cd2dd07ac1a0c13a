"""`academie EMAIL ACADÉMIE [--retirer]`: gives or removes the role `academie`, which reads the counts of its lycées."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from accounts import invitations
from core.commands import JsonLineCommand, Refused
from schools import academy_readers
from schools.models import School


class Command(JsonLineCommand):
    help = "Donne ou retire le rôle académie : il lit les chiffres publiés des lycées d’une académie, jamais un nom."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", help="adresse électronique de la personne")
        parser.add_argument("academy", metavar="ACADÉMIE", help="telle qu’elle est écrite sur la fiche des lycées")
        parser.add_argument("--retirer", action="store_true", help="ferme l’accès aussitôt")

    @transaction.atomic
    def answer(self, **options: Any) -> dict[str, Any]:
        """Who reads what; refused for an académie without a lycée here, a wrong address, a closed account."""
        email, academy = options["email"].strip().lower(), options["academy"].strip()
        schools = School.objects.filter(academy=academy).count()
        if options["retirer"]:
            if not academy_readers.remove(email, academy):
                raise Refused("Cette personne ne lit pas cette académie.")
            return {"ok": True, "academie": academy, "ouvert": False}
        if not schools:
            raise Refused(f"Aucun lycée de cette plateforme n’est de l’académie « {academy} ».")
        try:
            reader = academy_readers.give(email, academy)
        except (ValidationError, PermissionDenied) as problem:
            said = problem.messages if isinstance(problem, ValidationError) else [str(problem)]
            raise Refused(" ".join(said)) from None
        account = reader.user
        url = invitations.sign_in() if account.has_usable_password() else invitations.link(account)
        return {"ok": True, "academie": academy, "ouvert": True, "lycees": schools, "url": url}
