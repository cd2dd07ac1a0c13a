"""Weeks over the cycle (R-DUREE-01 to 13): properties of the arithmetic, both sides of each threshold."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.school_year import SchoolYear
from pfmp.rules import cycle
from pfmp.rules.cycle import OwnDuration, State, Stay

DAYS = st.dates(date(2019, 9, 1), date(2032, 8, 31))
LENGTHS = st.integers(0, 120)
Y = SchoolYear(2026)


@given(DAYS, LENGTHS, st.integers(-5, 125))
def test_splitting_a_stay_in_two_keeps_the_sum_of_its_days(start, length, cut):
    end = start + timedelta(days=length)
    middle = start + timedelta(days=cut)
    naive = sum((start + timedelta(days=ahead)).weekday() < 5 for ahead in range(length + 1))
    assert cycle.weekdays_between(start, end) == naive
    if start <= middle < end:
        parts = (start, middle), (middle + timedelta(days=1), end)
        assert sum(cycle.weekdays_between(*part) for part in parts) == naive


@given(DAYS, st.integers(1, 20))
def test_whole_civil_weeks_count_as_many_even_over_29_february_1_may_and_new_year(day, weeks):
    monday = cycle.monday_of(day)
    assert cycle.weeks_between(monday, monday + timedelta(days=weeks * 7 - 3)) == weeks
    assert cycle.weeks_between(monday, monday + timedelta(days=weeks * 7 - 1)) == weeks


STAYS = st.builds(
    lambda start, length, **more: Stay(start, start + timedelta(days=length), **more),
    DAYS,
    LENGTHS,
    counts=st.booleans(),
    days_done=st.none() | st.decimals(0, 200, places=1),
    scheduled=st.none() | st.integers(0, 80),
    is_over=st.booleans(),
    is_validated=st.booleans(),
)


@given(STAYS, DAYS)
def test_no_stay_gives_more_weeks_than_its_dates(stay, today):
    assert 0 <= stay.done(today) <= stay.weeks + Decimal("0.1")
    assert stay.planned(today) >= 0
    if not stay.is_over:
        assert stay.done(today) + stay.planned(today) <= stay.weeks + Decimal("0.2")


@given(st.lists(STAYS, max_size=6), DAYS, st.sampled_from(["2nde_pro", "1re_pro", "tle_pro", "cap1", "cap2", "cs"]))
def test_the_balance_adds_up_and_another_stay_never_adds_to_what_is_missing(stays, today, level):
    asked = cycle.requirement_of(level, "", Y)
    found = cycle.balance(asked, stays, today, level=level, year=Y)
    assert found.missing == max(0, asked.weeks - found.done - found.planned)
    assert (found.state is State.DONE) == (found.done >= asked.weeks)
    if stays:
        assert cycle.balance(asked, stays[1:], today, level=level, year=Y).missing >= found.missing


@pytest.mark.parametrize(
    ("level", "diploma", "year", "weeks", "most", "block"),
    [
        ("cap1", "CAP Cuisine", 2026, 12, 14, None),
        ("cap2", "CAP Cuisine en 1 an", 2026, 5, None, None),
        ("tle_pro", "", 2023, 22, None, 3),  # session 2024
        ("tle_pro", "", 2024, 20, None, 3),  # session 2025
        ("1re_pro", "", 2023, 20, None, 3),  # the same pupils one year younger: session 2025
        ("2nde_pro", "", 2021, 22, None, 3),
        ("2nde_pro", "", 2022, 20, None, 3),
        ("cs", "", 2026, 12, 18, None),
        ("bts1", "", 2026, None, None, None),
    ],
)
def test_what_each_diploma_asks_on_the_day_of_its_exam(level, diploma, year, weeks, most, block):
    found = cycle.requirement_of(level, diploma, SchoolYear(year))
    assert (found.weeks, found.most, found.block) == (weeks, most, block)
    assert found.source and found.rule.startswith("R-DUREE-")


def test_a_level_without_pfmp_asks_nothing():
    assert cycle.requirement_of("3pm", "", Y) is None


def test_the_school_s_own_duration_wins_from_its_year_on():
    own = [OwnDuration("CAP Cuisine", 14, 4, "2025-2026", "arrêté"), OwnDuration("CAP Cuisine", 13, None, "2024-2025")]
    assert cycle.requirement_of("cap2", "CAP Cuisine", Y, own).weeks == 14
    assert cycle.requirement_of("cap2", "CAP Cuisine", Y, own).block == 4
    assert cycle.requirement_of("cap2", "CAP Cuisine", SchoolYear(2024), own).weeks == 13
    assert cycle.requirement_of("cap2", "CAP Cuisine", SchoolYear(2023), own).weeks == 12
    assert cycle.requirement_of("cap2", "CAP Coiffure", Y, own).weeks == 12


def weeks(start: date, count: int, **more) -> Stay:
    return Stay(start, start + timedelta(days=count * 7 - 3), is_over=True, **more)


TLE = cycle.requirement_of("tle_pro", "", Y)
TODAY = date(2027, 6, 1)
PAST = [weeks(date(2025, 1, 6), 6), weeks(date(2026, 1, 5), 8)]


@pytest.mark.parametrize(
    ("stays", "more", "state", "missing"),
    [
        ([*PAST, weeks(date(2027, 1, 4), 6)], {}, State.DONE, 0),
        ([*PAST, weeks(date(2027, 1, 4), 5)], {}, State.MISSING, 1),
        ([*PAST, weeks(date(2027, 1, 4), 6, counts=False)], {}, State.MISSING, 6),  # R-DUREE-07
        ([*PAST, weeks(date(2027, 1, 4), 6, days_done=Decimal(15), scheduled=30)], {}, State.MISSING, 3),
        ([*PAST, weeks(date(2027, 1, 4), 6, interrupted_on=date(2027, 1, 15))], {}, State.MISSING, 4),
        ([*PAST, weeks(date(2027, 1, 4), 6, interrupted_on=date(2027, 1, 15), is_validated=True)], {}, State.DONE, 0),
        (PAST, {"to_come": [(date(2027, 6, 7), date(2027, 7, 16))]}, State.ON_TRACK, 0),
        (PAST, {"is_reduced": True}, State.DONE, 0),  # the floor is 10
        (PAST, {"was_apprentice": True}, State.TO_VERIFY, 6),
        (PAST[1:], {"unknown_levels": ["2de professionnelle"]}, State.TO_VERIFY, 12),
    ],
)
def test_what_is_missing_at_the_end_of_the_cycle(stays, more, state, missing):
    found = cycle.balance(TLE, stays, TODAY, level="tle_pro", year=Y, **more)
    assert (found.state, found.missing) == (state, missing)


def test_a_younger_class_is_watched_when_it_is_behind_what_is_usual():
    asked = cycle.requirement_of("1re_pro", "", Y)
    assert cycle.balance(asked, [weeks(date(2026, 5, 4), 4)], TODAY, level="1re_pro", year=Y).state is State.WATCH
    enough = [weeks(date(2026, 5, 4), 4), weeks(date(2027, 1, 4), 6)]
    assert cycle.balance(asked, enough, TODAY, level="1re_pro", year=Y).state is State.ON_TRACK


@pytest.mark.parametrize(("days", "said"), [(11, True), (14, False)])
def test_a_short_block_is_said(days, said):
    monday = date(2027, 1, 4)
    assert bool(cycle.block_problem(monday, monday + timedelta(days=days), TLE)) is said


@pytest.mark.parametrize(
    ("level", "year", "words"),
    [
        ("2nde_pro", 2026, ["préparation", "aucune évaluation certificative", "4 semaines"]),
        ("tle_pro", 2023, ["8 semaines obligatoires"]),
        ("tle_pro", 2024, ["6 semaines obligatoires", "6 semaines, hors examen"]),
        ("tle_pro", 2025, ["6 semaines obligatoires", "4 semaines, hors examen"]),
        ("bts2", 2026, []),
    ],
)
def test_what_the_texts_say_of_a_class_follows_the_year(level, year, words):
    said = " ".join(cycle.notes_of(level, SchoolYear(year))).replace("\xa0", " ")
    assert all(word in said for word in words) and bool(said) == bool(words)
    assert ("Parcours" in said) == (level == "tle_pro" and year >= 2024)
