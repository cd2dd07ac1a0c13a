"""The boards: the same numbers as the indicators, filters and orders, what is done to a class at once, twenty people at once."""

from collections import Counter
from datetime import date, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.models import Job
from core.school_year import SchoolYear
from documents.models import Document, Signature
from indicators.definitions import impact
from indicators.definitions.year_data import YearData
from pfmp import class_acts, selectors
from pfmp.enums import PlacementStatus
from pfmp.models import Exemption, Period, Placement
from pfmp.rules.solutions import Sums
from pfmp.views.class_board import sums_of
from schools.models import School, SchoolClass, Schooling, Student
from tests.documents.test_online_races import at_once
from tests.factories import ClassFactory, MembershipFactory, PartnerFactory, PeriodFactory, SchoolFactory
from tests.pfmp.conftest import said

YEAR = "2025-2026"
FIRST = date(2025, 9, 1)
FIGURES = (impact.solved, impact.secured, impact.unsolved, impact.to_replace, impact.coverage)
"""I5.1 to I5.5."""


def board_sums(school: School, today: date) -> Sums:
    """What the board of the whole year adds up."""
    periods = list(Period.objects.in_school(school).filter(year=YEAR).select_related("school", "school_class"))
    found = selectors.situations(periods, today)
    total = Sums()
    for period in periods:
        if period.kind == "pfmp":
            total = total.plus(sums_of(period, found[period.pk]))
    return total


def assert_same(school: School, today: date) -> None:
    data = YearData(school, SchoolYear.parse(YEAR), today)
    mine = board_sums(school, today)
    solved, secured, unsolved, to_replace, coverage = (figure(data) for figure in FIGURES)
    assert (solved.main.n or 0, solved.main.d or 0) == (mine.solved, mine.expected)
    assert (secured.main.n or 0) == mine.secured
    assert (unsolved.main.value, to_replace.main.value) == (mine.unsolved, mine.to_replace)
    assert (coverage.main.n or 0, coverage.main.d or 0) == (mine.covered_days, mine.asked_days)


PLACED = st.tuples(
    st.integers(0, 3), st.integers(0, 1), st.sampled_from(PlacementStatus.values), st.integers(-5, 15), st.integers(0, 25),
    st.none() | st.integers(0, 20),
)  # fmt: skip


@pytest.mark.django_db
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    placed=st.lists(PLACED, max_size=8),
    exempted=st.sets(st.tuples(st.integers(0, 1), st.integers(0, 3)), max_size=2),
    leaving=st.none() | st.integers(30, 200),
    kind=st.sampled_from(["pfmp", "observation_3e"]),
    today=st.integers(20, 300).map(lambda days: FIRST + timedelta(days=days)),
)
def test_the_board_adds_up_to_the_indicators(placed, exempted, leaving, kind, today):
    """I5.1 to I5.5, on pupils who leave, observations, interruptions, stays beside the period's days, two hosts at once."""
    school = SchoolFactory()
    partner = PartnerFactory(school=school)
    classes = [
        SchoolClass.objects.create(school=school, year=YEAR, code=code, label=code, niveau="1re_pro") for code in "AB"
    ]
    periods = [
        Period.objects.create(
            school=school, school_class=klass, year=YEAR, label="PFMP", kind=period_kind,
            start_date=FIRST + timedelta(days=60), end_date=FIRST + timedelta(days=80),
        )
        for klass, period_kind in zip(classes, ("pfmp", kind), strict=True)
    ]  # fmt: skip
    pupils = [Student.objects.create(school=school, last_name=f"N{n}", first_name="P") for n in range(4)]
    for number, pupil in enumerate(pupils):
        out = FIRST + timedelta(days=leaving) if leaving and number == 0 else None
        Schooling.objects.create(school=school, student=pupil, school_class=classes[number % 2], year=YEAR, entry_date=FIRST, exit_date=out)  # fmt: skip
    for number, pupil in exempted:
        Exemption.objects.create(school=school, period=periods[number], student=pupils[pupil])
    for pupil, number, status, start, length, stopped in placed:
        begin = periods[number].start_date + timedelta(days=start)
        Placement.objects.create(
            school=school, student=pupils[pupil], period=periods[number], partner=partner, status=status,
            start_date=begin, end_date=begin + timedelta(days=length),
            interrupted_date=begin + timedelta(days=stopped) if stopped is not None else None,
        )  # fmt: skip
    assert_same(school, today)


# ------------------------------------------------------------------------------------------------------------ the pages


