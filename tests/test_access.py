"""Every address × role × method, called for real and compared with the hand-written table (S-01, S-03, S-06)."""

import uuid
from collections.abc import Iterator
from functools import cache

import pytest
from django.apps import apps
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from bdeplatform.access import ROUTES, Open, Route
from schools.enums import Role
from tests import factories
from tests.conftest import Cast

METHODS = ("GET", "POST", "PUT", "DELETE")
NOT_OURS = ("account_",)  # django-allauth's own pages: their rights are its tests


def named_urls(patterns: list[URLPattern | URLResolver], prefix: str = "") -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            yield from named_urls(pattern.url_patterns, inner)
        elif pattern.name and not pattern.name.startswith(NOT_OURS):
            yield f"{prefix}{pattern.name}"


@cache
def factory_of(label: str) -> type[factories.OfSchool]:
    model = apps.get_model(label)
    found = [f for f in vars(factories).values() if isinstance(f, type) and issubclass(f, factories.DjangoModelFactory)]
    return next(f for f in found if f._meta.model is model)


def test_every_named_address_has_its_line_in_the_table():
    lines = [route.name for route in ROUTES]
    assert sorted(lines) == sorted(set(lines)), "a line stands twice"
    assert sorted(set(named_urls(get_resolver().url_patterns))) == sorted(lines)


def test_the_public_addresses_are_the_reviewed_ones():
    public = {route.name for route in ROUTES if Open.PUBLIC in route.methods.values()}
    assert public == {"core:healthz", "core:readyz", "core:accessibility", "core:legal"}


def address(route: Route, cast: Cast) -> str:
    """The address, on a thing of the cast's school that is nobody's own."""
    args: list[object] = []
    if Open.SIGNED_IN not in route.methods.values() and Open.PUBLIC not in route.methods.values():
        args.append(cast.school.uai)
    if route.about:
        args.append(factory_of(route.about)(school=cast.school).public_id)
    args += [str(extra) for extra in route.extra]
    return reverse(route.name, args=args)


def seen(client: Client, method: str, url: str) -> str:
    response = client.generic(method, url)
    assert response.status_code != 500
    if response.status_code == 302 and response["Location"].startswith("/compte/login"):
        return "login"
    return str(response.status_code) if response.status_code in (403, 404, 405) else "ok"


@pytest.mark.django_db
@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
def test_each_role_meets_what_the_table_says(route: Route, cast: Cast, client: Client):
    url = address(route, cast)
    for method in METHODS:
        client.logout()
        assert (method, "personne", seen(client, method, url)) == (method, "personne", route.expected(None, method))
        client.force_login(cast.stranger.user)
        assert (method, "étranger", seen(client, method, url)) == (
            method,
            "étranger",
            route.expected(Role.BDE, method, member=False),
        )
        for role, member in cast.by_role().items():
            if route.about and method == "POST":  # the thing may have gone with the last call
                url = address(route, cast)
            client.force_login(member.user)
            assert (method, role, seen(client, method, url)) == (method, role, route.expected(Role(role), method))


@pytest.mark.django_db
@pytest.mark.parametrize("route", [r for r in ROUTES if r.about], ids=lambda route: route.name)
def test_a_thing_of_another_school_answers_like_an_unknown_id(route: Route, cast: Cast, client: Client):
    """Same code, same body: nothing tells that the id exists elsewhere (S-03)."""
    theirs = factory_of(route.about)(school=cast.stranger.school)
    client.force_login(cast.bde.user)
    for method in route.methods:
        bodies = []
        for public_id in (theirs.public_id, uuid.uuid4()):
            url = reverse(route.name, args=[cast.school.uai, public_id, *map(str, route.extra)])
            response = client.generic(method, url)
            if route.methods[method] not in (Open.MEMBER,) and response.status_code == 403:
                continue
            assert response.status_code == 404
            bodies.append(response.content.replace(str(public_id).encode(), b""))
        assert len({body.split(b"csrf")[0] for body in bodies}) <= 1
