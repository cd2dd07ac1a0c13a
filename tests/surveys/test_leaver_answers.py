"""The page of a leaver: three taps, nobody named, an agreement that the same link takes back."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from schools.links import LinkState
from surveys import campaigns, leaver_answers
from surveys.enums import AnswerMeans, CallResult
from surveys.models import FormerStudent, LeaverCall, LeaverLink, LeaverOutcome
from tests.factories import PartnerFactory, SchoolFactory
from tests.surveys.leavers_scene import TODAY, YEAR, Promotion, every, links_sent, promotion


@pytest.fixture
def scene(db: None) -> Promotion:
    return promotion(SchoolFactory(phone="01 99 00 12 34"))


@pytest.fixture
def page(scene: Promotion) -> str:
    """Where the message sent to one leaver leads."""
    scene.leaver(first_name="Lina", last_name="Aubertin")
    campaigns.send(scene.campaign, again=False, now=timezone.now())
    [address] = links_sent()
    return address


def tap(client: Client, page: str, step: str, **said: Any) -> str:
    response = client.post(page, {"etape": step, **said}, follow=True)
    assert response.status_code == 200, response.content.decode()
    return response.content.decode()


def test_three_taps(client: Client, page: str) -> None:
    first = client.get(page)
    assert first.status_code == 200
    assert "Que fais-tu maintenant" in first.content.decode()
    assert "Aubertin" not in first.content.decode()
    assert first["Referrer-Policy"] == "no-referrer"
    assert "employeur" in tap(client, page, "situation", situation="emploi")
    assert "recontacter" in tap(client, page, "ou", name="Garage Lune", city="Laon", job="mécanicienne")
    assert not every(FormerStudent).exists()
    end = tap(client, page, "suite", contact="on", hosting="on")
    assert "Merci" in end
    assert "Aubertin" not in end
    outcome = every(LeaverOutcome).get()
    assert (outcome.situation, outcome.means, outcome.employer_name, outcome.term_months) == (
        "emploi", "lien", "Garage Lune", 6,
    )  # fmt: skip
    former = every(FormerStudent).get()
    assert (former.offers_talk, former.offers_hosting, former.email) == (False, True, "lina@exemple.example")
    assert (former.formation, former.consent_text) == ("Métiers de l’électricité", "2026-11-22")


def test_looking_changes_nothing_and_another_browser_reads_nothing(client: Client, page: str) -> None:
    tap(client, page, "situation", situation="recherche_emploi")
    tap(client, page, "suite", contact="on")
    before = list(every(LeaverOutcome).values()), list(every(FormerStudent).values())
    scanner = Client()
    for _ in range(5):
        text = scanner.get(page).content.decode()
    assert "recherche d’emploi" not in text.lower()
    assert "Que fais-tu maintenant" in text
    assert (list(every(LeaverOutcome).values()), list(every(FormerStudent).values())) == before


def test_nothing_is_agreed_to_by_default_nor_without_the_first_box(client: Client, page: str) -> None:
    tap(client, page, "situation", situation="autre")
    refused = client.post(page, {"etape": "suite", "talk": "on", "phone": "🙂"})
    assert refused.status_code == 422
    assert "coche aussi cette case" in refused.content.decode()
    tap(client, page, "suite")
    assert not every(FormerStudent).exists()


def test_the_same_link_takes_the_agreement_back_even_when_it_is_old(client: Client, page: str) -> None:
    tap(client, page, "situation", situation="autre")
    tap(client, page, "suite", contact="on", talk="on", phone="06 39 98 11 11")
    every(LeaverLink).update(expires_at=timezone.now() - timedelta(days=300))
    old = Client()
    assert old.get(page).status_code == 410
    tap(old, page, "retrait")
    former = every(FormerStudent).get()
    assert former.revoked_date is not None
    assert (former.email, former.phone, former.offers_talk) == ("", "", False)
    tap(old, page, "retrait")  # twice is once
    every(LeaverLink).update(revoked_at=timezone.now())
    assert old.post(page, {"etape": "retrait"}).status_code == 410


def test_refusing_stops_everything(client: Client, scene: Promotion, page: str) -> None:
    tap(client, page, "refus")
    tap(client, page, "refus")
    assert every(LeaverCall).get().result == CallResult.REFUSES
    [person] = campaigns.people(scene.campaign)
    assert not person.is_open
    assert campaigns.to_remind([person], timezone.now() + timedelta(days=30)) == []


@pytest.mark.parametrize(
    "said",
    [
        {"etape": "situation", "situation": "sans_reponse"},
        {"etape": "situation", "situation": "<script>"},
        {"etape": "ou", "name": "x" * 300},
        {"etape": "ou", "name": "a\0b"},
        {"etape": "suite", "email": "pas une adresse", "contact": "on"},
    ],
)
def test_bad_input_is_said_and_kept(client: Client, page: str, said: dict[str, str]) -> None:
    if said["etape"] != "situation":
        tap(client, page, "situation", situation="emploi")
    answer = client.post(page, said)
    assert answer.status_code == 422
    assert "<script>" not in answer.content.decode().replace("<script>", "", 0) or said.get("situation") != "<script>"
    if len(said.get("name", "")) == 300:
        assert "x" * 300 in answer.content.decode()


def test_an_old_link_asks_for_a_fresh_one_and_the_page_says_the_same(
    client: Client, scene: Promotion, page: str
) -> None:
    every(LeaverLink).update(expires_at=timezone.now(), created_at=timezone.now() - timedelta(days=31))
    first = client.post(f"{page}nouveau-lien/")
    again = client.post(f"{page}nouveau-lien/")
    assert first.content == again.content
    assert len(links_sent()) == 2
    assert client.get(links_sent()[1]).status_code == 200


def test_a_second_answer_takes_the_place_of_the_first(scene: Promotion) -> None:
    student = scene.leaver()
    partner = PartnerFactory(school=scene.school)
    said = {"leaving_year": YEAR, "term": 6, "today": TODAY, "by": None}
    one = leaver_answers.note(
        student, situation="emploi", means=AnswerMeans.LINK, place=leaver_answers.Place("Garage", "Laon"), **said
    )
    every(LeaverOutcome).filter(pk=one.pk).update(partner=partner)
    same = leaver_answers.note(student, situation="emploi", means=AnswerMeans.PHONE, **said)
    assert (same.partner, same.employer_name, same.means) == (partner, "Garage", "telephone")
    other = leaver_answers.note(student, situation="recherche_emploi", means=AnswerMeans.PHONE, **said)
    assert (other.pk, other.partner, other.employer_name) == (one.pk, None, "")
    assert every(LeaverOutcome).count() == 1


def test_a_closed_campaign_asks_no_more(client: Client, scene: Promotion, page: str) -> None:
    scene.campaign.closed_date = TODAY
    scene.campaign.save()
    assert client.get(page).status_code == 410
    assert client.post(page, {"etape": "situation", "situation": "emploi"}).status_code == 410
    assert not every(LeaverOutcome).exists()
    assert leaver_answers.state_of(every(LeaverLink).select_related("campaign").get(), timezone.now()) is LinkState.OVER
