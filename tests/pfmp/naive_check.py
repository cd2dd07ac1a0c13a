"""What `placement_check` answers, read a second time from the text alone (reglementation-precisions G-01 to G-42).

Rows are those of a dossier, cell by cell, as text. Nothing here is shared with the code it judges: hours are minutes looked
at one by one, ages are counted birthday by birthday, holidays are written down, sums run over every day.
"""

import itertools
import re
from collections.abc import Iterator
from datetime import date, timedelta

DAY = timedelta(days=1)
WEEK = ("lun", "mar", "mer", "jeu", "ven", "sam", "dim")
EASTERS = (
    date(2022, 4, 17), date(2023, 4, 9), date(2024, 3, 31), date(2025, 4, 20), date(2026, 4, 5), date(2027, 3, 28),
    date(2028, 4, 16),
)  # fmt: skip
SECTORS = {
    "10.13B", "10.71B", "10.71C", "10.71D", "47.21Z", "47.22Z", "47.23Z", "47.24Z", "47.26Z", "47.29Z", "47.76Z",
    "47.81Z", "90.01Z", "90.02Z",
}  # fmt: skip
QUOTAS = {"0": (3, 3), "1-9": (3, 3), "10-19": (3, 3), "20-49": (3, 8), "50-249": (8, 38), "250+": (38, 10**6)}
NEVER_JUDGED = {"R-CONV-07"}  # G-39
Row = dict[str, str]


