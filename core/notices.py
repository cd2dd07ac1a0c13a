"""One line at the top after an action, in the words of the button, with its undo when it can be undone."""

from django.contrib import messages
from django.http import HttpRequest

UNDO = "undo:"


def said(request: HttpRequest, text: str, *, undo_url: str = "") -> None:
    """« Échange noté. » The undo is a button that posts to `undo_url`."""
    messages.success(request, text, extra_tags=f"{UNDO}{undo_url}" if undo_url else "")


def warned(request: HttpRequest, text: str) -> None:
    """Something to look at; the text carries its remedy."""
    messages.warning(request, text)


def refused(request: HttpRequest, text: str) -> None:
    """Nothing was done, and why."""
    messages.error(request, text)
