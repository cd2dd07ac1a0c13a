"""AvenirPro: who lacks which workshop, and the same count as the indicator."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from core.school_year import SchoolYear
from events import avenirpro
from events.avenirpro import Pupil
from indicators.definitions import follow_up
from indicators.definitions.year_data import YearData
from schools.models import Student
from tests.conftest import Cast
from tests.factories import (
    ActionFactory,
    AssignmentFactory,
    ClassFactory,
    ParticipationFactory,
    SchoolFactory,
    SchoolingFactory,
    StudentFactory,
)

YEAR = SchoolYear(2025)
AS_OF = date(2026, 6, 30)


def pupil_who(followed: list[int | None], expected: list[int | None]) -> Pupil:
    return Pupil(
        Student(),
        None,
        [],
        dict(enumerate(followed)),
        {100 + rank: number for rank, number in enumerate(expected)},
    )


NUMBERS = st.lists(st.none() | st.integers(1, 4), max_size=6)


@given(followed=NUMBERS, expected=NUMBERS)
def test_four_places_hold_what_was_followed_whatever_the_numbers(
    followed: list[int | None], expected: list[int | None]
):
    pupil = pupil_who(followed, expected)
    assert len(pupil.cells) == 4
    assert pupil.cells.count("oui") == min(4, len(followed))
    assert len(pupil.missing) == max(0, 4 - len(followed))
    assert pupil.is_complete == (not pupil.missing)
    assert len(pupil.unplanned) == max(0, 4 - len(followed) - len(expected))
    if len(followed) < 4:
        assert {number for number in followed if number} <= set(range(1, 5)) - set(pupil.missing)


def test_a_missing_workshop_is_named():
    assert pupil_who([1, 3], [4]).cells == ["oui", "", "oui", "prevu"]
    assert pupil_who([1, 3], [4]).unplanned == [2]
    assert pupil_who([None, None, None], []).missing == [4]


@settings(max_examples=12, deadline=None)
@given(
    seats=st.lists(
        st.tuples(
            st.sampled_from(["tle_pro", "cap2", "1re_pro"]), st.lists(st.sampled_from([True, False, None]), max_size=6)
        ),
        min_size=1,
        max_size=4,
    ),
    left=st.booleans(),
)
@pytest.mark.django_db
def test_the_page_counts_as_the_indicator_does(seats: list[tuple[str, list[bool | None]]], left: bool):
    school = SchoolFactory()
    actions = [
        ActionFactory(school=school, type="avenirpro", start_date=date(2025, 10, 1 + rank), status=status)
        for rank, status in enumerate(["realisee"] * 5 + ["prevue"])
    ]
    for niveau, presences in seats:
        school_class = ClassFactory(school=school, year=YEAR.code, niveau=niveau)
        student = StudentFactory(school=school)
        SchoolingFactory(
            school=school, student=student, school_class=school_class, year=YEAR.code, entry_date=date(2025, 9, 1),
            exit_date=date(2025, 10, 2) if left else None,
        )  # fmt: skip
        for action, present in zip(actions, presences, strict=False):
            ParticipationFactory(school=school, action=action, student=student, present=present)
    found = avenirpro.groups(school, YEAR, AS_OF, Student.objects.in_school(school))
    figure = follow_up.avenirpro(YearData(school, YEAR, AS_OF))
    complete, enrolled = avenirpro.totals(found)
    assert (complete, enrolled) == (figure.main.n, figure.main.d)


def page(cast: Cast) -> str:
    return reverse("events:avenirpro", args=[cast.school.uai])


def test_a_class_its_pupils_and_the_file(client: Client, cast: Cast, django_assert_max_num_queries: Any):
    year = SchoolYear.on(timezone.localdate())
    classes = [
        ClassFactory(school=cast.school, year=year.code, niveau="tle_pro", code=f"T{n}", label=f"Terminale {n}")
        for n in (1, 2)
    ]
    pupils = [
        SchoolingFactory(school=cast.school, school_class=one, year=year.code, entry_date=year.start).student
        for one in classes
        for _ in range(8)
    ]
    first = ActionFactory(school=cast.school, type="avenirpro", workshop=1, start_date=year.start)
    for pupil in pupils[:4]:
        ParticipationFactory(school=cast.school, action=first, student=pupil, present=True)
    client.force_login(cast.bde.user)
    client.get(page(cast))
    with django_assert_max_num_queries(20):
        shown = client.get(page(cast)).content.decode()
    assert "0 sur 16" in shown.replace("\xa0", " ") and "Terminale 1" in shown
    with django_assert_max_num_queries(20):
        of_class = client.get(page(cast), {"classe": classes[0].public_id, "voir": "manque"})
    assert len(of_class.context["pupils"]) == 8 and "atelier=2" in of_class.content.decode()
    new = client.get(
        reverse("events:action_new", args=[cast.school.uai]),
        {"nature": "AVENIRPRO", "atelier": 2, "classe": classes[0].public_id},
    )
    assert new.context["form"]["workshop"].value() == 2 and new.context["form"]["classes"].value() == [
        classes[0].public_id
    ]
    lines = client.get(page(cast), {"format": "csv"}).content.decode("utf-8-sig").splitlines()
    assert len(lines) == 17 and sum("suivi" in line for line in lines[1:]) == 4
    AssignmentFactory(school=cast.school, school_class=classes[1], membership=cast.teacher, year=year.code)
    client.force_login(cast.teacher.user)
    own = client.get(page(cast))
    assert [group.school_class.code for group in own.context["groups"]] == ["T2"]
    assert client.get(page(cast), {"classe": classes[0].public_id}).status_code == 404
    assert client.get(page(cast), {"classe": "rien"}).status_code == 404
