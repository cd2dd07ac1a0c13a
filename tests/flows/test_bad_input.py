"""Bad input, from outside: whatever is typed in any form or address, a sentence answers and what was typed stays; a GET
writes nothing; every answer carries its headers (S-10, S-15, S-17)."""

import html
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.utils import timezone

from bdeplatform.access import ROUTES
from exchange.seeding import schools as seeding
from exchange.seeding.world import Size
from schools.enums import Role
from schools.models import Membership, School, Student
from tests import outside
from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def seeded(django_db_setup: None, django_db_blocker: Any) -> Iterator[School]:
    with outside.kept(django_db_blocker):
        seeding.seed(schools=1, size=Size(students=40, years=1), seed=3, today=timezone.localdate())
        yield School.objects.get()


@pytest.fixture(scope="module")
def bureau(seeded: School) -> Client:
    return outside.signed_in(Membership.objects.in_school(seeded).get(user__isnull=False, role=Role.BDE))


NUL, LONG = "avant\0après", "é" * 6000
BAD = {
    "empty": "",
    "NUL": NUL,
    "too long": LONG,
    "emoji": "🦊\u202e\u0001\t é́ \\'\"<b>",
    "huge number": "9" * 40,
    "no such day": "2026-02-30",
    "last day": "9999-12-31",
    "wrong year": "2025-2027",
}
IN_ADDRESSES = BAD | {"infinite": "1e400", "negative": "-1", "not an id": "00000000-0000-0000-0000-00000000000"}
ALSO = {"empty", "too long", "wrong year", "negative", "last day"}
"""Kinds that have their turn with bin/test --full: the others ask the same of every page, harder."""


def kinds(values: Iterable[str], also: set[str] = ALSO) -> list[Any]:
    return [pytest.param(kind, marks=pytest.mark.slow) if kind in also else kind for kind in values]


@dataclass(frozen=True)
class Found:
    """A form of a page."""

    name: str  # of the address
    url: str
    form: outside.Form


@pytest.fixture(scope="module")
def forms(seeded: School, bureau: Client) -> list[Found]:
    return list(forms_of_the_site(bureau, seeded))


def forms_of_the_site(client: Client, school: School) -> Iterator[Found]:
    """Every form of every page that the bureau opens."""
    for route, url in outside.addresses(school, most=1):
        addresses = [url]
        if route.name == "pfmp:placement_new":
            pupil = Student.objects.in_school(school).filter(schoolings__isnull=False).order_by("pk").first()
            addresses.append(f"{url}?eleve={pupil.public_id}")
        if "GET" not in route.methods or route.name.endswith("_delete"):
            continue
        for address in addresses:
            page = client.get(address)
            if page.status_code == 200 and page["Content-Type"].startswith("text/html"):
                for form in outside.forms_of(outside.text_of(page)):
                    yield Found(route.name, form.action or address, form)


@pytest.mark.parametrize("kind", kinds(BAD))
def test_no_form_breaks_on(kind: str, bureau: Client, forms: list[Found]):
    """Every field of a form at once: never a 500, and a refused text comes back as it was typed."""
    value, broken, lost = BAD[kind], [], []
    for found in forms:
        url, form = found.url, found.form
        names = [name for name in form.values if name not in ("csrfmiddlewaretoken", "creation_key", "version")]
        if form.method == "get":
            response = bureau.get(f"{url.partition('?')[0]}?{urlencode(dict.fromkeys(names, value))}")
        else:
            response = bureau.post(url, form.data() | dict.fromkeys(names, value))
        if response.status_code >= 500:
            broken.append(f"{form.method} {url}")
        elif response.status_code == 422 and kind in ("emoji", "wrong year"):
            page = outside.text_of(response)
            typed = [name for name in form.texts if name in outside_names(page)]
            if typed and html.escape(value.strip()) not in page:
                lost.append(f"{found.name} {typed}")
    assert broken == []
    assert lost == []


def outside_names(page: str) -> set[str]:
    return {name for form in outside.forms_of(page) for name in form.texts}


