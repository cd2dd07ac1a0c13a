"""A spreadsheet of 3,000 companies, sent by a person, among 3,000 partners of which 300 are probable doubles.

    .venv/bin/python -m bench.tables
    bin/with-services .venv/bin/python -m bench.tables        # the same on PostgreSQL

Times by the wall: reading in the child process and finding the columns; the dry run with doubles; the import; the undo. Targets:
the dry run at most 20 s, the lock held at most 1 s.
"""

import json
import random
import sys
import time
from typing import Any

from bench import ground  # first: it sets Django up

# isort: split
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection

from accounts.models import User
from core import jobs
from core.spreadsheets import as_xlsx
from partners.models import Partner
from schools.importing import CREATE, KINDS, running, services
from schools.models import Membership, School

LINES = 3_000
HEADER = ["Entreprise", "Adresse", "CP", "Ville", "Tél.", "Mail", "Tuteur"]
TRADES = ("Garage", "Menuiserie", "Boulangerie", "Électricité", "Plomberie", "Carrosserie", "Fleuriste", "Imprimerie")
TOWNS = (("02000", "Laon"), ("02100", "Saint-Quentin"), ("02200", "Soissons"), ("02300", "Chauny"), ("51100", "Reims"))


def drawn(chance: random.Random, count: int, start: int) -> list[list[Any]]:
    found = []
    for number in range(start, start + count):
        family = "".join(chance.choice("bcdfglmnprstv") + chance.choice("aeiou") for _ in range(4)).capitalize()
        code, town = chance.choice(TOWNS)
        name = f"{chance.choice(TRADES)} {family}"
        found.append(
            [
                name,
                f"{number} rue Haute",
                code,
                town,
                f"03{number:08d}",
                f"contact@{family.lower()}{number}.example",
                f"Anne {family.upper()}",
            ]
        )
    return found


def main() -> None:
    call_command("migrate", verbosity=0)
    chance = random.Random(1)
    school = School.objects.create(uai="0755890V", name="Lycée", type="lp")
    member = Membership.objects.create(
        school=school, email="bde@lycee.example", last_name="B", first_name="A", role="bde"
    )
    user = User.objects.create(email="bde@lycee.example", first_name="A", last_name="B")
    member.user = user
    member.save()
    known = drawn(chance, LINES, 0)
    Partner.objects.bulk_create(
        Partner(
            school=school,
            dossier_id=str(number),
            name=row[0],
            address=row[1],
            postal_code=row[2],
            city=row[3],
            phone=row[4],
        )
        for number, row in enumerate(known)
    )
    ground.tidy()
    lines = drawn(chance, LINES - 300, LINES)
    lines += [[f"{row[0]} et fils", *row[1:]] for row in known[:300]]
    chance.shuffle(lines)
    content = as_xlsx("Entreprises", HEADER, lines)
    kind = KINDS["partners.companies"]

    took: dict[str, float] = {}
    before = time.perf_counter()
    record = services.receive(school, kind, SimpleUploadedFile("a.xlsx", content), by=user)
    jobs.run_waiting()
    took["read_s"] = time.perf_counter() - before
    record.refresh_from_db()
    before = time.perf_counter()
    services.choose_columns(record, record.mapping, {"status": "actif"}, by=user)
    jobs.run_waiting()
    took["dry_run_s"] = time.perf_counter() - before
    record.refresh_from_db()
    counts = record.report["counts"]
    services.decide(record, {}, everything=CREATE)
    record.refresh_from_db()
    services.ask_apply(record, by=user)
    before = time.perf_counter()
    record.refresh_from_db()
    written = running.apply(record, by=user)
    took["import_s"] = time.perf_counter() - before
    took["import_lock_s"] = written.lock_seconds
    record.refresh_from_db()
    before = time.perf_counter()
    running.take_back(record, by=user)
    took["undo_s"] = time.perf_counter() - before
    result = {"database": connection.vendor, "lines": LINES, "counts": counts} | {
        k: round(v, 2) for k, v in took.items()
    }
    sys.stdout.write(json.dumps(result) + "\n")


if __name__ == "__main__":
    main()
