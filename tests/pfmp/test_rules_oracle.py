"""The whole answer of the rules against a second reading of the text: problems with their level, and what cannot be judged."""

import csv
import json
import random
from datetime import date, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pfmp import rules
from tests.exchange.commands import import_dossier
from tests.pfmp import naive_check
from tests.pfmp.naive_check import NEVER_JUDGED, Row, World

DAY = timedelta(days=1)
UAI = "0755890V"
DAYS = ("lun", "mar", "mer", "jeu", "ven", "sam", "dim")
# Two companies of one SIREN, one elsewhere, one in Alsace, one without SIRET.
SIRETS = ("73282932000074", "73282932000082", "55208131766522", "35600000000048", "")
ODD_TIMETABLES = (
    "", "  ", "8h-12h", "LUN 08:00-12:00", "lun", "lun 8:00-12:00", "sauf fériés", "lun 08:00-12:00, mar 08:00-12:00",
    "lun 24:00-08:00", "lun 08:00-24:30", "lun 08:00-12:00; sauf feries", "lun 08:00-12:00 11:00-13:00", "planning variable",
    "sauf fériés; lun 08:00-12:00", "lun 08:60-12:00", "lundi 08:00-12:00",
)  # fmt: skip
ORDINARY = (
    "; ".join(f"{day} 08:00-12:00 13:00-16:00" for day in DAYS[:5]),
    "; ".join(f"{day} 08:00-12:00 13:00-16:00" for day in DAYS[:5]) + "; sauf fériés",
    "; ".join(f"{day} 09:00-12:30 13:30-17:00" for day in DAYS[1:6]),
    "; ".join(f"{day} 06:00-13:00" for day in DAYS[:6]),
)
EDGES = (
    "00:00", "04:00", "05:59", "06:00", "06:01", "08:00", "10:00", "12:00", "12:29", "12:30", "12:31", "13:00", "16:00",
    "16:30", "17:00", "19:59", "20:00", "20:01", "21:00", "21:01", "22:00", "22:01", "23:30",
)  # fmt: skip
NAFS = (
    "43.21A",
    "4321A",
    "56.30Z",
    "5630z",
    "56.10A",
    "55.10Z",
    "10.71C",
    "10.71A",
    "47.76Z",
    "47.75Z",
    "90.01Z",
    "",
    "99",
)


def timetable(chance: random.Random) -> str:
    """A text of the form or not, on the edges of the thresholds."""
    if chance.random() < 0.08:
        return chance.choice(ODD_TIMETABLES)
    if chance.random() < 0.35:
        return chance.choice(ORDINARY)
    parts = []
    for code in DAYS:
        if chance.random() < (0.6 if code in ("sam", "dim") else 0.15):
            continue
        bounds = sorted(chance.sample(EDGES, chance.choice((2, 2, 4, 4, 4, 6))))
        ranges = [f"{a}-{b}" for a, b in zip(bounds[::2], bounds[1::2], strict=True)]
        if chance.random() < 0.1:
            ranges[-1] = ranges[-1][:5] + chance.choice(("-24:00", "-02:00", "-00:00", "-" + ranges[-1][:5]))
        if chance.random() < 0.1 and len(ranges) > 1:  # a day said twice
            parts.append(f"{code} {ranges.pop()}")
        parts.append(f"{code} {chance.choice((' ', '  ')).join(ranges)}")
    chance.shuffle(parts)
    return chance.choice(("; ", ";", " ; ")).join(parts + ["sauf fériés"] * (chance.random() < 0.3))


def birth(chance: random.Random, start: date) -> str:
    """A birthday at a threshold around the first days, any pupil's, or none."""
    if chance.random() < 0.08:
        return ""
    if chance.random() < 0.1:
        return chance.choice(("2008-02-29", "2012-02-29"))
    turning = start + chance.randint(-3, 24) * DAY
    years = chance.choice((13, 14, 15, 16, 18, 18, 17, 19))
    day = min(turning.day, 28) if turning.month == 2 else turning.day
    return date(turning.year - years, turning.month, day).isoformat()


