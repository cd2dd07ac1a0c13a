"""Legal holidays, against a well-kept library and the days of the law (G-26, G-27)."""

from datetime import date

import holidays
import pytest

from core import holidays_fr


@pytest.mark.parametrize("year", range(2009, 2060))
@pytest.mark.parametrize("alsace_moselle", [False, True])
def test_the_days_are_those_of_the_library(year, alsace_moselle):
    library = holidays.country_holidays("FR", subdiv="57" if alsace_moselle else None, years=year)
    assert sorted(holidays_fr.legal_holidays(year, alsace_moselle=alsace_moselle)) == sorted(library)


def test_names_and_order():
    days = holidays_fr.legal_holidays(2026, alsace_moselle=True)
    assert list(days.items())[:3] == [
        (date(2026, 1, 1), "jour de l’An"),
        (date(2026, 4, 3), "Vendredi saint"),
        (date(2026, 4, 6), "lundi de Pâques"),
    ]
    assert len(days) == 13
    assert len(holidays_fr.legal_holidays(2026)) == 11


def test_two_holidays_on_one_day():
    assert holidays_fr.legal_holidays(2008)[date(2008, 5, 1)] == "1er mai et Ascension"


def test_between_two_dates_both_included():
    assert list(holidays_fr.holidays_between(date(2025, 12, 25), date(2026, 1, 1))) == [
        date(2025, 12, 25),
        date(2026, 1, 1),
    ]
    assert holidays_fr.holidays_between(date(2026, 1, 2), date(2026, 1, 1)) == {}


@pytest.mark.parametrize(
    ("postal_code", "expected"),
    [
        ("57000", True),
        ("67100", True),
        ("68 200", True),
        (" 67000", True),
        ("54000", False),
        ("", False),
        ("75057", False),
    ],
)
def test_alsace_and_moselle_by_postal_code(postal_code, expected):
    assert holidays_fr.is_alsace_moselle(postal_code) is expected
