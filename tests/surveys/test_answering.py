"""Answering on a phone: at once, once with one's own link, by hundreds with everybody's; too early, too late, badly."""

import threading
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import reverse

from events.models import Action
from surveys import asking
from surveys.asking import Person
from surveys.models import Survey, SurveyAnswer, SurveyLink, SurveyReply
from surveys.views import answering as views
from tests.conftest import Cast
from tests.factories import ActionFactory, PartnerFactory, SurveyFactory, SurveyQuestionFactory

NOW = datetime(2026, 3, 10, 9, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def that_morning(db: None):
    cache.clear()
    with time_machine.travel(NOW, tick=False):
        yield


def survey_of(cast: Cast, **values: object) -> Survey:
    said = {"audience": "eleve", "opened_date": date(2026, 3, 9), "closed_date": date(2026, 3, 20)} | values
    survey: Survey = SurveyFactory(school=cast.school, **said)
    for position, text in enumerate(("Es-tu satisfait ?", "Était-ce utile ?", "Était-ce clair ?"), 1):
        SurveyQuestionFactory(school=cast.school, survey=survey, position=position, text=text)
    return survey


def shared(survey: Survey) -> str:
    return asking.share(survey, by=None, now=NOW)[1]


def own(survey: Survey, email: str = "lina@eleve.example", **about: object) -> str:
    return asking._personal(survey, Person("Lina", email, **about), by=None, now=NOW)[1]  # type: ignore[arg-type]


def answers(cast: Cast) -> list[SurveyAnswer]:
    return list(SurveyAnswer.objects.in_school(cast.school).order_by("comment"))


def test_one_answers_without_an_account_and_is_thanked(cast: Cast, client: Client):
    action: Action = ActionFactory(school=cast.school)
    survey = survey_of(cast, action=action)
    url = shared(survey)
    page = client.get(url)
    text = page.content.decode()
    assert page.status_code == 200 and "Réponse anonyme" in text and "Sans avis" in text
    assert page["Referrer-Policy"] == "no-referrer" and "no-store" in page["Cache-Control"]
    sent = client.post(url, {"q1": "4", "q2": "2", "q3": "", "comment": "<script>🙂 =1+1"})
    assert sent.status_code == 302 and "Merci" in client.get(sent["Location"]).content.decode()
    (answer,) = answers(cast)
    assert (answer.grade, answer.audience, answer.date, answer.action) == (4, "eleve", date(2026, 3, 10), action)
    replies = SurveyReply.objects.in_school(cast.school).order_by("question__position")
    assert list(replies.values_list("question__position", "grade")) == [(2, 2), (3, None)]
    assert not client.session.keys(), "no session is made"


def test_a_survey_of_a_dossier_without_questions_asks_the_overall_one(cast: Cast, client: Client):
    survey = SurveyFactory(school=cast.school, audience="partenaire", opened_date=date(2026, 3, 9))
    url = shared(survey)
    assert "Dans l’ensemble, êtes-vous satisfait" in client.get(url).content.decode().replace("\u202f", " ")
    client.post(url, {"q1": "3"})
    assert answers(cast)[0].grade == 3


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({}, "Choisis une réponse"),
        ({"q1": "9"}, "Choisis une réponse de la liste"),
        ({"q1": "3", "q2": "abc"}, "Choisis une réponse de la liste"),
        ({"q1": "3", "comment": "é" * 1001}, "1000"),
        ({"q1": "3\x00"}, "liste"),
    ],
)
def test_what_cannot_be_read_is_said_and_what_was_typed_stays(
    cast: Cast, client: Client, sent: dict[str, str], said: str
):
    url = shared(survey_of(cast))
    page = client.post(url, {"comment": "Très <b>bien</b> \u202e🙂"} | sent)
    assert page.status_code == 422 and said in page.content.decode()
    if "comment" not in sent:
        assert "Très &lt;b&gt;bien&lt;/b&gt; \u202e🙂" in page.content.decode()
    assert answers(cast) == []