def world(seed: int, *, clean: bool = False) -> World:
    """A small school, its rows as cells of a dossier. `clean`: what an import accepts, for the real command."""
    chance = random.Random(seed)
    origin = chance.choice(
        (date(2024, 2, 26), date(2024, 4, 22), date(2025, 12, 15), date(2026, 2, 23), date(2026, 5, 1))
    )
    classes = [
        {
            "annee": year,
            "code": code,
            "niveau": niveau,
            "diplome": chance.choice(("Bac pro MELEC", "Bac pro MELEC", "", " ")),
        }
        for year in ("2023-2024", "2025-2026")
        for code, niveau in (
            ("A", chance.choice(("1re_pro", "tle_pro", "2nde_pro"))),
            ("B", chance.choice(("cap1", "bts1"))),
        )
    ]
    partners = [
        {
            "id": f"E{number}",
            "siret": siret if clean else chance.choice((siret, f" {siret[:3]} {siret[3:]} " if siret else "")),
            "naf": chance.choice([naf for naf in NAFS if not clean or naf != "99"]),
            "effectif": chance.choice(("", *naive_check.QUOTAS)),
            "code_postal": chance.choice(("75011", "67000", "57100", "68200", "88000", "")) if clean
            else chance.choice(("75011", " 67000", "57 100", "68200", "56700", "")),
        }
        for number, siret in enumerate(SIRETS)
    ]  # fmt: skip
    students = [
        {
            "id": f"S{n}",
            "date_naissance": birth(chance, origin),
            "responsable_nom": chance.choice(("Anne", "Anne", "", " ")),
        }
        for n in range(4)
    ]
    periods = []
    for number in range(4):
        start = origin + chance.randint(0, 20) * DAY
        periods.append(
            {
                "id": f"P{number}",
                "annee": chance.choice(("2023-2024", "2025-2026", "2025-2026")),
                "classe_code": chance.choice("AB"),
                "date_debut": start.isoformat(),
                "date_fin": (start + chance.choice((0, 4, 11, 14, 18, 25, 60)) * DAY).isoformat(),
            }
        )
    number = chance.choice((1, 3, 5, 8, 12, 30, 55))
    busy = number > 12
    rows = []
    for n in range(number):
        period = chance.choice(periods[:1] if busy else periods)
        start, end = date.fromisoformat(period["date_debut"]), date.fromisoformat(period["date_fin"])
        if not busy and chance.random() < 0.4:
            start += chance.randint(-3, 3) * DAY
            end = max(start, end + chance.choice((-7, -1, 0, 1, 30, 90, 200)) * DAY)
        status = chance.choice(("confirme", "pressenti", "en_cours", "termine", "interrompu", "interrompu", "annule"))
        if busy and status == "annule" and chance.random() < 0.8:
            status = "confirme"
        stop = start + chance.randint(0, max(0, (end - start).days)) * DAY
        student = f"S{n % 4}" if not busy or n < 2 else f"S{n}"
        partner = chance.choice(partners[: chance.choice((2, 5))])["id"]
        if student not in {one["id"] for one in students}:
            students.append({"id": student, "date_naissance": "2008-05-05", "responsable_nom": "Anne"})
        referent = chance.choice(("a@lycee.example", "a@lycee.example", "A@Lycee.example", "b@lycee.example", ""))
        rows.append(
            {
                "id": f"L{n}",
                "eleve_id": student,
                "periode_id": period["id"],
                "partenaire_id": partner,
                "tuteur_id": chance.choice(("", f"T{partner}", f"T{partner}", f"U{partner}{n}")),
                "referent_courriel": referent if clean or not referent else chance.choice((referent, f" {referent} ")),
                "date_debut": start.isoformat(),
                "date_fin": end.isoformat(),
                "statut": status,
                "interrompu_le": stop.isoformat() if status == "interrompu" and chance.random() < 0.8 else "",
                "activites": chance.choice(("Câblage", "Câblage", "Câblage", "")),
                "horaires": timetable(chance),
            }
        )
    return World(students, partners, periods, classes, rows)


