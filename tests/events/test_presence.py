"""Who is expected follows the classes; taps keep what others tapped; the sheet prints."""

import io
import itertools
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pypdf
import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from events import presence
from events.models import ActionClass, Invitation, Participation
from events.presence import Row, Stay
from events.tasks import follow_classes
from schools.models import Schooling
from tests.conftest import Cast
from tests.documents.test_online_races import at_once
from tests.factories import (
    ActionFactory,
    AssignmentFactory,
    ClassFactory,
    InvitationFactory,
    ParticipationFactory,
    SchoolingFactory,
    StudentFactory,
)

DAY = date(2026, 3, 12)
written = st.integers(0, 9).map(lambda days: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=days))


# ------------------------------------------------------------------------------------------------- who is expected: pure


def stays() -> st.SearchStrategy[list[Stay]]:
    days = st.dates(DAY - timedelta(days=5), DAY + timedelta(days=5))
    one = st.tuples(st.integers(1, 6), days, st.none() | st.integers(0, 8), written)
    return st.lists(
        one.map(lambda t: Stay(t[0], t[1], None if t[2] is None else t[1] + timedelta(days=t[2]), t[3])), max_size=9
    )


def rows() -> st.SearchStrategy[list[Row]]:
    said = st.dictionaries(st.integers(1, 8), st.tuples(st.booleans(), written), max_size=8)
    return said.map(lambda found: [Row(100 + pupil, pupil, *value) for pupil, value in found.items()])


@settings(max_examples=200)
@given(stays(), rows())
def test_following_the_classes_keeps_what_was_said_and_ends_at_rest(found, known):
    moved = presence.changes(found, known, DAY)
    there = {one.student for one in found if one.entry <= DAY and (one.last is None or one.last >= DAY)}
    after = [row for row in known if row.pk not in moved.gone]
    after += [Row(200 + pupil, pupil, False, datetime(2026, 2, 1, tzinfo=UTC)) for pupil in moved.arrived]
    expected = {row.student for row in after}
    assert there <= expected
    assert {row.student for row in known if row.said} <= expected
    assert expected - there <= {row.student for row in known}
    again = presence.changes(found, after, DAY)
    assert not again.arrived and not again.gone


# ---------------------------------------------------------------------------------------------------------------- rows


@pytest.fixture
def melec(cast: Cast):
    return ClassFactory(school=cast.school, label="1re MELEC")


@pytest.fixture
def action(cast: Cast):
    with time_machine.travel("2026-03-02T09:00:00+01:00", tick=False):
        return ActionFactory(school=cast.school, start_date=DAY, status="prevue", title="Forum")


def pupil(cast: Cast, klass: Any, name: str, **more: Any) -> Any:
    student = StudentFactory(school=cast.school, last_name=name)
    SchoolingFactory(
        school=cast.school, student=student, school_class=klass, year=klass.year, **{"entry_date": date(2025, 9, 1)} | more
    )  # fmt: skip
    return student


def expected(action: Any) -> set[str]:
    rows = Participation.objects.in_school(action.school_id).filter(action=action)
    return set(rows.values_list("student__last_name", flat=True))


@pytest.mark.django_db
def test_who_arrives_is_expected_who_left_is_not_unless_somebody_wrote_it(cast, melec, action):
    with time_machine.travel("2026-03-02T09:00:00+01:00") as clock:
        stays, leaves, leaves_noted = (pupil(cast, melec, name) for name in ("Reste", "Part", "Part noté"))
        assert presence.expect_class(action, melec, by=None) == 3
        presence.note(action, {str(leaves_noted.public_id): (None, True)}, among=None, by=None)
        clock.move_to("2026-03-06T09:00:00+01:00")
        pupil(cast, melec, "Arrive", entry_date=date(2026, 3, 9))
        pupil(cast, melec, "Trop tard", entry_date=date(2026, 3, 13))
        for student in (leaves, leaves_noted):
            row = Schooling.objects.in_school(cast.school).get(student=student)
            row.exit_date = date(2026, 3, 6)
            row.save()
        shown = {line.student.last_name for line in presence.lines_of(action, cast.bde)}
        assert expected(action) == {"Reste", "Part", "Part noté"}  # reading writes nothing
        assert shown == {"Reste", "Arrive", "Part noté"}
        follow_classes(date="2026-03-07")
        assert expected(action) == {"Reste", "Arrive", "Part noté"}
        # By name, after the departure is known: the bureau knows better.
        presence.add_pupil(action, leaves, present=None, by=None)
        follow_classes(date="2026-03-08")
        assert expected(action) == {"Reste", "Arrive", "Part noté", "Part"}
        assert presence.drop_class(action, melec, by=None) == 3
        assert expected(action) == {"Part noté"}
        assert not ActionClass.objects.in_school(cast.school).exists()


