"""Days and numbers, as pure functions."""

from datetime import date, timedelta
from fractions import Fraction
from statistics import median

from hypothesis import given
from hypothesis import strategies as st

from core.school_year import SchoolYear
from indicators import rules

days = st.dates(date(2020, 1, 1), date(2032, 12, 31))
spans = st.tuples(days, st.integers(0, 60)).map(lambda pair: (pair[0], pair[0] + timedelta(pair[1])))


def every_day(first: date, last: date) -> list[date]:
    return [first + timedelta(number) for number in range((last - first).days + 1)]


@given(first=days, length=st.integers(-3, 400))
def test_weekdays_are_those_one_would_count(first: date, length: int) -> None:
    last = first + timedelta(length)
    assert rules.weekdays(first, last) == sum(day.weekday() < 5 for day in every_day(first, last))


@given(st.lists(spans, max_size=8))
def test_covered_days_are_those_of_the_union(intervals: list[tuple[date, date]]) -> None:
    assert rules.covered_days(intervals) == len({day for span in intervals for day in every_day(*span)})


@given(st.lists(spans, max_size=8))
def test_most_at_once_is_that_of_the_busiest_day(intervals: list[tuple[date, date]]) -> None:
    busiest = max(
        (sum(a <= day <= b for a, b in intervals) for span in intervals for day in every_day(*span)), default=0
    )
    assert rules.most_at_once(intervals) == busiest


@given(st.lists(st.fractions(), min_size=1))
def test_the_median_is_the_exact_one(values: list[Fraction]) -> None:
    assert rules.median(values) == median(values)


@given(days)
def test_one_year_before_is_the_same_day(day: date) -> None:
    before = rules.one_year_before(day)
    assert (before.year, before.month) == (day.year - 1, day.month)
    assert before.day == day.day or (day.day, before.day) == (29, 28)


@given(today=days)
def test_the_bounds_hold_the_day_asked_or_the_end(today: date) -> None:
    found = rules.bounds(SchoolYear.on(today), today)
    assert found.as_of == today
    assert found.is_provisional == (today != found.end)
    later = rules.bounds(SchoolYear.on(today), today + timedelta(500))
    assert (later.as_of, later.is_provisional, later.months, later.calendar_months) == (found.end, False, 12, 12)


maybe = st.none() | days


@given(signed=maybe, start=maybe, end=maybe, tacit=st.none() | st.booleans(), terminated=maybe, day=days)
def test_an_agreement_holds_on_the_days_of_its_interval(
    signed: date | None, start: date | None, end: date | None, tacit: bool | None, terminated: date | None, day: date
) -> None:
    interval = rules.in_force_interval(signed=signed, start=start, end=end, tacit=tacit, terminated=terminated)
    holds = (
        signed is not None
        and signed <= day
        and (start is None or start <= day)
        and (terminated is None or terminated > day)
        and (end is None or end >= day or bool(tacit))
    )
    assert holds == (interval is not None and interval[0] <= day <= interval[1])
