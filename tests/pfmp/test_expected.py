"""Who is expected for a period: the board's answer is the indicators', on random schoolings."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.school_year import SchoolYear
from indicators.definitions.year_data import YearData
from pfmp import selectors
from pfmp.models import Exemption, Period
from schools.models import SchoolClass, Schooling, Student
from tests.factories import SchoolFactory

DAYS = st.integers(-40, 400).map(lambda days: date(2025, 9, 1) + timedelta(days=days))
STAYS = st.tuples(st.integers(0, 3), st.integers(0, 2), DAYS, st.none() | DAYS).filter(
    lambda stay: stay[3] is None or stay[3] >= stay[2]
)


@pytest.mark.django_db
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    stays=st.lists(STAYS, max_size=10, unique_by=lambda stay: stay[:2]),
    starts=st.lists(st.integers(0, 330), min_size=1, max_size=3),
    exempted=st.sets(st.tuples(st.integers(0, 2), st.integers(0, 3)), max_size=3),
    today=st.integers(0, 500).map(lambda days: date(2025, 9, 1) + timedelta(days=days)),
)
def test_the_board_and_the_indicators_expect_the_same_pupils(stays, starts, exempted, today):
    """A-05, A-07, A-08, A-80, A-81."""
    school = SchoolFactory()
    year = "2025-2026"
    classes = [
        SchoolClass.objects.create(school=school, year=year, code=code, label=code, niveau="1re_pro")
        for code in ("B1", "A1", "C1")
    ]
    pupils = [Student.objects.create(school=school, last_name=f"N{n}", first_name="P") for n in range(4)]
    for pupil, klass, entry, leaving in stays:
        Schooling.objects.create(
            school=school,
            student=pupils[pupil],
            school_class=classes[klass],
            year=year,
            entry_date=entry,
            exit_date=leaving,
        )
    periods = []
    for number, start in enumerate(starts):
        first = date(2025, 9, 1) + timedelta(days=start)
        periods.append(
            Period.objects.create(
                school=school,
                school_class=classes[number],
                year=year,
                label="PFMP",
                start_date=first,
                end_date=first + timedelta(days=20),
            )
        )
    for number, pupil in exempted:
        if number < len(periods):
            Exemption.objects.create(school=school, period=periods[number], student=pupils[pupil])
    mine = selectors.expected_students(periods, today)
    theirs = YearData(school, SchoolYear.parse(year), today).expected
    assert {key: sorted(found) for key, found in mine.items()} == {key: sorted(found) for key, found in theirs.items()}
