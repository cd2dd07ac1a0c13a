"""The school's agenda: actions with what fills the same days, by month, day after day, and over the year."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta

from core import french, national_events
from core.national_events import NationalEvent
from core.school_year import SchoolYear
from core.typography import MONTHS
from events.enums import ActionStatus
from events.models import Action, ActionClass, ActionPartner
from events.preparing import state_of
from schools import agenda, calendar
from schools.calendar import DaysOff, SchoolCalendar
from schools.enums import DayOffKind
from schools.models import Membership, School
from schools.permissions import allows
from schools.roles import Permission

DAY = timedelta(days=1)
WEEK = timedelta(days=7)
ACTION = "action"
LONG = 3
"""Beyond so many days in a row, an item is told once for its week and not in the box of each day."""
AHEAD = timedelta(days=62)


@dataclass(frozen=True)
class Item:
    """Something on the calendar. `kind`: « action », or one of `schools.agenda`; `state`: a status code, "" when usual."""

    kind: str
    title: str
    url: str
    start: date
    end: date
    start_time: time | None = None
    end_time: time | None = None
    state: str = ""
    label: str = ""
    place: str = ""
    classes: tuple[str, ...] = ()
    code: str = ""
    partners: tuple[str, ...] = ()

    @property
    def days(self) -> int:
        return (self.end - self.start).days + 1

    @property
    def is_long(self) -> bool:
        return self.days > LONG

    @property
    def icon(self) -> str:
        """The icon of its kind: what tells them apart besides colour."""
        return ICONS[self.kind]

    @property
    def hours(self) -> str:
        """« 9 h – 12 h », « 9 h », or nothing."""
        return " – ".join(french.clock(moment) for moment in (self.start_time, self.end_time) if moment)

    @property
    def when(self) -> str:
        return french.period(self.start, self.end) if self.end != self.start else french.day(self.start, weekday=True)

    def touches(self, start: date, end: date) -> bool:
        return self.start <= end and self.end >= start


ICONS = {ACTION: "calendar-event", agenda.Kind.OUT: "building", agenda.Kind.VISIT: "person-walking"}
WORDS = {agenda.Kind.OUT: "En entreprise", agenda.Kind.VISIT: "Visite"}


@dataclass(frozen=True)
class Day:
    """A box of the month."""

    date: date
    is_inside: bool
    is_today: bool
    why_off: str
    exams: tuple[str, ...]
    items: tuple[Item, ...]

    @property
    def is_weekend(self) -> bool:
        return self.date.weekday() >= calendar.SATURDAY

    @property
    def is_empty(self) -> bool:
        return not (self.items or self.exams)


@dataclass(frozen=True)
class Week:
    """A week of the month: its seven days, and what lasts more than a few of them."""

    days: tuple[Day, ...]
    away: tuple[Item, ...]
    long: tuple[Item, ...]
    national: tuple[NationalEvent, ...]

    @property
    def number(self) -> int:
        return self.days[0].date.isocalendar().week

    @property
    def off(self) -> list[str]:
        """Why there are no lessons on some of its days: a phone, which leaves empty days out, reads it once."""
        return list(dict.fromkeys(day.why_off for day in self.days if day.is_inside and day.why_off))

    @property
    def has_line(self) -> bool:
        return bool(self.away or self.long or self.national)


@dataclass(frozen=True)
class Month:
    """What one page of the calendar shows."""

    first: date
    weeks: tuple[Week, ...]
    calendar: SchoolCalendar

    @property
    def name(self) -> str:
        return f"{MONTHS[self.first.month - 1]} {self.first.year}"

    @property
    def before(self) -> str:
        return f"{self.first - DAY:%Y-%m}"

    @property
    def after(self) -> str:
        return f"{self.first + timedelta(days=32):%Y-%m}"

    @property
    def is_empty(self) -> bool:
        return all(day.is_empty for week in self.weeks for day in week.days) and not any(
            week.away or week.long for week in self.weeks
        )


def month_of(text: str, today: date) -> date:
    """`"2026-11"` → 1 November 2026; today's month for what is no month of the century around."""
    try:
        found = date.fromisoformat(f"{text}-01")
    except ValueError:
        return today.replace(day=1)
    return found if 2000 <= found.year <= 2100 else today.replace(day=1)


def class_labels(school: School, actions: Iterable[Action]) -> dict[int, list[str]]:
    """Action → the classes expected at it, in the order of their codes: one query."""
    found: defaultdict[int, list[str]] = defaultdict(list)
    rows = ActionClass.objects.in_school(school).filter(action__in=actions).order_by("school_class__code")
    for pk, label in rows.values_list("action", "school_class__label"):
        found[pk].append(label)
    return found


def _carriers(school: School, actions: Iterable[Action]) -> dict[int, list[str]]:
    """Action → the partners who carry it, in the order of their names: one query."""
    found: defaultdict[int, list[str]] = defaultdict(list)
    rows = ActionPartner.objects.in_school(school).filter(action__in=actions).order_by("partner__search_text")
    for pk, name in rows.values_list("action", "partner__name"):
        found[pk].append(name)
    return found


