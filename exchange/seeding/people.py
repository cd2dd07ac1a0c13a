"""Classes, pupils, families and staff."""

import unicodedata
from collections import defaultdict
from datetime import date, timedelta

from core.school_year import SchoolYear
from exchange.seeding import names, reference, terms, trades
from exchange.seeding.draw import Draw
from exchange.seeding.trades import ClassPlan
from exchange.seeding.world import NORMAL_SIZE, ClassOfYear, World
from schools.enums import Niveau, Role, Sex
from schools.models import Membership, SchoolClass, Schooling, Student, TeachingAssignment

AGE_IN_SEPTEMBER = {
    Niveau.SECONDE_PRO: 15, Niveau.PREMIERE_PRO: 16, Niveau.TERMINALE_PRO: 17, Niveau.CAP1: 15, Niveau.CAP2: 16,
    Niveau.CS: 18, Niveau.BTS1: 18, Niveau.BTS2: 19,
}  # fmt: skip
"""Age that a pupil who never repeated a year reaches in the first civil year of the school year."""

LAST_NIVEAUX = (Niveau.TERMINALE_PRO, Niveau.CAP2, Niveau.CS, Niveau.BTS2)
"""Classes whose pupils leave with a diploma (A-122)."""


def ascii_word(text: str) -> str:
    """« Aïssatou Le Goff » → "aissatou-le-goff", for addresses."""
    plain = (
        unicodedata.normalize("NFKD", text.replace("’", " ").replace("ı", "i"))
        .encode("ascii", "ignore")
        .decode()
        .lower()
    )
    return "-".join("".join(c if c.isalnum() else " " for c in plain).split())


def plans_for(students: int) -> list[ClassPlan]:
    """The classes of a lycée of that size: some of the plans, all of them, or all of them several times.

    A small lycée keeps the classes of the story (a teacher's class that leaves soon); a large one has « 1MELEC B »…
    """
    by_code = {plan.code: plan for plan in trades.PLANS}
    if students >= NORMAL_SIZE * 0.75:
        plans = []
        for copy in range(max(1, round(students / NORMAL_SIZE))):
            mark = f" {chr(ord('A') + copy % 26)}{copy // 26 or ''}" if copy else ""
            plans += [_renamed(plan, mark) for plan in trades.PLANS]
        return plans
    wanted = max(4, round(len(trades.PLANS) * students / NORMAL_SIZE))
    first = ["2TNE", "1MELEC", "TMELEC", "1CAPELEC", "2CAPELEC"]
    ordered = [by_code[code] for code in first] + [plan for plan in trades.PLANS if plan.code not in first]
    return ordered[:wanted]


def _renamed(plan: ClassPlan, mark: str) -> ClassPlan:
    if not mark:
        return plan
    return ClassPlan(
        plan.code + mark, plan.label + mark, plan.niveau, plan.trade, plan.formation_code, plan.size, plan.girls,
        tuple(code + mark for code in plan.then), plan.periods,
    )  # fmt: skip


def fill_classes(world: World) -> None:
    """Classes of every year and their pupils, who go up from one year to the next."""
    draw = world.draw("people")
    plans = plans_for(world.size.students)
    wished = {plan.code: plan.size for plan in plans}
    left_over = world.size.students - sum(wished.values())
    for turn in range(abs(left_over)):  # the sizes are those of the plans, give or take a few
        code = plans[turn % len(plans)].code
        wished[code] += 1 if left_over > 0 else -1
    _fill_leavers(world, draw, plans)
    joining: dict[str, list[Student]] = {}
    for year in world.years:
        present: dict[str, list[Student]] = {}
        for plan in plans:
            one = ClassOfYear(_class_row(world, plan, year), plan, year)
            world.classes.append(one)
            promoted = joining.get(plan.code, [])[: max(wished[plan.code], 0)]
            missing = max(wished[plan.code], 0) - len(promoted)
            present[plan.code] = promoted + [_student(world, draw, plan, year) for _ in range(missing)]
            for student in present[plan.code]:
                one.schoolings.append(_schooling(world, draw, student, one))
        _move_some(world, draw, year)
        joining = _promotions(draw, plans, present)


def _fill_leavers(world: World, draw: Draw, plans: list[ClassPlan]) -> None:
    """The last classes of the year before the first: their pupils left, and say at 6 and 12 months what they do."""
    year = world.years[0].previous
    for plan in plans:
        if plan.niveau in LAST_NIVEAUX:
            one = ClassOfYear(_class_row(world, plan, year), plan, year)
            world.classes.append(one)
            for _ in range(plan.size):
                one.schoolings.append(_schooling(world, draw, _student(world, draw, plan, year), one))


