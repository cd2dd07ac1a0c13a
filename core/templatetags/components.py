"""`{% load components %}`: the pieces every page is made of. How to use each: docs/composants.md; all of them: /composants/.

Tags with an end (`{% panel %}…{% endpanel %}`) wrap what the page writes between them. They are written in core/components/,
one subject a module, and their HTML in templates/components/; this library gathers them.
"""

from django import template

from core.components import figures, filters, forms, heads, lists, surfaces, words

register = template.Library()
for part in (words, heads, surfaces, lists, filters, forms, figures):
    register.tags.update(part.register.tags)
