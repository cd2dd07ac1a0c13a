"""The calendar of the year: what each role sees, periods for several classes, new dates and what they do to placements."""

import time
from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse

from core import pdf
from core.national_events import editions, events_of
from core.school_year import SchoolYear
from pfmp import calendar, calendar_drawing, planning
from pfmp.models import Period
from schools.models import School
from tests.factories import (
    AssignmentFactory,
    CapacityFactory,
    ClassFactory,
    DocumentFactory,
    FormationDurationFactory,
    PeriodFactory,
    PlacementFactory,
    SchoolHolidayFactory,
    SchoolingFactory,
)

pytestmark = pytest.mark.django_db
TODAY = date(2025, 11, 24)


@pytest.fixture(autouse=True)
def november():
    with time_machine.travel(TODAY, tick=False):
        yield


def url(cast, page: str, *args: object) -> str:
    return reverse(f"pfmp:{page}", args=[cast.school.uai, *args])


def group(cast, code: str, niveau: str = "1re_pro", **more):
    return ClassFactory(school=cast.school, code=code, label=f"Classe {code}", niveau=niveau, **more)


# ------------------------------------------------------------------------------------------------------------ the year


def test_the_year_shows_each_class_its_periods_and_the_load(as_bde, cast):
    klass, empty = group(cast, "1MELEC"), group(cast, "2TNE", "2nde_pro")
    period = PeriodFactory(school=cast.school, school_class=klass, label="PFMP <1>")
    for _ in range(3):
        SchoolingFactory(school=cast.school, school_class=klass)
    page = as_bde.get(url(cast, "year_calendar")).content.decode()
    assert "PFMP &lt;1&gt;" in page and "PFMP <1>" not in page
    assert klass.label in page and empty.label in page
    assert "3 élèves" in page.replace("\xa0", " ")
    assert f'data-move-url="{url(cast, "period_move", period.public_id)}"' in page
    assert (
        klass.label
        not in as_bde.get(url(cast, "year_calendar"), {"niveau": "2nde_pro"}).content.decode().split("cal-box")[1]
    )


def test_a_teacher_sees_their_own_classes_and_moves_nothing(as_teacher, cast):
    mine, other = group(cast, "1MELEC"), group(cast, "1TRPM")
    AssignmentFactory(school=cast.school, membership=cast.teacher, school_class=mine)
    for klass in (mine, other):
        PeriodFactory(school=cast.school, school_class=klass)
    page = as_teacher.get(url(cast, "year_calendar")).content.decode()
    assert mine.label in page and other.label not in page
    assert "data-move-url" not in page and "Ajouter des périodes" not in page
    assert as_teacher.get(url(cast, "class_durations", other.public_id)).status_code == 404


def test_nobody_else_s_year_is_drawn_and_a_strange_filter_is_no_error(client, cast, as_bde):
    PeriodFactory(label="Ailleurs")
    for words in ({"niveau": "<script>"}, {"classe": "\x00" * 300}, {"classe": "\u202e\U0001f642"}):
        answer = as_bde.get(url(cast, "year_calendar"), words)
        assert answer.status_code == 200 and "Ailleurs" not in answer.content.decode()
    client.force_login(cast.reader.user)
    assert client.get(url(cast, "year_calendar")).status_code == 403


def test_as_many_queries_for_two_classes_as_for_twenty_six(as_bde, cast, django_assert_max_num_queries):
    for number in range(26):
        klass = group(cast, f"1C{number}", diploma="Bac pro MELEC")
        PeriodFactory(school=cast.school, school_class=klass)
        PeriodFactory(school=cast.school, school_class=klass, start_date=date(2026, 6, 1), end_date=date(2026, 6, 26))
        PlacementFactory(
            school=cast.school,
            period__school_class=klass,
            student=SchoolingFactory(school=cast.school, school_class=klass).student,
        )
    for page in ("year_calendar", "durations", "periods_plan"):
        with django_assert_max_num_queries(20):
            assert as_bde.get(url(cast, page)).status_code == 200


