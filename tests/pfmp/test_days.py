"""The day engine: days of presence, hours, and what is never counted twice (R-DECOMPTE-01, R-ATT-04, R-ALLOC-09)."""

from datetime import date, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from pfmp.models import Absence, Placement
from pfmp.rules import days
from pfmp.rules.days import CaughtUp, LineCode, Missed, Stay
from pfmp.rules.timetable import UnreadableTimetable
from tests.factories import AbsenceFactory, MembershipFactory
from tests.pfmp.rules_cast import WEEK_35H

TUESDAY_TO_SATURDAY = "; ".join(f"{day} 09:00-12:00 14:00-18:00" for day in ("mar", "mer", "jeu", "ven", "sam"))
TIMETABLES = [
    WEEK_35H,
    TUESDAY_TO_SATURDAY,
    f"{TUESDAY_TO_SATURDAY}; sauf fériés",
    "lun 22:00-06:00; dim 06:00-12:00",
    "mer 08:00-12:00",
]
A_DAY = st.dates(date(2024, 1, 1), date(2028, 12, 31))


def counted(stay: Stay, **how: bool) -> days.Count:
    found = days.count(stay, **how)
    assert isinstance(found, days.Count)
    return found


@st.composite
def stays(draw: st.DrawFn) -> Stay:
    start = draw(A_DAY)
    end = start + timedelta(days=draw(st.integers(0, 70)))
    inside = st.dates(start - timedelta(days=3), end + timedelta(days=3))
    missed = [
        Missed(day, minutes, is_late)
        for day, minutes, is_late in draw(
            st.lists(st.tuples(inside, st.none() | st.integers(1, 900), st.booleans()), max_size=8)
        )
    ]
    caught = [
        CaughtUp(day, minutes) for day, minutes in draw(st.lists(st.tuples(inside, st.integers(1, 720)), max_size=5))
    ]
    return Stay(
        start, end, draw(st.sampled_from(TIMETABLES)), draw(st.booleans()), draw(st.none() | inside),
        tuple(missed), tuple({one.day: one for one in caught}.values()),
    )  # fmt: skip


def test_four_weeks_with_an_absence_a_late_arrival_and_a_saturday_caught_up():
    stay = Stay(
        date(2026, 4, 27), date(2026, 5, 22), WEEK_35H,
        missed=(Missed(date(2026, 5, 6)), Missed(date(2026, 5, 7), 45, is_late=True)),
        caught_up=(CaughtUp(date(2026, 5, 16), 300),),
    )  # fmt: skip
    found = counted(stay)
    assert [(line.code, line.days, line.minutes) for line in found.lines] == [
        (LineCode.PLANNED, 20, 20 * 420),
        (LineCode.HOLIDAYS, -3, -3 * 420),  # 1 and 8 May, Ascension
        (LineCode.MISSED, -1, -420),
        (LineCode.LATE, 0, -45),
        (LineCode.CAUGHT_UP, 1, 300),
    ]
    assert (found.days, found.planned_days, found.to_catch_up) == (17, 17, 0)
    assert (found.minutes, found.days_of_7h, found.months) == (16 * 420 - 45 + 300, 16, 0)


@pytest.mark.parametrize(
    ("start", "end", "text", "expected"),
    [
        (date(2024, 2, 26), date(2024, 3, 1), WEEK_35H, 5),  # a 29 February
        (date(2026, 5, 1), date(2026, 5, 1), WEEK_35H, 0),  # a 1 May, worked or not
        (date(2026, 2, 28), date(2026, 3, 1), WEEK_35H, 0),  # a week-end
        (date(2026, 5, 2), date(2026, 5, 2), TUESDAY_TO_SATURDAY, 1),
    ],
)
def test_calendars_of_all_kinds(start, end, text, expected):
    assert counted(Stay(start, end, text)).days == expected


def test_good_friday_is_a_holiday_in_alsace_only():
    friday = date(2026, 4, 3)
    assert counted(Stay(friday, friday, WEEK_35H)).days == 1
    assert counted(Stay(friday, friday, WEEK_35H, alsace_moselle=True)).days == 0


