"""When a signer is written to again: the rules on days, whatever the day, the delay and the timetable."""

from datetime import UTC, date, datetime, timedelta
from itertools import islice, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.holidays_fr import legal_holidays
from documents import reminder_rules as rules

YEAR_2020, YEAR_2045 = datetime.fromisoformat("2020-01-01"), datetime.fromisoformat("2045-01-01")
DAYS = st.dates(date(2020, 1, 1), date(2045, 12, 31))
TIMETABLES = st.builds(
    rules.Timetable,
    reminds=st.booleans(),
    first_after=st.integers(1, 30),
    every=st.integers(2, 30),
    most=st.integers(0, 10),
    weekdays=st.frozensets(st.integers(0, 6)),
    alsace_moselle=st.booleans(),
    closed=st.builds(
        lambda start, length: frozenset(start + timedelta(days=ahead) for ahead in range(length)),
        st.dates(date(2020, 1, 1), date(2045, 12, 31)),
        st.integers(0, 60),
    ),
)
USUAL = rules.Timetable(True, 4, 4, 4, frozenset(range(5)))


def all_reminders(timetable: rules.Timetable, first: date) -> list[date]:
    return list(islice(rules.reminders_after(timetable, first), 20))


@given(TIMETABLES, DAYS)
def test_reminders_are_at_most_so_many_on_open_days_and_far_enough_apart(timetable, first):
    days = all_reminders(timetable, first)
    assert len(days) <= timetable.most
    assert bool(days) == (timetable.reminds and timetable.most > 0 and bool(timetable.weekdays))
    for day in days:
        assert day.weekday() in timetable.weekdays and day not in timetable.closed
        assert day not in legal_holidays(day.year, alsace_moselle=timetable.alsace_moselle)
    for before, after in pairwise([first, *days]):
        wait = timetable.first_after if before == first else timetable.every
        worked = sum(
            rules.is_business_day(before + timedelta(days=ahead), alsace_moselle=timetable.alsace_moselle)
            for ahead in range(1, (after - before).days + 1)
        )
        assert worked >= wait


@given(DAYS, st.integers(1, 40), st.booleans())
def test_a_delay_counts_business_days_only(start, count, alsace_moselle):
    end = rules.business_day_after(start, count, alsace_moselle=alsace_moselle)
    between = [start + timedelta(days=ahead) for ahead in range(1, (end - start).days + 1)]
    assert sum(rules.is_business_day(day, alsace_moselle=alsace_moselle) for day in between) == count
    assert rules.is_business_day(end, alsace_moselle=alsace_moselle)


def test_a_delay_of_nothing_is_refused():
    with pytest.raises(ValueError, match="at least 1"):
        rules.business_day_after(date(2026, 1, 5), 0)


def test_the_usual_timetable_in_words():
    """A link of Tuesday 12 May 2026: Ascension is the 14th, so the first reminder is on Tuesday 19 and not on Monday 18."""
    assert all_reminders(USUAL, date(2026, 5, 12))[:2] == [
        date(2026, 5, 19),
        date(2026, 5, 26),
    ]  # Whit Monday: the 25th


def test_a_timetable_of_one_day_a_week_waits_for_it():
    thursdays = rules.Timetable(True, 1, 2, 3, frozenset({3}))
    assert all_reminders(thursdays, date(2026, 5, 4)) == [date(2026, 5, 7), date(2026, 5, 21), date(2026, 5, 28)]


def test_good_friday_is_a_holiday_in_alsace_and_moselle_only():
    friday = date(2026, 4, 3)
    assert rules.is_business_day(friday) and not rules.is_business_day(friday, alsace_moselle=True)


@given(st.datetimes(YEAR_2020, YEAR_2045, timezones=st.just(UTC)), st.integers(0, 200))
def test_a_person_may_ask_again_after_48_hours(last, hours):
    now = last + timedelta(hours=hours)
    assert rules.is_cooling(last, now) == (hours < 48)
    again = rules.again_from(last)
    assert (
        again is not None and rules.is_cooling(last, again - timedelta(seconds=1)) and not rules.is_cooling(last, again)
    )


def test_nothing_sent_is_nothing_to_wait_for():
    assert rules.again_from(None) is None and not rules.is_cooling(None, datetime(2026, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize(
    ("days", "reminds", "sentence"), [((), True, "au moins un jour"), ((), False, ""), ((1,), True, "")]
)
def test_a_timetable_without_days_is_said(days, reminds, sentence):
    said = rules.weekdays_problem(days, reminds=reminds)
    assert (sentence in said) if sentence else said == ""