@pytest.mark.django_db
def test_a_pupil_of_two_expected_classes_stays_when_one_is_dropped(cast, melec, action):
    other = ClassFactory(school=cast.school, label="Option")
    both = pupil(cast, melec, "Deux")
    SchoolingFactory(school=cast.school, student=both, school_class=other, year=other.year, entry_date=date(2025, 9, 1))
    presence.expect_class(action, melec, by=None)
    presence.expect_class(action, other, by=None)
    assert presence.drop_class(action, other, by=None) == 0
    assert expected(action) == {"Deux"}


# ---------------------------------------------------------------------------------------------------------------- taps


@pytest.fixture
def sixty(cast: Cast, melec: Any, action: Any) -> list[Any]:
    found = [pupil(cast, melec, f"Élève {n:02}") for n in range(60)]
    presence.expect_class(action, melec, by=None)
    return found


@pytest.fixture
def on_the_day():
    with time_machine.travel("2026-03-12T10:00:00+01:00", tick=False):
        yield


def tap(client: Client, action: Any, said: dict[Any, tuple[str, str]], **more: Any) -> Any:
    data: dict[str, str] = {}
    for student, (was, now) in said.items():
        data |= {f"etait-{student.public_id}": was, f"est-{student.public_id}": now}
    headers = more.pop("headers", {})
    return client.post(
        reverse("events:action_tap", args=[action.school.uai, action.public_id]), data | more, headers=headers
    )


def came(action: Any) -> dict[str, bool | None]:
    rows = Participation.objects.in_school(action.school_id).filter(action=action)
    return dict(rows.values_list("student__last_name", "present"))


@pytest.mark.django_db
def test_sixty_taps_each_bring_back_the_count(as_bde, cast, action, sixty, on_the_day, django_assert_max_num_queries):
    url = reverse("events:action_pupils", args=[cast.school.uai, action.public_id])
    with django_assert_max_num_queries(20):
        page = as_bde.get(url).content.decode()
    assert page.count('class="tap"') == 60 and "1re MELEC" in page
    one, two = sixty[:2]
    answer = tap(as_bde, action, {one: ("", "oui")}, headers={"HX-Request": "true"}).content.decode()
    assert "1\xa0présent</b> sur 60, 59 à dire" in answer
    assert f'id="etait-{one.public_id}" value="oui" hx-swap-oob="true"' in answer and str(two.public_id) not in answer
    assert tap(as_bde, action, {two: ("", "non")}).status_code == 302  # without JavaScript
    tap(as_bde, action, {}, reste="oui")
    assert list(came(action).values()).count(True) == 59 and came(action)["Élève 01"] is False


@pytest.mark.django_db
def test_two_people_keep_each_others_taps_even_from_old_pages(as_bde, cast, action, sixty, on_the_day):
    one, two, three = sixty[:3]
    tap(as_bde, action, {one: ("", "oui"), three: ("", "oui")})
    # A page opened before: nobody was noted there, and its form sends every line.
    old_page = {one: ("", ""), two: ("", "non"), three: ("", "")}
    tap(as_bde, action, old_page)
    assert [came(action)[f"Élève 0{n}"] for n in range(3)] == [True, False, True]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "data",
    [{"est-pas-un-uuid": "oui"}, {"est-" + "9" * 32: "peut-être"}, {"etait-x": "oui"}, {"est-00000000000000000000000000000000": "oui"}],
)  # fmt: skip
def test_what_names_nobody_changes_nothing(as_bde, cast, action, sixty, on_the_day, data):
    url = reverse("events:action_tap", args=[cast.school.uai, action.public_id])
    assert as_bde.post(url, data).status_code == 302
    assert set(came(action).values()) == {None}


