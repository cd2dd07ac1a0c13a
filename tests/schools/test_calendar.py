"""When a school has lessons: pure properties, then the rows of a school."""

import csv
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import holidays_fr, school_holidays
from core.school_year import SchoolYear
from schools import calendar
from schools.calendar import DaysOff, SchoolCalendar
from schools.enums import DayOffKind
from tests.factories import SchoolFactory, SchoolHolidayFactory

DAYS = st.dates(date(2019, 9, 1), date(2028, 7, 1))


def made(start: date, end: date, *rows: DaysOff, zone: str = "B") -> SchoolCalendar:
    return SchoolCalendar.made_of(zone=zone, rows=rows, start=start, end=end)


@given(day=DAYS, length=st.integers(0, 400))
def test_days_off_are_those_that_are_no_lesson_day_but_plain_week_ends(day, length):
    end = day + timedelta(days=length)
    found = made(day, end)
    off = found.days_off()
    for count in range(length + 1):
        one = day + timedelta(days=count)
        assert found.is_lesson_day(one) == (one not in off and one.weekday() < 5)


@given(day=DAYS)
def test_the_last_lesson_day_is_one_and_none_stands_between(day):
    found = made(day - calendar.FARTHEST, day)
    last = found.last_lesson_day_before(day)
    assert last < day and found.is_lesson_day(last)
    between = [last + timedelta(days=count) for count in range(1, (day - last).days)]
    assert not any(found.is_lesson_day(one) for one in between)


@given(year=st.integers(2018, 2027), zone=st.sampled_from("ABC"))
def test_a_school_year_has_its_thirty_six_weeks_in_every_zone(year, zone):
    """Code de l’éducation, L521-1: at least 36 weeks; two days of legal holidays a week at most."""
    whole = SchoolYear(year)
    found = made(whole.start, whole.end, zone=zone)
    weeks = {
        day.isocalendar()[:2]
        for day in (whole.start + timedelta(days=count) for count in range(365))
        if found.is_lesson_day(day)
    }
    assert 35 <= len(weeks) <= 39
    assert found.is_known


def test_a_legal_holiday_is_off_in_any_year_even_29_february_beside_it():
    assert made(date(2028, 2, 1), date(2028, 3, 1), zone="propre").is_lesson_day(date(2028, 2, 29))
    assert "1er mai" in made(date(2031, 5, 1), date(2031, 5, 1)).days_off()[date(2031, 5, 1)]


def test_what_a_school_enters_replaces_the_zone_for_that_year_only():
    row = DaysOff(date(2026, 10, 24), date(2026, 11, 8), "Toussaint", is_own=True)
    found = made(date(2025, 9, 1), date(2027, 8, 31), row)
    labels = [(period.start.year, period.label) for period in found.periods]
    assert (2025, "Vacances de Noël") in labels
    assert (2026, "Vacances de Noël") not in labels
    assert found.is_lesson_day(date(2026, 10, 19)) and not found.is_lesson_day(date(2026, 11, 2))


def test_a_closure_is_added_to_the_holidays():
    row = DaysOff(date(2027, 5, 7), date(2027, 5, 7), "Pont", DayOffKind.BRIDGE, is_own=True)
    found = made(date(2027, 4, 1), date(2027, 6, 1), row)
    assert "Vacances de printemps" in [period.label for period in found.periods]


@pytest.mark.parametrize(
    ("academy", "postal_code", "chosen", "zone"),
    [
        ("Amiens", "", "", "B"),
        ("Académie de Créteil", "", "", "C"),
        ("Réunion", "", "", "propre"),
        ("Corse", "20000", "", "propre"),
        ("", "02000", "", "B"),
        ("", "97400", "", "propre"),
        ("", "", "", ""),
        ("Amiens", "02000", "A", "A"),
    ],
)
def test_the_zone_is_chosen_or_follows_the_academie_or_the_place(academy, postal_code, chosen, zone):
    school = SchoolFactory.build(academy=academy, postal_code=postal_code, holiday_zone=chosen)
    assert calendar.zone_of(school) == zone


def test_every_academie_has_a_zone():
    with (Path(school_holidays.__file__).parent / "data" / "academies.csv").open(encoding="utf-8") as file:
        assert all(school_holidays.zone_of_academy(row["nom"]) for row in csv.DictReader(file))


@pytest.mark.django_db
def test_one_query_a_question_and_only_the_own_school(django_assert_num_queries):
    school = SchoolFactory(academy="Amiens", holiday_zone="")
    SchoolHolidayFactory(
        school=school, kind="fermeture", label="Fermeture", start_date=date(2027, 3, 15), end_date=date(2027, 3, 16)
    )
    SchoolHolidayFactory(start_date=date(2027, 3, 17), end_date=date(2027, 3, 17))
    with django_assert_num_queries(1):
        off = calendar.days_off(school, date(2027, 3, 1), date(2027, 4, 1))
    assert off[date(2027, 3, 15)] == "Fermeture" and date(2027, 3, 17) not in off
    with django_assert_num_queries(1):
        # Monday 8 March 2027 follows the winter holidays of zone B, which a week-end precedes.
        assert calendar.last_lesson_day_before(school, date(2027, 3, 8)) == date(2027, 2, 19)
    with django_assert_num_queries(1):
        assert not calendar.is_lesson_day(school, date(2027, 3, 16))


def test_easter_monday_is_off_in_all_zones():
    day = holidays_fr.easter(2027) + timedelta(days=1)
    assert all(not made(day, day, zone=zone).is_lesson_day(day) for zone in "ABC")
