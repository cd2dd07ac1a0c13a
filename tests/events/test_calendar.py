"""The agenda: what each role finds on a month, to come and over the year; the programme on paper."""

import io
from datetime import date, timedelta

import pypdf
import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from events import calendar
from events.calendar import Item
from schools.calendar import SchoolCalendar
from tests.conftest import Cast
from tests.factories import (
    ActionClassFactory,
    ActionFactory,
    AssignmentFactory,
    ClassFactory,
    PeriodFactory,
    SchoolHolidayFactory,
)

TODAY = date(2026, 11, 12)


@given(
    st.dates(date(2020, 1, 1), date(2030, 12, 1)),
    st.lists(st.tuples(st.integers(-40, 40), st.integers(0, 12)), max_size=6),
)
def test_every_item_of_a_month_is_drawn_where_it_falls(day: date, drawn: list[tuple[int, int]]) -> None:
    first = day.replace(day=1)
    start, end = calendar.edges(first)
    assert start.weekday() == 0 and end.weekday() == 6 and start <= first <= end
    items = [
        Item("action", f"n° {number}", "/", first + timedelta(days=offset), first + timedelta(days=offset + length))
        for number, (offset, length) in enumerate(drawn)
    ]
    known = SchoolCalendar.made_of(zone="B", rows=[], start=start, end=end)
    month = calendar.month(known, items, first, day)
    boxes = {box.date: box for week in month.weeks for box in week.days}
    assert sorted(boxes) == [start + timedelta(days=n) for n in range((end - start).days + 1)]
    for item in items:
        for box in boxes.values():
            held = box.is_inside and not item.is_long and item.start <= box.date <= item.end
            assert (item in box.items) is held
        weeks = [week for week in month.weeks if item.touches(week.days[0].date, week.days[6].date)]
        assert all((item in week.long) is item.is_long for week in weeks)


@pytest.mark.parametrize("text", ["", "2026-13", "novembre", "9999-01", "2026-11-01", "<script>", "-1"])
def test_a_month_that_means_nothing_is_this_one(text: str) -> None:
    assert calendar.month_of(text, TODAY) == date(2026, 11, 1)


@pytest.fixture
def filled(cast: Cast) -> dict[str, object]:
    mine = ClassFactory(school=cast.school, year="2026-2027", code="1TRPM", label="1re TRPM")
    other = ClassFactory(school=cast.school, year="2026-2027", code="2TNE", label="2de TNE")
    AssignmentFactory(school=cast.school, membership=cast.teacher, school_class=mine)
    for klass, title in ((mine, "Visite de la fonderie"), (other, "Job dating du Laonnois")):
        action = ActionFactory(school=cast.school, title=title, start_date=date(2026, 11, 20), status="prevue")
        ActionClassFactory(school=cast.school, action=action, school_class=klass)
        PeriodFactory(
            school=cast.school,
            school_class=klass,
            year="2026-2027",
            label=f"PFMP de {klass.code}",
            start_date=date(2026, 11, 23),
            end_date=date(2026, 12, 11),
        )
    ActionFactory(school=cast.school, title="Forum annulé", start_date=date(2026, 11, 18), status="annulee")
    SchoolHolidayFactory(
        school=cast.school, kind="examens", label="CCF", start_date=date(2026, 11, 19), end_date=date(2026, 11, 19)
    )
    return {"mine": mine, "other": other}


@pytest.mark.django_db
@pytest.mark.parametrize("page", ["calendar_month", "calendar_coming", "calendar_year"])
def test_who_sees_what_on_the_agenda(client: Client, cast: Cast, filled: object, page: str) -> None:
    url = reverse(f"events:{page}", args=[cast.school.uai])
    seen = {}
    with time_machine.travel(TODAY):
        for who in (cast.bde, cast.teacher, cast.head):
            client.force_login(who.user)
            seen[who.role] = client.get(url).content.decode()
        narrowed = client.get(f"{url}?classe=2TNE").content.decode()
        client.force_login(cast.teacher.user)
        own = client.get(f"{url}?qui=moi").content.decode()
    for text in seen.values():
        assert "Visite de la fonderie" in text and "Job dating du Laonnois" in text
    assert "Visite de la fonderie" not in narrowed and "Job dating du Laonnois" in narrowed
    assert "Visite de la fonderie" in own and "Job dating du Laonnois" not in own
    if page == "calendar_coming":  # a teacher's own classes' periods only
        assert "PFMP de 2TNE" in seen["bde"] and "PFMP de 2TNE" not in seen["enseignant"]
        assert "PFMP de 1TRPM" in seen["enseignant"]
        assert "CCF" in seen["bde"]


@pytest.mark.django_db
def test_the_agenda_costs_as_many_queries_for_two_actions_as_for_forty(
    as_bde: Client, cast: Cast, filled: dict[str, object], django_assert_max_num_queries: object
) -> None:
    url = reverse("events:calendar_month", args=[cast.school.uai])
    with time_machine.travel(TODAY):
        as_bde.get(url)
        for number in range(40):
            action = ActionFactory(school=cast.school, start_date=date(2026, 11, 1 + number % 28))
            ActionClassFactory(school=cast.school, action=action, school_class=filled["mine"])
        for page in ("calendar_month", "calendar_coming", "calendar_year"):
            with django_assert_max_num_queries(20):  # type: ignore[operator]
                assert as_bde.get(reverse(f"events:{page}", args=[cast.school.uai])).status_code == 200


@pytest.mark.django_db
def test_the_programme_leaves_out_what_was_cancelled(as_bde: Client, cast: Cast, filled: object) -> None:
    with time_machine.travel(TODAY):
        answer = as_bde.get(reverse("events:year_programme", args=[cast.school.uai]))
    text = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(answer.content)).pages)
    assert "Visite de la fonderie" in text and "2de TNE" in text and "Novembre 2026" in text
    assert "Forum annulé" not in text