@pytest.mark.django_db
def test_a_teacher_taps_the_pupils_of_their_class_only(as_teacher, cast, melec, action, on_the_day):
    mine, other = pupil(cast, melec, "À moi"), pupil(cast, ClassFactory(school=cast.school), "À un autre")
    AssignmentFactory(school=cast.school, membership=cast.teacher, school_class=melec)
    for student in (mine, other):
        ParticipationFactory(school=cast.school, action=action, student=student)
    page = as_teacher.get(reverse("events:action_pupils", args=[cast.school.uai, action.public_id])).content.decode()
    assert "À moi" in page and "À un autre" not in page
    tap(as_teacher, action, {mine: ("", "oui"), other: ("", "oui")}, reste="oui")
    assert came(action) == {"À moi": True, "À un autre": None}
    sheet = as_teacher.get(reverse("events:action_sheet", args=[cast.school.uai, action.public_id]))
    text = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(sheet.content)).pages)
    assert "À moi" in text and "À un autre" not in text


@pytest.mark.django_db
def test_nothing_is_noted_before_the_day_nor_on_a_cancelled_action(as_bde, cast, action, sixty):
    with time_machine.travel("2026-03-11T22:00:00+01:00"):
        assert tap(as_bde, action, {sixty[0]: ("", "oui")}).status_code == 403
    action.status = "annulee"
    action.save()
    with time_machine.travel("2026-03-12T10:00:00+01:00"):
        assert tap(as_bde, action, {sixty[0]: ("", "oui")}).status_code == 403
    assert came(action)["Élève 00"] is None


@pytest.mark.django_db
def test_a_late_pupil_is_added_by_name_and_is_there(as_bde, cast, action, sixty, on_the_day):
    late = StudentFactory(school=cast.school, last_name="Retard")
    elsewhere = StudentFactory(last_name="Ailleurs")
    url = reverse("events:action_add_pupil", args=[cast.school.uai, action.public_id])
    for student in (late, late, elsewhere):
        as_bde.post(url, {"student": str(student.public_id)})
        as_bde.post(url, {"student": str(student)})
    assert came(action)["Retard"] is True and "Ailleurs" not in came(action)


@pytest.mark.django_db
def test_guests_are_noted_at_the_door_with_their_hour(as_bde, cast, action, on_the_day):
    here, declined = (
        InvitationFactory(school=cast.school, action=action, reply=reply) for reply in ("acceptee", "declinee")
    )
    url = reverse("events:action_door", args=[cast.school.uai, action.public_id])
    page = as_bde.get(url).content.decode()
    assert here.partner.name in page and f"est-{declined.public_id}" not in page
    as_bde.post(url, {f"etait-{here.public_id}": "", f"est-{here.public_id}": "oui"})
    here.refresh_from_db()
    assert here.present is True and here.arrived_at is not None
    as_bde.post(url, {f"etait-{here.public_id}": "oui", f"est-{here.public_id}": "non"})
    assert Invitation.objects.in_school(cast.school).get(pk=here.pk).arrived_at is None


@pytest.mark.django_db
def test_the_sheet_holds_pupils_guests_and_room_for_others(as_bde, cast, action, sixty):
    guest = InvitationFactory(school=cast.school, action=action, reply="acceptee")
    answer = as_bde.get(reverse("events:action_sheet", args=[cast.school.uai, action.public_id]))
    pages = pypdf.PdfReader(io.BytesIO(answer.content)).pages
    text = "".join(page.extract_text() for page in pages)
    assert all(student.last_name in text for student in sixty) and guest.partner.name in text
    assert "Venus sans être sur la liste" in text and len(pages) <= 4


@pytest.mark.django_db(transaction=True)
def test_two_people_tapping_at_the_same_instant_keep_each_others(cast, action, melec):
    found = [pupil(cast, melec, f"Élève {n:02}") for n in range(8)]
    presence.expect_class(action, melec, by=None)
    keys = [str(student.public_id) for student in found]
    works = [
        lambda key=key, word=word: presence.note(action, {key: (None, word)}, among=None, by=None)
        for key, word in zip(keys, itertools.cycle((True, False)), strict=False)
    ]
    assert not [answer for answer in at_once(works) if isinstance(answer, Exception)]
    assert [came(action)[f"Élève {n:02}"] for n in range(8)] == [True, False] * 4
