"""Campaigns among leavers: who can be reached, messages by a job, one reminder, calls that two colleagues share."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core import jobs
from core.models import OutboxMessage, OutboxState
from core.school_year import SchoolYear
from partners.models import Partner
from schools import todo
from surveys import calling, campaigns, employers
from surveys.enums import CallResult, Situation, Term
from surveys.models import FormerStudent, LeaverCall, LeaverLink, LeaverOutcome
from tests.conftest import Cast
from tests.factories import LeaverCallFactory, LeaverCampaignFactory, OutcomeFactory, PartnerFactory
from tests.surveys.leavers_scene import TODAY, YEAR, Promotion, every, promotion


@pytest.fixture
def scene(cast: Cast) -> Promotion:
    return promotion(cast.school)


def url(scene: Promotion, name: str, thing: Any = None) -> str:
    return reverse(f"surveys:{name}", args=[scene.school.uai, (thing or scene.campaign).public_id])


def test_the_page_says_who_can_be_reached_before_anything_leaves(as_bde: Client, scene: Promotion) -> None:
    scene.leaver()
    scene.leaver(email="", last_name="Sanscourriel")
    scene.leaver(email="", phone="", last_name="Introuvable")
    OutcomeFactory(school=scene.school, student=scene.leaver(), leaving_year=YEAR, situation=Situation.STUDIES)
    page = as_bde.get(url(scene, "campaign_detail"))
    assert (page.context["reach"].by_mail, page.context["reach"].by_phone_only, page.context["reach"].neither) == (
        1,
        1,
        1,
    )
    assert (page.context["answered"], len(page.context["everyone"])) == (1, 4)
    assert "Lancer la campagne" in page.content.decode()
    assert not OutboxMessage.objects.exists()
    only = as_bde.get(url(scene, "campaign_detail") + "?etape=unreachable").content.decode()
    assert "Introuvable" in only
    assert "Sanscourriel" not in only


def test_messages_leave_once_by_a_job_then_one_reminder_after_a_week(as_bde: Client, scene: Promotion) -> None:
    for _ in range(3):
        scene.leaver()
    for _ in range(2):
        as_bde.post(url(scene, "campaign_send"))
        jobs.run_waiting()
    assert OutboxMessage.objects.filter(key__startswith="leaver:").count() == every(LeaverLink).count() == 3
    message = OutboxMessage.objects.first()
    assert message is not None
    assert scene.school.name not in message.subject
    assert as_bde.post(url(scene, "campaign_send"), {"relance": "1"}).status_code == 302
    assert every(LeaverLink).count() == 3, "not before a week"
    every(LeaverLink).update(created_at=timezone.now() - timedelta(days=8))
    for _ in range(2):
        as_bde.post(url(scene, "campaign_send"), {"relance": "1"})
        jobs.run_waiting()
        every(LeaverLink).update(created_at=timezone.now() - timedelta(days=8))
    assert OutboxMessage.objects.filter(key__startswith="leaver:").count() == 6, "one reminder, not two"


def test_an_address_that_refuses_is_no_address(scene: Promotion) -> None:
    student = scene.leaver()
    campaigns.send(scene.campaign, again=False, now=timezone.now())
    OutboxMessage.objects.update(state=OutboxState.FAILED)
    [person] = campaigns.people(scene.campaign)
    assert (person.student, person.address, person.phone) == (student, "", "06 39 98 00 01")
    assert campaigns.reach([person]).by_phone_only == 1


def test_a_closed_campaign_writes_and_calls_nobody(as_bde: Client, scene: Promotion) -> None:
    scene.leaver()
    as_bde.post(url(scene, "campaign_close"))
    scene.campaign.refresh_from_db()
    assert scene.campaign.closed_date is not None
    assert campaigns.send(scene.campaign, again=False, now=timezone.now()).message
    as_bde.post(url(scene, "call_next"))
    assert not OutboxMessage.objects.exists()
    assert not every(LeaverCall).exists()


def test_two_colleagues_never_call_the_same_person(scene: Promotion, cast: Cast) -> None:
    first, second = scene.leaver(), scene.leaver()
    now = timezone.now()
    # Both read the list at the same instant: the database decides.
    everyone = campaigns.people(scene.campaign)
    one = calling.take_next(scene.campaign, everyone, by=cast.bde.user, now=now)
    other = calling.take_next(scene.campaign, everyone, by=cast.ddfpt.user, now=now)
    assert one is not None
    assert other is not None
    assert {one.student_id, other.student_id} == {first.pk, second.pk}
    everyone = campaigns.people(scene.campaign)
    assert calling.take_next(scene.campaign, everyone, by=cast.head.user, now=now) is None
    late = now + calling.HELD + timedelta(minutes=1)
    taken = calling.take_next(scene.campaign, everyone, by=cast.head.user, now=late)
    assert taken is not None, "one who left their telephone does not keep the person"
    owner = cast.bde if taken.pk == one.pk else cast.ddfpt
    with pytest.raises(calling.Taken):
        calling.end(taken, CallResult.NO_ANSWER, by=owner.user, now=late)


def test_whom_to_call_next(scene: Promotion) -> None:
    now = timezone.now()
    long_ago = now - timedelta(days=2)
    never, back, absent, recent, wrong, refuses = (scene.leaver(last_name=name) for name in "ABCDEF")
    for student, result, at in (
        (back, "rappeler", long_ago), (absent, "absent", long_ago), (recent, "absent", now), (wrong, "faux_numero", long_ago),
        (refuses, "refuse", long_ago),
    ):  # fmt: skip
        LeaverCallFactory(school=scene.school, campaign=scene.campaign, student=student, result=result, called_at=at)
    everyone = campaigns.people(scene.campaign)
    assert [one.student for one in calling.in_order(everyone, now)] == [back, never, absent]
    assert calling.resting(everyone, now) == 1
    assert {one.student: one.step for one in everyone}[wrong] is campaigns.Step.CALLED


def test_one_tap_notes_the_call_and_opens_the_next_person(as_bde: Client, scene: Promotion) -> None:
    first, second = scene.leaver(last_name="Aubert"), scene.leaver(last_name="Brun")
    OutcomeFactory(school=scene.school, student=second, leaving_year="2023-2024", term_months=6, situation="emploi")
    page = as_bde.post(url(scene, "call_next"), follow=True)
    text = page.content.decode()
    assert 'href="tel:0639980001"' in text
    [call] = every(LeaverCall)
    said = {"result": "joint:emploi", "name": "Garage Lune", "city": "Laon", "contact": "on", "talk": "on"}
    page = as_bde.post(url(scene, "call_detail", call), said, follow=True)
    assert second.last_name in page.content.decode()
    outcome = every(LeaverOutcome).get(student=first)
    assert (outcome.situation, outcome.employer_name, outcome.means) == ("emploi", "Garage Lune", "telephone")
    former = every(FormerStudent).get(student=first)
    assert (former.offers_talk, former.consent_text) == (True, "oral")
    last = every(LeaverCall).get(result="")
    bad = as_bde.post(url(scene, "call_detail", last), {"result": "n’importe quoi", "name": "x" * 300})
    assert bad.status_code == 422
    assert "x" * 300 in bad.content.decode()
    as_bde.post(url(scene, "call_detail", last), {"result": "faux_numero"})
    assert set(every(LeaverCall).values_list("result", flat=True)) == {"joint", "faux_numero"}


def test_employers_are_recognised_by_somebody(as_bde: Client, scene: Promotion) -> None:
    known = PartnerFactory(school=scene.school, name="Menuiserie du Chêne", city="Laon")
    rows = [
        OutcomeFactory(school=scene.school, student=scene.leaver(), leaving_year=YEAR, situation=situation, employer_name=name)
        for situation, name in (
            ("emploi", "menuiserie du chene"), ("apprentissage", "<script>alert(1)</script>"), ("emploi", "=cmd()"),
            ("poursuite_etudes", "Lycée d’à côté"),
        )
    ]  # fmt: skip
    page = as_bde.get(reverse("surveys:employer_list", args=[scene.school.uai]))
    written = page.context["written"]
    assert {one.outcome for one in written} == set(rows[:3]), "a school is not an employer"
    assert [p.partner for one in written if one.outcome == rows[0] for p in one.proposals] == [known]
    assert "<script>alert" not in page.content.decode()
    as_bde.post(url(scene, "employer_match", rows[0]), {"do": "partenaire", "partner": str(known.public_id)})
    as_bde.post(url(scene, "employer_match", rows[1]), {"do": "laisser"})
    as_bde.post(url(scene, "employer_match", rows[2]), {"do": "prospect"})
    assert not employers.waiting(scene.school).exists()
    rows[0].refresh_from_db()
    rows[2].refresh_from_db()
    assert rows[0].partner == known
    assert rows[2].partner == every(Partner).get(name="=cmd()", status="prospect")


def test_campaigns_are_proposed_in_their_season(scene: Promotion) -> None:
    scene.leaver()
    assert campaigns.due(scene.school, TODAY) == []
    scene.campaign.delete()
    assert campaigns.due(scene.school, TODAY) == [(SchoolYear(2024), Term.SIX_MONTHS)]
    assert campaigns.due(scene.school, TODAY.replace(month=5)) == []
    assert campaigns.due(scene.school, TODAY.replace(month=8, day=10)) == [(SchoolYear(2024), Term.TWELVE_MONTHS)]


def test_the_home_page_says_what_waits_and_readers_get_no_button(client: Client, cast: Cast, scene: Promotion) -> None:
    OutcomeFactory(
        school=scene.school, student=scene.leaver(), leaving_year=YEAR, situation="emploi", employer_name="Garage Lune"
    )
    scene.leaver()
    scene.campaign.delete()
    titles = [task.title for task in todo.tasks_for(cast.bde, TODAY)]
    assert f"Demander aux sortants de {YEAR} ce qu’ils font" in titles
    assert any("à rapprocher" in title for title in titles)
    assert not any("sortants" in task.title for task in todo.tasks_for(cast.head, TODAY))
    other = Promotion(
        scene.school, scene.klass, LeaverCampaignFactory(school=scene.school, leaving_year=YEAR, term_months=12)
    )
    client.force_login(cast.head.user)
    page = client.get(url(other, "campaign_detail")).content.decode()
    assert "Taux de réponse" in page
    assert "Lancer la campagne" not in page
    assert "Appeler" not in page


def test_a_campaign_costs_as_many_queries_for_thirty(
    as_bde: Client, scene: Promotion, django_assert_max_num_queries: Any
) -> None:
    for _ in range(30):
        scene.leaver()
    campaigns.send(scene.campaign, again=False, now=timezone.now())
    as_bde.get(url(scene, "campaign_detail"))
    with django_assert_max_num_queries(20):
        as_bde.get(url(scene, "campaign_detail"))
