"""« Calendrier du lycée »: what the zone says, what the school enters, who may."""

from datetime import date

import pytest
from django.urls import reverse

from schools.models import School, SchoolHoliday
from tests.factories import SchoolHolidayFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def school(cast):
    School.objects.filter(pk=cast.school.pk).update(academy="Amiens", holiday_zone="")
    cast.school.refresh_from_db()
    return cast.school


def url(school: School, page: str, *args: object) -> str:
    return reverse(f"schools:school_holiday_{page}", args=[school.uai, *args])


def test_the_zone_is_shown_then_copied_once(client, cast, school):
    client.force_login(cast.bde.user)
    page = client.get(url(school, "list")).content.decode()
    assert "Zone B" in page and "Vacances de Noël" in page and "Reprendre les vacances de la zone" in page
    for _ in range(2):  # a second click changes nothing
        assert client.post(url(school, "copy")).status_code == 302
    rows = SchoolHoliday.objects.in_school(school)
    assert rows.filter(kind="vacances", label="Vacances de Noël").count() == 1
    page = client.get(url(school, "list")).content.decode()
    assert "elles remplacent celles de la zone" in page and "Reprendre les vacances" not in page


def test_a_zone_without_calendar_is_said_and_copies_nothing(client, cast, school):
    School.objects.filter(pk=school.pk).update(academy="Mayotte")
    client.force_login(cast.bde.user)
    assert "Vacances inconnues" in client.get(url(school, "list")).content.decode()
    client.post(url(school, "copy"))
    assert not SchoolHoliday.objects.in_school(school).exists()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"end_date": "2026-05-01"}, "Le dernier jour est avant le premier."),
        ({"start_date": "0001-01-01"}, "hors des années scolaires"),
        ({"end_date": "2027-05-20"}, "coupez-la en deux"),
        ({"start_date": "demain"}, "date"),
        ({"label": "\u202e\U0001f600" + "x" * 300}, "120"),
        ({"kind": "jeudi"}, "jeudi"),
    ],
)
def test_bad_input_is_said_and_kept(client, cast, school, changes, sentence):
    client.force_login(cast.ddfpt.user)
    typed = {"label": "Pont <b>", "kind": "pont", "start_date": "2026-05-15", "end_date": "2026-05-15"} | changes
    answer = client.post(url(school, "new"), typed)
    assert answer.status_code == 422 and sentence in answer.content.decode()
    assert not SchoolHoliday.objects.in_school(school).exists()


def test_a_row_is_added_changed_and_removed(client, cast, school):
    client.force_login(cast.bde.user)
    typed = {"label": "Pont <b>", "kind": "pont", "start_date": "2026-05-15", "end_date": "2026-05-15"}
    assert client.post(url(school, "new"), typed).status_code == 302
    row = SchoolHoliday.objects.in_school(school).get()
    stale = typed | {"version": row.version}
    assert client.post(url(school, "edit", row.public_id), stale | {"end_date": "2026-05-16"}).status_code == 302
    assert client.post(url(school, "edit", row.public_id), stale | {"label": "Autre"}).status_code == 409
    row.refresh_from_db()
    assert row.end_date == date(2026, 5, 16)
    assert client.post(url(school, "delete", row.public_id)).status_code == 302
    assert not SchoolHoliday.objects.in_school(school).exists()


def test_the_list_costs_as_many_queries_for_one_row_as_for_twenty(client, cast, school, django_assert_max_num_queries):
    client.force_login(cast.teacher.user)
    for day in range(1, 21):
        SchoolHolidayFactory(school=school, kind="pont", start_date=date(2026, 3, day), end_date=date(2026, 3, day))
    with django_assert_max_num_queries(14):
        client.get(url(school, "list"))