def facts(found: World, row: Row) -> rules.PlacementFacts:
    """The same row as the rules take it."""
    student, partner = found.students[row["eleve_id"]], found.partners[row["partenaire_id"]]
    period = found.periods[row["periode_id"]]
    klass = found.classes[period["annee"], period["classe_code"]]
    return rules.PlacementFacts(
        key=row["id"],
        start=date.fromisoformat(row["date_debut"]),
        end=date.fromisoformat(row["date_fin"]),
        student=rules.StudentFacts(
            student["id"], naive_check.day_of(student["date_naissance"]), student["responsable_nom"]
        ),
        host=rules.HostFacts(
            partner["id"], "Hôte", partner["siret"], partner["naf"], partner["effectif"], partner["code_postal"]
        ),
        period=rules.PeriodFacts(
            date.fromisoformat(period["date_debut"]),
            date.fromisoformat(period["date_fin"]),
            period["annee"],
            klass["niveau"],
            klass["diplome"],
        ),
        tutor_key=row["tuteur_id"] or None,
        referent_email=row["referent_courriel"],
        timetable_text=row["horaires"],
        activities=row["activites"],
        cancelled=row["statut"] == "annule",
        interrupted_on=naive_check.day_of(row["interrompu_le"]) if row["statut"] == "interrompu" else None,
    )


Judged = tuple[dict[str, str], set[str]]


def without_optional(answer: dict[str, list[dict[str, str]]]) -> Judged:
    """The answer less R-CONV-07 (G-39) and the findings that are no failing (INFO, G-04)."""
    problems = {one["rule"]: one["level"] for one in answer["problems"] if one["level"] != "INFO"}
    unchecked = {one["rule"] for one in answer["unchecked"]}
    assert all(one["missing"] for one in answer["unchecked"])
    assert not unchecked & {one["rule"] for one in answer["problems"]}
    return {rule: level for rule, level in problems.items() if rule not in NEVER_JUDGED}, unchecked - NEVER_JUDGED


def differences(seed: int) -> list[tuple[Row, Judged, Judged]]:
    """The placements of a world on which both readings differ."""
    found = world(seed)
    gathered = rules.gather([facts(found, row) for row in found.placements])
    pairs = [
        (row, without_optional(rules.check(one).as_json()), naive_check.check(found, row))
        for row, one in zip(found.placements, gathered, strict=True)
        if len(found.placements) < 20 or row["id"] in {"L0", "L1", "L7"}
    ]
    return [pair for pair in pairs if pair[1] != pair[2]]


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 10**9))
@example(6)
def test_the_rules_answer_as_the_second_reading(seed):
    assert differences(seed) == []


def written(found: World, folder: Path) -> Path:
    """The dossier of a world."""
    folder.mkdir(exist_ok=True)
    tutors = {(row["tuteur_id"], row["partenaire_id"]) for row in found.placements if row["tuteur_id"]}
    files: dict[str, list[Row]] = {
        "etablissements": [{"uai": UAI, "nom": "LP", "type": "lp"}],
        "classes": [row | {"uai": UAI, "libelle": row["code"]} for row in found.classes.values()],
        "eleves": [row | {"uai": UAI, "nom": row["id"], "prenom": "P"} for row in found.students.values()],
        "partenaires": [
            row | {"uai": UAI, "raison_sociale": row["id"], "type": "entreprise", "statut": "actif"}
            for row in found.partners.values()
        ],
        "contacts": [{"id": tutor, "partenaire_id": partner, "nom": tutor} for tutor, partner in sorted(tutors)],
        "periodes_pfmp": [row | {"uai": UAI, "libelle": row["id"]} for row in found.periods.values()],
        "placements": found.placements,
    }
    for name, rows in files.items():
        if rows:
            with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
                writer = csv.DictWriter(file, list(rows[0]), delimiter=";")
                writer.writeheader()
                writer.writerows(rows)
    return folder


@pytest.mark.django_db
@pytest.mark.parametrize("seed", [3, 14])
def test_the_command_answers_as_the_second_reading(seed, tmp_path):
    """A dossier that came in, and the command as a program calls it."""
    found = world(seed, clean=True)
    result = import_dossier(written(found, tmp_path / "dossier"))
    assert result["errors"] == []
    for row in found.placements[:12]:
        out = StringIO()
        call_command("placement_check", UAI, row["id"], stdout=out)
        answer = without_optional(json.loads(out.getvalue().splitlines()[-1]))
        assert answer == naive_check.check(found, row), row


