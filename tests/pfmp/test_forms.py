"""The table of hours and the contract's text, there and back."""

import pytest
from django import forms
from hypothesis import given
from hypothesis import strategies as st

from pfmp import rules
from pfmp.forms.timetable import DAYS, TimetableField, TimetableWidget, as_cells

CLOCKS = st.integers(0, 95).map(lambda quarter: f"{quarter // 4:02d}:{quarter % 4 * 15:02d}")
DAY = st.lists(CLOCKS, min_size=4, max_size=4, unique=True).map(sorted)


@given(st.dictionaries(st.sampled_from([code for code, _ in DAYS]), DAY, min_size=1), st.booleans())
def test_the_table_writes_the_text_and_shows_it_again(week, except_holidays):
    cells = {}
    for day, (start, noon, again, end) in week.items():
        cells |= {f"{day}_matin_de": start, f"{day}_matin_a": noon, f"{day}_soir_de": again, f"{day}_soir_a": end}
    text = TimetableField().clean(cells | {"feries": "1" if except_holidays else ""})
    read = rules.parse_timetable(text)
    assert isinstance(read, rules.Timetable) and read.except_holidays is except_holidays
    shown, left, holidays = as_cells(text)
    assert left == "" and holidays is except_holidays
    assert TimetableField().clean(shown | {"feries": "1" if holidays else ""}) == text


@pytest.mark.parametrize("text", ["selon planning", "lun 08:00-10:00 11:00-12:00 13:00-16:00"])
def test_a_text_that_the_table_cannot_hold_is_kept_as_it_is(text):
    cells, left, _ = as_cells(text)
    assert (cells, left) == ({}, text)
    assert TimetableField().clean({"texte": left}) == text


def test_half_a_range_is_an_error_that_names_the_day():
    with pytest.raises(forms.ValidationError, match="Mardi : il manque le début"):
        TimetableField().clean({"mar_soir_a": "17:00"})


def test_ranges_that_overlap_are_refused():
    with pytest.raises(forms.ValidationError, match="chevauchent"):
        TimetableField().clean(
            {"lun_matin_de": "08:00", "lun_matin_a": "14:00", "lun_soir_de": "13:00", "lun_soir_a": "17:00"}
        )


def test_nothing_filled_is_no_timetable():
    data = TimetableWidget().value_from_datadict({}, {}, "timetable")
    assert TimetableField().clean(data) == ""
