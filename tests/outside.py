"""The site seen from outside: a school's rows kept for a whole module, its people signed in, its addresses, what pages say."""

import io
import itertools
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

import openpyxl
import pypdf
from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import Resolver404, resolve, reverse

from bdeplatform.access import ROUTES, Open, Route
from core.models import Job
from schools.models import Membership, School, SchoolRecord

LINK = "token-that-tests-know"
"""The token of the signing link that a test makes when it calls the public pages of a link."""


@contextmanager
def kept(blocker: Any) -> Iterator[None]:
    """Rows made inside stay for every test of a module, then go: tests work in savepoints of this transaction."""
    with blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


def signed_in(member: Membership) -> Client:
    """A browser of that member, who gets an account if they had none. What fails inside is a 500, as for everyone."""
    if member.user is None:
        member.user = get_user_model().objects.create(
            email=member.email.lower(), first_name=member.first_name, last_name=member.last_name
        )
        member.save()
    client = Client(raise_request_exception=False)
    client.force_login(member.user)
    return client


# ------------------------------------------------------------------------------------------------------------ addresses


def school_models() -> list[type[SchoolRecord]]:
    """Every table whose rows belong to a school."""
    return [model for model in apps.get_models() if issubclass(model, SchoolRecord)]


def rows_of(label: str, school: School) -> Any:
    """The rows of a school in a table, jobs included."""
    if label == "core.Job":
        return Job.objects.filter(scope=school.uai)
    if label == "exchange.Upload":
        return Job.objects.none()  # a folder, not a row: see tests/test_access.py
    return apps.get_model(label)._default_manager.in_school(school)


def address(route: Route, uai: str, thing: Any = None) -> str:
    """The address of a line of the table, on that thing where it names one."""
    args: list[Any] = [uai] if route.is_inside else []
    if route.about and not route.asks:
        args.append(thing.public_id)
    url = reverse(route.name, args=[*args, *(word.format(uai=uai, link=LINK) for word in route.extra)])
    return f"{url}?{route.asks}={thing.public_id}" if route.asks else url


def addresses(school: School, *, most: int) -> Iterator[tuple[Route, str]]:
    """Every line of the table on a school's own things, at most so many of each."""
    for route in ROUTES:
        if route.about:
            for thing in rows_of(route.about, school).order_by("pk")[:most]:
                yield route, address(route, school.uai, thing)
        elif route.is_inside or Open.SIGNED_IN in route.methods.values():
            yield route, address(route, school.uai)


def crawl(client: Client, start: str, *, each: int) -> Iterator[tuple[str, HttpResponse, str]]:
    """Follows the site's own links: (address, answer, its text), at most `each` addresses of one shape.

    A shape is a URL name with the names in its query. Only GET, as a browser follows links.
    """
    waiting, seen, count = [start], {start}, {}  # type: ignore[var-annotated]
    while waiting:
        url = waiting.pop(0)
        response = client.get(url)
        text = text_of(response)
        yield url, response, text
        if not response.get("Content-Type", "").startswith("text/html"):
            continue
        found = links_of(text)
        if response.status_code in (301, 302):
            found = [response["Location"]]
        for link in found:
            address_ = joined(url, link)
            if address_ is None or address_ in seen:
                continue
            parts = urlsplit(address_)
            try:
                name = resolve(parts.path).view_name
            except Resolver404:
                if parts.path.startswith("/static/"):
                    continue
                name = parts.path
            shape = (name, tuple(sorted(term.partition("=")[0] for term in parts.query.split("&"))))
            if name.startswith("account_") or count.get(shape, 0) >= each:
                continue
            count[shape] = count.get(shape, 0) + 1
            seen.add(address_)
            waiting.append(address_)


def joined(base: str, link: str) -> str | None:
    """The address that a link on a page leads to, None when it leaves the site or only moves on the page."""
    if link.startswith(("#", "mailto:", "tel:", "data:")) or "//" in link:
        return None
    link = link.partition("#")[0]
    if link.startswith("?"):
        return base.partition("?")[0] + link
    return link if link.startswith("/") else None


