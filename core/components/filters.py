"""The bar that filters a list, and the filters in force."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import template
from django.forms import BoundField, Form, widgets
from django.http import HttpRequest, QueryDict
from django.template import Context
from django.utils.functional import cached_property

from core import french
from core.components import forms, lists

register = template.Library()


def _as_date(text: str) -> str:
    """A date of an address as one says it; any other text as it is."""
    try:
        return french.short_day(date.fromisoformat(text), year=True)
    except ValueError:
        return text


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
            names += [f"{field.html_name}{suffix}" for suffix in widget.widgets_names]
        self.off_url = lists.address_with(request, dict.fromkeys(names)) if self.shown else ""

    @cached_property
    def has_choice(self) -> bool:
        """False for a list with nothing to choose: the bar leaves it out, unless it filters already."""
        if self.shown or not isinstance(self.widget, widgets.Select):
            return True
        return any(value not in (None, "") for value, _ in self.widget.choices)

    @property
    def control(self) -> Any:
        forms.name_empty_choice(self.field, "Indifférent")
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
