"""The boards of PFMP: a class about to leave, the whole school (600 pupils, 26 classes), all periods of its year, « À faire ».

    .venv/bin/python -m bench.board
    bin/with-services .venv/bin/python -m bench.board        # the same on PostgreSQL

Requests go through Django's WSGI handler, signed in as the bureau's lead. Milliseconds of processor, ours and
PostgreSQL's (bench.finding). Targets: 150 ms a class, 500 ms the school, 20 queries each.
"""

import json
import sys
from collections.abc import Callable
from functools import partial

from bench import ground  # first: it sets Django up

# isort: split
import time_machine
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.db.models import Count

from bench.finding import processor
from bench.pages import answer, count_queries, signed_in
from pfmp.models import Period, Placement
from schools.enums import Role
from schools.models import Membership, School


def main() -> None:
    ground.seeded()
    school = School.objects.get()
    lead = Membership.objects.in_school(school).filter(role=Role.BDE, user__isnull=False).get()
    period = (
        Period.objects.in_school(school)
        .filter(start_date__gt=ground.TODAY)
        .annotate(count=Count("placements"))
        .order_by("-count", "pk")
        .first()
    )
    assert period is not None
    with time_machine.travel(ground.TODAY, tick=True):
        cookie, handler = signed_in(lead), WSGIHandler()
        here = f"/etablissements/{school.uai}/pfmp/"
        calls: dict[str, Callable[[], object]] = {
            "class": partial(answer, handler, f"{here}periodes/{period.public_id}/", "", cookie),
            "school": partial(answer, handler, here, "", cookie),
            "school_year": partial(answer, handler, here, "periodes=toutes", cookie),
            "work_list": partial(answer, handler, f"/etablissements/{school.uai}/", "", cookie),
        }
        queries = {name: count_queries(call) for name, call in calls.items()}
        found = processor(calls)
    result = {
        "database": connection.vendor,
        "placements": Placement.objects.in_school(school).filter(period__year=period.year).count(),
        **{f"{name}_ms": round(value, 1) for name, value in found.items()},
        **{f"{name}_queries": queries[name] for name in calls},
    }
    sys.stdout.write(json.dumps(result) + "\n")


if __name__ == "__main__":
    main()