def test_before_its_day_after_it_and_by_a_dead_link_a_page_says_so(cast: Cast, client: Client):
    survey = survey_of(cast)
    url = shared(survey)
    with time_machine.travel(NOW - timedelta(days=2), tick=False):
        page = client.get(url)
        assert page.status_code == 200 and "Pas encore ouverte" in page.content.decode()
        assert client.post(url, {"q1": "3"}).status_code == 409
    with time_machine.travel(datetime(2026, 3, 20, 22, 30, tzinfo=UTC), tick=False):
        assert client.get(url).status_code == 200, "its last day is whole, in Paris"
    with time_machine.travel(datetime(2026, 3, 20, 23, 30, tzinfo=UTC), tick=False):
        page = client.get(url)
        assert page.status_code == 410 and "Enquête close" in page.content.decode()
        assert client.post(url, {"q1": "3"}).status_code == 410
        assert client.get(url + "merci/").status_code == 410
    asking.renew(survey, by=None, now=NOW)
    page = client.get(url)
    assert page.status_code == 410 and "Ce lien ne sert plus" in page.content.decode()
    assert client.get(reverse("survey_answer", args=["nobody-has-it"])).status_code == 404
    assert answers(cast) == []


def test_the_form_was_open_when_the_survey_ended(cast: Cast, client: Client):
    survey = survey_of(cast)
    url = shared(survey)
    client.get(url)
    asking.close(survey, by=None, now=NOW)
    assert client.post(url, {"q1": "3"}).status_code == 410
    assert answers(cast) == []


def test_ones_own_link_answers_once(cast: Cast, client: Client):
    url = own(survey_of(cast))
    assert client.post(url, {"q1": "3"}).status_code == 302
    assert client.post(url, {"q1": "1"}).status_code == 200
    assert "Tu as déjà répondu" in client.get(url).content.decode()
    assert [one.grade for one in answers(cast)] == [3]


def test_a_second_link_of_the_same_person_does_not_count_twice(cast: Cast, client: Client):
    survey = survey_of(cast)
    first, second = own(survey), own(survey)
    client.post(second, {"q1": "3"})
    assert "déjà répondu" in client.get(first).content.decode()
    client.post(first, {"q1": "3"})
    assert len(answers(cast)) == 1


def test_an_answer_that_is_not_anonymous_says_of_whom(cast: Cast, client: Client):
    partner = PartnerFactory(school=cast.school)
    survey = survey_of(cast, audience="partenaire", is_anonymous=False)
    url = own(survey, "rh@usine.example", partner_id=partner.pk)
    assert "en sachant de qui elle vient" in client.get(url).content.decode()
    client.post(url, {"q1": "2"})
    (answer,) = answers(cast)
    assert answer.partner == partner and answer.link == SurveyLink.objects.in_school(cast.school).get()


def test_a_form_sent_twice_is_kept_once_but_a_class_shares_a_tablet(cast: Cast, client: Client):
    url = shared(survey_of(cast))
    key = client.get(url).context["form"]["key"].value()
    for _ in range(2):
        client.post(url, {"q1": "3", "key": key})
    assert len(answers(cast)) == 1
    assert client.get(url)["Location"].endswith("/merci/"), "this browser has answered"
    assert "Une autre personne répond" in client.get(url + "merci/").content.decode()
    assert client.get(url + "?encore=1").status_code == 200
    client.post(url, {"q1": "4", "key": client.get(url + "?encore=1").context["form"]["key"].value()})
    assert len(answers(cast)) == 2


def test_one_browser_has_its_limit(cast: Cast, client: Client, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(views, "MOST_HERE", 3)
    url = shared(survey_of(cast))
    for _ in range(5):
        client.post(url, {"q1": "3"})
    assert len(answers(cast)) == 3
    assert "Une autre personne" not in client.get(url + "merci/").content.decode()
    client.cookies[views.COOKIE] = "forged.9"
    assert client.get(url).status_code == 200


def test_four_hundred_answers_within_a_minute_from_one_address(cast: Cast):
    url = shared(survey_of(cast))
    for number in range(400):
        with time_machine.travel(NOW + timedelta(seconds=number * 0.15), tick=False):
            assert Client().post(url, {"q1": str(number % 4 + 1)}).status_code == 302
    assert SurveyAnswer.objects.in_school(cast.school).count() == 400


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_anonymous", [True, False])
def test_twenty_posts_at_once_with_one_link_are_one_answer(is_anonymous: bool):
    survey = SurveyFactory(opened_date=date(2026, 3, 9), is_anonymous=is_anonymous)
    for number in range(5):
        own(survey, f"autre-{number}@eleve.example")
    url = own(survey)
    start, codes = threading.Barrier(20), []

    def post() -> None:
        start.wait()
        codes.append(Client().post(url, {"q1": "3"}).status_code)
        connection.close()

    threads = [threading.Thread(target=post) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(codes) == 20 and set(codes) <= {200, 302}
    assert SurveyAnswer.objects.in_school(survey.school).count() == 1
    assert SurveyLink.objects.in_school(survey.school).filter(is_answered=True).count() == 1
