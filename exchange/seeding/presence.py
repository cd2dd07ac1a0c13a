"""Who was missing when, what was caught up, which days were validated; the state of each pupil's file in ApLyPro."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from exchange.seeding.draw import Draw
from exchange.seeding.world import World
from pfmp import allowance
from pfmp.days import Days
from pfmp.enums import AbsenceKind, DaysReason, PlacementStatus, ReportedBy
from pfmp.models import Absence, AllowanceFile, PfmpSettings, Placement, Recovery
from pfmp.rules import days as rules
from pfmp.rules.allowance import Unpaid
from schools.enums import Role

S = PlacementStatus
PARIS = ZoneInfo("Europe/Paris")
KINDS = {AbsenceKind.ABSENT: 78, AbsenceKind.ALLOWED: 12, AbsenceKind.CLOSED: 10}
SOURCES = {ReportedBy.TUTOR: 50, ReportedBy.PHONE: 25, ReportedBy.TEAM: 25}


def note_presence(world: World) -> None:
    """Absences that explain the days done, late arrivals, a few Saturdays caught up; who answers for the days; the allowance."""
    draw = world.draw("presence")
    bureau = world.team[Role.BDE][0]
    teachers = {member.email.lower(): member for member in world.team[Role.TEACHER]}
    for placement in world.all(Placement):
        if placement.status not in (S.ONGOING, S.FINISHED, S.INTERRUPTED):
            continue
        found = Days(placement)
        worked = [day for day in sorted(rules.worked_by_timetable(found.stay)) if day <= world.today]
        if found.arithmetic is None or not worked:
            continue
        count = _missed(found, draw)
        absences = [_absent(world, draw, placement, day) for day in draw.some(worked, min(count, len(worked)))]
        if draw.happens(0.06):
            day = draw.choice(worked)
            if all(one.date != day for one in absences):
                absences.append(_late(world, draw, placement, day))
        recoveries = _catch_up(world, draw, Days(placement, absences)) if absences and draw.happens(0.12) else []
        if placement.status == S.FINISHED and placement.days_done is not None:
            full = Days(placement, absences, recoveries)
            if full.differs:
                placement.days_reason = draw.choice((DaysReason.SHEET, DaysReason.CERTIFICATE))
            placement.days_by = teachers.get(placement.referent_email.lower(), bureau)
            _type_in_aplypro(world, draw, placement)
    _keep_files(world, draw)
    for settings in world.all(PfmpSettings):
        settings.school_life_email = f"vie.scolaire@{world.place.slug}.example"


def _missed(found: Days, draw: Draw) -> int:
    """As many absences as explain the days done; else now and then one."""
    if found.written is not None and found.proposal is not None:
        return max(0, min(5, found.proposal - int(found.written)))
    return draw.randint(1, 2) if draw.happens(0.1) else 0


def _said(world: World, day: date) -> datetime | None:
    return datetime.combine(day, time(11), PARIS) if day < world.today else None


def _absent(world: World, draw: Draw, placement: Placement, day: date) -> Absence:
    kind = draw.one_of(KINDS)
    return world.add(
        Absence,
        placement=placement,
        date=day,
        kind=kind,
        reported_by=draw.one_of(SOURCES),
        school_life_told_at=_said(world, day) if kind == AbsenceKind.ABSENT else None,
    )


def _late(world: World, draw: Draw, placement: Placement, day: date) -> Absence:
    return world.add(
        Absence,
        placement=placement,
        date=day,
        kind=AbsenceKind.LATE,
        minutes=draw.choice((10, 15, 20, 30, 45)),
        reported_by=draw.one_of(SOURCES),
        school_life_told_at=_said(world, day),
    )


def _catch_up(world: World, draw: Draw, found: Days) -> list[Recovery]:
    """A day off the timetable, worked to make up for a missed one."""
    start, last = found.stay.start, min(found.stay.last_day, world.today)
    free = [
        day
        for number in range((last - start).days + 1)
        if (day := start + timedelta(days=number)).weekday() < 6 and not rules.recovery_problem(found.stay, day, 420)
    ]
    if not free:
        return []
    return [world.add(Recovery, placement=found.placement, date=draw.choice(free), minutes=draw.choice((240, 420)))]


def _type_in_aplypro(world: World, draw: Draw, placement: Placement) -> None:
    """Some weeks after the end the line is typed, then validated; not all of them."""
    if placement.days_done is None or placement.days_done != int(placement.days_done) or not placement.days_done:
        return
    typed = placement.end_date + timedelta(days=draw.randint(8, 35))
    if isinstance(allowance.scale_of(placement.period.school_class), Unpaid) or not draw.happens(0.93):
        return
    if typed < world.today:
        placement.allowance_entered_date = typed
        validated = typed + timedelta(days=draw.randint(2, 12))
        if validated < world.today and draw.happens(0.95):
            placement.allowance_validated_date = validated


def _keep_files(world: World, draw: Draw) -> None:
    """Most pupils have their award and their bank in ApLyPro; some consents are late."""
    for year in world.years:
        seen = set()
        decided = draw.weekday(date(year.first, 9, 25), date(year.first, 10, 10))
        for student, one in world.students_of(year):
            if student.public_id in seen or isinstance(allowance.scale_of(one.row), Unpaid) or decided > world.today:
                continue
            seen.add(student.public_id)
            if not draw.happens(0.97):
                continue
            world.add(
                AllowanceFile,
                student=student,
                year=year.code,
                is_bank_ready=draw.one_of({True: 88, False: 7, None: 5}),
                decision_date=decided if draw.happens(0.95) else None,
                consent_date=decided - timedelta(days=draw.randint(1, 14)) if draw.happens(0.8) else None,
            )
