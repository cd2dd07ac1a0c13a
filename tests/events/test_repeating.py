"""A series: its dates, those without lessons said, partners and classes that follow, nothing made twice."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from events import repeating
from events.models import Action
from events.repeating import Rhythm
from schools.models import School
from tests.conftest import Cast
from tests.factories import (
    ActionClassFactory,
    ActionFactory,
    ActionPartnerFactory,
    ActionStepFactory,
    ClassFactory,
    PeriodFactory,
    SchoolingFactory,
)

TUESDAY = date(2027, 1, 12)


@given(
    first=st.dates(date(2024, 9, 1), date(2030, 8, 31)),
    rhythm=st.sampled_from(Rhythm.values),
    count=st.integers(1, repeating.MOST),
)
def test_dates_keep_the_weekday_and_go_forward(first: date, rhythm: str, count: int):
    found = repeating.days(first, rhythm, count)
    assert len(found) == count and found == sorted(set(found))
    assert all(day > first and day.weekday() == first.weekday() for day in found)
    if rhythm == Rhythm.MONTHLY:
        months = [(day.year * 12 + day.month) for day in found]
        assert months == list(range(first.year * 12 + first.month + 1, first.year * 12 + first.month + 1 + count))
    if rhythm == Rhythm.YEARLY:
        assert found[0] - first == timedelta(days=364)


def test_a_fifth_tuesday_is_the_last_one_elsewhere():
    assert repeating.days(date(2026, 9, 29), Rhythm.MONTHLY, 3) == [
        date(2026, 10, 27),
        date(2026, 11, 24),
        date(2026, 12, 29),
    ]


def address(cast: Cast, action: Action) -> str:
    return reverse("events:action_repeat", args=[cast.school.uai, action.public_id])


def test_a_workshop_is_repeated_with_all_that_stands_around(as_bde: Client, cast: Cast):
    School.objects.filter(pk=cast.school.pk).update(holiday_zone="B")
    here = ClassFactory(school=cast.school, year="2026-2027")
    pupil = SchoolingFactory(
        school=cast.school, school_class=here, year="2026-2027", entry_date=date(2026, 9, 1)
    ).student
    action = ActionFactory(
        school=cast.school, planned=True, type="avenirpro", kind="AVENIRPRO", workshop=2, hours=2, start_date=TUESDAY
    )
    ActionPartnerFactory(school=cast.school, action=action)
    ActionClassFactory(school=cast.school, action=action, school_class=here)
    ActionStepFactory(
        school=cast.school, action=action, due_date=TUESDAY - timedelta(days=7), done_date=date(2027, 1, 4)
    )
    page = as_bde.get(address(cast, action), {"rythme": "semaine", "fois": "8"})
    proposed = page.context["proposed"]
    assert len(proposed) == 8 and any(one.why_off for one in proposed) and not all(one.why_off for one in proposed)
    PeriodFactory(
        school=cast.school, school_class=here, year="2026-2027", start_date=date(2027, 3, 1), end_date=date(2027, 3, 12)
    )
    proposed = as_bde.get(address(cast, action), {"rythme": "semaine", "fois": "8"}).context["proposed"]
    assert [one.day for one in proposed if one.busy] == [date(2027, 3, 2), date(2027, 3, 9)]
    days = ["2027-01-19", "2027-01-26", "2027-02-02"]
    assert as_bde.post(address(cast, action), {"jours": days, "autre": "2027-09-14"}).status_code == 302
    as_bde.post(address(cast, action), {"jours": days})
    series = list(Action.objects.in_school(cast.school).exclude(pk=action.pk).order_by("start_date"))
    assert [one.start_date.isoformat() for one in series] == [*days, "2027-09-14"]
    assert [one.workshop for one in series] == [3, 4, None, None]
    assert len({one.series for one in Action.objects.in_school(cast.school)}) == 1
    for one in series:
        assert (one.status, one.kind, one.hours, one.action_partners.count()) == ("prevue", "AVENIRPRO", 2, 1)
        step = one.steps.get()
        assert step.done_date is None and step.due_date >= one.start_date - timedelta(days=40)
    assert [one.participations.filter(student=pupil).count() for one in series] == [1, 1, 1, 0]
    assert "Même série" in as_bde.get(action.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"jours": ["hier"]},
        {"jours": ["2020-01-01"]},
        {"jours": [TUESDAY.isoformat()]},
        {"autre": "9999-12-31"},
        {"jours": [(TUESDAY + timedelta(days=n)).isoformat() for n in range(1, 40)]},
    ],
)
def test_dates_that_make_no_sense_make_nothing(as_bde: Client, cast: Cast, sent: dict[str, object]):
    action = ActionFactory(school=cast.school, planned=True, start_date=TUESDAY)
    assert as_bde.post(address(cast, action), sent).status_code == 422
    assert as_bde.get(address(cast, action), {"rythme": "siècle", "fois": "-3"}).status_code == 422
    assert Action.objects.in_school(cast.school).count() == 1
