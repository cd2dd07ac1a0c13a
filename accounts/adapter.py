"""How django-allauth behaves here: accounts are opened by invitation, and its mail goes through the outbox."""

import hashlib
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.sites.shortcuts import get_current_site
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from core import mail


class InvitedOnly(DefaultAccountAdapter):
    """No public sign-up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """One row of the outbox: asking twice within a minute sends one message."""
        words = {"request": self.request, "email": email, "current_site": get_current_site(self.request), **context}
        message = self.render_mail(template_prefix, email, words)
        minute = timezone.now().strftime("%Y%m%d%H%M")
        about = hashlib.sha256(f"{template_prefix}:{email.lower()}".encode()).hexdigest()[:16]
        with transaction.atomic():
            mail.send_later(
                to=email, subject=message.subject, body=message.body, key=f"account:{about}:{minute}", urgent=True
            )