# ---------------------------------------------------------------------------------------------------------- what is said


def text_of(response: Any) -> str:
    """Everything that an answer says, whatever its kind: HTML, CSV, spreadsheet, PDF."""
    content = b"".join(response.streaming_content) if response.streaming else response.content
    kind = response.get("Content-Type", "").partition(";")[0]
    if kind == "application/pdf":
        return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)
    if kind.endswith("spreadsheetml.sheet"):
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
        cells = itertools.chain.from_iterable(sheet.iter_rows(values_only=True) for sheet in book)
        return "\n".join(str(value) for row in cells for value in row if value is not None)
    return content.decode("utf-8", "replace")


@dataclass
class Form:
    """A form of a page: where it goes, what it holds as it stands, the choices of its lists, its free texts."""

    method: str
    action: str
    values: dict[str, list[str]] = field(default_factory=dict)
    choices: dict[str, list[str]] = field(default_factory=dict)
    texts: list[str] = field(default_factory=list)
    kinds: dict[str, str] = field(default_factory=dict)

    def data(self, **changed: Any) -> dict[str, Any]:
        """What the browser would send, with these values instead."""
        return {name: values for name, values in (self.values | changed).items() if values != []}


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.forms: list[Form] = []
        self.title = ""
        self.h1 = 0
        self._in: Form | None = None
        self._select = self._area = ""
        self._in_title = False

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        got = {name: value or "" for name, value in attributes}
        if href := got.get("href" if tag == "a" else "hx-get"):
            self.links.append(href)
        if tag == "title" and not self.title:
            self._in_title = True
        self.h1 += tag == "h1"
        if tag == "form":
            self._in = Form(got.get("method", "get").lower(), got.get("action", ""))
            self.forms.append(self._in)
        if self._in is None or "disabled" in got:
            return
        name, kind = got.get("name", ""), got.get("type", "text")
        if tag == "option" and self._select:
            self._in.choices[self._select].append(got.get("value", ""))
            if "selected" in got:
                self._in.values[self._select] = [got.get("value", "")]
        elif not name:
            return
        elif tag == "select":
            self._select = name
            self._in.kinds[name] = "select"
            self._in.choices[name] = []
            self._in.values.setdefault(name, [])
        elif tag == "textarea":
            self._area = name
            self._in.kinds[name] = "textarea"
            self._in.values[name] = [""]
            self._in.texts.append(name)
        elif tag == "input" and kind in ("radio", "checkbox"):
            self._in.kinds[name] = kind
            self._in.choices.setdefault(name, []).append(got.get("value", "on"))
            self._in.values.setdefault(name, [])
            if "checked" in got:
                self._in.values[name].append(got.get("value", "on"))
        elif tag == "input" and kind not in ("submit", "file", "image"):
            self._in.kinds[name] = kind
            self._in.values.setdefault(name, []).append(got.get("value", ""))
            if kind not in ("hidden", "date", "number", "time"):
                self._in.texts.append(name)

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.title += data
        elif self._area and self._in is not None:
            self._in.values[self._area] = [self._in.values[self._area][0] + data]

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._in = None
        self._in_title = self._in_title and tag != "title"
        self._select = "" if tag == "select" else self._select
        self._area = "" if tag == "textarea" else self._area


def read(html: str) -> _Reader:
    reader = _Reader()
    reader.feed(html)
    return reader


def links_of(html: str) -> list[str]:
    return read(html).links


def forms_of(html: str) -> list[Form]:
    """The forms of a page's main part: neither the search of the bar nor the year's."""
    return read(html.partition("<main")[2]).forms


_CHANGING = re.compile(
    r'(name="csrfmiddlewaretoken" value="|nonce="|hx-headers=|Référence[^0-9a-f<]*(<[a-z]+>)?)[^"<]*|\b[0-9a-f]{8}\b'
)


def without_what_changes(html: str) -> str:
    """A page less its tokens, nonces and references, which differ at each call."""
    return _CHANGING.sub("", html)
