"""Sheets to print and hand over: one page a signer, with the QR code of their personal link (`LinkChannel.SHEET`)."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone

from core import pdf, qr, tokens, typography
from documents import links, signing_book
from documents.enums import LinkChannel
from documents.models import Document, Signature

STYLES = ("paper", "signing_sheet")


def rows_of(documents: Iterable[Document]) -> list[Signature]:
    """The missing signers of papers of one school, paper after paper, in their turn.

    Colleagues, who sign from their account, get no sheet unless one is asked for by name.
    """
    papers = {document.pk: document for document in documents}
    if not papers:
        return []
    school = next(iter(papers.values())).school
    rows = list(
        Signature.objects.in_school(school)
        .filter(document__in=papers)
        .awaited()
        .exclude(role__in=signing_book.OWN_BOXES)
        .order_by("turn", "pk")
    )
    for row in rows:
        row.document, row.school = papers[row.document_id], school
    order = {pk: rank for rank, pk in enumerate(papers)}
    return sorted(rows, key=lambda row: order[row.document_id])


@transaction.atomic
def sheets(signatures: Sequence[Signature], *, by: Any, now: datetime) -> bytes:
    """A PDF with a page and a fresh link for each of these signatures. The code still goes to the address on file.

    Raises ValidationError when nothing waits for a signature.
    """
    asked = [row for row in signatures if links.may_link(row, row.document, now=now)]
    if not asked:
        raise ValidationError("Aucune signature n’est attendue en ligne sur ce document.")
    pages = []
    for row in asked:
        link, url = links.create(row, channel=LinkChannel.SHEET, by=by, now=now)
        address = tokens.masked(row.email) if row.email else ""
        pages.append(
            {
                "school": row.school,
                "document": row.document,
                "paper": row.document.get_type_display(),
                "role": row.get_role_display(),
                "name": row.name,
                "url": url,
                "qr": qr.picture(url),
                "until": typography.long_date(timezone.localdate(link.expires_at)),
                "address": address,
            }
        )
    html = render_to_string("pdf/signing_sheet.html", {"pages": pages})
    return pdf.render(html, title="Feuillets de signature", styles=STYLES)