def test_the_day_of_an_interruption_counts_and_the_next_does_not():
    found = counted(Stay(date(2026, 3, 2), date(2026, 3, 27), WEEK_35H, interrupted_on=date(2026, 3, 4)))
    assert (found.days, found.planned_days) == (3, 20)


@pytest.mark.parametrize("text", ["", "8h-12h / 14h-18h sauf mercredi", "<script>", "lun 8-12"])
def test_an_unreadable_timetable_is_never_guessed(text):
    stay = Stay(date(2026, 3, 2), date(2026, 3, 27), text)
    assert isinstance(days.count(stay), UnreadableTimetable)
    supposed = counted(stay, assume_weekdays=True)
    assert (supposed.days, supposed.is_assumed, supposed.minutes, supposed.days_of_7h) == (20, True, None, None)


@pytest.mark.parametrize(("minutes", "whole"), [(0, 0), (419, 0), (420, 1), (308 * 60, 44), (308 * 60 - 1, 43)])
def test_a_day_is_each_slice_of_seven_hours(minutes, whole):
    assert days.days_of_7h(minutes) == whole


def test_22_days_are_a_month():
    found = counted(Stay(date(2026, 3, 2), date(2026, 3, 31), WEEK_35H))
    assert (found.days, found.days_of_7h, found.months) == (22, 22, 1)


@given(stays())
@settings(max_examples=150, deadline=None)
def test_never_more_days_than_the_calendar(stay: Stay):
    found = counted(stay)
    calendar = max(0, (stay.last_day - stay.start).days + 1)
    assert 0 <= found.days <= calendar
    assert found.days == len(found.worked)
    assert found.minutes is not None and found.minutes >= 0
    weekdays = sum((stay.start + timedelta(days=n)).weekday() < 5 for n in range((stay.end - stay.start).days + 1))
    if stay.timetable_text == WEEK_35H and not stay.caught_up:
        assert found.days <= weekdays


@given(stays(), st.integers(0, 70))
@settings(max_examples=150, deadline=None)
def test_two_halves_make_the_whole(stay: Stay, cut: int):
    whole = counted(stay)
    middle = min(stay.start + timedelta(days=cut), stay.end)
    first = Stay(**{**vars_of(stay), "end": middle})
    if middle == stay.end:
        assert counted(first).days == whole.days
        return
    second = Stay(**{**vars_of(stay), "start": middle + timedelta(days=1)})
    assert counted(first).days + counted(second).days == whole.days
    assert (counted(first).minutes or 0) + (counted(second).minutes or 0) == whole.minutes


def vars_of(stay: Stay) -> dict[str, object]:
    return {name: getattr(stay, name) for name in stay.__dataclass_fields__}


@given(stays(), A_DAY)
@settings(max_examples=150, deadline=None)
def test_an_absence_on_a_day_not_worked_changes_nothing(stay: Stay, day: date):
    known = {one.day for one in stay.missed}
    changed = Stay(**{**vars_of(stay), "missed": (*stay.missed, Missed(day))})
    before, after = counted(stay).days, counted(changed).days
    if day in days.worked_by_timetable(stay) and day not in known:
        assert after == before - 1
        assert days.absence_problem(stay, day) == ""
    elif day not in days.worked_by_timetable(stay):
        assert after == before
        assert days.absence_problem(stay, day)


@given(stays(), A_DAY)
@settings(max_examples=150, deadline=None)
def test_a_recovery_on_a_day_already_worked_is_refused_and_counts_for_nothing(stay: Stay, day: date):
    bare = Stay(**{**vars_of(stay), "caught_up": ()})
    changed = Stay(**{**vars_of(stay), "caught_up": (CaughtUp(day, 420),)})
    gain = counted(changed).days - counted(bare).days
    assert gain == (0 if days.recovery_problem(stay, day, 420) else 1)


@pytest.mark.parametrize("minutes", [0, -5, 12 * 60 + 1])
def test_a_recovery_lasts_a_human_time(minutes):
    stay = Stay(date(2026, 3, 2), date(2026, 3, 27), WEEK_35H)
    assert days.recovery_problem(stay, date(2026, 3, 7), minutes)
    assert days.recovery_problem(stay, date(2026, 3, 7), 420) == ""


