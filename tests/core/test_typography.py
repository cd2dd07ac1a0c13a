"""French printing: spaces that hold, dates, durations, numbers rounded half up."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import typography


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("l'élève", "l’élève"),
        ("Bonjour : oui ; non ?", "Bonjour\u00a0: oui\u202f; non\u202f?"),
        ("« mot »", "«\u00a0mot\u00a0»"),
        ("15 % de 12 €", "15\u202f% de 12\u202f€"),
        ("article 21 et n° 3", "article\u00a021 et n°\u00a03"),
        ("35 h, 20 jours, 308 heures", "35\u00a0h, 20\u00a0jours, 308\u00a0heures"),
        ("08:00-12:00", "08:00-12:00"),
        ("", ""),
    ],
)
def test_spaces_and_apostrophes(typed, printed):
    assert typography.french(typed) == printed


@given(st.text())
def test_words_are_never_changed_and_twice_is_once(text):
    once = typography.french(text)
    assert typography.french(once) == once
    assert "".join(once.split()).replace("’", "'") == "".join(text.split()).replace("’", "'")


def test_dates_and_durations():
    assert typography.long_date(date(2026, 1, 1), weekday=True) == "jeudi 1er\u00a0janvier\u00a02026"
    assert typography.hours(2100) == "35\u00a0h"
    assert typography.hours(455) == "7\u00a0h\u00a035"


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [(1234.5, 0, "1\u202f235"), (0.25, 1, "0,3"), (2.345, 2, "2,35"), (-3, 0, "−3"), (Decimal("0.05"), 1, "0,1")],
)
def test_numbers_round_half_up(value, digits, text):
    assert typography.number(value, digits) == text
