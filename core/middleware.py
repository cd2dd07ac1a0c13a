"""What holds for every request: private pages, reads that do not write, a busy database told in words."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.core.exceptions import BadRequest
from django.db import OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

GetResponse = Callable[[HttpRequest], HttpResponse]
SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
_WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE", "CREATE", "DROP", "ALTER", "TRUNCATE")


class WriteDuringRead(RuntimeError):
    """A GET was about to write in the database (S-17)."""


class FormsInUtf8:
    """A form that says another charset than ours gets 400: Django checks it for some kinds of bodies only, and fails on the rest."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if (request.content_params or {}).get("charset", "utf-8").lower() not in ("utf-8", "utf8"):
            raise BadRequest("Forms are sent in UTF-8.")
        return self.get_response(request)


class PrivatePages:
    """Pages of signed-in people stay out of every cache (S-15)."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.user.is_authenticated and not response.has_header("Cache-Control"):
            response["Cache-Control"] = "no-store, private"
        return response


class ForgetAtSignOut:
    """What a browser kept for someone leaves with them: at sign-out, and when their account is found closed.

    The pages that keep something clear it themselves too (static/js/app.js): not every browser obeys this header.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        was_in = request.user.is_authenticated
        is_closed = not was_in and SESSION_KEY in request.session
        response = self.get_response(request)
        if is_closed or (was_in and not request.user.is_authenticated):
            response["Clear-Site-Data"] = '"storage"'
        return response


def _refuse_writes(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
    if sql.lstrip()[:8].upper().startswith(_WRITES):
        raise WriteDuringRead(f"A safe request may not run: {sql.split(None, 3)[:3]}")
    return execute(sql, params, many, context)


class ReadOnlyGet:
    """GET never changes anything, held at the database's door (S-17). Sessions are saved outside of it."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in SAFE:
            return self.get_response(request)
        with connection.execute_wrapper(_refuse_writes):
            return self.get_response(request)


class Refusals:
    """A database that is locked or gone answers 503 and when to come back, never a bare 500 (R-03)."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, OperationalError):
            return None
        typed = [
            (name, text)
            for name, text in request.POST.items()
            if name != "csrfmiddlewaretoken" and "password" not in name
        ]
        # without the request: its context processors would ask the database again
        response = HttpResponse(render_to_string("errors/503.html", {"typed": typed}), status=503)
        response["Retry-After"] = "20"
        return response