def test_classes_of_one_trade_that_leave_together_are_counted_against_places(cast):
    for code in ("1A", "1B"):
        klass = group(cast, code, diploma="Bac pro MELEC", filiere="Électricité")
        PeriodFactory(school=cast.school, school_class=klass)
        for _ in range(2):
            SchoolingFactory(school=cast.school, school_class=klass)
    CapacityFactory(school=cast.school, formation="Bac pro MELEC", places=3)
    plan = calendar.plan(cast.bde, SchoolYear(2025), TODAY)
    (crowd,) = plan.crowds
    assert (crowd.pupils, crowd.places, crowd.is_short) == (4, 3, True)
    assert (crowd.start, crowd.end) == (date(2026, 3, 2), date(2026, 3, 27))
    assert plan.peak.out == 4 and sum(load.out > 0 for load in plan.loads) == 4


def test_sixty_classes_hold_on_one_a3_in_landscape(as_bde, cast):
    for number in range(60):
        PeriodFactory(school=cast.school, school_class=group(cast, f"C{number}"))
    answer = as_bde.get(url(cast, "year_calendar_print"))
    assert answer["Content-Type"] == "application/pdf" and pdf.page_count(answer.content) == 1


def test_periods_that_overlap_in_an_imported_dossier_stand_apart(cast):
    klass = group(cast, "1A")
    PeriodFactory(school=cast.school, school_class=klass, label="Un")
    PeriodFactory(school=cast.school, school_class=klass, label="Deux")
    drawing = calendar_drawing.draw(calendar.plan(cast.bde, SchoolYear(2025), TODAY), calendar_drawing.Shape())
    assert "Un" in drawing and "Deux" in drawing


def test_absurd_dates_of_a_dossier_break_no_page(as_bde, cast):
    klass = group(cast, "1A")
    period = PeriodFactory(school=cast.school, school_class=klass, start_date=date.min, end_date=date.max)
    pupil = SchoolingFactory(school=cast.school, school_class=klass).student
    PlacementFactory(school=cast.school, period=period, student=pupil, status="termine", days_done=20)
    for address in (
        url(cast, "year_calendar"),
        url(cast, "year_calendar_print"),
        url(cast, "durations"),
        url(cast, "class_durations", klass.public_id),
        url(cast, "period_edit", period.public_id),
        url(cast, "period_dates", period.public_id),
    ):
        assert as_bde.get(address).status_code == 200, address


def test_national_weeks_have_dates_only_when_they_were_read():
    known = list(
        editions("2024 : 18-24 novembre (13e); 2023 : 27 novembre-1er décembre; 2022 : printemps; 2021 : 31-2 mars")
    )
    assert known == [(date(2024, 11, 18), date(2024, 11, 24)), (date(2023, 11, 27), date(2023, 12, 1))]
    assert any(event.start for event in events_of(SchoolYear(2024)))
    assert all(event.usual for event in events_of(SchoolYear(2030)) if event.start is None)


# ------------------------------------------------------------------------------------------- periods for several classes


def typed(*classes, **more) -> dict[str, object]:
    return {
        "classes": [one.public_id for one in classes],
        "label": "PFMP n° 2",
        "kind": "pfmp",
        "start_date": "2026-05-18",
        "end_date": "2026-06-12",
        "counts_for_exam": "on",
    } | more


def test_one_form_makes_a_period_for_each_class(as_bde, cast):
    classes = [group(cast, "1A"), group(cast, "1B")]
    assert as_bde.post(url(cast, "periods_plan"), typed(*classes)).status_code == 302
    made = Period.objects.in_school(cast.school)
    assert {one.school_class_id for one in made} == {one.pk for one in classes}
    assert all(one.year == "2025-2026" and one.counts_for_exam for one in made)


def test_an_overlap_is_refused_by_name_and_nothing_is_made(as_bde, cast):
    free, taken = group(cast, "1A"), group(cast, "1B")
    PeriodFactory(school=cast.school, school_class=taken, label="PFMP longue", end_date=date(2026, 5, 18))
    answer = as_bde.post(url(cast, "periods_plan"), typed(free, taken))
    assert answer.status_code == 422 and "PFMP longue" in answer.content.decode()
    assert Period.objects.in_school(cast.school).count() == 1


def test_holidays_inside_are_confirmed_knowingly(as_bde, cast):
    SchoolHolidayFactory(
        school=cast.school, kind="pont", label="Pont", start_date=date(2026, 5, 22), end_date=date(2026, 5, 22)
    )
    klass = group(cast, "1A")
    answer = as_bde.post(url(cast, "periods_plan"), typed(klass, confirmed="on"))
    assert answer.status_code == 422 and "pendant" in answer.content.decode()
    seen = answer.context["form"].data["seen"]
    assert as_bde.post(url(cast, "periods_plan"), typed(klass, confirmed="on", seen=seen)).status_code == 302


