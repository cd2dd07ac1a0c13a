"""The HTML page that becomes the paper, an agreement or an avenant."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.template.loader import render_to_string

from conventions import paper_text
from conventions.documents import words
from conventions.documents.content import AgreementContent
from core import typography
from documents import verifying
from documents.subjects import Mark
from documents.wording import syntax
from documents.wording.texts import Article, PaperText


def title_of(content: AgreementContent) -> str:
    """The title of the file, as readers and screen readers announce it."""
    kind = "Avenant à la convention de partenariat" if content.amends_number else "Convention de partenariat"
    return f"{kind} n° {content.number}, {content.partner.name}"


def html(content: AgreementContent, text: PaperText | None = None, marks: Sequence[Mark] = ()) -> str:
    """The page that becomes the paper; ``marks`` fills the boxes of those who signed. ``text``: the shipped one without it."""
    text = text or paper_text.MODEL.default()
    filling = words.filling_of(content)
    return render_to_string(
        "pdf/agreement.html",
        {
            "content": content,
            "title": title_of(content),
            "heading": "Avenant à la convention de partenariat" if content.amends_number else text.title,
            "text_version": text.version,
            "logos": words.drawn(content.logos, words.LOGO_BOX),
            "parties": words.parties(content),
            "visas": text.printed_visas(filling),
            "openings": [syntax.blocks(body, filling) for body in text.openings.values()],
            "articles": [_article(article, content, filling) for article in text.articles],
            "promises": content.promises,
            "promises_note": syntax.blocks(text.annexes.get("engagements", ""), filling),
            "boxes": words.boxes(content, {mark.role: mark for mark in marks}),
            "verify": verifying.printed(content.verify_url),
        },
    )


def _article(article: Article, content: AgreementContent, filling: syntax.Filling) -> dict[str, Any]:
    return {
        "number": article.number,
        "title": syntax.inline(article.title),
        "blocks": syntax.blocks(article.text, filling),
        "lists": _lists(article.shows, content),
    }


def _lists(shows: str, content: AgreementContent) -> list[tuple[str, list[str]]]:
    """What is listed under an article: (a lead or "", items)."""
    match shows:
        case "axes":
            return [("", _french_all(content.axes))]
        case "actions":
            found = [("Actions prévues : ", content.actions), ("Publics concernés : ", content.publics)]
            return [(typography.french(lead), _french_all(items)) for lead, items in found if items]
        case "reviews" if content.reviews:
            return [(typography.french("Bilans prévus : "), [typography.long_date(day) for day in content.reviews])]
    return []


def _french_all(items: Iterable[str]) -> list[str]:
    return [typography.french(item) for item in items]
