"""Lists: tables, what their cells say, sums above, pages below, and what is done to several lines at once."""

from collections.abc import Iterable
from typing import Any

from django import template
from django.core.paginator import Page
from django.http import HttpRequest, QueryDict
from django.template import Context
from django.utils.html import format_html, linebreaks
from django.utils.safestring import SafeString, mark_safe

from core import french
from core.components import drawing, words

register = template.Library()

PAGE_SIZES = (25, 50, 100, 200)


@register.simple_block_tag(takes_context=True)
def table(
    context: Context,
    content: str,
    caption: str,
    show_caption: bool = False,
    cards: bool = True,
    css: str = "",
    boxed: bool = True,
) -> SafeString:
    """A table in its white box; between the tags, thead and tbody. `caption` says what of, when, and the order.

    Up to 56rem each row becomes a card: `th scope="row"` first, `.when` beside it, `td data-label="…"` labelled.
    `boxed=False` inside a panel.
    """
    return drawing.draw(
        "table",
        context,
        content=mark_safe(content),
        caption=caption,
        show_caption=show_caption,
        cards=cards,
        css=css,
        boxed=boxed,
    )


def address_with(request: HttpRequest | None, changes: dict[str, str | None]) -> str:
    """The page's query string with some values changed, or removed when None; always back to its first page."""
    query = request.GET.copy() if request else QueryDict(mutable=True)
    query.pop("page", None)
    for name, value in changes.items():
        if value is None:
            query.pop(name, None)
        else:
            query[name] = value
    return f"?{query.urlencode()}" if query else "?"


@register.simple_tag
def written(kind: str, value: Any, href: str = "", status_kind: str = "") -> Any:
    """A value as a list or an identity panel writes it. A tag and not a fragment: a page has it by the hundred.

    `kind`: text (with `href`, a link), date, number, euros, yesno, paragraph, or badge (a code of core.status).
    """
    if value is None or value == "":
        return ""
    match kind:
        case "date":
            return f"{value:%d/%m/%Y}"
        case "badge":
            return words.status(value, status_kind)
        case "euros":
            return french.euros(value)
        case "yesno":
            return "oui" if value else "non"
        case "number":
            return french.number(value)
        case "paragraph":
            return format_html('<div class="prose">{}</div>', mark_safe(linebreaks(value, autoescape=True)))
    return format_html('<a href="{}">{}</a>', href, value) if href else value


@register.inclusion_tag("components/sort_header.html", takes_context=True)
def sort_header(context: Context, label: str, field: str, css: str = "") -> dict[str, Any]:
    """A column head that sorts: `tri=nom`, then `tri=-nom`."""
    request: HttpRequest | None = context.get("request")
    now = request.GET.get("tri", "") if request else ""
    return {
        "label": label,
        "css": css,
        "url": address_with(request, {"tri": f"-{field}" if now == field else field}),
        "order": "ascending" if now == field else "descending" if now == f"-{field}" else "",
    }


@register.inclusion_tag("components/sums.html", takes_context=True)
def sums(
    context: Context,
    name: str,
    entries: Iterable[Any],
    lead: str = "",
    lead_text: str = "",
    chart: str = "",
    kind: str = "",
) -> dict[str, Any]:
    """Sums above a table, which are filters: `entries` are (code, count); a click sets `name=code` in the address."""
    request: HttpRequest | None = context.get("request")
    now = request.GET.get(name, "") if request else ""
    return {
        "lead": lead,
        "lead_text": lead_text,
        "chart": chart,
        "kind": kind,
        "entries": [
            {
                "code": code,
                "count": number,
                "current": now == code,
                "url": address_with(request, {name: None if now == code else code}),
            }
            for code, number in entries
        ],
    }


@register.inclusion_tag("components/pagination.html", takes_context=True)
def pagination(context: Context, page: Page, noun: str = "ligne", plural: str = "") -> dict[str, Any]:
    """« 26 à 50 sur 300 partenaires », the pages, and how many a page (`par_page`, at most 200)."""
    request: HttpRequest | None = context.get("request")
    total, size = page.paginator.count, page.paginator.per_page

    def address(number: int) -> str:
        query = request.GET.copy() if request else QueryDict(mutable=True)
        query["page"] = str(number)
        return f"?{query.urlencode()}"

    return {
        "page": page,
        "total": french.plural(total, noun, plural),
        "first": french.number(page.start_index()),
        "last": french.number(page.end_index()),
        "previous_url": address(page.number - 1) if page.has_previous() else "",
        "next_url": address(page.number + 1) if page.has_next() else "",
        "numbers": [
            (
                number if isinstance(number, int) else "…",
                address(number) if isinstance(number, int) else "",
                number == page.number,
            )
            for number in page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
        ]
        if page.paginator.num_pages > 1
        else [],
        "sizes": [(n, address_with(request, {"par_page": str(n)}), n == size) for n in PAGE_SIZES]
        if total > PAGE_SIZES[0]
        else [],
    }


@register.simple_block_tag(takes_context=True)
def bulk_bar(context: Context, content: str, noun: str, plural: str = "", reason: str = "") -> SafeString:
    """At the end of the form around a table with `.pick` boxes: shown once something is picked, names the count."""
    return drawing.draw(
        "bulk_bar",
        context,
        content=mark_safe(content.strip()),
        noun=noun,
        plural=plural or f"{noun}s",
        reason=reason,
    )
