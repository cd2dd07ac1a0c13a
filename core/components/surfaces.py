"""Surfaces: panels and sections, margin lists, facts, and what stands where nothing is yet."""

from collections.abc import Iterable
from typing import Any

from django import template
from django.template import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify

from core.components import drawing, words

register = template.Library()


@register.simple_block_tag(takes_context=True)
def panel(
    context: Context,
    content: str,
    title: str = "",
    count: int | None = None,
    link_label: str = "",
    link_url: str = "",
    bare: bool = False,
    id: str = "",
) -> SafeString:
    """A white box with its h2. `bare`: no inner space, for a table. A panel never sits in a panel."""
    return _section("panel", context, content, title, count, link_label, link_url, id, bare=bare)


@register.simple_block_tag(takes_context=True)
def section(
    context: Context,
    content: str,
    title: str = "",
    count: int | None = None,
    link_label: str = "",
    link_url: str = "",
    id: str = "",
) -> SafeString:
    """A title and what follows, without a box: above a margin list, a table, some text."""
    return _section("section", context, content, title, count, link_label, link_url, id)


def _section(
    name: str,
    context: Context,
    content: str,
    title: str,
    number: int | None,
    link_label: str,
    link_url: str,
    anchor: str,
    **more: Any,
) -> SafeString:
    if title and not anchor:
        anchor = f"partie-{slugify(title)}"
    return drawing.draw(
        name,
        context,
        content=mark_safe(content.strip()),
        title=title,
        number=number,
        link_label=link_label,
        link_url=link_url,
        anchor=anchor,
        **more,
    )


@register.simple_block_tag(takes_context=True)
def marge(context: Context, content: str, label: str = "") -> SafeString:
    """The margin list; between the tags, `{% marge_item %}`s. `label` names it when no title does."""
    return drawing.draw("marge", context, content=mark_safe(content.strip()), label=label)


@register.simple_block_tag(takes_context=True)
def marge_item(
    context: Context,
    content: str,
    title: str,
    when: str = "",
    late: bool = False,
    url: str = "",
    icon: str = "",
    state: str = "",
    kind: str = "",
    action_label: str = "",
    action_url: str = "",
    action_icon: str = "",
    post: bool = False,
) -> SafeString:
    """One line of a margin list or timeline: `when` left of the line, then title, text, and one thing to do."""
    return drawing.draw(
        "marge_item",
        context,
        title=title,
        when=when,
        late=late,
        url=url,
        icon=icon,
        badge=words.status(state, kind) if state else "",
        text=mark_safe(content.strip()),
        action_label=action_label,
        action_url=action_url,
        action_icon=action_icon,
        post=post,
    )


@register.simple_block_tag(takes_context=True)
def facts(context: Context, content: str) -> SafeString:
    """A definition list; between the tags, `{% fact %}`s."""
    return format_html('<dl class="facts">{}</dl>', mark_safe(content))


@register.simple_tag
def fact(label: str, value: Any = "", url: str = "", empty: str = "") -> SafeString:
    """A label and its value. Without a value the line is left out, unless `empty` says what to write."""
    if value is None or value == "":
        if not empty:
            return mark_safe("")
        return format_html('<dt>{}</dt><dd class="muted">{}</dd>', label, empty)
    shown = format_html('<a href="{}">{}</a>', url, value) if url else value
    return format_html("<dt>{}</dt><dd>{}</dd>", label, shown)


@register.inclusion_tag("components/empty_state.html", takes_context=True)
def empty_state(
    context: Context,
    text: str,
    action_label: str = "",
    action_url: str = "",
    action_icon: str = "plus-lg",
    may: Any = True,
    links: Iterable[Any] = (),
) -> dict[str, Any]:
    """One sentence on what will be here, one action. `links`: records that the sentence proposes, after it."""
    return {
        "links": links,
        "text": text,
        "action_label": action_label,
        "action_url": action_url,
        "action_icon": action_icon,
        "may": may,
    }


@register.simple_tag(takes_context=True)
def empty_row(
    context: Context,
    columns: int,
    text: str,
    action_label: str = "",
    action_url: str = "",
    links: Iterable[Any] = (),
) -> SafeString:
    """The same at the place of a table's first row. `links`: records that the text proposes, after it."""
    inner = drawing.draw(
        "empty_state",
        context,
        text=text,
        action_label=action_label,
        action_url=action_url,
        action_icon="plus-lg",
        may=True,
        links=links,
    )
    return format_html('<tr class="empty-row"><td colspan="{}">{}</td></tr>', columns, inner)


@register.inclusion_tag("components/skeleton.html")
def skeleton(rows: int = 5, columns: int = 4) -> dict[str, Any]:
    """Grey rows that show only past 400 ms of waiting; put `htmx-indicator` around them."""
    return {"rows": range(rows), "columns": range(columns)}


@register.inclusion_tag("components/verdicts.html")
def verdicts(problems: Iterable[Any]) -> dict[str, Any]:
    """What the rules say. `problems`: (code of core.status: bloquant, a_justifier, non_controlable, conforme; text; source)."""
    return {"problems": problems}
