"""The link by which an invited person chooses their first password: signed, one use, seven days (S-16, S-18).

Nothing is stored: the signature covers the account's current password, so that choosing one, or inviting again, kills
every earlier link. It opens accounts without a password only, and so never resets anybody's.
"""

from uuid import UUID

from django.conf import settings
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.utils.http import base36_to_int

from accounts.models import User
from core import site

DAYS = 7


class InvitationTokens(PasswordResetTokenGenerator):
    """Django's tokens with a purpose and a life of their own."""

    key_salt = "accounts.invitations"

    def check_token(self, user: User | None, token: str | None) -> bool:
        """Whether this token was made for this account as it is now, at most seven days ago."""
        if user is None or not token:
            return False
        try:
            moment = base36_to_int(token.split("-", 1)[0])
        except ValueError:
            return False
        expected = self._make_token_with_timestamp(user, moment, self.secret)
        age = self._num_seconds(self._now()) - moment
        return constant_time_compare(expected, token) and age <= DAYS * 86400


tokens = InvitationTokens()


def link(user: User) -> str:
    """The whole address of the invitation of an account that has no password yet."""
    return site.address() + reverse("accounts:invitation", args=[user.public_id.hex, tokens.make_token(user)])


def sign_in() -> str:
    """The whole address of the sign-in page, for who has a password already."""
    return site.address() + reverse(settings.LOGIN_URL)


def invited(who: str, token: str) -> User | None:
    """The account that a link opens; None when the link is wrong, used, replaced or too old."""
    try:
        public_id = UUID(hex=who)
    except ValueError:
        return None
    user = User.objects.filter(public_id=public_id, is_active=True).first()
    if user is None or user.has_usable_password():
        return None
    return user if tokens.check_token(user, token) else None