def test_a_short_block_wants_a_reason(as_bde, cast):
    klass = group(cast, "1A")
    short = {"end_date": "2026-05-29"}
    answer = as_bde.post(url(cast, "periods_plan"), typed(klass, **short))
    assert answer.status_code == 422 and "R-DUREE-08" in answer.content.decode()
    assert (
        as_bde.post(url(cast, "periods_plan"), typed(klass, note="Accord de l’inspection", **short)).status_code == 302
    )


@pytest.mark.parametrize(
    "wrong",
    [
        {"classes": []},
        {"classes": ["x'"]},
        {"end_date": "2026-05-01"},
        {"start_date": "0001-01-01"},
        {"start_date": "2031-05-18", "end_date": "2031-06-12"},
        {"label": "=cmd()" * 60},
        {"kind": "vacances"},
    ],
)
def test_what_cannot_be_is_said_and_kept(as_bde, cast, wrong):
    klass = group(cast, "1A")
    answer = as_bde.post(url(cast, "periods_plan"), typed(klass) | wrong)
    assert answer.status_code == 422
    assert not Period.objects.in_school(cast.school).exists()


def test_another_school_s_class_is_no_choice(as_bde, cast):
    assert as_bde.post(url(cast, "periods_plan"), typed(ClassFactory())).status_code == 422


def test_a_period_and_its_twenty_four_lines_take_one_short_transaction(cast, django_assert_max_num_queries):
    klass = group(cast, "1A")
    for _ in range(24):
        SchoolingFactory(school=cast.school, school_class=klass)
    with django_assert_max_num_queries(16):
        began = time.process_time()
        (period,) = planning.create_periods(
            cast.school,
            [klass],
            label="PFMP",
            start_date=date(2026, 5, 18),
            end_date=date(2026, 6, 12),
            by=cast.bde.user,
        )
        assert time.process_time() - began < 0.2
    assert next(one.pupils for one in calendar.plan(cast.bde, SchoolYear(2025), TODAY).outings) == 24
    assert period.pk


# ------------------------------------------------------------------------------------------------------------- new dates


@pytest.fixture
def period(cast) -> Period:
    return PeriodFactory(school=cast.school, school_class=group(cast, "1A"))


def moved(period: Period, **more) -> dict[str, object]:
    return {"version": period.version, "start_date": "2026-03-09", "end_date": "2026-04-03", "retour": "annee"} | more


def test_a_dragged_period_is_saved_at_once_and_comes_back_to_the_calendar(as_bde, cast, period):
    answer = as_bde.post(url(cast, "period_move", period.public_id), moved(period))
    assert (answer.status_code, answer["Location"]) == (302, url(cast, "year_calendar"))
    label = period.label
    period.refresh_from_db()
    assert (period.start_date, period.end_date) == (date(2026, 3, 9), date(2026, 4, 3))
    assert period.label == label and period.counts_for_exam


def test_a_stale_drag_meets_the_page_of_both_texts(as_bde, cast, period):
    stale = moved(period)
    as_bde.post(url(cast, "period_move", period.public_id), stale)
    answer = as_bde.post(url(cast, "period_move", period.public_id), stale | {"end_date": "2026-04-10"})
    assert answer.status_code == 409


def test_a_drag_onto_another_period_is_refused_by_name(as_bde, cast, period):
    PeriodFactory(
        school=cast.school,
        school_class=period.school_class,
        label="PFMP voisine",
        start_date=date(2026, 4, 1),
        end_date=date(2026, 4, 24),
    )
    answer = as_bde.post(url(cast, "period_move", period.public_id), moved(period))
    assert answer.status_code == 422 and "PFMP voisine" in answer.content.decode()


def placements(cast, period):
    """Three pupils: found, with a convention issued, found at other dates."""
    common = {"school": cast.school, "period": period}
    found, issued = PlacementFactory(**common), PlacementFactory(**common, status="convention_editee")
    DocumentFactory(school=cast.school, type="convention_pfmp", subject="placement", subject_id=issued.dossier_id)
    other = PlacementFactory(**common, start_date=period.start_date + timedelta(days=7))
    return found, issued, other


def confirm(client, address: str, data: dict[str, object]):
    """Post, read the remarks, tick the box."""
    first = client.post(address, data)
    assert first.status_code == 422
    return client.post(address, data | {"confirmed": "on", "seen": first.context["form"].data["seen"]})


