"""Refusals that pages turn into a sentence: what, where, what to do."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string


class StaleEdit(Exception):
    """Someone else saved the record in between. `theirs` is the record as it is now."""

    def __init__(self, theirs: object) -> None:
        super().__init__("stale edit")
        self.theirs = theirs


def _page(request: HttpRequest, status: int, **context: object) -> HttpResponse:
    return render(request, f"errors/{status}.html", {"reference": uuid.uuid4().hex[:8], **context}, status=status)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(request, 403, reason=str(exception))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """One page whatever is missing: a stranger learns nothing from it (S-03)."""
    return _page(request, 404)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(request, 400)


def server_error(request: HttpRequest) -> HttpResponse:
    # without the request: its context processors may be what broke
    return HttpResponse(render_to_string("errors/500.html", {"reference": uuid.uuid4().hex[:8]}), status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _page(
        request, 403, reason="Votre session a changé pendant la saisie. Revenez à la page, rechargez-la et recommencez."
    )
