"""What follows a departure: the 48 hours of an accident, the referent's contacts, the reminder of the allowance."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core import holidays_fr
from pfmp.rules import presence_of
from pfmp.rules.accident_clock import declaration_deadline
from pfmp.rules.allowance import State, is_late
from pfmp.rules.owed import Following, Gap, Stay, gaps

PARIS = ZoneInfo("Europe/Paris")


@pytest.mark.parametrize(
    ("known", "by", "alsace"),
    [
        ("2026-03-02 10:00", "2026-03-04 10:00", False),  # Monday to Wednesday
        ("2026-03-06 17:30", "2026-03-09 17:30", False),  # Friday: Sunday does not count
        ("2026-03-07 09:00", "2026-03-10 09:00", False),  # Saturday
        ("2026-03-08 23:59", "2026-03-11 00:00", False),  # Sunday: from Monday midnight, two whole days
        ("2026-05-07 14:00", "2026-05-11 14:00", False),  # 8 May and a Sunday
        ("2026-04-03 12:00", "2026-04-07 12:00", False),  # Easter: Sunday and Monday
        ("2026-04-02 12:00", "2026-04-07 12:00", True),  # with Good Friday in Alsace
        ("2026-12-24 18:00", "2026-12-28 18:00", False),  # Christmas is a Friday, then a Sunday
        ("2026-12-24 18:00", "2026-12-29 18:00", True),  # and 26 December
        ("2026-03-28 08:00", "2026-03-31 08:00", False),  # clocks go forward on the Sunday
        ("2026-10-24 08:00", "2026-10-27 08:00", False),  # and back
    ],
)
def test_the_48_hours_leave_sundays_and_holidays_out(known, by, alsace):
    at = datetime.fromisoformat(known).replace(tzinfo=PARIS)
    assert declaration_deadline(at, alsace_moselle=alsace) == datetime.fromisoformat(by).replace(tzinfo=PARIS)


@settings(max_examples=50, deadline=None)
@given(st.datetimes(datetime.fromisoformat("2024-01-01"), datetime.fromisoformat("2028-01-01")))
def test_the_clock_agrees_with_a_walk_hour_by_hour(known):
    known = known.replace(minute=0, second=0, microsecond=0)
    left, at = 48, known
    while left:
        off = at.weekday() == 6 or at.date() in holidays_fr.legal_holidays(at.year)
        left -= not off
        at += timedelta(hours=1)
    assert declaration_deadline(known) == at


def on(day: int, *, met: bool = False) -> Following:
    return Following(date(2026, 3, day), met)


@pytest.mark.parametrize(
    ("contacts", "today", "expected"),
    [
        ([], date(2026, 3, 14), []),  # the middle is the 14th
        ([], date(2026, 3, 15), [Gap.CONTACT]),
        ([on(14)], date(2026, 3, 27), []),
        ([on(15)], date(2026, 3, 27), [Gap.CONTACT]),
        ([on(14), on(20, met=True)], date(2026, 3, 28), []),
        ([on(14), on(20)], date(2026, 3, 28), [Gap.MEETING]),
        ([on(14, met=True)], date(2026, 3, 28), [Gap.CONTACTS]),
        ([], date(2026, 3, 28), [Gap.CONTACT, Gap.MEETING, Gap.CONTACTS]),
        ([on(1), on(28)], date(2026, 3, 29), [Gap.CONTACT, Gap.MEETING, Gap.CONTACTS]),  # outside the stay
    ],
)
def test_what_the_follow_up_lacks(contacts, today, expected):
    """A stay from 2 to 27 March: a contact by the 14th, two contacts and a meeting by the end (R-REF-04, R-REF-05)."""
    assert gaps(Stay(date(2026, 3, 2), date(2026, 3, 27), contacts), today) == expected


def test_the_allowance_is_late_after_45_days():
    end = date(2026, 3, 27)
    assert not is_late(State.READY, end, date(2026, 5, 11))
    assert is_late(State.READY, end, date(2026, 5, 12))
    assert not is_late(State.VALIDATED, end, date(2026, 6, 11))


@pytest.mark.parametrize(
    ("minutes", "days", "months"), [(419, 0, 0), (420, 1, 0), (308 * 60, 44, 2), (924 * 60, 132, 6)]
)
def test_seven_hours_are_a_day_and_22_days_a_month(minutes, days, months):
    found = presence_of(minutes, day_minutes=420, month_days=22)
    assert (found.days, found.months) == (days, months)