def test_a_mistyped_year_does_not_take_the_page_down():
    assert counted(Stay(date(2026, 3, 2), date(9999, 12, 31), WEEK_35H)).days < 4000


# ------------------------------------------------------------------------------------------------------------- the pages


@pytest.fixture
def after(scene):
    """The Monday after the stay of the scene, and the stay."""
    with time_machine.travel("2026-03-30T09:00:00+02:00", tick=False):
        yield scene.placement(status="termine")


def page(scene, placement) -> str:
    return scene.url(f"placements/{placement.public_id}/jours/")


def grid(scene) -> str:
    return scene.url(f"periodes/{scene.period.public_id}/jours/")


def send(client, url, **data):
    return client.post(url, data)


@pytest.mark.django_db
def test_a_teacher_ticks_absences_then_validates_the_days(scene, after, client):
    client.force_login(scene.teacher.user)
    url = page(scene, after)
    text = client.get(url).content.decode()
    assert "Jours de l’horaire" in text
    assert "Validez d’abord les jours" in text
    ticked = ["2026-03-03", "2026-03-04"]
    done = client.post(url, {"faire": "absences", "absent": ticked, "kind": "absence", "reported_by": "telephone"})
    assert done.status_code == 302
    rows = Absence.objects.in_school(scene.school).filter(placement=after)
    assert {(row.date, row.reported_by) for row in rows} == {
        (date(2026, 3, 3), "telephone"),
        (date(2026, 3, 4), "telephone"),
    }
    client.post(
        url, {"faire": "absences", "absent": ["2026-03-04"], "vu": ticked, "kind": "absence", "reported_by": "equipe"}
    )
    assert [row.date for row in rows.all()] == [date(2026, 3, 4)]
    assert send(client, url, faire="rattrapage", recovery_date="2026-03-07", recovery_hours="7").status_code == 302
    assert send(client, url, faire="retard", late_date="2026-03-05", late_minutes="30").status_code == 302
    assert send(client, url, faire="jours", days="20", reason="", note="", seen="").status_code == 302
    after.refresh_from_db()
    assert (after.days_done, after.days_by, after.days_reason) == (20, scene.teacher, "")
    assert "139 h 30" in client.get(url).content.decode().replace("\xa0", " ").replace("\u202f", " ")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        (
            {"faire": "absences", "absent": "2026-03-08", "kind": "absence", "reported_by": "equipe"},
            "pas un jour travaillé",
        ),
        ({"faire": "absences", "absent": "<script>", "kind": "absence", "reported_by": "equipe"}, "n’en est pas une"),
        ({"faire": "absences", "absent": "2026-03-03", "kind": "maladie", "reported_by": "equipe"}, "choix valide"),
        ({"faire": "retard", "late_date": "2026-03-08", "late_minutes": "5"}, "pas un jour travaillé"),
        ({"faire": "retard", "late_date": "99999-12-31", "late_minutes": "💥"}, "date valide"),
        ({"faire": "rattrapage", "recovery_date": "2026-03-03", "recovery_hours": "7"}, "déjà un jour de l’horaire"),
        ({"faire": "rattrapage", "recovery_date": "2026-04-04", "recovery_hours": "7"}, "avenant"),
        ({"faire": "jours", "days": "19", "reason": "", "seen": ""}, "Le calcul donne 20"),
        ({"faire": "jours", "days": "27", "reason": "autre", "seen": ""}, "Entre 0 et 26"),
        ({"faire": "jours", "days": "1e9", "reason": "autre", "seen": "<b>"}, "nombre entier"),
    ],
)
def test_what_cannot_be_is_said_and_changes_nothing(scene, after, client, sent, sentence):
    client.force_login(scene.teacher.user)
    answer = client.post(page(scene, after), sent)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    after.refresh_from_db()
    assert after.days_done is None
    assert not Absence.objects.in_school(scene.school).exists()


