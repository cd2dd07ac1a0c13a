"""iCalendar feeds: who reads what, from when to when, and that they stop at once."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from events import feeds
from events.feeds import Told
from events.models import CalendarFeed
from tests.conftest import Cast
from tests.factories import (
    ActionClassFactory,
    ActionFactory,
    AssignmentFactory,
    ClassFactory,
    ParticipationFactory,
    PeriodFactory,
    PlacementFactory,
    PlannedVisitFactory,
    StudentFactory,
)

NOW = datetime(2026, 11, 12, 10, tzinfo=UTC)


def events_of(content: bytes) -> dict[str, Any]:
    return {str(event["SUMMARY"]): event for event in Calendar.from_ical(content).walk("VEVENT")}


@given(st.text(max_size=60), st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(0, 30), st.times(), st.times())
def test_whatever_is_written_is_read_back(title: str, day: date, length: int, start: time, end: time) -> None:
    told = Told("u@x", title, day, day + timedelta(days=length), NOW, start_time=start, end_time=end, place=title)
    file = feeds.written("Agenda", [told, Told("v@x", title, day, day, NOW)], since=NOW)
    timed, whole = Calendar.from_ical(file.content).walk("VEVENT")
    assert timed["DTEND"].dt > timed["DTSTART"].dt and timed["DTSTART"].dt.utcoffset() == timedelta(0)
    assert (whole["DTSTART"].dt, whole["DTEND"].dt) == (day, day + timedelta(days=1))
    assert file == feeds.written("Agenda", [told, Told("v@x", title, day, day, NOW)], since=NOW)
    assert all(len(line) <= 75 for line in file.content.split(b"\r\n"))


def test_what_has_no_end_is_written_too() -> None:
    for start_time in (None, time(9)):
        endless = Told("u", "t", date(2026, 1, 1), date.max, NOW, start_time=start_time)
        assert b"BEGIN:VEVENT" in feeds.written("Agenda", [endless], since=NOW).content


def test_hours_are_those_of_the_school_in_summer_and_winter() -> None:
    spans = [
        feeds.span(Told("u", "t", day, day, NOW, start_time=time(9))) for day in (date(2026, 11, 20), date(2027, 6, 4))
    ]
    assert [start.hour for start, _ in spans] == [8, 7]  # type: ignore[attr-defined]


@pytest.fixture
def filled(cast: Cast) -> None:
    school = cast.school
    mine, other = (ClassFactory(school=school, year="2026-2027", label=name) for name in ("1re TRPM", "2de TNE"))
    AssignmentFactory(school=school, membership=cast.teacher, school_class=mine)
    pupil = StudentFactory(school=school, last_name="MEZIANE", first_name="Rayan")
    for klass, title in ((mine, "Visite de la fonderie"), (other, "Job dating")):
        action = ActionFactory(
            school=school, title=title, start_date=date(2026, 11, 20), status="prevue", review="Rayan MEZIANE brillant"
        )
        ActionClassFactory(school=school, action=action, school_class=klass)
        ParticipationFactory(school=school, action=action, student=pupil)
        period = PeriodFactory(
            school=school,
            school_class=klass,
            year="2026-2027",
            label=f"PFMP {klass.label}",
            start_date=date(2026, 11, 23),
            end_date=date(2026, 12, 11),
        )
        placement = PlacementFactory(
            school=school,
            period=period,
            student=StudentFactory(school=school, last_name="MEZIANE"),
        )
        PlannedVisitFactory(school=school, placement=placement, membership=cast.teacher, date=date(2026, 12, 1))
    ActionFactory(school=school, title="Forum", start_date=date(2026, 11, 18), status="annulee")


def address(client: Client, cast: Cast, who: str) -> str:
    page = client.post(reverse("events:calendar_feed_open", args=[cast.school.uai]), {"qui": who})
    return page.context["address"].removeprefix("http://testserver")


@pytest.mark.django_db
def test_a_teachers_feed_and_the_schools(client: Client, cast: Cast, filled: None) -> None:
    with time_machine.travel(NOW):
        client.force_login(cast.teacher.user)
        mine = address(client, cast, "moi")
        assert (
            client.post(reverse("events:calendar_feed_open", args=[cast.school.uai]), {"qui": "lycee"}).status_code
            == 403
        )
        client.force_login(cast.bde.user)
        schools = address(client, cast, "lycee")
        nobody = Client()
        own, whole = nobody.get(mine), nobody.get(schools)
    titles = events_of(own.content)
    assert "Visite de la fonderie" in titles and "Job dating" not in titles
    assert "1re TRPM : PFMP 1re TRPM" in titles
    assert len([name for name in titles if name.startswith("Visite : ")]) == 2  # those to make
    all_titles = events_of(whole.content)
    assert {"Visite de la fonderie", "Job dating", "Annulé : Forum"} <= set(all_titles)
    assert all_titles["Annulé : Forum"]["STATUS"] == "CANCELLED"
    for file in (own, whole):
        assert "text/calendar" in file["Content-Type"] and "Set-Cookie" not in file
        assert "MEZIANE" not in file.content.decode() and "Rayan" not in file.content.decode()
        assert "brillant" not in file.content.decode()


@pytest.mark.django_db
def test_a_feed_that_did_not_change_is_not_sent_again(client: Client, cast: Cast, filled: None) -> None:
    with time_machine.travel(NOW):
        client.force_login(cast.bde.user)
        url = address(client, cast, "lycee")
        nobody = Client()
        first = nobody.get(url)
        assert nobody.get(url, headers={"If-None-Match": first["ETag"]}).status_code == 304
        assert nobody.get(url, headers={"If-Modified-Since": first["Last-Modified"]}).status_code == 304
        assert nobody.head(url).status_code == 200 and nobody.post(url).status_code == 405
        uids = {str(event["UID"]) for event in events_of(first.content).values()}
        action = ActionFactory(school=cast.school, title="Nouvelle", start_date=date(2026, 11, 30))
        again = nobody.get(url, headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 200 and "Nouvelle" in events_of(again.content)
    assert uids < {str(event["UID"]) for event in events_of(again.content).values()}
    assert f"action-{action.public_id}@bdeplatform" in again.content.decode().replace("\r\n ", "")


@pytest.mark.django_db
def test_a_feed_stops_at_once(client: Client, cast: Cast, filled: None) -> None:
    nobody = Client()
    client.force_login(cast.teacher.user)
    first = address(client, cast, "moi")
    assert nobody.get(first).status_code == 200
    second = address(client, cast, "moi")
    assert (nobody.get(first).status_code, nobody.get(second).status_code) == (404, 200)
    assert not CalendarFeed.objects.in_school(cast.school).filter(token_hash__contains=second[8:-4]).exists()
    client.post(reverse("events:calendar_feed_close", args=[cast.school.uai]), {"qui": "moi"})
    assert nobody.get(second).status_code == 404

    third = address(client, cast, "moi")
    for field, value in (
        ("is_active", False),
        ("role", "consultation"),
    ):  # S-04: closed access, a role without the right
        was = getattr(cast.teacher, field)
        setattr(cast.teacher, field, value)
        cast.teacher.save()
        assert nobody.get(third).status_code == 404
        setattr(cast.teacher, field, was)
        cast.teacher.save()
    assert nobody.get(third).status_code == 200
    cast.teacher.user.is_active = False
    cast.teacher.user.save()
    assert nobody.get(third).status_code == 404
    assert nobody.get(reverse("calendar_feed", args=["inconnu"])).status_code == 404
