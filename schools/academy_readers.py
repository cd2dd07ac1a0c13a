"""Who reads the counts of an académie (role `academie`): given and taken by who runs the installation, never by a lycée."""

from django.contrib.auth.models import AnonymousUser
from django.core.validators import validate_email
from django.db import transaction

from accounts.models import User
from accounts.services import prepare_account
from core import audit
from core.verdict import Denied, demand
from schools.models import AcademyReader
from schools.services import names_in


@transaction.atomic
def give(email: str, academy: str) -> AcademyReader:
    """Open the pages of an académie to the account of an address, made when there is none.

    Raises ValidationError for what is no address, PermissionDenied for a closed account.
    """
    email = email.strip().lower()
    validate_email(email)
    first_name, last_name = names_in(email)
    account = prepare_account(email=email, first_name=first_name, last_name=last_name)
    if not account.is_active:
        demand(Denied("Ce compte est fermé : il ne peut pas recevoir ce rôle."))
    reader, _ = AcademyReader.objects.update_or_create(user=account, academy=academy, defaults={"is_active": True})
    audit.record("schools.academy_reader_given", reader, academy=academy)
    return reader


@transaction.atomic
def remove(email: str, academy: str) -> bool:
    """Close them at once; False when they were not open."""
    rows = AcademyReader.objects.filter(user__email__iexact=email.strip(), academy=academy, is_active=True)
    reader = rows.first()
    if reader is None:
        return False
    rows.update(is_active=False)
    audit.record("schools.academy_reader_removed", reader, academy=academy)
    return True


def reads_some(user: User | AnonymousUser) -> bool:
    """Is this account a reader of an académie?"""
    return user.is_authenticated and AcademyReader.objects.filter(user=user, is_active=True).exists()
