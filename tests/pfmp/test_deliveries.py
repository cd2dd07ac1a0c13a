"""Papers handed over: every pair of the table, who may, the pages, two people at once."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from pfmp import deliveries, selectors
from pfmp.enums import DeliveryState, MilestoneStep
from pfmp.models import Delivery
from pfmp.rules import deliveries as rules
from pfmp.rules.deliveries import Act
from pfmp.rules.milestones import DEFAULTS, HANDED, Step
from pfmp.situations import STEPS
from schools import todo
from tests.documents.test_online_races import at_once
from tests.factories import DeliveryFactory, MembershipFactory, MilestoneFactory, PlacementFactory
from tests.pfmp.conftest import said

D = DeliveryState
TODAY = date(2026, 2, 10)
EXPECTED = {
    (None, Act.GIVE): D.GIVEN, (None, Act.RECEIVE): None, (None, Act.SEND_BACK): None,
    (D.GIVEN, Act.GIVE): None, (D.GIVEN, Act.RECEIVE): D.RECEIVED, (D.GIVEN, Act.SEND_BACK): D.TO_CORRECT,
    (D.RECEIVED, Act.GIVE): None, (D.RECEIVED, Act.RECEIVE): None, (D.RECEIVED, Act.SEND_BACK): D.TO_CORRECT,
    (D.TO_CORRECT, Act.GIVE): D.GIVEN, (D.TO_CORRECT, Act.RECEIVE): None, (D.TO_CORRECT, Act.SEND_BACK): None,
}  # fmt: skip


def test_the_table_says_every_pair():
    assert set(EXPECTED) == {(state, act) for state in (None, *D) for act in Act}
    for pair, target in EXPECTED.items():
        assert rules.next_state(*pair) == target
        assert (target is None) == (pair in rules.REFUSALS)


def test_a_paper_that_nobody_checks_is_received_at_once():
    assert rules.next_state(None, Act.GIVE, is_checked=False) == D.RECEIVED


@pytest.mark.parametrize("step", [step for step in DEFAULTS if step.code in HANDED], ids=lambda step: step.code.value)
def test_a_paper_is_handed_over_when_its_time_has_come(step):
    """Every step of the board, before, during and after: allowed, or a sentence."""
    first, last = date(2026, 3, 2), date(2026, 3, 27)
    allowed = {
        (board, when)
        for board in STEPS
        for when, today in (("before", date(2026, 2, 10)), ("during", date(2026, 3, 10)), ("after", date(2026, 4, 1)))
        if (verdict := rules.ready(step, board, first, last, today)) or not verdict.reason
    }
    everywhere = {"before", "during", "after"}
    assert allowed == {
        MilestoneStep.SHEET_GIVEN: {(b, w) for b in ("piste_en_cours", "place_trouvee", "convention_refusee") for w in everywhere},
        MilestoneStep.SHEET_BACK: {(b, w) for b in ("piste_en_cours", "place_trouvee", "convention_refusee") for w in everywhere},
        MilestoneStep.FILED: {(b, w) for b in ("convention_editee", "a_signer", "convention_complete", "en_entreprise") for w in everywhere},
        MilestoneStep.ARRIVED: {(b, w) for b in ("convention_complete", "en_entreprise") for w in ("during", "after")},
        MilestoneStep.CERTIFIED: {(b, "after") for b in ("en_entreprise", "termine", "attestation_remise")},
    }[step.code]  # fmt: skip


def test_a_step_that_the_school_does_not_follow_is_not_handed_over():
    step = Step(MilestoneStep.FILED, "debut", -10, is_active=False)
    assert not rules.ready(step, "convention_complete", date(2026, 3, 2), date(2026, 3, 27), date(2026, 2, 10))


# ------------------------------------------------------------------------------------------------------ by the pages


@pytest.fixture
def signed(scene):
    return scene.placement(status="convention_signee")


def tick(scene, *students, **values):
    return {"choix": [str(one.public_id) for one in students], **values}


def act(client, scene, *students, **values):
    url = reverse("pfmp:class_act", args=[scene.school.uai, scene.period.public_id])
    return client.post(url, tick(scene, *students, **values), follow=True)


def test_a_teacher_hands_papers_over_and_the_bureau_sends_one_back(scene, signed, client):
    aubry = next(row.student for row in rows(scene) if row.student != scene.student)
    client.force_login(scene.teacher.user)
    answer = act(client, scene, scene.student, aubry, faire="remettre:convention_remise")
    assert said(answer) == ["1 convention remise au bureau, 1 retenu."]
    assert [(line.student, line.reason) for line in answer.context["held"]] == [
        (aubry, "Il n’y a pas de convention éditée à remettre.")
    ]
    assert "Convention remise au bureau : remis par" in answer.content.decode()
    again = act(client, scene, scene.student, faire="remettre:convention_remise")
    assert [line.reason for line in again.context["held"]] == [
        "Convention remise au bureau : déjà remis : il attend d’être reçu."
    ]
    delivery = Delivery.objects.in_school(scene.school).get()
    check = reverse("pfmp:delivery_check", args=[scene.school.uai, delivery.public_id])
    assert client.get(check).status_code == 403
    client.force_login(scene.cast.bde.user)
    assert any(
        "1 document à vérifier" in task.title.replace("\u00a0", " ") for task in todo.tasks_for(scene.cast.bde, TODAY)
    )
    assert client.get(check).status_code == 200
    empty = client.post(check, {"faire": "renvoyer", "reason": "  "})
    assert empty.status_code == 422 and "Dites ce qui est à corriger" in empty.content.decode()
    long = client.post(check, {"reason": "é" * 501})
    assert long.status_code == 422
    client.post(check, {"reason": "<script>alert(1)</script> \u202e signature"})
    delivery.refresh_from_db()
    assert (delivery.state, delivery.received_by) == (D.TO_CORRECT, scene.cast.bde)
    tasks = [task for task in todo.tasks_for(scene.teacher, TODAY) if task.title.startswith("À corriger")]
    assert [task.text for task in tasks] == ["« <script>alert(1)</script> \u202e signature »"]
    client.force_login(scene.teacher.user)
    assert "<script>alert(1)" not in client.get(scene.period.get_absolute_url()).content.decode()
    act(client, scene, scene.student, faire="remettre:convention_remise")
    assert not [task for task in todo.tasks_for(scene.teacher, TODAY) if task.title.startswith("À corriger")]
    client.force_login(scene.cast.bde.user)
    waiting = Delivery.objects.in_school(scene.school).get(state=D.GIVEN)
    page = client.post(
        reverse("pfmp:delivery_list", args=[scene.school.uai]), {"choix": [waiting.public_id]}, follow=True
    )
    assert said(page) == ["1 document reçu conforme."]
    late = client.post(
        reverse("pfmp:delivery_check", args=[scene.school.uai, waiting.public_id]), {"faire": "recevoir"}, follow=True
    )
    assert "déjà vu" in said(late)[0]


def rows(scene):
    return selectors.situations([scene.period], TODAY)[scene.period.pk]


def test_the_role_that_the_school_named_checks(scene, signed, client):
    MilestoneFactory(school=scene.school, step="convention_remise", anchor="debut", days=-10, owner="enseignant", checker="secretariat")  # fmt: skip
    delivery = DeliveryFactory(school=scene.school, placement=signed, given_by=scene.teacher)
    client.force_login(scene.cast.office.user)
    check = reverse("pfmp:delivery_check", args=[scene.school.uai, delivery.public_id])
    assert client.get(check).status_code == 200
    client.post(check, {"faire": "recevoir"})
    delivery.refresh_from_db()
    assert (delivery.state, delivery.received_by) == (D.RECEIVED, scene.cast.office)
    client.force_login(scene.cast.head.user)
    assert client.get(check).status_code == 403


def test_nothing_ticked_and_an_unknown_paper_are_said(scene, signed, client):
    client.force_login(scene.teacher.user)
    assert said(act(client, scene, faire="remettre:convention_remise")) == ["Cochez au moins un élève."]
    assert "Choisissez quoi faire" in said(act(client, scene, scene.student, faire="remettre:<b>"))[0]
    assert "Choisissez quoi faire" in said(act(client, scene, scene.student, faire="=cmd()"))[0]
    assert not Delivery.objects.in_school(scene.school).exists()


def test_the_list_costs_the_same_for_twenty_papers_as_for_two(scene, client, django_assert_max_num_queries):
    client.force_login(scene.cast.bde.user)
    for _ in range(20):
        placement = scene.placement(student=scene.pupil(), status="convention_signee")
        DeliveryFactory(school=scene.school, placement=placement, given_by=scene.teacher, step="convention_remise")
    with django_assert_max_num_queries(20):
        page = client.get(reverse("pfmp:delivery_list", args=[scene.school.uai]))
    assert len(page.context["waiting"]) == 20


# ---------------------------------------------------------------------------------------------------- at the same time


@pytest.mark.django_db(transaction=True)
def test_two_people_who_acknowledge_at_once_are_one():
    placement = PlacementFactory(status="convention_signee")
    people = [MembershipFactory(school=placement.school, role="bde") for _ in range(2)]
    delivery = DeliveryFactory(school=placement.school, placement=placement)
    seen = [
        Delivery.objects.select_related("placement__student", "placement__school").get(pk=delivery.pk) for _ in people
    ]
    answers = at_once(
        [
            lambda one=one, member=member: deliveries.receive(one, by=member, now=timezone.now())
            for one, member in zip(seen, people, strict=True)
        ]
    )
    refused = [answer for answer in answers if isinstance(answer, ValidationError)]
    assert len(refused) == 1 and "déjà vu par" in refused[0].messages[0]
    delivery.refresh_from_db()
    assert delivery.state == D.RECEIVED and delivery.received_by in people


@pytest.mark.django_db(transaction=True)
def test_two_people_who_hand_the_same_paper_over_at_once_are_one():
    placement = PlacementFactory(status="convention_signee")
    people = [MembershipFactory(school=placement.school, role="bde") for _ in range(2)]
    day = placement.start_date - timedelta(days=3)
    found = [selectors.situations([placement.period], day)[placement.period_id] for _ in people]
    answers = at_once(
        [
            lambda some=some, member=member: deliveries.give(some, MilestoneStep.FILED, by=member, now=timezone.now())
            for some, member in zip(found, people, strict=True)
        ]
    )
    assert Delivery.objects.in_school(placement.school).count() == 1
    assert sorted(line.is_done for lines in answers for line in lines) == [False, True]
