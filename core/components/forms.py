"""Forms: what is wrong on top, and a whole form that posts."""

import itertools
from typing import Any

from django import template
from django.forms import BoundField, Form, widgets
from django.forms.boundfield import BoundWidget
from django.template import Context
from django.utils.safestring import SafeString, mark_safe

from core.components import drawing

register = template.Library()

DASHES = "---------"


def name_empty_choice(field: BoundField, word: str) -> None:
    """Django's « --------- » becomes a word, in this form's own list."""
    widget = field.field.widget
    if isinstance(widget, widgets.Select):
        widget.choices = [(value, word if text == DASHES else text) for value, text in widget.choices]


@register.simple_tag
def choice_groups(field: BoundField) -> list[tuple[str, list[BoundWidget]]]:
    """The boxes of a field by the heading of its choices, in their order; one group without a heading when they have none."""
    boxes = iter(field.subwidgets)
    found: list[tuple[str, list[BoundWidget]]] = []
    for name, options, _ in field.field.widget.optgroups(field.html_name, []):
        if not found or found[-1][0] != (name or ""):
            found.append((name or "", []))
        found[-1][1].extend(itertools.islice(boxes, len(options)))
    return found


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
    return drawing.draw(
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
