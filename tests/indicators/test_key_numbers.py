"""Five numbers on the home page of each role, each a door, with how they moved."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from core.school_year import SchoolYear
from indicators import key_numbers, services
from indicators.models import KeyNumber
from schools import todo
from tests.conftest import Cast
from tests.factories import ActionFactory, InteractionFactory, KeyNumberFactory, SchoolingFactory

TODAY = date(2025, 11, 20)


@pytest.mark.parametrize("who", ["bde", "ddfpt", "head", "teacher"])
def test_each_number_is_a_door_that_opens(client, cast: Cast, who):
    SchoolingFactory(school=cast.school, school_class__year="2025-2026", entry_date=date(2025, 9, 1))
    services.refresh(cast.school, SchoolYear(2025), TODAY)
    key_numbers.keep(cast.school, TODAY)
    member = getattr(cast, who)
    found = todo.numbers_for(member, TODAY)
    assert 3 <= len(found) <= 5
    client.force_login(member.user)
    for number in found:
        assert client.get(number.url).status_code == 200, number.label
        assert number.value
    page = client.get(cast.school.get_absolute_url()).content.decode()
    assert "Vos chiffres du jour" in page


def test_roles_without_numbers_have_none(cast: Cast):
    assert todo.numbers_for(cast.reader, TODAY) == [] == todo.numbers_for(cast.office, TODAY)


def test_a_number_says_what_it_was_a_month_ago(cast: Cast):
    for weeks, value in ((10, 1), (5, 4), (1, 9)):
        KeyNumberFactory(school=cast.school, key="actions_a_venir", day=TODAY - timedelta(weeks=weeks), value=value)
    ActionFactory(school=cast.school, status="prevue", start_date=TODAY + timedelta(days=3))
    number = next(one for one in todo.numbers_for(cast.bde, TODAY) if one.label.startswith("Actions"))
    assert (number.value, number.words) == ("1", "4 il y a un mois")
    assert "<svg" in number.trend


def test_the_night_keeps_each_day_once_and_a_teacher_s_own_only_when_they_change(cast: Cast):
    InteractionFactory(school=cast.school, call_again_date=TODAY)
    for _ in range(2):
        key_numbers.keep(cast.school, TODAY)
    kept = KeyNumber.objects.in_school(cast.school)
    assert kept.get(key="rappels").value == Decimal(1)
    own = f"{cast.teacher.pk}/"
    assert kept.filter(key__startswith=own).count() == 5
    key_numbers.keep(cast.school, TODAY + timedelta(days=1))
    assert kept.filter(key="rappels").count() == 2
    assert kept.filter(key__startswith=own).count() == 5
