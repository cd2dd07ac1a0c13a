"""Sharing out referents: nobody above the limit when a way exists, equal loads, and saving what people made of it."""

from datetime import date
from itertools import product

import pytest
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from pfmp import assigning
from pfmp.models import PfmpSettings, Placement
from pfmp.rules import assigning as rules
from tests.factories import AssignmentFactory, ClassFactory, MembershipFactory, PeriodFactory, PlacementFactory

FIRST = date(2026, 3, 2).toordinal()
SPANS = st.tuples(st.integers(0, 9), st.integers(0, 4)).map(lambda one: (FIRST + one[0], FIRST + one[0] + one[1]))


def stays_of(spans):
    return [rules.Stay(f"s{n}", date.fromordinal(a), date.fromordinal(b)) for n, (a, b) in enumerate(spans)]


def height(spans):
    return max((sum(a <= day <= b for a, b in spans) for day in range(FIRST, FIRST + 20)), default=0)


def loads_after(stays, teachers, others, chosen):
    return {t: [*others.get(t, ()), *(one.span for one in stays if chosen.get(one.key) == t)] for t in teachers}


@settings(max_examples=300, deadline=None)
@given(
    spans=st.lists(SPANS, max_size=5),
    others=st.lists(st.lists(SPANS, max_size=3), min_size=1, max_size=3),
    limit=st.integers(1, 3),
)
def test_nobody_is_above_the_limit_when_a_way_exists(spans, others, limit):
    """Against every way there is."""
    stays = stays_of(spans)
    teachers = [f"t{n}" for n in range(len(others))]
    besides = dict(zip(teachers, others, strict=True))
    found = rules.propose(stays, teachers, besides, limit)
    assert set(found.chosen) | set(found.left) == {one.key for one in stays}
    for teacher, load in loads_after(stays, teachers, besides, found.chosen).items():
        assert height(load) <= max(limit, height(besides[teacher]))
    exists = any(
        all(
            rules.at_once([o for o in load if o], one.span) <= limit
            for one, chosen in zip(stays, way, strict=True)
            for load in [
                [*besides[chosen], *(other.span for other, who in zip(stays, way, strict=True) if who == chosen)]
            ]
        )
        for way in product(teachers, repeat=len(stays))
    )
    assert (not found.left) == exists


@given(pupils=st.integers(0, 40), count=st.integers(1, 8), spans=st.lists(SPANS, min_size=1, max_size=3))
def test_when_everyone_is_free_the_loads_differ_by_one_at_most(pupils, count, spans):
    stays = stays_of([spans[n % len(spans)] for n in range(pupils)])
    teachers = [f"t{n}" for n in range(count)]
    found = rules.propose(stays, teachers, {}, limit=99)
    counts = [list(found.chosen.values()).count(teacher) for teacher in teachers]
    assert sum(counts) == pupils and max(counts) - min(counts) <= 1


def test_who_follows_others_elsewhere_gets_fewer():
    week = (FIRST, FIRST + 18)
    found = rules.propose(stays_of([week] * 6), ["busy", "free"], {"busy": [week] * 4}, limit=16)
    assert list(found.chosen.values()).count("free") == 5


def test_a_class_is_shared_out_in_no_time_even_when_nothing_fits():
    week = (FIRST, FIRST + 18)
    stays = stays_of([week] * 20 + [(FIRST, FIRST + 4)] * 16)
    found = rules.propose(stays, [f"t{n}" for n in range(6)], {"t0": [week] * 5}, limit=5)
    assert len(found.left) == 36 - 5 * 5


# ------------------------------------------------------------------------------------------------------------ by the page


@pytest.fixture
def team(scene):
    """Two more teachers of the class; the first one is its head teacher."""
    scene.teacher.assignments.update(is_head_teacher=True)
    found = [MembershipFactory(school=scene.school, role="enseignant", last_name=name) for name in ("Boyer", "Caron")]
    for one in found:
        AssignmentFactory(school=scene.school, membership=one, school_class=scene.school_class)
    return found


def url(scene):
    return reverse("pfmp:class_referents", args=[scene.school.uai, scene.period.public_id])


def post(client, scene, placements, chosen, **values):
    form = {f"referent-{one.public_id}": email for one, email in zip(placements, chosen, strict=True)}
    form |= {f"version-{one.public_id}": one.version for one in placements}
    return client.post(url(scene), form | {"faire": "enregistrer"} | values, follow=True)


