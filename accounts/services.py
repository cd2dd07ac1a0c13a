"""Verbs that write in accounts."""

from django.contrib.auth.hashers import make_password
from django.db import transaction

from accounts.models import User
from core import audit


@transaction.atomic
def prepare_account(*, email: str, first_name: str, last_name: str) -> User:
    """The account of an address, made without a password when there is none.

    An account that waits for its first password gets a new secret: the links of earlier invitations die.
    """
    user = User.objects.filter(email=email.strip().lower()).first()
    if user is None:
        user = User.objects.create_user(email, first_name=first_name, last_name=last_name)
        audit.record("accounts.account_opened", user)
    elif not user.has_usable_password():
        user.set_unusable_password()
        user.save(update_fields=["password"])
    return user


@transaction.atomic
def choose_first_password(user: User, password: str) -> bool:
    """Give an invited person's account its password; False when another request did it first."""
    waiting = User.objects.filter(pk=user.pk, password=user.password, is_active=True)
    if not waiting.update(password=make_password(password)):
        return False
    audit.record("accounts.password_chosen", user, by=user)
    return True
