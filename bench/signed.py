"""The list of 1,500 papers with who signed and who is missing: first page, 200 a page, last page, filtered, searched.

    .venv/bin/python -m bench.signed
    bin/with-services .venv/bin/python -m bench.signed       # the same on PostgreSQL

Requests go through Django's WSGI handler, signed in as the bureau's lead. Milliseconds of
processor, ours and PostgreSQL's (bench.finding). Target: 200 ms each, 20 queries.
"""

import json
import sys
import uuid
from collections.abc import Callable
from functools import partial
from urllib.parse import urlencode

from bench import ground  # first: it sets Django up

# isort: split
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection

from bench.finding import processor
from bench.pages import answer, count_queries, signed_in
from documents.models import Document, Signature
from schools.enums import Role
from schools.models import Membership, School

PAPERS = 1_500
PAGES = {
    "list": {"vue": "tout"},
    "list_of_200": {"par_page": "200"},
    "last_page": {"page": "60"},
    "to_sign": {"signatures": "a_signer"},
    "missing_head": {"manque": "chef_etablissement"},
    "complete": {"signatures": "signe"},
    "to_remind": {"relance": "true"},
    "searched": {"q": "martin"},
    "by_type_sorted": {"type": "convention_pfmp", "tri": "number"},
}


def main() -> None:
    ground.seeded()
    school = School.objects.get()
    lead = Membership.objects.in_school(school).filter(role=Role.BDE, user__isnull=False).get()
    multiply(school)
    ground.tidy()
    cookie, handler = signed_in(lead), WSGIHandler()
    address = f"/etablissements/{school.uai}/documents/"
    calls: dict[str, Callable[[], object]] = {
        name: partial(answer, handler, address, urlencode(query), cookie) for name, query in PAGES.items()
    }
    queries = {name: count_queries(call) for name, call in calls.items()}
    found = processor(calls)
    result = {
        "database": connection.vendor,
        "papers": Document.objects.in_school(school).count(),
        **{name: {"ms": round(value, 1), "queries": queries[name]} for name, value in found.items()},
    }
    sys.stdout.write(json.dumps(result) + "\n")


def multiply(school: School) -> None:
    """The school's papers up to 1,500, each with the content and the signatures of one of its own."""
    known = list(Document.objects.in_school(school).order_by("pk"))
    while (missing := PAPERS - Document.objects.in_school(school).count()) > 0:
        for like in known[:missing]:
            rows = list(Signature.objects.in_school(school).filter(document=like))
            public_id = uuid.uuid4()
            like.pk, like.public_id, like.dossier_id = None, public_id, str(public_id)
            like.number = f"PFMP-2026-{public_id.hex[:8]}"
            like._state.adding = True
            like.save(force_insert=True)
            for row in rows:
                row.pk, row.public_id, row.document = None, uuid.uuid4(), like
            Signature.objects.bulk_create(rows)


if __name__ == "__main__":
    main()
