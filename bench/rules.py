"""The rules on 600 placements of one school year: their facts read, then every rule judged; and the page of the rules.

    .venv/bin/python -m bench.rules
    bin/with-services .venv/bin/python -m bench.rules       # the same on PostgreSQL

Target: 2 s for 600 placements, in as many queries as for one.
"""

import json
import sys
from collections.abc import Callable

from bench import ground  # first: it sets Django up

# isort: split
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection

from bench.finding import processor
from bench.pages import answer, count_queries, signed_in
from pfmp import facts, rules
from pfmp.models import Placement
from schools.enums import Role
from schools.models import Membership, School

WANTED = 600


def main() -> None:
    ground.seeded()
    school = School.objects.get()
    lead = Membership.objects.in_school(school).filter(role=Role.BDE, user__isnull=False).get()
    placements = list(Placement.objects.in_school(school).not_cancelled().order_by("-start_date", "pk")[:WANTED])
    known = facts.placement_facts(placements)
    cookie, handler = signed_in(lead), WSGIHandler()
    address = f"/etablissements/{school.uai}/pfmp/regles/"

    def judge() -> None:
        for one in facts.placement_facts(fresh()):
            rules.check(one)

    def fresh() -> list[Placement]:
        return list(Placement.objects.in_school(school).filter(pk__in=[one.pk for one in placements]))

    calls: dict[str, Callable[[], object]] = {
        "read_and_judge": judge,
        "judge": lambda: [rules.check(one) for one in known],
        "page": lambda: answer(handler, address, "", cookie),
    }
    found = processor(calls)
    result = {
        "database": connection.vendor,
        "placements": len(placements),
        "queries": count_queries(judge),
        "page_queries": count_queries(calls["page"]),
        **{name: round(value, 1) for name, value in found.items()},
    }
    sys.stdout.write(json.dumps(result) + "\n")


if __name__ == "__main__":
    main()
