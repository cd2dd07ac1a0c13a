"""The filtered list of partners, 25 rows: full page and fragment, against a hello-world view.

    .venv/bin/python -m bench.pages
    bin/with-services .venv/bin/python -m bench.pages        # the same on PostgreSQL

Requests go through Django's WSGI handler, signed in, without a socket. The floor is a view that answers two words, without
any middleware; `behind` is the same view behind ours, signed in: what no page can avoid. Targets: full page at most 20
times the floor, fragment at most 12 times, at most 10 queries, as quick among 10,000 rows as among 100.
"""

import io
import json
import sys
import uuid
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from bench import ground  # first: it sets Django up

# isort: split
from django.contrib.sessions.backends.db import SessionStore
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import override_settings
from django.urls import include, path

from partners.models import Partner
from schools.enums import Role
from schools.models import Membership, School

ROUNDS, TIMES = 9, 10
FEW, MANY = 100, 10_000
ROWS = 25
HEADERS = {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": "lignes"}


def hello(request: HttpRequest) -> HttpResponse:
    return HttpResponse("hello, world")


urlpatterns = [path("bonjour/", hello), path("", include("bdeplatform.urls"))]


def main() -> None:
    ground.seeded()
    school = School.objects.get()
    lead = Membership.objects.in_school(school).filter(role=Role.BDE, user__isnull=False).get()
    cookie = signed_in(lead)
    address = f"/etablissements/{school.uai}/partenaires/"
    query = f"statut={quote('actif')}"
    templates: list[Partner] = list(Partner.objects.in_school(school).filter(status="actif")[:FEW])

    ours = WSGIHandler()
    with override_settings(MIDDLEWARE=[]):
        floor = WSGIHandler()  # it reads the list once, here

    def full() -> bytes:
        return answer(ours, address, query, cookie)

    def fragment() -> bytes:
        return answer(ours, address, query, cookie, **HEADERS)

    def behind() -> bytes:
        return answer(ours, "/bonjour/", "", cookie)

    def hello_world() -> bytes:
        return answer(floor, "/bonjour/", "", "")

    calls: dict[str, Callable[[], object]] = {
        "hello": hello_world, "behind": behind, "full": full, "fragment": fragment,
    }  # fmt: skip
    with override_settings(ROOT_URLCONF="bench.pages"):
        Partner.objects.in_school(school).exclude(pk__in=[partner.pk for partner in templates]).update(status="archive")
        for call in (full, fragment):
            found = call().decode().count("<tr") - 1
            if found != ROWS:
                raise SystemExit(f"{call.__name__}: {found} rows instead of {ROWS}")
        queries = count_queries(full)
        few = ground.medians(calls, ROUNDS, times=TIMES)
        multiply(templates, MANY - FEW)
        ground.tidy()
        many = ground.medians(calls, ROUNDS, times=TIMES)
    result = {
        "database": connection.vendor,
        **{f"{name}_ms": round(value, 2) for name, value in few.items()},
        "full_ratio": round(few["full"] / few["hello"], 1),
        "fragment_ratio": round(few["fragment"] / few["hello"], 1),
        "full_behind_ratio": round(few["full"] / few["behind"], 1),
        "fragment_behind_ratio": round(few["fragment"] / few["behind"], 1),
        "queries": queries,
        "full_among_10000_ms": round(many["full"], 2),
        "flat_ratio": round(many["full"] / few["full"], 2),
    }
    sys.stdout.write(json.dumps(result) + "\n")


def signed_in(member: Membership) -> str:
    """The cookie of a session of this person."""
    user = member.user
    assert user is not None
    session = SessionStore()
    session["_auth_user_id"] = str(user.pk)
    session["_auth_user_backend"] = "allauth.account.auth_backends.AuthenticationBackend"
    session["_auth_user_hash"] = user.get_session_auth_hash()
    session.save()
    return f"session={session.session_key}"


def answer(handler: WSGIHandler, where: str, query: str, cookie: str, **headers: str) -> bytes:
    """The body of a page, read to its end."""
    environ = {
        "REQUEST_METHOD": "GET", "PATH_INFO": where, "QUERY_STRING": query, "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "8000", "SERVER_PROTOCOL": "HTTP/1.1", "HTTP_HOST": "127.0.0.1", "HTTP_COOKIE": cookie,
        "wsgi.input": io.BytesIO(), "wsgi.errors": sys.stderr, "wsgi.url_scheme": "http", "wsgi.version": (1, 0),
        "wsgi.multithread": False, "wsgi.multiprocess": True, "wsgi.run_once": False, **headers,
    }  # fmt: skip
    statuses: list[str] = []
    response = handler(environ, lambda status, headers, exc_info=None: statuses.append(status))
    body = b"".join(response)
    response.close()
    if not statuses[0].startswith("200"):
        raise SystemExit(f"{where}: {statuses[0]}")
    return body


def count_queries(call: Callable[[], object]) -> int:
    """How many statements a request runs; the journal of Django is emptied at each request."""
    seen: list[str] = []

    def note(execute: Any, sql: str, *rest: Any) -> Any:
        seen.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(note):
        call()
    return len(seen)


def multiply(templates: list[Partner], wanted: int) -> None:
    """That many more active partners of the same school."""
    made = []
    for rank in range(wanted):
        like = templates[rank % len(templates)]
        public_id = uuid.uuid4()
        made.append(
            Partner(
                school_id=like.school_id, public_id=public_id, dossier_id=str(public_id), name=f"{like.name} {rank}",
                type=like.type, status=like.status, city=like.city, naf=like.naf, headcount=like.headcount,
            )
        )  # fmt: skip
    Partner.objects.bulk_create(made, batch_size=2000)


if __name__ == "__main__":
    main()
