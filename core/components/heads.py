"""The head of the page: where one is, its title and its actions, the notes and notices under it, tabs and steps."""

from collections.abc import Iterable
from typing import Any

from django import template
from django.contrib.messages import constants as levels
from django.http import HttpRequest
from django.template import Context
from django.utils.safestring import SafeString, mark_safe

from core.components import drawing, words
from core.notices import UNDO

register = template.Library()

ICON_OF_TONE = {
    "ok": "check2-circle",
    "doing": "info-circle",
    "wait": "exclamation-triangle",
    "stop": "x-octagon",
    "calm": "info-circle",
}


@register.inclusion_tag("components/breadcrumbs.html")
def breadcrumbs(*labels_and_urls: str) -> dict[str, Any]:
    """`{% breadcrumbs "Partenaires" list_url partner.name %}`: label, address, …, and the page itself last."""
    *steps, here = labels_and_urls
    return {"steps": list(zip(steps[::2], steps[1::2], strict=True)), "here": here}


@register.simple_block_tag(takes_context=True)
def page_header(
    context: Context, content: str, title: str, beside: str = "", state: str = "", kind: str = "", lead: str = ""
) -> SafeString:
    """h1, its state, one grey sentence (`lead`), and at the right the actions written between the tags."""
    badge = words.status(state, kind) if state else ""
    return drawing.draw(
        "page_header",
        context,
        title=title,
        beside=beside,
        badge=badge,
        lead=lead,
        actions=mark_safe(content.strip()),
    )


@register.simple_tag(takes_context=True)
def action(
    context: Context,
    label: str,
    url: str = "",
    icon: str = "",
    primary: bool = False,
    danger: bool = False,
    quiet: bool = False,
    post: bool = False,
    may: Any = True,
    about: str = "",
) -> SafeString:
    """A link that looks like a button; with `post`, a real button that posts to `url`.

    `may` is a Verdict: refused, the button is greyed and its reason is written beside it.
    `about` completes the label for a screen reader (« Relancer » → « Relancer Énergies Soleil-Haut »).
    """
    return drawing.draw(
        "action",
        context,
        label=label,
        url=url,
        icon=icon,
        css="btn-primary" if primary else "btn-danger" if danger else "btn-link" if quiet else "",
        post=post,
        allowed=bool(may),
        reason=getattr(may, "reason", ""),
        about=about,
    )


@register.simple_block_tag(takes_context=True)
def note(
    context: Context,
    content: str,
    tone: str = "doing",
    icon: str = "",
    action_label: str = "",
    action_url: str = "",
    post: bool = False,
) -> SafeString:
    """One line under the title: the next step, the draft to resume, the data that is missing. It holds its button."""
    return drawing.draw(
        "note",
        context,
        text=mark_safe(content.strip()),
        tone=tone,
        icon=icon or ICON_OF_TONE[tone],
        action_label=action_label,
        action_url=action_url,
        post=post,
    )


@register.simple_tag(takes_context=True)
def notices(context: Context) -> SafeString:
    """The messages of the last action, in a live region that is always there."""
    tones = {levels.SUCCESS: "ok", levels.WARNING: "wait", levels.ERROR: "stop"}
    lines = []
    for message in context.get("messages") or ():
        extra = message.extra_tags or ""
        tone = tones.get(message.level, "doing")
        undo_url = extra.removeprefix(UNDO) if extra.startswith(UNDO) else ""
        lines.append({"text": str(message), "tone": tone, "icon": ICON_OF_TONE[tone], "undo_url": undo_url})
    return drawing.draw("notices", context, lines=lines)


@register.inclusion_tag("components/tabs.html", takes_context=True)
def tabs(context: Context, label: str, entries: Iterable[Any]) -> dict[str, Any]:
    """Links drawn as tabs. `entries`: (label, url, count or None). The one whose address is the page's is current."""
    request: HttpRequest | None = context.get("request")
    here = request.path if request else ""
    shown = [
        {"label": name, "url": url, "count": number, "current": url.partition("?")[0] == here}
        for name, url, number in entries
    ]
    return {
        "label": label,
        "entries": shown,
        "here": next((entry["label"] for entry in shown if entry["current"]), label),
    }


@register.inclusion_tag("components/steps.html")
def steps(current: int, *labels: str) -> dict[str, Any]:
    """`{% steps 2 "Fichier" "Contrôle" "Import" %}`: where one is in a task of several pages."""
    return {"current": current, "labels": labels}