@pytest.mark.parametrize("kind", ["NUL", "emoji"])
def test_no_field_alone_breaks_a_valid_form(kind: str, bureau: Client, forms: list[Found]):
    """One wrong value among right ones passes more checks than a form that is wrong everywhere."""
    broken = []
    for found in forms:
        if found.form.method == "post" and not found.name.endswith("_edit"):
            for name in found.form.texts[:6]:
                response = bureau.post(found.url, found.form.data() | {name: BAD[kind]})
                if response.status_code >= 500:
                    broken.append(f"{found.url} {name}")
    assert broken == []


QUERIES = (
    "q", "tri", "page", "par_page", "format", "eleve", "classe", "partenaire", "placement", "periode", "offre", "action",
    "enquete", "personne", "partner_id", "student", "partner", "axe", "cle", "tous", "tout", "etape", "depuis", "niveau",
)  # fmt: skip


@pytest.mark.parametrize("kind", kinds(IN_ADDRESSES, ALSO | {"emoji", "no such day"}))
def test_no_address_breaks_on(kind: str, seeded: School, bureau: Client):
    broken = []
    for route in ROUTES:
        if route.is_inside and not route.about and "GET" in route.methods:
            url = outside.address(route, seeded.uai)
            for names in (("q", "page"), QUERIES[5:]):
                asked = f"{url}?{urlencode(dict.fromkeys(names, IN_ADDRESSES[kind]))}"
                if bureau.get(asked).status_code >= 500:
                    broken.append(asked)
    assert broken == []


def test_too_many_filters_or_an_unknown_sort_are_refused(seeded: School, bureau: Client):
    """S-10."""
    base = f"/etablissements/{seeded.uai}/partenaires/"
    assert bureau.get(base + "?" + "&".join(f"a{n}=1" for n in range(30))).status_code == 400
    assert bureau.get(base + "?" + "&".join(["q=a"] * 60)).status_code == 400
    assert bureau.get(base + "?tri=school__uai").status_code == 400
    assert bureau.get(base + "?tri=-search_text").status_code == 200
    assert len(outside.read(outside.text_of(bureau.get(base + "?par_page=5000"))).links) < 200


def test_pages_carry_their_headers_and_reads_write_nothing(seeded: School, bureau: Client):
    """Every address that answers a GET, with the guard that refuses writes (core.middleware.ReadOnlyGet)."""
    titles: dict[str, set[str]] = {}
    for route, url in outside.addresses(seeded, most=2):
        if "GET" not in route.methods:
            continue
        response = bureau.get(url)
        assert response.status_code < 500, url
        if response.status_code in (301, 302):
            continue
        assert "no-store" in response["Cache-Control"], url
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["Referrer-Policy"] == "same-origin"
        policy = response["Content-Security-Policy"]
        for directive in ("default-src 'self'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"):
            assert directive in policy
        assert "unsafe" not in policy
        said = outside.text_of(response)
        if response["Content-Type"].startswith("text/html") and "<html" in said and response.status_code == 200:
            assert " style=" not in said, f"{url}: a style in the page, which the policy refuses"
            assert " onclick=" not in said
            seen = outside.read(said)
            assert seen.h1 == 1, url
            assert seen.title.strip()
            titles.setdefault(seen.title, set()).add(route.name)
    assert {title: names for title, names in titles.items() if len(names) > 1} == {}


def test_a_post_without_its_token_is_refused(seeded: School):
    member = Membership.objects.in_school(seeded).get(user__isnull=False, role=Role.BDE)
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(member.user)
    for route, url in outside.addresses(seeded, most=1):
        if "POST" in route.methods:
            assert strict.post(url, {"x": "1"}).status_code == 403, url


@pytest.mark.parametrize(
    "to", ["https://ailleurs.example/", "//ailleurs.example/", "/\\\\ailleurs.example", "javascript:alert(1)"]
)
def test_next_stays_on_the_site(to: str, seeded: School, bureau: Client):
    answer = bureau.post(f"/etablissements/{seeded.uai}/annee/", {"year": "2025-2026", "next": to})
    assert answer["Location"] == seeded.get_absolute_url()
    user = UserFactory()
    answer = Client().post("/compte/login/", {"login": user.email, "password": PASSWORD, "next": to})
    assert (answer.status_code, answer["Location"]) == (302, "/")