def day_of(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def days(first: date, last: date) -> Iterator[date]:
    day = first
    while day <= last:
        yield day
        day += DAY


def holidays(alsace: bool) -> set[date]:
    found = set()
    for easter in EASTERS:
        found |= {easter + DAY, easter + 39 * DAY, easter + 50 * DAY}
        found |= {
            date(easter.year, month, day)
            for month, day in ((1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25))
        }
        if alsace:
            found |= {easter - 2 * DAY, date(easter.year, 12, 26)}
    return found


def age(born: date, day: date) -> int:
    birthdays = 0
    for year in range(born.year + 1, day.year + 1):
        try:
            birthday = date(year, born.month, born.day)
        except ValueError:
            birthday = date(year, 3, 1)
        birthdays += birthday <= day
    return birthdays


def read_week(text: str) -> tuple[dict[str, list[tuple[int, int]]], bool] | None:
    """Ranges by weekday, in minutes; whether holidays are off. None when the text is not of the form (G-10, G-11)."""
    if not text.strip():
        return None
    parts = [part.strip() for part in text.split(";")]
    if parts[-1] == "":
        parts.pop()
    off = parts[-1] == "sauf fériés"
    if off:
        parts.pop()
    week: dict[str, list[tuple[int, int]]] = {}
    for part in parts:
        words = part.split()
        if len(words) < 2 or words[0] not in WEEK:
            return None
        for word in words[1:]:
            if not re.fullmatch("[0-9]{2}:[0-9]{2}-[0-9]{2}:[0-9]{2}", word):
                return None
            h1, m1, h2, m2 = (int(word[i : i + 2]) for i in (0, 3, 6, 9))
            if h1 > 23 or m1 > 59 or m2 > 59 or h2 * 60 + m2 > 1440:
                return None
            start, end = h1 * 60 + m1, h2 * 60 + m2
            week.setdefault(words[0], []).append((start, end if end > start else end + 1440))
    for ranges in week.values():
        ranges.sort()
        if any(a[1] > b[0] for a, b in itertools.pairwise(ranges)):
            return None
    return (week, off) if week else None


class World:
    """The rows of one school, by id."""

    def __init__(
        self, students: list[Row], partners: list[Row], periods: list[Row], classes: list[Row], rows: list[Row]
    ):
        self.students = {row["id"]: row for row in students}
        self.partners = {row["id"]: row for row in partners}
        self.periods = {row["id"]: row for row in periods}
        self.classes = {(row["annee"], row["code"]): row for row in classes}
        self.placements = rows

    def host(self, row: Row) -> str:
        siret = re.sub(r"\s", "", self.partners[row["partenaire_id"]]["siret"])
        return siret[:9] or "id:" + row["partenaire_id"]

    def naf(self, row: Row) -> str:
        code = re.sub(r"[\s.]", "", self.partners[row["partenaire_id"]]["naf"]).upper()
        return f"{code[:2]}.{code[2:]}" if re.fullmatch("[0-9]{4}[A-Z]", code) else ""

    def off_days(self, row: Row) -> set[date]:
        return holidays(self.partners[row["partenaire_id"]]["code_postal"].strip()[:2] in {"57", "67", "68"})


def presence(row: Row) -> set[date]:
    """Days of presence, working or not: an interrupted placement stops that day (G-13, G-31, G-35)."""
    last = date.fromisoformat(row["date_fin"])
    if row["statut"] == "interrompu" and row["interrompu_le"]:
        last = min(last, date.fromisoformat(row["interrompu_le"]))
    return set(days(date.fromisoformat(row["date_debut"]), last))


def weeks_of(row: Row) -> set[date]:
    return {
        day - DAY * day.weekday()
        for day in days(date.fromisoformat(row["date_debut"]), date.fromisoformat(row["date_fin"]))
    }


def hours_of(world: World, row: Row) -> int | None:
    """Minutes of presence, holidays left out (G-13)."""
    read = read_week(row["horaires"])
    if read is None:
        return None
    off = world.off_days(row)
    return sum(b - a for day in presence(row) if day not in off for a, b in read[0].get(WEEK[day.weekday()], []))


def check(world: World, row: Row) -> tuple[dict[str, str], set[str]]:
    """Rule → level of the problems, and the rules that cannot be judged."""
    broken: dict[str, str] = {}
    unknown: set[str] = set()
    if row["statut"] == "annule":
        return broken, unknown
    order = ("INFO", "ALERTE", "BLOQ")

    def say(rule: str, level: str) -> None:
        if rule not in broken or order.index(level) > order.index(broken[rule]):
            broken[rule] = level

    first, last = date.fromisoformat(row["date_debut"]), date.fromisoformat(row["date_fin"])
    student, period = world.students[row["eleve_id"]], world.periods[row["periode_id"]]
    klass = world.classes[period["annee"], period["classe_code"]]
    born = day_of(student["date_naissance"])
    off, naf = world.off_days(row), world.naf(row)
    alive = [one for one in world.placements if one["statut"] != "annule"]
    read = read_week(row["horaires"])
    minor = born is not None and age(born, first) < 18

    # 3. minors
    if born is None:
        unknown |= {"R-MIN-01", "R-MIN-04", "R-MIN-05", "R-MIN-07", "R-MIN-08", "R-MIN-10"}
        if naf in {"56.30Z", ""}:
            unknown.add("R-MIN-13")
        if not student["responsable_nom"].strip():
            unknown.add("R-CONV-02")
    else:
        if minor and not student["responsable_nom"].strip():
            say("R-CONV-02", "BLOQ")
        if age(born, first) < 15:
            say("R-MIN-10", "BLOQ" if age(born, first) < 14 else "ALERTE")
        if minor and naf == "56.30Z":
            say("R-MIN-13", "ALERTE")
        if minor and naf == "":
            unknown.add("R-MIN-13")
        if minor and read is None:
            unknown |= {"R-MIN-01", "R-MIN-04", "R-MIN-05", "R-MIN-07", "R-MIN-08"}
            if age(born, first) < 15:
                unknown.add("R-MIN-11")
    if read is None:
        say("R-HOR-02", "BLOQ")
        say("R-CONV-01", "BLOQ")
        if any(day in off and day.weekday() < 6 and (born is None or age(born, day) < 18) for day in days(first, last)):
            unknown.add("R-MIN-09")
    else:
        week, except_holidays = read

        def work(day: date) -> list[tuple[int, int]]:
            if not first <= day <= last or (except_holidays and day in off):
                return []
            return week.get(WEEK[day.weekday()], [])

        for day in days(first, last):
            ranges = work(day)
            if not ranges:
                continue
            total = sum(b - a for a, b in ranges)
            instants = {minute for a, b in ranges for minute in range(a, b)}
            if born is None:
                if day in off:
                    unknown.add("R-MIN-09")
                if any(minute % 1440 >= 21 * 60 or minute % 1440 < 6 * 60 for minute in instants):
                    unknown.add("R-MAJ-01")
                continue
            years = age(born, day)
            monday = day - DAY * day.weekday()
            in_week = sum(b - a for n in range(7) for a, b in work(monday + DAY * n))
            if years < 15 and (total > 7 * 60 or in_week > 30 * 60):
                say("R-MIN-11", "ALERTE")
            if years >= 18:
                if any(minute % 1440 >= 21 * 60 or minute % 1440 < 6 * 60 for minute in instants):
                    say("R-MAJ-01", "BLOQ")
                continue
            if total > 8 * 60 or in_week > 35 * 60:
                say("R-MIN-01", "BLOQ")
            run = longest = idle = longest_pause = 0
            for minute in range(min(instants), max(instants) + 1):
                if minute in instants:
                    longest_pause = max(longest_pause, idle)
                    run, idle = run + 1, 0
                    longest = max(longest, run)
                else:
                    run, idle = 0, idle + 1
            if longest > 270 or (total > 270 and longest_pause < 30):
                say("R-MIN-04", "BLOQ")
            evening = 20 * 60 if years < 16 else 22 * 60
            if any(minute % 1440 >= evening or minute % 1440 < 6 * 60 for minute in instants):
                say("R-MIN-05", "BLOQ")
            if tomorrow := work(day + DAY):
                if 1440 + min(a for a, _ in tomorrow) - max(b for _, b in ranges) < (14 if years < 16 else 12) * 60:
                    say("R-MIN-07", "BLOQ")
            if day.weekday() == 6 or (day.weekday() == 5 and work(day + 2 * DAY)):
                say("R-MIN-08", "BLOQ")
            if day in off:
                say("R-MIN-09", "ALERTE" if not naf or naf[:2] in {"55", "56"} or naf in SECTORS else "BLOQ")

    # 2. hours at one host in the year
    together = [
        one
        for one in alive
        if one["eleve_id"] == row["eleve_id"]
        and world.host(one) == world.host(row)
        and world.periods[one["periode_id"]]["annee"] == period["annee"]
    ]
    known, possible = 0, 0
    for one in together:
        minutes = hours_of(world, one)
        known += minutes or 0
        if minutes is None:
            possible += sum(1440 for day in presence(one) if day not in world.off_days(one))
    for rule, level, limit in (("R-GRAT-01", "ALERTE", 308 * 60), ("R-DUREE-20", "BLOQ", 924 * 60)):
        if known > limit:
            say(rule, level)
        elif known + possible > limit:
            unknown.add(rule)

    # 4. dates, host, tutor, referent, convention
    if first < date.fromisoformat(period["date_debut"]) or last > date.fromisoformat(period["date_fin"]):
        say("R-PERIODE-01", "ALERTE")
    others = [one for one in alive if one is not row]
    if any(one["eleve_id"] == row["eleve_id"] and presence(one) & presence(row) for one in others):
        say("R-CHEVAUCHE-01", "ALERTE")
    bounds = {"date_debut": period["date_debut"], "date_fin": period["date_fin"]}
    if klass["niveau"] in {"2nde_pro", "1re_pro", "tle_pro"} and len(weeks_of(bounds)) < 3:
        say("R-DUREE-08", "ALERTE")
    low, high = QUOTAS.get(world.partners[row["partenaire_id"]]["effectif"], (3, 10**6))
    most = max(
        sum(monday in weeks_of(one) for one in alive if world.host(one) == world.host(row)) for monday in weeks_of(row)
    )
    if most > high:
        say("R-QUOTA-01", "ALERTE")
    elif most > low:
        unknown.add("R-QUOTA-01")
    for rule, name, ceilings in (
        ("R-TUT-01", "tuteur_id", ((3, "ALERTE"),)),
        ("R-REF-02", "referent_courriel", ((16, "ALERTE"), (24, "BLOQ"))),
    ):
        mine = row[name].strip().lower()
        if not mine:
            say("R-TUT-01" if rule == "R-TUT-01" else "R-REF-01", "BLOQ")
            continue
        same = [one for one in alive if one[name].strip().lower() == mine]
        at_once = max((sum(day in presence(one) for one in same) for day in presence(row)), default=0)
        for ceiling, level in ceilings:
            if at_once > ceiling:
                say(rule, level)
    if not klass["diplome"].strip() or not row["activites"].strip():
        say("R-CONV-01", "BLOQ")
    return broken, unknown - broken.keys()
