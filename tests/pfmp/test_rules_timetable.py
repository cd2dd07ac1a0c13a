"""The weekly timetable: reading, writing, saying (G-10 to G-12), and the hours it makes (G-13, G-16)."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import holidays_fr
from pfmp import rules
from pfmp.rules import hours
from pfmp.rules.timetable import DAY_CODES, Range
from tests.pfmp.rules_cast import WEEK_35H, placement


def read(text: str) -> rules.Timetable:
    timetable = rules.parse_timetable(text)
    assert isinstance(timetable, rules.Timetable)
    return timetable


def test_days_and_ranges_are_read():
    timetable = read("lun 08:00-12:00 13:00-16:00; mar 08:00-12:00; sauf fériés")
    assert timetable.days[0] == (Range(480, 720), Range(780, 960))
    assert timetable.days[1] == (Range(480, 720),)
    assert timetable.days[2:] == ((),) * 5
    assert timetable.except_holidays
    assert timetable.weekly_minutes == 11 * 60


def test_spaces_order_and_repeated_days_do_not_matter():
    plain = read("lun 08:00-12:00 13:00-16:00; mar 09:00-12:00")
    assert read("  mar   09:00-12:00 ;lun 13:00-16:00;lun 08:00-12:00;  ") == plain
    assert read("lun 08:00-12:00;sauf\u00a0fériés") == read("lun 08:00-12:00; sauf fe\u0301rie\u0301s")


@pytest.mark.parametrize(
    ("text", "ranges"),
    [
        ("lun 20:00-24:00", (Range(1200, 1440),)),  # G-11: midnight as an end
        ("lun 20:00-00:00", (Range(1200, 1440),)),
        ("lun 22:00-06:00", (Range(1320, 1800),)),
        ("lun 08:00-08:00", (Range(480, 1920),)),
        ("lun 00:00-24:00", (Range(0, 1440),)),
        ("lun 22:00-02:00 03:00-04:00", (Range(180, 240), Range(1320, 1560))),
    ],
)
def test_midnight(text, ranges):
    assert read(text).days[0] == ranges


@pytest.mark.parametrize(
    "text",
    [
        "35 h par semaine",
        "lundi 08:00-12:00",
        "Lun 08:00-12:00",
        "lun",
        "lun;mar 08:00-12:00",
        "lun 8:00-12:00",
        "lun 08h00-12h00",
        "lun 08:00–12:00",
        "lun 08:00 - 12:00",
        "lun 08:00-12:00, mar 08:00-12:00",
        "lun 08:00-12:60",
        "lun 24:00-12:00",
        "lun 08:00-24:30",
        "lun 25:00-26:00",
        "lun 08:00-12:00;; mar 08:00-12:00",
        "sauf fériés",
        "sauf fériés; lun 08:00-12:00",
        "lun 08:00-12:00 sauf fériés",
        "lun 08:00-12:00; sauf vacances",
        "lun 08:00-12:00 11:00-14:00",
        "lun 20:00-02:00 23:00-24:00",
        "lun 0８:00-12:00",
        ";",
    ],
)
def test_any_other_text_is_unreadable_never_guessed(text):
    unreadable = rules.parse_timetable(text)
    assert isinstance(unreadable, rules.UnreadableTimetable)
    assert unreadable.text == text
    assert unreadable.missing == "horaires illisibles"
    assert unreadable.reason


@pytest.mark.parametrize("text", ["", "   ", "\n"])
def test_no_text_is_a_missing_timetable(text):
    unreadable = rules.parse_timetable(text)
    assert isinstance(unreadable, rules.UnreadableTimetable)
    assert unreadable.missing == "horaires"


def test_a_timetable_is_said_in_french():
    timetable = read("lun 08:00-12:00 13:00-17:30; ven 22:00-02:00; sam 20:00-24:00; sauf fériés")
    lines = [line.replace("\u00a0", " ") for line in rules.describe_timetable(timetable)]
    assert lines == [
        "lundi 8 h – 12 h, 13 h – 17 h 30",
        "vendredi 22 h – 2 h (le lendemain)",
        "samedi 20 h – 24 h",
        "jours fériés non travaillés",
    ]
    assert rules.describe_day(timetable.days[1]) == "repos"


@st.composite
def timetables(draw: st.DrawFn) -> rules.Timetable:
    """Any timetable: up to three ranges a day that do not overlap, the last of which may cross midnight."""
    days = []
    for _ in DAY_CODES:
        bounds = sorted(draw(st.lists(st.integers(0, 287), max_size=6, unique=True)))
        ranges = [Range(a * 5, b * 5) for a, b in zip(bounds[::2], bounds[1::2], strict=False)]
        if ranges and draw(st.booleans()):
            ranges[-1] = (
                Range(ranges[-1].start, draw(st.integers(24 * 60 + 1, 24 * 60 + ranges[-1].start)))
                if ranges[-1].start
                else ranges[-1]
            )
        days.append(tuple(ranges))
    return rules.Timetable(tuple(days), draw(st.booleans()))


@given(timetables())
def test_what_is_written_reads_back_the_same(timetable):
    text = rules.write_timetable(timetable)
    if any(timetable.days):
        assert rules.parse_timetable(text) == timetable
    else:
        assert isinstance(rules.parse_timetable(text), rules.UnreadableTimetable)


dates = st.dates(date(2015, 1, 1), date(2040, 12, 31))


@given(timetables(), dates, st.integers(-3, 400), st.booleans())
def test_counted_hours_are_the_sum_of_the_days(timetable, start, length, alsace_moselle):
    """G-13: holidays are always out, whether or not the timetable says so."""
    end = start + timedelta(days=length)
    total = 0
    day = start
    while day <= end:
        holidays = holidays_fr.legal_holidays(day.year, alsace_moselle=alsace_moselle)
        if day not in holidays:
            total += sum(part.end - part.start for part in timetable.days[day.weekday()])
        day += timedelta(days=1)
    assert rules.counted_minutes(timetable, start, end, alsace_moselle=alsace_moselle) == total
    assert total <= hours.longest_possible_minutes(start, end, alsace_moselle=alsace_moselle) + 24 * 60


@given(timetables(), dates, st.integers(0, 60))
def test_weeks_hold_the_planned_days_and_nothing_else(timetable, start, length):
    """G-12, G-16: civil weeks from Monday, days of the placement only, holidays in unless the timetable says otherwise."""
    end = start + timedelta(days=length)
    expected: dict[date, int] = {}
    for offset in range(length + 1):
        day = start + timedelta(days=offset)
        if timetable.except_holidays and day in holidays_fr.legal_holidays(day.year):
            continue
        minutes = sum(part.end - part.start for part in timetable.days[day.weekday()])
        if minutes:
            monday = day - timedelta(days=day.weekday())
            expected[monday] = expected.get(monday, 0) + minutes
    planned = rules.planned_days(timetable, start, end, alsace_moselle=False)
    assert rules.minutes_by_week(planned) == expected


def test_holidays_are_out_of_the_counted_hours_and_in_the_planned_ones():
    easter = placement(start=date(2026, 4, 6), end=date(2026, 4, 10))  # Monday 6 April 2026 is Easter Monday
    assert easter.counted_minutes == 28 * 60
    assert rules.minutes_by_week(easter.planned_days) == {date(2026, 4, 6): 35 * 60}
    spared = placement(start=date(2026, 4, 6), end=date(2026, 4, 10), timetable_text=WEEK_35H + "; sauf fériés")
    assert rules.minutes_by_week(spared.planned_days) == {date(2026, 4, 6): 28 * 60}


def test_counted_hours_stop_with_the_interruption_included():
    assert placement(interrupted_on=date(2026, 3, 4)).counted_minutes == 21 * 60
    assert placement(interrupted_on=date(2026, 2, 20)).counted_minutes == 0
    assert placement(interrupted_on=date(2026, 5, 1)).counted_minutes == 140 * 60


def test_hours_past_midnight_count_on_the_day_they_start():
    eve = placement(start=date(2026, 4, 30), end=date(2026, 5, 1), timetable_text="jeu 20:00-04:00; ven 20:00-04:00")
    assert eve.counted_minutes == 8 * 60  # 1 May is out, the night that began on 30 April is in


def test_the_hours_of_the_farthest_dates_are_counted():
    whole = placement(start=date.min, end=date.max, timetable_text="sam 08:00-12:00")
    assert whole.counted_minutes is not None and whole.counted_minutes > 0