@pytest.mark.parametrize(("choice", "follows"), [("laisser", False), ("deplacer", True)])
def test_new_dates_move_only_what_may_follow_and_list_the_rest(as_bde, cast, period, choice, follows):
    found, issued, other = placements(cast, period)
    page = as_bde.get(url(cast, "period_edit", period.public_id)).content.decode().replace("\xa0", " ")
    assert "2 placements aux dates de la période" in page and "1 placement peut suivre" in page
    answer = confirm(as_bde, url(cast, "period_move", period.public_id), moved(period, follow=choice))
    assert answer["Location"] == url(cast, "period_dates", period.public_id)
    old = (period.start_date, period.end_date)
    for one in (found, issued, other):
        one.refresh_from_db()
    assert ((found.start_date, found.end_date) == (date(2026, 3, 9), date(2026, 4, 3))) is follows
    assert (issued.start_date, issued.end_date) == old  # paper never moves in silence
    listed = as_bde.get(answer["Location"]).content.decode()
    assert str(issued.student) in listed and "Rééditer" in listed
    assert (str(found.student) in listed) is not follows


def test_a_teacher_reads_the_dates_of_their_own_pupils_only(as_teacher, cast, period):
    assert as_teacher.get(url(cast, "period_dates", period.public_id)).status_code == 404
    assert as_teacher.post(url(cast, "period_move", period.public_id), moved(period)).status_code == 403


# ---------------------------------------------------------------------------------------------------- weeks over the cycle


def test_weeks_of_every_year_are_added_up_for_each_pupil(as_bde, cast):
    old = group(cast, "2A", "2nde_pro", year="2023-2024")
    middle = group(cast, "1A", "1re_pro", year="2024-2025")
    last = group(cast, "TA", "tle_pro")
    pupil = SchoolingFactory(school=cast.school, school_class=last).student
    for klass, year in ((old, 2023), (middle, 2024)):
        SchoolingFactory(school=cast.school, school_class=klass, student=pupil, entry_date=date(year, 9, 1))
        begin = date(year + 1, 1, 8) + timedelta(days=-date(year + 1, 1, 8).weekday())
        period = PeriodFactory(
            school=cast.school, school_class=klass, start_date=begin, end_date=begin + timedelta(days=39)
        )
        PlacementFactory(school=cast.school, period=period, student=pupil, status="termine")
    page = as_bde.get(url(cast, "class_durations", last.public_id)).content.decode()
    assert "Il manque des semaines" in page
    line = as_bde.get(url(cast, "durations"), {"etat": "risque"}).context["risky"][0]
    assert (line.balance.done, line.balance.planned, line.balance.missing) == (12, 0, 8)
    PeriodFactory(school=cast.school, school_class=last, start_date=date(2026, 1, 5), end_date=date(2026, 2, 27))
    assert not as_bde.get(url(cast, "durations"), {"etat": "risque"}).context["risky"]


def test_the_school_s_own_duration_is_what_counts(as_bde, cast):
    klass = group(cast, "B2", "bts2", diploma="BTS MCO")
    SchoolingFactory(school=cast.school, school_class=klass)
    assert "selon la spécialité" in as_bde.get(url(cast, "class_durations", klass.public_id)).content.decode()
    data = {"formation": "BTS MCO", "weeks": "14", "since": "2025-2026", "source": "arrêté"}
    assert as_bde.post(url(cast, "formation_duration_new"), data | {"since": "2025"}).status_code == 422
    assert as_bde.post(url(cast, "formation_duration_new"), data).status_code == 302
    assert as_bde.post(url(cast, "formation_duration_new"), data).status_code == 422  # twice the same year
    page = as_bde.get(url(cast, "class_durations", klass.public_id)).content.decode().replace("\xa0", " ")
    assert "14 semaines" in page


def test_a_zone_gives_its_holidays_to_the_drawing(as_bde, cast):
    School.objects.filter(pk=cast.school.pk).update(academy="Amiens")
    FormationDurationFactory(school=cast.school)
    PeriodFactory(
        school=cast.school, school_class=group(cast, "1A"), start_date=date(2026, 2, 9), end_date=date(2026, 3, 6)
    )
    page = as_bde.get(url(cast, "year_calendar")).content.decode().replace("\xa0", " ")
    assert "10 jours pendant : Vacances d’hiver" in page and "Zone B" in page
