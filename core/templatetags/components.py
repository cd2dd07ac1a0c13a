"""`{% load components %}`: the pieces every page is made of. How to use each: docs/composants.md; all of them: /galerie/.

Tags with an end (`{% panel %}…{% endpanel %}`) wrap what the page writes between them. The HTML is in
templates/components/, except for the few that come by the dozen in a list (icon, status, marks), written here.
"""

import math
from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import Any

from django import template
from django.contrib.messages import constants as levels
from django.core.paginator import Page
from django.forms import BoundField, Form, widgets
from django.http import HttpRequest, QueryDict
from django.template import Context
from django.template.loader import get_template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.html import format_html, format_html_join, linebreaks
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify

from core import french, typography
from core import status as statuses
from core.models import Job
from core.notices import UNDO

register = template.Library()

ICON_OF_TONE = {
    "ok": "check2-circle",
    "doing": "info-circle",
    "wait": "exclamation-triangle",
    "stop": "x-octagon",
    "calm": "info-circle",
}
DASHES = "---------"
PAGE_SIZES = (25, 50, 100, 200)


def _draw(name: str, context: Context, **values: Any) -> SafeString:
    """A component's template with its parameters only: no context processor runs again for it."""
    inside = Context({**values, "request": context.get("request"), "csrf_token": context.get("csrf_token")})
    return get_template(f"components/{name}.html").template.render(inside)  # type: ignore[attr-defined]


# ------------------------------------------------------------------------------------------------- words and marks


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


