"""When a school has lessons: holidays of its zone or its own, its closures, legal holidays. The one place that knows.

`calendar_of` reads a school's rows in one query and gives a `SchoolCalendar`, which answers without database; the functions
below it ask one question each. Saturdays and Sundays are never lesson days here: no lycée professionnel was met that
teaches on Saturdays, and delays counted too short by a day are the safe side.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from core import holidays_fr, school_holidays
from core.school_year import SchoolYear
from schools.enums import DayOffKind, HolidayZone
from schools.models import School, SchoolHoliday

SATURDAY = 5
FARTHEST = timedelta(days=120)
"""How far back a lesson day is looked for: more than the summer, with what a school adds to it."""


@dataclass(frozen=True, order=True)
class DaysOff:
    """Days without lessons in a row, both ends included. `is_own`: entered by the school."""

    start: date
    end: date
    label: str
    kind: DayOffKind = DayOffKind.HOLIDAYS
    is_own: bool = False

    def touches(self, start: date, end: date) -> bool:
        return self.start <= end and self.end >= start


@dataclass(frozen=True)
class SchoolCalendar:
    """What is known of a school's days from one day to another. `periods` in order of date, within reach of both."""

    zone: str
    start: date
    end: date
    periods: tuple[DaysOff, ...]
    alsace_moselle: bool = False

    @classmethod
    def made_of(
        cls, *, zone: str, rows: Iterable[DaysOff], start: date, end: date, alsace_moselle: bool = False
    ) -> "SchoolCalendar":
        """The zone's holidays with what the school entered: its rows of `HOLIDAYS` replace the zone's of their school year."""
        own = list(rows)
        replaced = {SchoolYear.on(row.start) for row in own if row.kind == DayOffKind.HOLIDAYS}
        official = [
            DaysOff(one.start, one.end, one.label)
            for one in school_holidays.holidays_between(zone, start, end)
            if SchoolYear.on(one.start) not in replaced
        ]
        periods = tuple(sorted([*official, *(row for row in own if row.touches(start, end))]))
        return cls(zone=zone, start=start, end=end, periods=periods, alsace_moselle=alsace_moselle)

    @property
    def is_known(self) -> bool:
        """Does it know the holidays of every day, from the zone or from the school? Else it has legal holidays only."""
        until, since = school_holidays.known_until(self.zone), school_holidays.known_from(self.zone)
        if until is not None and since is not None and since <= self.start and self.end <= until:
            return True
        return any(period.is_own and period.kind == DayOffKind.HOLIDAYS for period in self.periods)

    def legal_holidays(self) -> dict[date, str]:
        return holidays_fr.holidays_between(self.start, self.end, alsace_moselle=self.alsace_moselle)

    def days_off(self) -> dict[date, str]:
        """Each day without lessons with why: the legal holiday first, else the holidays or closure. Plain week-ends are not in."""
        found: dict[date, str] = {}
        for period in self.periods:
            day, last = max(period.start, self.start), min(period.end, self.end)
            while day <= last:
                found.setdefault(day, period.label)
                day += timedelta(days=1)
        return dict(sorted((found | self.legal_holidays()).items()))

    def why_off(self, day: date) -> str:
        """Why there are no lessons that day, "" when there are."""
        if name := holidays_fr.legal_holidays(day.year, alsace_moselle=self.alsace_moselle).get(day):
            return name
        if label := next((period.label for period in self.periods if period.start <= day <= period.end), ""):
            return label
        return "week-end" if day.weekday() >= SATURDAY else ""

    def is_lesson_day(self, day: date) -> bool:
        return not self.why_off(day)

    def last_lesson_day_before(self, day: date) -> date:
        """The last day with lessons before `day`; the eve when the calendar reaches back to none."""
        one = day - timedelta(days=1)
        while one >= self.start:
            if self.is_lesson_day(one):
                return one
            one -= timedelta(days=1)
        return day - timedelta(days=1)


def zone_of(school: School) -> str:
    """A school's zone of holidays, a `HolidayZone` value: chosen, else of its académie, else of its postal code, else ""."""
    return (
        school.holiday_zone
        or school_holidays.zone_of_academy(school.academy)
        or school_holidays.zone_of_postal_code(school.postal_code)
    )


def zone_label(zone: str) -> str:
    """« Zone B », for people."""
    return HolidayZone(zone).label if zone else "Zone inconnue"


def calendar_of(school: School, start: date, end: date) -> SchoolCalendar:
    """A school's calendar from `start` to `end`, both included: one query, whatever is then asked of it."""
    rows = SchoolHoliday.objects.in_school(school).filter(
        # Whole school years: one row of holidays anywhere in a year replaces the zone's for the year.
        start_date__lte=SchoolYear.on(end).end,
        end_date__gte=SchoolYear.on(start).start,
    )
    return SchoolCalendar.made_of(
        zone=zone_of(school),
        rows=[
            DaysOff(first, last, label, DayOffKind(kind), is_own=True)
            for first, last, label, kind in rows.values_list("start_date", "end_date", "label", "kind")
        ],
        start=start,
        end=end,
        alsace_moselle=holidays_fr.is_alsace_moselle(school.postal_code),
    )


def holiday_periods(school: School, start: date, end: date) -> list[DaysOff]:
    """Holidays, bridges, closures and exams with a day from `start` to `end`, in order of date; no legal holiday."""
    return list(calendar_of(school, start, end).periods)


def days_off(school: School, start: date, end: date) -> dict[date, str]:
    """Each day without lessons from `start` to `end` with its reason, legal holidays included; plain week-ends are not in."""
    return calendar_of(school, start, end).days_off()


def is_lesson_day(school: School, day: date) -> bool:
    return calendar_of(school, day, day).is_lesson_day(day)


def last_lesson_day_before(school: School, day: date) -> date:
    """The last day with lessons before `day`, from which the steps before a period are counted (§ 5.6)."""
    return calendar_of(school, day - FARTHEST, day).last_lesson_day_before(day)
