"""Finding a company among 3,000, in a database that holds one school, then a hundred: 300,000 companies.

    .venv/bin/python -m bench.finding
    bin/with-services .venv/bin/python -m bench.finding      # the same on PostgreSQL

Requests go through Django's WSGI handler, signed in, without a socket. Targets: each page at most 150 ms on PostgreSQL and
250 ms on SQLite, at most 20 queries, as quick among a hundred schools as alone.
"""

import json
import random
import statistics
import sys
import time
import uuid
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode

from bench import ground  # first: it sets Django up

# isort: split
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection

from bench.pages import answer, count_queries, signed_in
from core.uai import with_key
from partners.models import Contact, Interaction, Partner
from schools.enums import Role, SchoolType
from schools.models import Membership, School

SCHOOLS, PARTNERS = 100, 3_000
ROUNDS = 15
TRADES = ("43.21A", "10.71C", "45.20A", "47.11B", "56.10A", "62.01Z", "25.62B", "81.30Z", "96.02A", "49.41A")
FIRST = ("Énergies", "Boulangerie", "Garage", "Menuiserie", "Atelier", "Transports", "Hôtel", "Mécanique", "Jardins")
SECOND = ("Soleil", "Martin", "Dupont", "Lefèvre", "Moreau", "Garnier", "Petit", "Roussel", "Benoît", "Caron", "Faure")
THIRD = ("Haut", "et Fils", "du Pont", "Services", "de la Gare", "Frères", "Industrie", "Bâtiment", "Conseil")
TOWNS = ("Laon", "Soissons", "Saint-Quentin", "Chauny", "Tergnier", "Hirson", "Guise", "Vervins", "Villers-Cotterêts")


def main() -> None:
    ground.seeded()
    school = School.objects.get()
    lead = Membership.objects.in_school(school).filter(role=Role.BDE, user__isnull=False).get()
    cookie = signed_in(lead)
    draw = random.Random(20261122)
    fill(school, draw)
    ground.tidy()
    calls = requests(school, cookie)
    queries = {name: count_queries(call) for name, call in calls.items()}
    alone = processor(calls)
    for number in range(SCHOOLS - 1):
        other = School.objects.create(uai=with_key(9_500_000 + number), name=f"Lycée {number}", type=SchoolType.LP)
        fill(other, draw)
    ground.tidy()
    among = processor(calls)
    result = {
        "database": connection.vendor,
        "partners": Partner.objects.across_schools(why="the size of the bench").count(),
        "pages": {
            name: {
                "alone_ms": round(alone[name], 1),
                "among_100_ms": round(among[name], 1),
                "flat_ratio": round(among[name] / alone[name], 2),
                "queries": queries[name],
            }
            for name in calls
        },
    }
    sys.stdout.write(json.dumps(result) + "\n")


def processor(calls: dict[str, Callable[[], object]]) -> dict[str, float]:
    """Milliseconds of processor for one call, ours and the server's: what the wall shows on a machine that does nothing else."""
    found: dict[str, list[float]] = {name: [] for name in calls}
    for _ in range(ROUNDS + 1):
        for name, call in calls.items():
            before = time.process_time_ns() + of_server()
            call()
            found[name].append((time.process_time_ns() + of_server() - before) / 1e6)
    return {name: statistics.median(values[1:]) for name, values in found.items()}


def of_server() -> int:
    """Nanoseconds of processor that our connection's own process of PostgreSQL has used; 0 on SQLite."""
    if connection.vendor == "sqlite":
        return 0
    connection.ensure_connection()
    pid = connection.connection.info.backend_pid
    return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0])


def requests(school: School, cookie: str) -> dict[str, Callable[[], object]]:
    """What people ask for to find a company, by name."""
    handler = WSGIHandler()
    here = f"/etablissements/{school.uai}/"
    record = Partner.objects.in_school(school).filter(interactions__isnull=False).order_by("pk").first()
    assert record is not None

    def get(path: str, **query: str) -> Callable[[], object]:
        return lambda: answer(handler, here + path, urlencode(query), cookie)

    return {
        "list": get("partenaires/"),
        "last page of the list": get("partenaires/", page="120", vue="tout"),
        "filtered list": get("partenaires/", statut="actif", secteur="F", echange="6"),
        "list searched": get("partenaires/", q="boulangerie laon"),
        "list searched in vain": get("partenaires/", q="boulangrie martim"),
        "search": get("recherche/", q="garage dupont"),
        "search with typos": get("recherche/", q="Énergis solielle"),
        "partner page": get(f"partenaires/{record.public_id}/"),
    }


def fill(school: School, draw: random.Random) -> None:
    """3,000 partners, a contact and an exchange for most."""
    made = []
    for rank in range(PARTNERS):
        public_id = uuid.UUID(int=draw.getrandbits(128), version=4)
        made.append(
            Partner(
                school=school, public_id=public_id, dossier_id=str(public_id), naf=draw.choice(TRADES),
                name=f"{draw.choice(FIRST)} {draw.choice(SECOND)} {draw.choice(THIRD)} {rank}", city=draw.choice(TOWNS),
                siret=f"{draw.randrange(10**14):014d}", phone=f"03 {draw.randrange(10**8):08d}", postal_code="02000",
                status=draw.choice(("actif", "actif", "dormant", "prospect")), headcount=draw.choice(("1-9", "10-19", "")),
                email=f"contact{rank}@entreprise.example",
            )
        )  # fmt: skip
    made = Partner.objects.bulk_create(made, batch_size=1000)
    people, said = [], []
    for partner in made:
        person = Contact(
            school=school, partner=partner, last_name=f"{draw.choice(SECOND)}{partner.pk}", first_name="Yann",
            email=f"yann{partner.pk}@entreprise.example", phone=f"06{draw.randrange(10**8):08d}", role="dirigeant",
        )  # fmt: skip
        person.dossier_id = str(person.public_id)
        people.append(person)
        for _ in range(draw.randrange(3)):
            exchange = Interaction(
                school=school, partner=partner, date=ground.TODAY - timedelta(days=draw.randrange(900)),
                channel="appel", initiative="etablissement", subject="Deux places en mars",
            )  # fmt: skip
            exchange.dossier_id = str(exchange.public_id)
            said.append(exchange)
    Contact.objects.bulk_create(people, batch_size=1000)
    Interaction.objects.bulk_create(said, batch_size=1000)


if __name__ == "__main__":
    main()
