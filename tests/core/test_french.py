"""Numbers and dates as French readers write them."""

from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import french


def plain(text: str) -> str:
    """The same text with ordinary spaces, easier to read in a test."""
    return text.replace("\u202f", " ").replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (0, None, "0"),
        (1234, None, "1 234"),
        (1234.5, None, "1 234,5"),
        (18450, None, "18 450"),
        (-2.25, 1, "−2,3"),
        (-0.01, 1, "0,0"),
        (Decimal("0.125"), 2, "0,13"),
        (None, None, ""),
    ],
)
def test_numbers(value, digits, text):
    assert plain(french.number(value, digits)) == text


def test_thousands_are_parted_by_a_narrow_space_that_does_not_break():
    assert french.number(1234567) == "1\u202f234\u202f567"
    assert french.percent(0.5) == "50,0\u202f%"
    assert french.euros(3) == "3\u00a0€"


@pytest.mark.parametrize(
    ("share", "text"), [(0.623, "62,3 %"), (0, "0,0 %"), (1, "100,0 %"), (Decimal(1) / 3, "33,3 %"), (None, "")]
)
def test_shares(share, text):
    assert plain(french.percent(share)) == text


@pytest.mark.parametrize(
    ("gap", "text"), [(0.032, "+ 3,2 pts"), (-0.022, "− 2,2 pts"), (0.005, "+ 0,5 pt"), (0, "0,0 pt"), (None, "")]
)
def test_gaps_in_points(gap, text):
    assert plain(french.points(gap)) == text


def test_amounts_have_cents_only_when_there_are_some():
    assert plain(french.euros(18450)) == "18 450 €"
    assert plain(french.euros(Decimal("12.5"))) == "12,50 €"
    assert french.euros(None) == ""


def test_signs_and_ratios():
    assert [plain(french.signed(v)) for v in (3, -2, 0, 0.04)] == ["+ 3", "− 2", "0", "0,0"]
    assert plain(french.ratio(374, 1600)) == "374 / 1 600"
    assert french.ratio(3, None) == ""


@pytest.mark.parametrize(("count", "text"), [(0, "0 élève"), (1, "1 élève"), (2, "2 élèves"), (1200, "1 200 élèves")])
def test_zero_and_one_take_the_singular(count, text):
    assert plain(french.plural(count, "élève")) == text


def test_another_plural():
    assert plain(french.plural(2, "travail", "travaux")) == "2 travaux"


def test_days():
    assert plain(french.day(date(2026, 3, 3), weekday=True)) == "mardi 3 mars 2026"
    assert plain(french.day(date(2026, 11, 1))) == "1er novembre 2026"
    assert plain(french.short_day(date(2026, 11, 1))) == "1er nov."
    assert plain(french.short_day(date(2026, 2, 3), year=True)) == "3 févr. 2026"
    assert french.day(None) == french.short_day(None) == french.moment(None) == french.clock(None) == ""


@pytest.mark.parametrize(
    ("start", "end", "text"),
    [
        (date(2026, 11, 2), date(2026, 11, 20), "du 2 au 20 novembre 2026"),
        (date(2026, 11, 30), date(2026, 12, 18), "du 30 novembre au 18 décembre 2026"),
        (date(2026, 12, 14), date(2027, 1, 1), "du 14 décembre 2026 au 1er janvier 2027"),
        (date(2026, 11, 2), date(2026, 11, 2), "le 2 novembre 2026"),
        (None, date(2026, 11, 2), ""),
    ],
)
def test_periods_say_once_what_is_the_same(start, end, text):
    assert plain(french.period(start, end)) == text


def test_hours_are_those_of_the_lycee():
    assert plain(french.clock(time(9, 42))) == "9 h 42"
    assert plain(french.clock(time(14, 0))) == "14 h"
    assert plain(french.moment(datetime(2026, 11, 19, 23, 30, tzinfo=UTC))) == "20 novembre 2026 à 0 h 30"


@pytest.mark.parametrize(
    ("days", "text"),
    [
        (-3, "en retard de 3 jours"),
        (-1, "en retard de 1 jour"),
        (0, "aujourd’hui"),
        (1, "demain"),
        (11, "dans 11 jours"),
        (-59, "en retard de 59 jours"),
        (-100, "en retard de 3 mois"),
        (-375, "en retard de plus d’un an"),
        (90, "dans 3 mois"),
    ],
)
def test_what_the_margin_says(days, text):
    assert plain(french.lateness(days)) == text


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=2))
def test_what_is_written_reads_back_to_the_same_number(value):
    text = french.number(value, 2).replace("\u202f", "").replace(",", ".").replace("−", "-")
    assert Decimal(text) == value


@given(st.integers(min_value=-(10**12), max_value=10**12))
def test_no_ordinary_space_where_a_line_could_break(value):
    assert " " not in french.euros(value) + french.signed(value) + french.percent(value) + french.points(value)