def _class_row(world: World, plan: ClassPlan, year: SchoolYear) -> SchoolClass:
    diploma = reference.diplomas().get(plan.formation_code)
    title = f"{diploma['type_diplome']} {diploma['intitule']}" if diploma else ""
    return world.add(
        SchoolClass,
        year=year.code,
        code=plan.code,
        label=plan.label,
        niveau=plan.niveau,
        diploma=title.replace("CS niveau 4 (ex-mention complémentaire)", "CS").replace("'", "’")
        or trades.COMMON_SECONDES.get(plan.formation_code, plan.label),
        formation_code=plan.formation_code,
        filiere=_filiere(plan.formation_code, diploma),
    )


def _filiere(code: str, diploma: dict[str, str] | None) -> str:
    """The family of trades, else the field of the diploma."""
    families = {row["code_diplome_2de_commune"]: row["famille"] for row in reference.table("familles_metiers_2de_pro")}
    name = (diploma["famille_de_metiers"] or diploma["filiere"]) if diploma else families.get(code, "")
    return name.replace("'", "’")


def _student(world: World, draw: Draw, plan: ClassPlan, year: SchoolYear) -> Student:
    girl = draw.happens(plan.girls)
    first_name, last_name, family = names.young(draw, girl=girl)
    birth_date = _birth_date(draw, plan, year)
    rank = len(world.all(Student)) + 1
    home = (
        draw.choice(world.place.communes[: min(14, len(world.place.communes))])
        if draw.happens(0.6)
        else world.place.town
    )
    guardian = not draw.happens(0.9 if plan.niveau in (Niveau.BTS1, Niveau.BTS2, Niveau.CS) else 0.008)
    mother = draw.happens(0.62)
    parent, other_name = names.adult(draw, woman=mother, family=family)
    parent_name = last_name if draw.happens(0.82) else other_name
    login = f"{ascii_word(first_name)}.{ascii_word(last_name)}{rank}"
    return world.add(
        Student,
        "eleve",
        ine=""
        if draw.happens(0.04)
        else f"{900000000 + world.rank * 20011 + rank:09d}{draw.choice('ABCDEFGHJK')}{draw.choice('ABCDEFGHJK')}",
        last_name=last_name,
        first_name=first_name,
        sex="" if draw.happens(0.01) else (Sex.F if girl else Sex.M),
        birth_date=None if draw.happens(0.008) else birth_date,
        email=f"{login}@eleves.{world.place.slug}.example" if draw.happens(0.93) else "",
        phone=world.mobile(draw) if draw.happens(0.8) else "",
        address=f"{draw.randint(1, 120)} {draw.choice(names.STREETS)}",
        postal_code=home.postal_code,
        city=home.name,
        guardian_name=f"{parent} {parent_name}" if guardian else "",
        guardian_email=f"{ascii_word(parent)}.{ascii_word(parent_name)}{rank}@familles.example"
        if guardian and draw.happens(0.75)
        else "",
        guardian_phone=world.mobile(draw) if guardian and draw.happens(0.95) else "",
    )


def _birth_date(draw: Draw, plan: ClassPlan, year: SchoolYear) -> date:
    late = draw.one_of({0: 74, 1: 19, 2: 5, -1: 2})
    if plan.niveau in (Niveau.CS, Niveau.BTS1, Niveau.BTS2):
        late = max(late, 0)
    first_day = date(year.first - AGE_IN_SEPTEMBER[plan.niveau] - late, 1, 1)
    return first_day + timedelta(days=draw.randint(0, 364))


def _schooling(world: World, draw: Draw, student: Student, one: ClassOfYear) -> Schooling:
    entry, leaving = one.year.start, None
    last_known = min(world.today, one.year.end)
    if draw.happens(0.02):
        entry = draw.weekday(entry + timedelta(days=20), entry + timedelta(days=120))
    if draw.happens(0.025):
        leaving = draw.weekday(entry + timedelta(days=25), entry + timedelta(days=180))
    if entry > last_known:
        entry = one.year.start
    if leaving is not None and not entry <= leaving <= last_known:
        leaving = None
    return world.add(
        Schooling,
        student=student,
        school_class=one.row,
        year=one.year.code,
        entry_date=entry,
        exit_date=leaving,
        priority=draw.one_of({True: 24, False: 66, None: 10}),
    )


