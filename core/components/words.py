"""Words and marks: icons, states, counts. They come by the dozen in a list, so their HTML is written here."""

from functools import lru_cache

from django import template
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from core import french
from core import status as statuses

register = template.Library()


@register.simple_tag
def icon(name: str, css: str = "") -> SafeString:
    """A Bootstrap icon beside a word. It is decoration: the word says the same."""
    return _icon(name, css)


@lru_cache(maxsize=512)  # they come by the dozen in a list, and the address of the sprite costs more than the rest
def _icon(name: str, css: str) -> SafeString:
    return format_html(
        '<svg class="ico{}" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>',
        f" {css}" if css else "",
        static("build/icons.svg"),
        name,
    )


@register.simple_tag
def status(code: str | None, kind: str = "", count: int | None = None) -> SafeString:
    """Icon, word and colour of a state of core/status.py; with `count`, « 4 Sans place »."""
    if code is None or code == "":
        return mark_safe("")
    state = statuses.find(code, kind)
    return format_html(
        '<span class="status status-{}">{}<span>{}{}</span></span>',
        state.tone,
        icon(state.icon),
        "" if count is None else format_html("<b>{}</b> ", french.number(count)),
        state.word,
    )


@register.simple_tag
def tag(text: str, icon_name: str = "", tone: str = "calm") -> SafeString:
    """A free mark for what the word list cannot know (« Bien passé : 11 »)."""
    return format_html(
        '<span class="status status-{}">{}<span>{}</span></span>', tone, icon(icon_name) if icon_name else "", text
    )


@register.simple_tag
def count(value: int, meaning: str = "") -> SafeString:
    """A small number beside a word; `meaning` is what a screen reader adds (« en attente »)."""
    more = format_html('<span class="visually-hidden"> {}</span>', meaning) if meaning else ""
    return format_html('<span class="count">{}{}</span>', french.number(value), more)


@register.simple_tag
def signatures(signed: int, total: int = 5, missing: str = "") -> SafeString:
    """Marks, tall when signed and low when not, then « 3 sur 5 », then who is missing."""
    marks = format_html_join(
        "",
        '<rect class="{}" x="{}" y="{}" width="8" height="{}" rx="1.5"/>',
        (("on", 11 * i, 0, 10) if i < signed else ("off", 11 * i, 6, 4) for i in range(total)),
    )
    who = format_html('<span class="marks-missing">manque {}</span>', missing) if missing else ""
    return format_html(
        '<span class="marks"><svg width="{}" height="10" aria-hidden="true">{}</svg><span>{} sur {}</span></span> {}',
        11 * total - 3,
        marks,
        signed,
        total,
        who,
    )
