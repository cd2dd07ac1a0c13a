"""What the pages of agreements share."""

from typing import Any

from django import template
from django.template import Context
from django.urls import reverse

from core.components import heads

register = template.Library()

PAGES = (
    ("Conventions", "conventions:agreement_list"),
    ("Arbre", "conventions:agreement_tree"),
    ("Catalogue", "conventions:frame_list"),
    ("Mobilisation", "conventions:mobilised"),
    ("Réseaux", "conventions:network_list"),
)


@register.inclusion_tag("components/tabs.html", takes_context=True)
def agreement_tabs(context: Context) -> dict[str, Any]:
    """The tabs above the list, the tree, the catalogue, what is mobilised, and the networks."""
    uai = context["school"].uai
    return heads.tabs(
        context, "Conventions et réseaux", [(label, reverse(name, args=[uai]), None) for label, name in PAGES]
    )