@pytest.mark.django_db
def test_another_number_keeps_its_reason_and_its_history(scene, after, client):
    client.force_login(scene.teacher.user)
    url = page(scene, after)
    send(client, url, faire="jours", days="20", reason="", seen="")
    send(client, url, faire="jours", days="18", reason="feuille_presence", note="Feuille du tuteur", seen="20")
    after.refresh_from_db()
    assert (after.days_done, after.days_reason, after.days_note) == (18, "feuille_presence", "Feuille du tuteur")
    text = client.get(url).content.decode()
    assert "Qui a validé quoi" in text
    assert "Feuille de présence de l’entreprise" in text
    late = send(client, url, faire="jours", days="17", reason="autre", seen="20")
    assert late.status_code == 409
    assert "a validé 18 jours" in late.content.decode()


@pytest.mark.django_db
def test_days_wait_for_the_last_day_and_for_a_convention(scene, client):
    client.force_login(scene.teacher.user)
    placement = scene.placement(status="convention_signee")
    answer = send(client, page(scene, placement), faire="jours", days="20", seen="")
    assert answer.status_code == 403
    assert "n’est pas finie" in answer.content.decode()
    lead = scene.placement(student=scene.pupil(), status="confirme")
    assert send(client, page(scene, lead), faire="retard", late_date="2026-03-03").status_code == 403


@pytest.mark.django_db
def test_an_unreadable_timetable_is_said_and_nothing_is_proposed(scene, after, client):
    Placement.objects.in_school(scene.school).filter(pk=after.pk).update(timetable="8h-12h / 14h-18h sauf mercredi")
    client.force_login(scene.teacher.user)
    text = client.get(page(scene, after)).content.decode()
    assert "Non calculable" in text
    assert "suppose des horaires que personne n’a écrits" in text
    assert send(client, page(scene, after), faire="jours", days="16", reason="", seen="").status_code == 422
    assert (
        send(client, page(scene, after), faire="jours", days="16", reason="feuille_presence", seen="").status_code
        == 302
    )


@pytest.mark.django_db
def test_a_class_is_validated_at_once_and_two_people_are_told_apart(scene, after, client):
    other = scene.placement(student=scene.pupil(last_name="Zola"), status="termine")
    third = scene.placement(student=scene.pupil(last_name="Zweig"), status="termine")
    client.force_login(scene.teacher.user)
    shown = client.get(grid(scene))
    assert shown.context["lines"][0].is_proposal
    key, key2, key3 = after.public_id, other.public_id, third.public_id
    typed = {f"jours-{key}": "20", f"vu-{key}": "", f"jours-{key2}": "18", f"vu-{key2}": "", f"jours-{key3}": "abc"}
    unbound = client.post(grid(scene), typed)
    assert unbound.status_code == 422
    assert "vous répondez" in unbound.content.decode()
    Placement.objects.in_school(scene.school).filter(pk=other.pk).update(days_done=19)
    answer = client.post(grid(scene), {**typed, f"raison-{key2}": "autre", "responsable": "1"})
    assert answer.status_code == 409
    text = answer.content.decode()
    assert "a validé 19 jours ; vous aviez écrit 18" in text
    assert "« abc » n’est pas un nombre entier" in text
    rows = Placement.objects.in_school(scene.school)
    assert [rows.get(pk=one.pk).days_done for one in (after, other, third)] == [20, 19, None]
    assert rows.get(pk=after.pk).days_by == scene.teacher


@pytest.mark.django_db
def test_the_grid_and_the_tab_cost_the_same_for_two_or_twenty(scene, after, client):
    client.force_login(scene.teacher.user)

    def cost(url: str) -> int:
        client.get(url)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url).status_code == 200
        return len(queries)

    few, tab = cost(grid(scene)), cost(page(scene, after))
    for _ in range(12):
        placement = scene.placement(student=scene.pupil(), status="termine")
        AbsenceFactory(placement=placement, school=scene.school)
    for number in range(5):
        AbsenceFactory(placement=after, school=scene.school, date=date(2026, 3, 2 + number))
    assert cost(grid(scene)) == few <= 20
    assert cost(page(scene, after)) == tab <= 20


@pytest.mark.django_db
def test_a_colleague_of_another_class_does_not_find_it(scene, after, client):
    client.force_login(MembershipFactory(school=scene.school, role="enseignant").user)
    assert client.get(page(scene, after)).status_code == 404
    client.force_login(scene.cast.head.user)
    assert client.get(page(scene, after)).status_code == 200
    assert send(client, page(scene, after), faire="jours", days="20", seen="").status_code == 403
