"""What else happens on an action's days."""

from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events import conflicts
from events.conflicts import Busy, Cause
from tests.factories import (
    ActionClassFactory,
    ActionFactory,
    ClassFactory,
    PeriodFactory,
    SchoolFactory,
    SchoolHolidayFactory,
)

DAYS = st.dates(date(2026, 1, 1), date(2026, 3, 1))


@given(DAYS, st.integers(0, 20), DAYS, st.integers(0, 20))
def test_a_conflict_is_a_day_in_common(start: date, length: int, other: date, other_length: int) -> None:
    end, other_end = start + timedelta(days=length), other + timedelta(days=other_length)
    days = {start + timedelta(days=n) for n in range(length + 1)}
    taken = {other + timedelta(days=n) for n in range(other_length + 1)}
    found = conflicts.problems(start, end, [Busy(Cause.EXAM, other, other_end, "Écrits du bac")])
    assert bool(found) == bool(days & taken)


@pytest.mark.parametrize(
    ("mine", "theirs", "clash"),
    [
        ((time(9), time(10)), (time(10), time(12)), False),
        ((time(14), time(16)), (time(10), time(12)), False),
        ((time(9), time(11)), (time(10), time(12)), True),
        ((None, None), (time(10), time(12)), True),
        ((time(14), None), (time(10), time(12)), False),
        ((time(9), None), (time(10), time(12)), True),
    ],
)
def test_hours_part_two_actions_of_one_day(
    mine: tuple[time | None, time | None], theirs: tuple[time | None, time | None], clash: bool
) -> None:
    day = date(2026, 11, 20)
    other = Busy(Cause.OTHER_ACTION, day, day, "Forum", "1re TRPM", start_time=theirs[0], end_time=theirs[1])
    found = conflicts.problems(day, day, [other], start_time=mine[0], end_time=mine[1])
    assert bool(found) is clash


@pytest.mark.django_db
def test_sentences_name_the_class_and_the_days() -> None:
    school = SchoolFactory(academy="Amiens")
    classe, other = ClassFactory(school=school, label="1re TRPM"), ClassFactory(school=school, label="2de TNE")
    PeriodFactory(
        school=school,
        school_class=classe,
        label="PFMP n° 3",
        start_date=date(2026, 11, 16),
        end_date=date(2026, 12, 4),
    )
    PeriodFactory(school=school, school_class=other, start_date=date(2026, 11, 16), end_date=date(2026, 12, 4))
    SchoolHolidayFactory(
        school=school,
        kind="examens",
        label="CCF d’anglais",
        start_date=date(2026, 11, 20),
        end_date=date(2026, 11, 20),
    )
    ActionClassFactory(
        school=school,
        school_class=classe,
        action=ActionFactory(school=school, title="Forum", start_date=date(2026, 11, 18), end_date=date(2026, 11, 20)),
    )
    ActionClassFactory(
        school=school,
        school_class=classe,
        action=ActionFactory(school=school, title="Annulée", start_date=date(2026, 11, 20), status="annulee"),
    )
    action = ActionFactory(school=school, title="Jury", start_date=date(2026, 11, 20))
    ActionClassFactory(school=school, school_class=classe, action=action)
    texts = [one.text.replace("\u202f", " ").replace("\xa0", " ") for one in conflicts.of_action(action)]
    assert texts == [
        "1re TRPM est en entreprise du 16 novembre au 4 décembre 2026 (PFMP n° 3).",
        "Des examens se tiennent le 20 novembre 2026 : CCF d’anglais.",
        "1re TRPM est déjà attendue à « Forum » du 18 au 20 novembre 2026.",
    ]


@pytest.mark.django_db
def test_holidays_and_legal_holidays_warn_without_any_class() -> None:
    school = SchoolFactory(academy="Amiens")
    texts = [
        conflict.text.replace("\xa0", " ")
        for day in (date(2025, 12, 26), date(2025, 11, 11))
        for conflict in conflicts.found(school, start=day, end=None, classes=[])
    ]
    assert texts[0].startswith("Pas de cours du ") and "Noël" in texts[0]
    assert texts[1].startswith("Pas de cours le 11 novembre 2025")
    for start, end in (
        (date(2025, 11, 20), date(2025, 11, 1)),
        (date.min, None),
        (date(9999, 12, 31), None),
    ):
        assert conflicts.found(school, start=start, end=end, classes=[1]) == []
    assert conflicts.found(school, start=date(2025, 12, 26), end=date.max, classes=[])