LEVELS = (
    "3pm", "cap1", "cap2", "2nde_pro", "1re_pro", "tle_pro", "cs", "bts1", "bts2", "2nde_gt", "1re_techno", "tle_techno",
    "autre",
)  # fmt: skip
HOST_TYPES = ("entreprise", "administration", "collectivite", "association", "etablissement_formation")
HOST_STATUSES = ("actif", "dormant", "archive", "prospect")
STATUSES = ("pressenti", "confirme", "convention_editee", "convention_signee", "en_cours", "termine", "interrompu")


def ordinary(number: int) -> tuple[Row, Row, list[Row]]:
    """A class, a host and two pupils' stays there, one right after the other: long ago, at hours that everyone may work."""
    status, stays = STATUSES[number % len(STATUSES)], []
    for key, start, end in (("a", "2021-03-01", "2021-03-19"), ("b", "2021-03-22", "2021-04-02")):
        stays.append(
            {
                "id": f"{number}{key}", "periode_id": f"{number}", "eleve_id": f"{number}{key}", "partenaire_id": f"{number}",
                "tuteur_id": f"{number}", "referent_courriel": f"{number}@lycee.example", "date_debut": start,
                "date_fin": end, "statut": status, "interrompu_le": "", "jours_effectues": "",
                "activites": "Conduite d’engins, habilitation électrique, travaux en hauteur", "lieu_adresse": "Berlin",
                "horaires": ORDINARY[0],
            }
        )  # fmt: skip
    klass = {
        "uai": UAI,
        "annee": "2020-2021",
        "code": f"{number}",
        "libelle": "C",
        "niveau": LEVELS[number],
        "diplome": "D",
    }
    host = {
        "id": f"{number}", "uai": UAI, "raison_sociale": "H", "type": HOST_TYPES[number % len(HOST_TYPES)], "naf": "43.21A",
        "statut": HOST_STATUSES[number % len(HOST_STATUSES)], "notes": "À éviter",
    }  # fmt: skip
    return klass, host, stays


@pytest.mark.django_db
def test_what_a_dossier_does_not_tell_raises_nothing(tmp_path):
    """Regulated works, gratuity, stays abroad, hosts to avoid, delays between stays, follow-up: only pages of the platform write
    them, so an ordinary placement that came in has no line at all, whatever its level, its host and its status (G-02, G-04)."""
    drawn = [ordinary(number) for number in range(len(LEVELS))]
    stays = [stay for _, _, pair in drawn for stay in pair]
    files = {
        "etablissements": [{"uai": UAI, "nom": "LP", "type": "lp"}],
        "classes": [klass for klass, _, _ in drawn],
        "eleves": [
            {"id": stay["id"], "uai": UAI, "nom": "N", "prenom": "P", "date_naissance": "2004-05-05", "responsable_nom": "R"}
            for stay in stays
        ],
        "partenaires": [host for _, host, _ in drawn],
        "contacts": [{"id": host["id"], "partenaire_id": host["id"], "nom": "T"} for _, host, _ in drawn],
        "periodes_pfmp": [
            {
                "id": klass["code"], "uai": UAI, "annee": klass["annee"], "classe_code": klass["code"], "libelle": "P",
                "date_debut": "2021-03-01", "date_fin": "2021-04-02",
            }
            for klass, _, _ in drawn
        ],
        "placements": stays,
    }  # fmt: skip
    for name, rows in files.items():
        with (tmp_path / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, list(rows[0]), delimiter=";")
            writer.writeheader()
            writer.writerows(rows)
    assert import_dossier(tmp_path)["errors"] == []
    found = {}
    for stay in stays:
        out = StringIO()
        call_command("placement_check", UAI, stay["id"], stdout=out)
        answer = json.loads(out.getvalue().splitlines()[-1])
        lines = [one["rule"] for one in (*answer["problems"], *answer["unchecked"]) if one["rule"] not in NEVER_JUDGED]
        if lines:
            found[stay["id"]] = lines
    assert found == {}