def names(page):
    return [line.row.student.last_name for line in page.context["lines"]]


def test_a_class_is_sorted_by_who_needs_help_while_someone_has_no_place(scene, client):
    client.force_login(scene.teacher.user)
    done = scene.placement(student=scene.pupil(last_name="Abel"), status="convention_signee")
    found = client.get(scene.period.get_absolute_url())
    assert names(found) == ["Meziane", "Aubry", "Abel"]
    assert names(client.get(scene.period.get_absolute_url(), {"tri": "nom"})) == ["Abel", "Aubry", "Meziane"]
    Placement.objects.in_school(scene.school).exclude(pk=done.pk).update(status="confirme")
    scene.placement()
    assert names(client.get(scene.period.get_absolute_url())) == ["Abel", "Aubry", "Meziane"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"etape": "convention_editee"}, ["Abel"]),
        ({"retard": "1"}, ["Meziane", "Aubry"]),
        ({"attendu": "convention_signee"}, ["Abel"]),
        ({"referent": "personne"}, ["Meziane"]),
        ({"rouge": "1"}, []),
        ({"etape": "=cmd()", "tri": "é" * 300, "referent": "\u202e"}, []),
    ],
)
def test_a_class_is_filtered(scene, client, query, expected):
    client.force_login(scene.cast.bde.user)
    scene.placement(student=scene.pupil(last_name="Abel"), status="convention_editee")
    page = client.get(scene.period.get_absolute_url(), query)
    assert page.status_code == 200 and names(page) == expected


def test_the_board_is_filtered_by_formation_referent_and_lateness(scene, client):
    other = PeriodFactory(school=scene.school, school_class=ClassFactory(school=scene.school, diploma="CAP Cuisine"))
    client.force_login(scene.cast.bde.user)

    def periods(**query):
        return [line.period for line in client.get(scene.url(""), query).context["lines"]]

    assert set(periods()) == {scene.period, other}
    assert periods(formation="CAP Cuisine") == [other]
    assert periods(retard="1") == [scene.period]
    assert periods(referent=scene.teacher.email) == [scene.period]
    assert periods(referent="x@ailleurs.example", formation="<script>") == []
    assert set(periods(tri="besoin", attendu="inconnu")) == {scene.period, other}


def test_the_board_adds_up_without_observations(scene, client):
    scene.placement(status="convention_signee")
    Period.objects.in_school(scene.school).update(kind="observation_2gt")
    client.force_login(scene.cast.bde.user)
    page = client.get(scene.url(""))
    assert page.context["totals"].expected == 0 and page.context["lead"] == "0 sur 0"
    assert "séquences d’observation" in page.content.decode() or not page.context["totals"].expected


def test_the_red_list_stands_on_both_boards(scene, client, time_machine_to):
    scene.placement(status="convention_signee")
    time_machine_to("2026-02-27T09:00:00+01:00")
    client.force_login(scene.cast.bde.user)
    assert "1\u00a0élève part" in client.get(scene.url("")).content.decode()
    page = client.get(scene.period.get_absolute_url()).content.decode()
    assert "Départ dans 3 jours" in page and "Sans elle, personne ne part" in page
    assert names(client.get(scene.period.get_absolute_url(), {"rouge": "1"})) == ["Aubry"]


@pytest.fixture
def time_machine_to():
    held = []

    def go(moment):
        held.append(time_machine.travel(moment, tick=False))
        held[-1].start()

    yield go
    for one in held:
        one.stop()


def test_a_class_costs_the_same_for_twenty_pupils_as_for_two(scene, client):
    client.force_login(scene.teacher.user)

    def cost(url):
        with CaptureQueriesContext(connection) as found:
            assert client.get(url).status_code == 200
        return len(found)

    pages = [scene.url(""), scene.period.get_absolute_url()]
    scene.placement()
    few = [cost(page) for page in pages]
    for number in range(18):
        scene.placement(student=scene.pupil(), status="pressenti" if number % 3 else "convention_signee")
    assert [cost(page) for page in pages] == few and max(few) <= 20


# ---------------------------------------------------------------------------------------------------- several at once


def act(client, scene, students, faire):
    url = reverse("pfmp:class_act", args=[scene.school.uai, scene.period.public_id])
    return client.post(url, {"choix": [str(one.public_id) for one in students], "faire": faire}, follow=True)


def everyone(scene):
    return [row.student for row in selectors.situations([scene.period], date(2026, 2, 10))[scene.period.pk]]