# --------------------------------------------------------------------------------------------- head of the page


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
    badge = status(state, kind) if state else ""
    return _draw(
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
    return _draw(
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
    return _draw(
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
    return _draw("notices", context, lines=lines)


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


# ------------------------------------------------------------------------------------------------------ surfaces


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
    return _draw(
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
    return _draw("marge", context, content=mark_safe(content.strip()), label=label)


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
    return _draw(
        "marge_item",
        context,
        title=title,
        when=when,
        late=late,
        url=url,
        icon=icon,
        badge=status(state, kind) if state else "",
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
    inner = _draw(
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


# ---------------------------------------------------------------------------------------------------------- lists


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
    return _draw(
        "table",
        context,
        content=mark_safe(content),
        caption=caption,
        show_caption=show_caption,
        cards=cards,
        css=css,
        boxed=boxed,
    )


def _address(request: HttpRequest | None, changes: dict[str, str | None]) -> str:
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
            return status(value, status_kind)
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
        "url": _address(request, {"tri": f"-{field}" if now == field else field}),
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
                "url": _address(request, {name: None if now == code else code}),
            }
            for code, number in entries
        ],
    }


def _as_date(text: str) -> str:
    """A date of an address as one says it; any other text as it is."""
    try:
        return french.short_day(date.fromisoformat(text), year=True)
    except ValueError:
        return text


def name_empty_choice(field: BoundField, word: str) -> None:
    """Django's « --------- » becomes a word, in this form's own list."""
    widget = field.field.widget
    if isinstance(widget, widgets.Select):
        widget.choices = [(value, word if text == DASHES else text) for value, text in widget.choices]


class _FilterField:
    """A field of a filter form, with what the bar needs to draw it and to undo it."""

    def __init__(self, field: BoundField, request: HttpRequest | None) -> None:
        self.field = field
        self.widget = widget = field.field.widget
        self.is_checkbox = isinstance(widget, widgets.CheckboxInput)
        self.is_hidden = field.is_hidden
        self.is_wide = isinstance(widget, widgets.TextInput) and not isinstance(
            widget, widgets.DateInput | widgets.NumberInput
        )
        self.shown = self._shown()
        names = [field.html_name]
        if isinstance(widget, widgets.MultiWidget):
            names += [f"{field.html_name}{suffix}" for suffix in widget.widgets_names]  # type: ignore[attr-defined]
        self.off_url = _address(request, dict.fromkeys(names)) if self.shown else ""

    @cached_property
    def has_choice(self) -> bool:
        """False for a list with nothing to choose: the bar leaves it out, unless it filters already."""
        if self.shown or not isinstance(self.widget, widgets.Select):
            return True
        return any(value not in (None, "") for value, _ in self.widget.choices)

    @property
    def control(self) -> Any:
        name_empty_choice(self.field, "Indifférent")
        return self.field if self.is_checkbox else self.field.as_widget(attrs=self._attrs(self.widget))

    @staticmethod
    def _attrs(widget: widgets.Widget) -> dict[str, str | bool]:
        return {"class": "form-select" if isinstance(widget, widgets.Select) else "form-control"}

    def _shown(self) -> str:
        """The value in force, in words; empty when this field filters nothing."""
        value = self.field.value()
        values = value if isinstance(value, list | tuple) else [value]
        texts = [str(v) for v in values if v not in (None, "", False, "unknown")]
        if not texts:
            return ""
        if self.is_checkbox:
            return str(self.field.label)
        labels: dict[str, str] = {}
        for key, label in getattr(self.field.field, "choices", ()):
            for k, text in label if isinstance(label, list | tuple) else [(key, label)]:
                labels[str(k)] = str(text)
        return f"{self.field.label} : {', '.join(labels.get(text) or _as_date(text) for text in texts)}"


KEPT_BY_FILTERS = ("tri", "par_page", "colonnes")
"""What the address of a list says beside its filters, and keeps when they change."""


def _kept(request: HttpRequest | None, but: Iterable[str] = ()) -> list[tuple[str, str]]:
    lists = request.GET.lists() if request else ()
    return [(name, value) for name, values in lists if name in KEPT_BY_FILTERS and name not in but for value in values]


@register.inclusion_tag("components/filter_bar.html", takes_context=True)
def filter_bar(
    context: Context, form: Form, label: str = "Filtrer la liste", target: str = "", shown: int = 5
) -> dict[str, Any]:
    """A django-filter form as a bar with « Appliquer »; lists with nothing to choose are left out.

    `target`: the CSS selector of the results, which htmx then replaces as one types; without script nothing is lost. The
    results then draw `{% active_filters form %}` themselves, so that it follows them. Fields past the first `shown` go
    under « Plus de filtres ».
    """
    request: HttpRequest | None = context.get("request")
    fields = [_FilterField(field, request) for field in form]
    visible = [f for f in fields if not f.is_hidden and f.has_choice]
    return {
        "form": form,
        "label": label,
        "target": target,
        "hidden": [f for f in fields if f.is_hidden],
        "first": visible[:shown],
        "more": visible[shown:],
        "more_open": any(f.shown for f in visible[shown:]),
        "kept": _kept(request, {f.field.html_name for f in fields}),
        "path": request.path if request else "",
        "request": request,
    }


@register.inclusion_tag("components/active_filters.html", takes_context=True)
def active_filters(context: Context, form: Form) -> dict[str, Any]:
    """The filters in force, in words, each with its removal, then the removal of all."""
    request: HttpRequest | None = context.get("request")
    fields = [_FilterField(field, request) for field in form if not field.is_hidden]
    kept = QueryDict(mutable=True)
    for name, value in [("vue", "tout"), *_kept(request)]:
        kept.appendlist(name, value)
    return {"active": [f for f in fields if f.shown], "clear_url": f"?{kept.urlencode()}"}


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
        "sizes": [(n, _address(request, {"par_page": str(n)}), n == size) for n in PAGE_SIZES]
        if total > PAGE_SIZES[0]
        else [],
    }


@register.simple_block_tag(takes_context=True)
def bulk_bar(context: Context, content: str, noun: str, plural: str = "", reason: str = "") -> SafeString:
    """At the end of the form around a table with `.pick` boxes: shown once something is picked, names the count."""
    return _draw(
        "bulk_bar",
        context,
        content=mark_safe(content.strip()),
        noun=noun,
        plural=plural or f"{noun}s",
        reason=reason,
    )


# ---------------------------------------------------------------------------------------------------------- forms


@register.inclusion_tag("components/error_summary.html")
def error_summary(*forms: Any) -> dict[str, Any]:
    """What is wrong, on top, with a link to each field. Takes one or more forms; draws nothing when all is well."""
    errors = []
    for form in forms:
        for sentence in form.non_field_errors():
            errors.append(("", "", sentence))
        for field in form:
            for sentence in field.errors:
                errors.append((field.id_for_label or field.auto_id, field.label, sentence))
    return {"errors": errors}


@register.simple_block_tag(takes_context=True)
def form_page(
    context: Context,
    content: str,
    form: Form,
    submit: str,
    cancel_url: str = "",
    url: str = "",
    second: str = "",
    second_name: str = "",
    danger: bool = False,
    kept_at: str = "",
    boxed: bool = True,
) -> SafeString:
    """A whole form that posts: error summary, fields by crispy (with the form's `helper` if it has one), save button.

    `submit` names the thing (« Enregistrer le placement »); between the tags, what stands before the button.
    `second`/`second_name`: another submit button (« Enregistrer et en saisir un autre »).
    """
    for field in form:
        name_empty_choice(field, "Choisir…" if field.field.required else "Non précisé")
    return _draw(
        "form_page",
        context,
        form=form,
        content=mark_safe(content.strip()),
        helper=getattr(form, "helper", None),
        submit=submit,
        cancel_url=cancel_url,
        url=url,
        second=second,
        second_name=second_name,
        danger=danger,
        kept_at=kept_at,
        boxed=boxed,
        multipart=form.is_multipart(),
    )


# ------------------------------------------------------------------------------------------- long jobs and figures


def _time_left(job: Job) -> str:
    """« Encore une minute environ. » from what is done so far; empty while too little is known."""
    done, total = job.progress_done, job.progress_total
    if job.state != "running" or not total or done < 2 or not job.started_at:
        return ""
    seconds = (timezone.now() - job.started_at).total_seconds() / done * (total - done)
    minutes = math.ceil(seconds / 60)
    return "Encore une minute environ." if minutes <= 1 else f"Encore {minutes}\u00a0minutes environ."


@register.inclusion_tag("components/job.html", takes_context=True)
def job(
    context: Context,
    job: Job,
    title: str,
    status_url: str = "",
    page_url: str = "",
    result_url: str = "",
    result_label: str = "Télécharger",
    retry_url: str = "",
) -> dict[str, Any]:
    """A long job: name, « 18 sur 25 », a bar, time left. When done, the link to the file takes the bar's place.

    `status_url` answers this same fragment (htmx asks every two seconds); `page_url` is the page that one reloads
    without script; `retry_url` receives a POST.
    """
    request: HttpRequest | None = context.get("request")
    return {
        "job": job,
        "title": title,
        "counted": f"{french.number(job.progress_done)} sur {french.number(job.progress_total)}"
        if job.progress_total
        else "",
        "time_left": _time_left(job),
        "status_url": status_url,
        "page_url": page_url or (request.get_full_path() if request else ""),
        "result_url": result_url,
        "result_label": result_label,
        "retry_url": retry_url,
        "request": request,
        "csrf_token": context.get("csrf_token", ""),
    }


@register.simple_block_tag(takes_context=True)
def numbered(context: Context, content: str, number: int, title: str) -> SafeString:
    """A numbered heading of the sheet: the number in the margin. A `{% chart_box … side=True %}` last goes at the right."""
    body, cut, chart = content.partition('<figure class="chart-box side-chart')
    return _draw(
        "numbered",
        context,
        number=number,
        title=title,
        body=mark_safe(body.strip()),
        chart=mark_safe(cut + chart.strip()),
        anchor=f"titre-{number}",
    )


@register.simple_block_tag(takes_context=True)
def figures(context: Context, content: str, caption: str, year: str, last_year: str = "") -> SafeString:
    """The table of a heading's indicators; between the tags, `{% figure_row %}`s."""
    return _draw("figures", context, content=mark_safe(content), caption=caption, year=year, last_year=last_year)


@register.inclusion_tag("components/figure_row.html")
def figure_row(
    label: str,
    value: str = "",
    ratio: str = "",
    last: str = "",
    gap: str = "",
    state: str = "",
    missing: str = "",
    missing_url: str = "",
    list_url: str = "",
    last_year: str = "",
) -> dict[str, Any]:
    """One indicator: value in bold, n / d, last year, gap, and what is missing as a link that repairs it.

    Values come written (core.french). `state` ("non_calculable", "pas_encore_mesurable") takes the value's place.
    """
    return {
        "label": typography.french(label),
        "value": value,
        "ratio": ratio,
        "last": last,
        "gap": gap,
        "badge": status(state) if state else "",
        "missing": missing,
        "missing_url": missing_url,
        "list_url": list_url,
        "last_year": last_year,
    }


@register.inclusion_tag("components/chart_box.html")
def chart_box(caption: str, chart: str, side: bool = False) -> dict[str, Any]:
    """A chart of core.charts with its caption; `side` for the right of a numbered heading."""
    return {"caption": caption, "chart": chart, "side": side}
