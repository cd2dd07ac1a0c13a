"""What tests of online signing share: a paper with its PDF, links, the code that left by mail."""

import re
from datetime import datetime
from typing import Any

from django.test import Client
from django.utils import timezone

from core.models import OutboxMessage
from documents import links
from documents import services as papers
from documents.enums import LinkChannel
from documents.models import Document, Signature
from tests.documents.parties import row as row
from tests.factories import DocumentFactory, SignatureFactory

PDF = b"%PDF-1.7 the paper that people sign"


def paper(school: Any, *roles: str, content: dict[str, Any] | None = None, **more: Any) -> Document:
    """An issued paper of a school with its PDF, and an awaited signature of each role, with an address."""
    document = DocumentFactory(school=school, content=content or {}, **more)
    papers.store(document, PDF)
    for role in roles:
        SignatureFactory(
            school=school, document=document, role=role, name=f"Nom {role}", email=f"{role}@exemple.fr", position=""
        )
    document.refresh_from_db()
    return document


def link(signature: Signature, *, now: datetime | None = None, **more: Any) -> str:
    """The path of a fresh link."""
    _, url = links.create(signature, channel=LinkChannel.COPY, by=None, now=now or timezone.now(), **more)
    return "/signer/" + url.split("/signer/")[1]


def last_code(email: str = "") -> str:
    """The six digits of the last code mailed."""
    rows = OutboxMessage.objects.filter(key__startswith="signing-code:")
    if email:
        rows = rows.filter(recipient=email)
    found = re.search(r"^    (\d{6})$", rows.order_by("-pk")[0].body, re.MULTILINE)
    assert found is not None
    return found[1]


def enter(client: Client, path: str) -> Any:
    """Ask for a code, type it; returns the page behind."""
    client.post(f"{path}code/")
    return client.post(f"{path}code/", {"code": last_code()}, follow=True)


def sign(client: Client, path: str, document: Document, **more: Any) -> Any:
    return client.post(f"{path}document/", {"geste": "signer", "sha256": document.sha256, "accepted": "on", **more})