def test_conventions_are_issued_and_the_others_held_back_with_their_reason(scene, client):
    scene.placement()
    scene.placement(student=scene.pupil(last_name="Sans"), referent_email="")
    client.force_login(scene.teacher.user)
    answer = act(client, scene, everyone(scene), "editer")
    assert said(answer) == ["1 convention éditée, 2 retenus."]
    reasons = {line.student.last_name: line.reason for line in answer.context["held"]}
    assert reasons["Aubry"] == "Pas encore de place confirmée." and "référent" in reasons["Sans"]
    assert Document.objects.in_school(scene.school).count() == 1
    assert not client.get(scene.period.get_absolute_url()).context["held"]  # told once
    printed = act(client, scene, everyone(scene), "imprimer")
    assert Job.objects.filter(kind="pfmp.render_class").count() == 1 and printed.status_code == 200
    signing = act(client, scene, [scene.student], "signatures")
    assert signing.redirect_chain[0][0].startswith(reverse("documents:batch_paper", args=[scene.school.uai]))
    assert Signature.objects.in_school(scene.school).exists()
    assert said(act(client, scene, [scene.student], "relancer"))
    assert "referents/?choix=" in act(client, scene, [scene.student], "referents").redirect_chain[0][0]
    assert act(client, scene, [scene.student], "jours").status_code == 200


def test_closing_says_who_is_closed_and_who_is_not(scene, client, time_machine_to):
    scene.placement(status="en_cours")
    scene.placement(student=scene.pupil(last_name="Tôt"), status="en_cours", end_date=date(2026, 4, 30))
    time_machine_to("2026-03-28T09:00:00+01:00")
    client.force_login(scene.teacher.user)
    answer = act(client, scene, everyone(scene), "clore")
    assert said(answer) == ["1 placement clos, 2 retenus."]
    reasons = {line.student.last_name: line.reason for line in answer.context["held"]}
    assert "Le dernier jour est le 30" in reasons["Tôt"]
    assert reasons["Aubry"] == "Pas encore parti : sa convention n’est pas complète."
    assert [line.reason for line in act(client, scene, [scene.student], "clore").context["held"]] == [
        class_acts.ALREADY
    ]


def test_the_pupils_of_others_are_left_alone(scene, client):
    stranger = MembershipFactory(school=scene.school, role="enseignant")
    client.force_login(stranger.user)
    url = reverse("pfmp:class_act", args=[scene.school.uai, scene.period.public_id])
    assert client.post(url, {"choix": [str(scene.student.public_id)], "faire": "editer"}).status_code == 404
    client.force_login(scene.cast.head.user)
    assert client.post(url, {"choix": [str(scene.student.public_id)], "faire": "editer"}).status_code == 403
    client.force_login(scene.teacher.user)
    assert said(act(client, scene, [stranger], "clore")) == ["Cochez au moins un élève."]


@pytest.mark.django_db(transaction=True)
def test_twenty_teachers_close_the_same_class_at_once():
    """Each placement moves once; everyone else reads that it is done; nobody meets an error."""
    school = SchoolFactory()
    klass = ClassFactory(school=school)
    period = PeriodFactory(school=school, school_class=klass)
    partner = PartnerFactory(school=school)
    for number in range(6):
        student = Student.objects.create(school=school, last_name=f"N{number}", first_name="P")
        Schooling.objects.create(school=school, student=student, school_class=klass, year=klass.year, entry_date=FIRST)
        Placement.objects.create(
            school=school, student=student, period=period, partner=partner, status="en_cours",
            start_date=period.start_date, end_date=period.end_date,
        )  # fmt: skip
    teachers = [MembershipFactory(school=school, role="enseignant") for _ in range(20)]
    now = timezone.now()
    seen = [selectors.situations([period], timezone.localdate(now))[period.pk] for _ in teachers]
    answers = at_once(
        [
            lambda rows=rows, who=who: class_acts.close(rows, by=who, now=now)
            for rows, who in zip(seen, teachers, strict=True)
        ]
    )
    done = Counter(line.student.pk for lines in answers for line in lines if line.is_done)
    assert sorted(done.values()) == [1] * 6
    reasons = {line.reason for lines in answers for line in lines if not line.is_done}
    assert reasons <= {class_acts.ALREADY, class_acts.JUST_CLOSED}
    assert set(Placement.objects.in_school(school).values_list("status", flat=True)) == {"termine"}
    assert set(Placement.objects.in_school(school).values_list("version", flat=True)) == {2}