def _move_some(world: World, draw: Draw, year: SchoolYear) -> None:
    """A few pupils change class in the course of the year, between classes of the same level."""
    by_niveau = defaultdict(list)
    for one in world.classes_of(year):
        by_niveau[one.plan.niveau].append(one)
    groups = [group for group in by_niveau.values() if len(group) > 1]
    for _ in range(world.size.of(4)):
        if not groups:
            return
        origin, target = draw.some(draw.choice(groups), 2)
        leaving = terms.next_school_day(year.start + timedelta(days=draw.randint(30, 60)), year)
        stayers = [s for s in origin.schoolings if s.exit_date is None and s.entry_date == year.start]
        if not stayers or leaving >= min(world.today, year.end):
            continue
        moved = draw.choice(stayers)
        moved.exit_date = leaving
        target.schoolings.append(
            world.add(
                Schooling,
                student=moved.student,
                school_class=target.row,
                year=year.code,
                entry_date=leaving + timedelta(days=1),
                priority=moved.priority,
            )
        )


def _promotions(draw: Draw, plans: list[ClassPlan], present: dict[str, list[Student]]) -> dict[str, list[Student]]:
    """Who joins which class next year: most pupils go up, some leave; few last-year pupils go on to CS or BTS."""
    joining: dict[str, list[Student]] = defaultdict(list)
    for plan in plans:
        last_year = plan.niveau in (Niveau.TERMINALE_PRO, Niveau.CAP2)
        for student in present[plan.code]:
            if plan.then and draw.happens(0.3 if last_year else 0.94):
                joining[draw.choice(plan.then)].append(student)
    return joining


def hire_staff(world: World) -> None:
    """Bureau, direction, office and some 45 teachers, in teams of the classes of every year."""
    draw = world.draw("staff")
    used: set[str] = set()
    for role, count in (
        (Role.BDE, 1), (Role.DDFPT, 1), (Role.HEAD, 2 if world.size.students >= 300 else 1), (Role.OFFICE, 1), (Role.READER, 1),
    ):  # fmt: skip
        for _ in range(count):
            world.team[role].append(_member(world, draw, role, used))
    world.school.head_name = _paper_name(world.team[Role.HEAD][0])
    count = world.size.of(45, at_least=6)
    world.team[Role.TEACHER] = [_member(world, draw, Role.TEACHER, used) for _ in range(count)]
    _assign(world, draw)


def _paper_name(member: Membership) -> str:
    return f"{member.first_name} {member.last_name.upper()}"


def _member(world: World, draw: Draw, role: Role, used: set[str]) -> Membership:
    while True:
        woman = draw.happens(0.52)
        first_name, last_name = names.adult(draw, woman=woman)
        email = f"{ascii_word(first_name)}.{ascii_word(last_name)}@{world.place.slug}.example"
        if world.rank:
            email = email.replace("@", f"{world.rank + 1}@")
        if email not in used:
            break
    used.add(email)
    return world.add(Membership, email=email, last_name=last_name, first_name=first_name, role=role)


def _assign(world: World, draw: Draw) -> None:
    """Teachers of the trade follow their classes from one level to the next; those of general subjects share all."""
    teachers = world.team[Role.TEACHER]
    plans = {one.plan.code: one.plan for one in world.classes}
    trade_keys = list(dict.fromkeys(plan.trade.key for plan in plans.values()))
    weights = {key: sum(plan.size for plan in plans.values() if plan.trade.key == key) for key in trade_keys}
    half = max(len(trade_keys), round(len(teachers) * 0.55))
    of_trade: dict[str, list[Membership]] = {key: [] for key in trade_keys}
    pool = list(teachers)
    for _ in range(min(half, len(pool))):
        neediest = max(trade_keys, key=lambda key: weights[key] / (1 + 14 * len(of_trade[key])))
        of_trade[neediest].append(pool.pop(0))
    general = pool or teachers
    turn = 0
    for year in world.years:
        for one in world.classes_of(year):
            own = of_trade[one.plan.trade.key] or teachers
            several = [*own[:5], *(general[(turn + n) % len(general)] for n in range(4))]
            team = list({member.email: member for member in several}.values())
            turn += 3
            one.teachers = team
            head = team[turn % len(team)]
            for member in team:
                world.add(
                    TeachingAssignment,
                    membership=member,
                    school_class=one.row,
                    year=year.code,
                    is_head_teacher=member is head,
                )


def teacher_of_the_story(world: World) -> Membership:
    """The teacher whose account is shown: the first of the team of the class that leaves soon."""
    current = world.classes_of(world.year)
    story = next((one for one in current if one.plan.code == trades.STORY_SOON[0]), current[0])
    return story.teachers[0]
