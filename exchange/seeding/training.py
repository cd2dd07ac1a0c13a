"""PFMP: periods of each class, who goes where, at which hours, and who visits."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal

from core.holidays_fr import holidays_between
from exchange.seeding import terms, trades
from exchange.seeding.draw import Draw
from exchange.seeding.trades import Trade
from exchange.seeding.world import ClassOfYear, Host, World
from partners.enums import PartnerStatus
from partners.models import Contact
from pfmp.enums import ExemptionReason, InterruptionReason, PlacementStatus, VisitMode
from pfmp.models import Exemption, Period, Placement, Visit
from pfmp.rules.age import age_on
from schools.models import Membership, Student

S = PlacementStatus
VISIT_REPORTS = (
    "Intégration réussie, tâches conformes à la convention.", "L’élève gagne en autonomie ; ponctualité à surveiller.",
    "Tuteur satisfait, propose d’accueillir à nouveau.", "Point sur le livret : deux compétences restent à travailler.",
    "Bon contact avec l’équipe, gestes professionnels en progrès.", "Échange avec le tuteur et l’élève, grille remplie.",
)  # fmt: skip


def plan_periods(world: World) -> None:
    """Periods of every class and year; in the current year, some classes are away now and some leave soon."""
    for one in world.classes:
        if one.year not in world.years:
            continue
        slots = [terms.stretch(one.year, week, weeks) for week, weeks in one.plan.periods]
        if one.year == world.year:
            slots = _for_the_story(world, one, slots)
        for rank, (start, end) in enumerate(slots, 1):
            world.add(
                Period,
                "periode",
                school_class=one.row,
                year=one.year.code,
                label=f"PFMP {rank}" if len(slots) > 1 else "PFMP",
                start_date=start,
                end_date=end,
            )


def _for_the_story(world: World, one: ClassOfYear, slots: list[tuple[date, date]]) -> list[tuple[date, date]]:
    """The slots of a class of the story, one of them moved around today and the others kept out of its way."""
    code = one.plan.code
    if code in trades.STORY_SOON:
        rank = trades.STORY_SOON.index(code)
        moved = terms.soon(world.today, world.year, after=8 + 7 * (rank % 2), weeks=one.plan.periods[0][1])
    elif code in trades.STORY_ONGOING:
        now = _around_today(world)
        if now is None:
            return slots
        moved = now
    else:
        return slots
    nearest = min(range(len(slots)), key=lambda n: abs((slots[n][0] - moved[0]).days))
    clear = timedelta(days=14)
    others = [
        slot
        for n, slot in enumerate(slots)
        if n != nearest and (slot[1] + clear < moved[0] or slot[0] - clear > moved[1])
    ]
    return sorted([*others, moved])


def _around_today(world: World) -> tuple[date, date] | None:
    """Three weeks in a row with school that hold today, begun a week or two ago."""
    mondays = set(terms.school_mondays(world.year))
    monday = world.today - timedelta(days=world.today.weekday())
    for back in (2, 1, 0):
        first = monday - back * terms.WEEK
        end = first + 3 * terms.WEEK - timedelta(days=3)
        if all(first + n * terms.WEEK in mondays for n in range(3)) and first < world.today <= end:
            return first, end
    return None


class Hosting:
    """Which hosts have room when, and which referents have the fewest pupils."""

    def __init__(self, world: World, draw: Draw) -> None:
        self.world, self.draw = world, draw
        self.by_trade: dict[str, list[Host]] = defaultdict(list)
        for host in world.hosts:
            if host.trade and host.partner.status == PartnerStatus.ACTIVE:
                self.by_trade[host.trade.key].append(host)
        self.followed: dict[str, list[tuple[date, date]]] = defaultdict(list)
        self.hours_at: dict[tuple[str, str, str], int] = defaultdict(int)

    def find(
        self, student: Student, trade: Trade, year: str, start: date, end: date, *, away_from: Host | None = None
    ) -> tuple[Host, Contact] | None:
        """A host of the trade with room in these dates, and its tutor; not one where the pupil would pass 308 hours."""
        hosts = self.by_trade[trade.key]
        weeks = (end - start).days // 7 + 1
        for host in self.draw.some(hosts, 60):
            if host is away_from or self.hours_at[student.dossier_id, host.partner.dossier_id, year] + weeks * 35 > 308:
                continue
            meanwhile = [
                stay
                for stay in host.kept_places
                if stay[0] <= end + timedelta(days=6) and start - timedelta(days=6) <= stay[1]
            ]
            if len(meanwhile) >= host.capacity:
                continue
            for tutor in host.tutors:
                if sum(stay[2] is tutor for stay in meanwhile) < 3:
                    host.kept_places.append((start, end, tutor))
                    self.hours_at[student.dossier_id, host.partner.dossier_id, year] += weeks * 35
                    return host, tutor
        return None

    def referent(self, team: list[Membership], start: date, end: date) -> Membership:
        """The teacher of the class who follows the fewest pupils in these dates."""
        chosen = min(team, key=lambda member: sum(s <= end and start <= e for s, e in self.followed[member.email]))
        self.followed[chosen.email].append((start, end))
        return chosen


def place_pupils(world: World) -> None:
    """Placements of every period, the follow-up visits, and the pupils who do not go."""
    draw = world.draw("training")
    hosting = Hosting(world, draw)
    classes = {one.row.public_id: one for one in world.classes}
    away_until: dict[str, date] = defaultdict(lambda: date.min)
    for period in sorted(world.all(Period), key=lambda period: period.start_date):
        one = classes[period.school_class.public_id]
        for student in _expected(one, period):
            if away_until[student.dossier_id] >= period.start_date:
                continue  # changed class in the middle of the other class's period
            away_until[student.dossier_id] = period.end_date
            if draw.happens(0.012):
                world.add(Exemption, period=period, student=student, reason=draw.choice(ExemptionReason.values))
            else:
                _place(world, draw, hosting, one, period, student)


def _expected(one: ClassOfYear, period: Period) -> Iterable[Student]:
    for schooling in one.schoolings:
        gone = schooling.exit_date is not None and schooling.exit_date < period.start_date
        if schooling.entry_date <= period.start_date and not gone:
            yield schooling.student


def _status(world: World, draw: Draw, period: Period) -> PlacementStatus | None:
    """Where the search of one pupil stands, from how far the period is; None: nothing yet."""
    today = world.today
    if period.end_date < today:
        late = period.end_date > today - timedelta(days=10)
        return draw.one_of({S.FINISHED: 91, S.INTERRUPTED: 3, S.CANCELLED: 3, S.ONGOING: 12 if late else 0, None: 2})
    if period.start_date <= today:
        return draw.one_of({S.ONGOING: 84, S.SIGNED: 5, S.INTERRUPTED: 5, S.CONFIRMED: 2, None: 5})
    days = (period.start_date - today).days
    if days <= 21:
        return draw.one_of({S.SIGNED: 36, S.ISSUED: 20, S.CONFIRMED: 18, S.PROSPECT: 9, S.CANCELLED: 2, None: 15})
    if days <= 60:
        return draw.one_of({S.SIGNED: 8, S.ISSUED: 8, S.CONFIRMED: 22, S.PROSPECT: 14, None: 48})
    if days <= 120:
        return draw.one_of({S.CONFIRMED: 8, S.PROSPECT: 6, None: 86})
    return draw.one_of({S.CONFIRMED: 1, None: 99})


def _place(world: World, draw: Draw, hosting: Hosting, one: ClassOfYear, period: Period, student: Student) -> None:
    status = _status(world, draw, period)
    if status is None:
        return
    found = hosting.find(student, one.plan.trade, period.year, period.start_date, period.end_date)
    if found is None:
        return
    placement = _placement(world, draw, hosting, one, period, student, found, status)
    if status == S.INTERRUPTED:
        last = min(period.end_date, world.today)
        placement.interrupted_date = draw.weekday(period.start_date, max(period.start_date, last - timedelta(days=4)))
        placement.interruption_reason = draw.choice(InterruptionReason.values)
        resume = placement.interrupted_date + timedelta(days=7 - placement.interrupted_date.weekday())
        if resume > period.end_date - timedelta(days=4) or draw.happens(0.5):
            return
        second = hosting.find(
            student, one.plan.trade, period.year, resume, period.end_date, away_from=_host_of(hosting, one, placement)
        )
        if second:
            again = S.FINISHED if period.end_date < world.today else S.ONGOING if resume <= world.today else S.SIGNED
            _placement(world, draw, hosting, one, period, student, second, again, start=resume)
    elif status == S.CANCELLED and draw.happens(0.8):
        second = hosting.find(student, one.plan.trade, period.year, period.start_date, period.end_date)
        if second:
            again = S.FINISHED if period.end_date < world.today else S.CONFIRMED
            _placement(world, draw, hosting, one, period, student, second, again)


def _host_of(hosting: Hosting, one: ClassOfYear, placement: Placement) -> Host | None:
    return next((host for host in hosting.by_trade[one.plan.trade.key] if host.partner is placement.partner), None)


def _placement(
    world: World,
    draw: Draw,
    hosting: Hosting,
    one: ClassOfYear,
    period: Period,
    student: Student,
    found: tuple[Host, Contact],
    status: PlacementStatus,
    *,
    start: date | None = None,
) -> Placement:
    host, tutor = found
    start = start or period.start_date
    sure = status not in (S.PROSPECT, S.CONFIRMED)
    referent = hosting.referent(one.teachers, start, period.end_date) if sure or draw.happens(0.6) else None
    placement = world.add(
        Placement,
        "placement",
        period=period,
        student=student,
        partner=host.partner,
        tutor=tutor if draw.happens(0.985 if sure else 0.55) else None,
        referent_email=referent.email if referent else "",
        start_date=start,
        end_date=period.end_date,
        status=status,
        origin=draw.one_of({"bde": 24, "equipe": 22, "eleve": 26, "famille": 14, "partenaire": 6, "": 8}),
        tasks=draw.choice(one.plan.trade.tasks) if draw.happens(0.985 if sure else 0.4) else "",
        timetable=_hours(draw, one.plan.trade, student, start, sure=sure),
        place_address=f"Chantier : {draw.randint(1, 60)} rue de l’Atelier-Neuf, {world.place.town.postal_code} {world.place.town.name}"
        if one.plan.trade is trades.ELECTRICITY and draw.happens(0.15)
        else "",
    )
    if status == S.FINISHED and draw.happens(0.9):
        placement.days_done = _days_done(draw, start, period.end_date)
    _visits(world, draw, placement, referent)
    return placement


def _hours(draw: Draw, trade: Trade, student: Student, start: date, *, sure: bool) -> str:
    """Weekly hours: those of the trade, the early ones before 16, and now and then some that the rules refuse."""
    if not draw.happens(0.985 if sure else 0.45):
        return ""
    if draw.happens(0.006):
        return trades.UNREADABLE_HOURS
    birth_date = student.birth_date
    if draw.happens(0.012):
        return draw.choice(trades.FORBIDDEN_TO_MINORS)
    if birth_date is None or age_on(birth_date, start) < 16:
        return trade.early_hours
    return draw.choice(trade.hours)


def _days_done(draw: Draw, start: date, end: date) -> Decimal:
    weekdays = sum((start + timedelta(days=n)).weekday() < 5 for n in range((end - start).days + 1))
    holidays = sum(day.weekday() < 5 for day in holidays_between(start, end))
    missed = Decimal(draw.one_of({"0": 60, "1": 20, "2": 9, "3": 5, "5": 3, "0.5": 3}))
    return max(Decimal(0), Decimal(weekdays - holidays) - missed)


def _visits(world: World, draw: Draw, placement: Placement, referent: Membership | None) -> None:
    last = min(placement.end_date, world.today)
    if placement.status in (S.CANCELLED, S.PROSPECT, S.CONFIRMED, S.ISSUED) or last < placement.start_date:
        return
    share = (last - placement.start_date).days / max((placement.end_date - placement.start_date).days, 1)
    modes = []
    if draw.happens(0.55 * min(1.0, share * 2)):
        modes.append(VisitMode.PHONE)
    if draw.happens(0.78 * share):
        modes.append(VisitMode.ON_SITE)
    elif draw.happens(0.5 * share):
        modes.append(VisitMode.VIDEO)
    day = placement.start_date
    for mode in modes:
        day = draw.weekday(day, last)
        world.add(
            Visit,
            "visite",
            placement=placement,
            date=day,
            mode=mode,
            author_email=referent.email if referent else placement.referent_email,
            report=draw.choice(VISIT_REPORTS) if draw.happens(0.9) else "",
        )