def actions_between(
    school: School,
    start: date,
    end: date,
    today: date,
    *,
    member: Membership | None = None,
    class_id: int | None = None,
) -> list[Item]:
    """The actions that touch these days, with their classes and the partners who carry them: three queries.

    `member`: only those that this person leads, or whose classes they teach; `class_id`: only those of a class.
    """
    rows = Action.objects.in_school(school).touching(start, end)
    if member is not None:
        rows = rows.of_member(member)
    if class_id is not None:
        expected = ActionClass.objects.in_school(school).filter(school_class=class_id)
        rows = rows.filter(pk__in=expected.values("action"))
    actions = list(rows.order_by("start_date", "start_time", "pk"))
    classes = class_labels(school, actions) if actions else {}
    partners = _carriers(school, actions) if actions else {}
    found = []
    for action in actions:
        action.school = school
        state = state_of(action, today)
        found.append(
            Item(
                kind=ACTION,
                title=action.title,
                url=action.get_absolute_url(),
                start=action.start_date,
                end=action.last_date,
                start_time=action.start_time,
                end_time=action.end_time,
                state=state,
                label=str(action.get_type_display()),
                place=action.place,
                classes=tuple(classes.get(action.pk, ())),
                partners=tuple(partners.get(action.pk, ())),
            )
        )
    return found


def items_between(
    membership: Membership, start: date, end: date, today: date, *, own: bool = False, class_id: int | None = None
) -> list[Item]:
    """All that a person sees between two days: actions, classes in companies, their own visits; in order of date and hour."""
    found: list[Item] = []
    if allows(membership, Permission.VIEW_ACTIONS):
        found += actions_between(
            membership.school, start, end, today, member=membership if own else None, class_id=class_id
        )
    taught = set(membership.assignments.values_list("school_class", flat=True)) if own else set()
    for entry in agenda.of_member(membership, start, end):
        if entry.class_id is not None and (
            (class_id is not None and entry.class_id != class_id) or (own and entry.class_id not in taught)
        ):
            continue
        found.append(
            Item(
                kind=entry.kind,
                title=entry.title,
                url=entry.url,
                start=entry.start,
                end=entry.end,
                start_time=entry.at,
                label=WORDS[entry.kind],
                place=entry.place,
                classes=(entry.class_label,) if entry.class_label else (),
                code=entry.class_code,
            )
        )
    return sorted(found, key=lambda item: (item.start, item.start_time or time.min, item.title))


def month(known: SchoolCalendar, items: Sequence[Item], first: date, today: date) -> Month:
    """The weeks of a month, whole: days of the months beside are drawn empty."""
    start, end = edges(first)
    off = known.days_off()
    exams = [period for period in known.periods if period.kind == DayOffKind.EXAM]
    national = [
        event
        for year in {SchoolYear.on(start), SchoolYear.on(end)}
        for event in national_events.events_of(year)
        if event.start and event.end
    ]
    weeks = []
    monday = start
    while monday <= end:
        sunday = monday + 6 * DAY
        here = [item for item in items if item.touches(monday, sunday)]
        long = [item for item in here if item.is_long]
        days = []
        for number in range(7):
            day = monday + number * DAY
            inside = day.month == first.month
            held = tuple(one.label for one in exams if one.start <= day <= one.end)
            days.append(
                Day(
                    date=day,
                    is_inside=inside,
                    is_today=day == today,
                    why_off="" if off.get(day, "") in held else off.get(day, ""),
                    exams=held if inside else (),
                    items=tuple(item for item in here if inside and not item.is_long and item.touches(day, day)),
                )
            )
        weeks.append(
            Week(
                days=tuple(days),
                away=tuple(item for item in long if item.kind == agenda.Kind.OUT),
                long=tuple(item for item in long if item.kind != agenda.Kind.OUT),
                national=tuple(
                    event
                    for event in national
                    if event.start and event.end and event.start <= sunday and event.end >= monday
                ),
            )
        )
        monday += WEEK
    return Month(first=first, weeks=tuple(weeks), calendar=known)


def edges(first: date) -> tuple[date, date]:
    """The Monday and the Sunday between which a month is drawn."""
    last = (first + timedelta(days=32)).replace(day=1) - DAY
    return first - first.weekday() * DAY, last + (6 - last.weekday()) * DAY


def by_month(items: Iterable[Item], *, since: date | None = None) -> list[tuple[str, list[Item]]]:
    """Items under « novembre 2026 », by the month they begin in; what began before `since` stands in that month."""
    grouped: dict[tuple[int, int], list[Item]] = defaultdict(list)
    for item in items:
        day = max(item.start, since) if since else item.start
        grouped[day.year, day.month].append(item)
    return [(f"{MONTHS[month - 1]} {year}", found) for (year, month), found in sorted(grouped.items())]


def days_off_as_items(known: SchoolCalendar, start: date, end: date) -> list[DaysOff]:
    """Holidays, closures and exams that touch these days."""
    return [one for one in known.periods if one.touches(start, end)]


@dataclass(frozen=True)
class Programme:
    """A school year's actions to print: by month, with the days without lessons; cancelled ones are left out."""

    year: SchoolYear
    months: tuple[tuple[str, tuple[Item, ...]], ...]
    holidays: tuple[DaysOff, ...]
    total: int


def programme(school: School, year: SchoolYear, today: date) -> Programme:
    """What the school and its partners do together over a year."""
    items = [
        item for item in actions_between(school, year.start, year.end, today) if item.state != ActionStatus.CANCELLED
    ]
    known = calendar.calendar_of(school, year.start, year.end)
    months = tuple((name, tuple(found)) for name, found in by_month(items, since=year.start))
    return Programme(
        year=year,
        months=months,
        holidays=tuple(one for one in known.periods if one.kind != DayOffKind.EXAM),
        total=len(items),
    )
