"""`invite EMAIL --uai UAI --role ROLE`: opens an account in a school, and gives the link that chooses its password."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from accounts import invitations
from core.commands import JsonLineCommand, Refused
from core.uai import is_uai
from schools import services
from schools.enums import Role
from schools.models import School


class Command(JsonLineCommand):
    help = "Ouvre un accès à un lycée et donne le lien d’invitation : un seul usage, sept jours."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", help="adresse électronique de la personne")
        parser.add_argument("--uai", required=True, help="UAI du lycée")
        parser.add_argument("--role", required=True, choices=Role.values, help="rôle dans ce lycée")
        parser.add_argument("--first-name", default="", metavar="PRÉNOM")
        parser.add_argument("--last-name", default="", metavar="NOM")
        parser.add_argument(
            "--school-name", default="", metavar="NOM", help="crée le lycée quand il n’existe pas encore"
        )

    @transaction.atomic
    def answer(self, **options: Any) -> dict[str, Any]:
        """The link; refused when the school is unknown, the address is not one, or the account is closed."""
        try:
            member = services.invite(
                school=school_of(options["uai"].strip().upper(), options["school_name"].strip()),
                email=options["email"],
                role=Role(options["role"]),
                first_name=options["first_name"].strip(),
                last_name=options["last_name"].strip(),
            )
        except (ValidationError, PermissionDenied) as problem:
            said = problem.messages if isinstance(problem, ValidationError) else [str(problem)]
            raise Refused(" ".join(said)) from None
        account = member.user
        assert account is not None
        if account.has_usable_password():
            self.stderr.write("Cette personne a déjà un mot de passe : elle se connecte, et voit aussi ce lycée.")
            return {"url": invitations.sign_in()}
        self.stderr.write(
            f"{member.full_name}, {member.get_role_display()}, {member.school}. "
            f"Envoyez ce lien à cette personne seule : il sert une fois, pendant {invitations.DAYS} jours."
        )
        return {"url": invitations.link(account)}


def school_of(uai: str, name: str) -> School:
    """The school of a UAI, made when a name is given for it; Refused otherwise."""
    school = School.objects.filter(uai=uai).first()
    if school is not None:
        return school
    if not is_uai(uai):
        raise Refused(f"« {uai} » n’est pas un UAI : sept chiffres et leur lettre clé.")
    if not name:
        raise Refused(
            f"Aucun établissement n’a l’UAI {uai}. Importez son dossier, ou donnez son nom avec --school-name."
        )
    return services.open_school(uai=uai, name=name)