def test_a_class_is_shared_out_then_saved(scene, team, client):
    placements = [scene.placement(student=scene.pupil(), referent_email="") for _ in range(5)]
    elsewhere = PeriodFactory(school=scene.school, school_class=ClassFactory(school=scene.school))
    for _ in range(2):
        PlacementFactory(
            school=scene.school, period=elsewhere, student=scene.pupil(), referent_email=team[0].email.upper()
        )
    client.force_login(scene.cast.bde.user)
    page = client.get(url(scene))
    loads = {load.name: (load.before, load.after, load.here) for load in page.context["loads"]}
    assert loads[team[0].full_name] == (2, 3, 1) and loads[team[1].full_name][2] >= 2
    assert max(after for _, after, _ in loads.values()) - min(after for _, after, _ in loads.values()) <= 1
    answer = post(client, scene, placements, [team[0].email, team[0].email, team[1].email, "", scene.cast.ddfpt.email])
    assert (
        "4\u00a0référents enregistrés." in answer.content.decode()
        or "4 référents enregistrés" in answer.content.decode()
    )
    saved = [Placement.objects.in_school(scene.school).get(pk=one.pk).referent_email for one in placements]
    assert saved == [team[0].email, team[0].email, team[1].email, "", scene.cast.ddfpt.email]
    assert "Rien n’a changé" in post(client, scene, placements, saved).content.decode()


def test_the_school_s_limit_is_kept_and_passing_it_is_said(scene, team, client):
    PfmpSettings.objects.create(school=scene.school, referent_limit=2)
    placements = [scene.placement(student=scene.pupil(), referent_email="") for _ in range(3)]
    client.force_login(scene.cast.bde.user)
    assert "Limite : 2" in client.get(url(scene)).content.decode()
    refused = post(client, scene, placements, [team[0].email] * 3)
    assert refused.status_code == 422 and "Quelqu’un passe la limite" in refused.content.decode()
    assert f'value="{team[0].email}" selected' in refused.content.decode()
    post(client, scene, placements, [team[0].email] * 3, au_dela="1")
    assert Placement.objects.in_school(scene.school).filter(referent_email=team[0].email).count() == 3


def test_nothing_passes_the_limit_of_the_code(scene, team, client):
    for _ in range(24):
        PlacementFactory(school=scene.school, period=scene.period, student=scene.pupil(), referent_email=team[0].email)
    one = scene.placement(referent_email="")
    client.force_login(scene.cast.bde.user)
    page = client.get(url(scene), {"choix": str(one.student.public_id)})
    assert page.context["lines"][0][1] != team[0].email.casefold()
    form = {f"referent-{one.public_id}": team[0].email, f"version-{one.public_id}": one.version, "choix": str(one.student.public_id)}  # fmt: skip
    answer = client.post(url(scene), form | {"faire": "enregistrer", "au_dela": "1"})
    assert answer.status_code == 422 and "25 élèves à la fois" in answer.content.decode()


def test_what_someone_else_changed_meanwhile_stays(scene, team, client):
    one, other = (scene.placement(student=scene.pupil(), referent_email="") for _ in range(2))
    client.force_login(scene.cast.bde.user)
    Placement.objects.in_school(scene.school).filter(pk=one.pk).update(version=7, referent_email="x@lycee.example")
    one.version = 1
    answer = post(client, scene, [one, other], [team[0].email, team[1].email])
    assert [line.reason for line in answer.context["held"]] == [assigning.STALE]
    assert Placement.objects.in_school(scene.school).get(pk=one.pk).referent_email == "x@lycee.example"
    assert Placement.objects.in_school(scene.school).get(pk=other.pk).referent_email == team[1].email


@pytest.mark.parametrize("typed", ["<script>", "inconnu@ailleurs.example", "é" * 300, "=cmd()", "\u202eabc"])
def test_an_address_that_is_not_offered_changes_nothing(scene, client, typed):
    one = scene.placement()
    client.force_login(scene.cast.bde.user)
    answer = client.post(url(scene), {f"referent-{one.public_id}": typed, f"version-{one.public_id}": "x", "faire": "enregistrer"})  # fmt: skip
    assert answer.status_code in (302, 422)
    assert Placement.objects.in_school(scene.school).get(pk=one.pk).referent_email == scene.teacher.email


def test_the_page_costs_the_same_for_twenty_pupils_as_for_two(scene, team, client, django_assert_max_num_queries):
    for _ in range(20):
        scene.placement(student=scene.pupil(), referent_email="")
    client.force_login(scene.cast.bde.user)
    with django_assert_max_num_queries(26):
        assert len(client.get(url(scene)).context["lines"]) == 21
