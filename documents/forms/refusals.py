"""Why a signature is refused, as somebody of the school types it in a page of its own making."""

from django import forms
from django.http import QueryDict

MOST = 1000
"""Characters kept, as the pages say."""

_field = forms.CharField(required=False)


def reason(posted: QueryDict) -> str:
    """What was typed, cut at `MOST`, as any text field takes it. Raises ValidationError for what no text holds (NUL)."""
    text: str = _field.clean(posted.get("reason", "")[:MOST])
    return text
