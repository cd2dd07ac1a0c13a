"""A class of 30: its conventions issued in one go, then drawn and kept by two workers.

    .venv/bin/python -m bench.class_issue
    bin/with-services .venv/bin/python -m bench.class_issue       # the same on PostgreSQL

The workers' part is measured in this process, one paper after the other, and halved: two workers share nothing but the
database. Target: 6 s in all. Queries are counted, to see that none is asked again for each pupil.
"""

import json
import sys
from datetime import date

from bench import ground  # first: it sets Django up

# isort: split
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from documents.models import Document
from pfmp import documents, services
from pfmp.models import Placement
from tests.factories import (
    ClassFactory,
    ContactFactory,
    MembershipFactory,
    PeriodFactory,
    PlacementFactory,
    SchoolFactory,
    SchoolingFactory,
    StudentFactory,
)
from tests.pfmp.rules_cast import WEEK_35H

PUPILS = 30
WORKERS = 2
TASKS = "Câblage d’armoires électriques\nPose de chemins de câbles\nContrôles avant la mise en service"


def a_class(count: int) -> list[Placement]:
    """Places found in as many companies, with who leads each and a tutor."""
    school = SchoolFactory()
    MembershipFactory(school=school, role="direction")
    referents = [MembershipFactory(school=school) for _ in range(2)]
    school_class = ClassFactory(school=school, diploma="Bac pro Métiers de l’électricité")
    period = PeriodFactory(school=school, school_class=school_class)
    found = []
    for rank in range(count):
        tutor = ContactFactory(school=school)
        ContactFactory(school=school, partner=tutor.partner, role="dirigeant")
        pupil = StudentFactory(school=school, birth_date=date(2009, 1, 15), guardian_name="Anne Martin")
        SchoolingFactory(school=school, student=pupil, school_class=school_class)
        found.append(
            PlacementFactory(
                school=school, student=pupil, period=period, partner=tutor.partner, tutor=tutor, timetable=WEEK_35H,
                tasks=TASKS, referent_email=referents[rank % 2].email, status="confirme",
            )
        )  # fmt: skip
    return found


def issue(placements: list[Placement]) -> tuple[float, int]:
    """Milliseconds and queries to issue these conventions."""
    by = MembershipFactory(school=placements[0].school).user
    with CaptureQueriesContext(connection) as queries:
        before = ground.now()
        held = services.issue_class(placements, by=by, now=timezone.now())
        spent = (ground.now() - before) * 1000
    if held:
        raise SystemExit(f"held back: {set(held.values())}")
    return spent, len(queries)


def main() -> None:
    call_command("migrate", verbosity=0)
    issue(a_class(2))  # caches, imports
    warm, whole = a_class(2), a_class(PUPILS)
    few, many = issue(warm), issue(whole)
    papers = [list(Document.objects.in_school(some[0].school).select_related("school")) for some in (warm, whole)]
    documents.render_and_store(papers[0][0])
    before = ground.now()
    for paper in papers[1]:
        documents.render_and_store(paper)
    drawn = (ground.now() - before) * 1000
    result = {
        "issue_ms": round(many[0]),
        "queries_each": round((many[1] - few[1]) / (PUPILS - 2), 1),
        "draw_and_store_ms": round(drawn),
        "on_two_workers_ms": round(many[0] + drawn / WORKERS),
        "target_ms": 6000,
    }
    for name, value in result.items():
        print(f"{name:24} {value}", file=sys.stderr)
    print(json.dumps(result))


if __name__ == "__main__":
    main()
