"""The client of outside services against every way a service can fail: one exception, one sentence, in bounded time."""

import json
import logging
import socket
import time
from collections.abc import Iterator

import pytest
from django.core.cache import caches

from core import outside
from core.logging import JsonLines
from core.outside import Reason, Service, Unavailable
from tests import outside_services
from tests.outside_services import StandIn

SORRY = "Le service ne répond pas."
NAME = {"q": "GARAGE DUPONT"}


@pytest.fixture(autouse=True)
def empty_memory() -> None:
    caches["outside"].clear()


@pytest.fixture
def standin() -> Iterator[StandIn]:
    with outside_services.running() as found:
        yield found


@pytest.fixture
def service(standin: StandIn) -> Service:
    return Service("essai", standin.sirene, SORRY)


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Half a second instead of five, so that tests of slowness are short."""
    monkeypatch.setattr(outside.Service._ask, "__kwdefaults__", outside.Service._ask.__kwdefaults__ | {"seconds": 0.5})


def refusal(service: Service) -> Unavailable:
    with pytest.raises(Unavailable) as caught:
        service.get_json("/search", NAME)
    assert str(caught.value) == SORRY
    return caught.value


def test_an_answer_is_what_the_service_says(service: Service, standin: StandIn):
    answer = service.get_json("/search", NAME)
    assert [unit["nom_complet"] for unit in answer["results"]] == ["GARAGE DUPONT ET FILS"]
    assert standin.calls == [("/sirene/search", NAME)]
    assert standin.headers[0]["User-Agent"].startswith("bdeplatform/")
    assert standin.headers[0]["Accept"] == "application/json"
    assert "Authorization" not in standin.headers[0]


@pytest.mark.parametrize(
    ("plays", "reason"),
    [
        ("broken", Reason.BROKEN),
        ("html", Reason.NONSENSE),
        ("html_as_json", Reason.NONSENSE),
        ("truncated", Reason.NONSENSE),
        ("nested", Reason.NONSENSE),
        ("cut", Reason.NETWORK),
        ("hangs_up", Reason.NETWORK),
        ("garbage", Reason.NETWORK),
        ("huge", Reason.TOO_BIG),
        ("elsewhere", Reason.MOVED),
        ("round", Reason.MOVED),
        ("busy_mute", Reason.BUSY),
        ("busy_long", Reason.BUSY),
        ("busy_date", Reason.BUSY),
    ],
)
def test_each_failure_is_the_one_exception_and_the_service_then_rests(
    service: Service, standin: StandIn, plays: str, reason: Reason
):
    standin.plays = plays
    assert refusal(service).reason is reason
    asked = len(standin.calls)
    standin.plays = "well"
    assert refusal(service).reason is Reason.RESTING
    assert len(standin.calls) == asked, "left alone for a minute"


@pytest.mark.parametrize("plays", ["silent", "slow", "slow_head"])
def test_slowness_is_cut(service: Service, standin: StandIn, plays: str, hasty: None):
    standin.plays = plays
    before = time.monotonic()
    assert refusal(service).reason is Reason.SLOW
    assert time.monotonic() - before < 2


def test_nobody_at_the_other_end():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    assert refusal(Service("essai", f"http://127.0.0.1:{port}", SORRY)).reason is Reason.NETWORK


def test_a_name_that_does_not_resolve(monkeypatch: pytest.MonkeyPatch):
    def lost(*_: object, **__: object) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", lost)
    assert refusal(Service("essai", "http://service.invalid", SORRY)).reason is Reason.NETWORK


@pytest.mark.parametrize("url", ["http://", "ftp://service.invalid", "pas une adresse", "http://[::1"])
def test_an_address_that_makes_no_sense(url: str):
    assert refusal(Service("essai", url, SORRY)).reason is Reason.NETWORK


def test_a_short_wait_is_granted_once(service: Service, standin: StandIn):
    standin.plays = "busy_once"
    before = time.monotonic()
    assert service.get_json("/search", NAME)["results"]
    assert len(standin.calls) == 2
    assert 1 <= time.monotonic() - before < 3


def test_a_long_wait_is_told_and_kept(service: Service, standin: StandIn):
    standin.plays = "busy_long"
    assert refusal(service).wait == 120
    assert len(standin.calls) == 1, "not insisted upon"


def test_what_we_ask_wrongly_does_not_rest_the_service(service: Service, standin: StandIn):
    standin.plays = "refused"
    assert refusal(service).reason is Reason.REFUSED
    standin.plays = "well"
    assert service.get_json("/search", NAME)["results"]


def test_another_address_of_the_same_house_is_followed(service: Service, standin: StandIn):
    standin.plays = "next_door"
    assert service.get_json("/search", NAME)["results"]


def test_one_service_at_rest_leaves_the_others_alone(service: Service, standin: StandIn):
    standin.plays = "broken"
    refusal(service)
    standin.plays = "well"
    assert Service("autre", standin.sirene, SORRY).get_json("/search", NAME)["results"]


def test_off_is_a_sentence_too():
    assert refusal(Service("essai", "", SORRY)).reason is Reason.OFF


def test_a_cache_that_is_away_changes_nothing(service: Service, monkeypatch: pytest.MonkeyPatch):
    def away() -> None:
        raise ConnectionError

    monkeypatch.setattr(outside, "memory", away)
    assert service.get_json("/search", NAME)["results"]
    outside.wait_for_turn(service)


def test_logs_hold_neither_words_nor_addresses(service: Service, standin: StandIn, caplog: pytest.LogCaptureFixture):
    """S-28: who was looked for is nobody's business."""
    standin.plays = "broken"
    with caplog.at_level(logging.DEBUG):
        refusal(service)
    ours = [record for record in caplog.records if record.name == "core.outside"]
    lines = [json.loads(JsonLines().format(record)) for record in ours]
    assert [(line["event"], line["service"], line["reason"]) for line in lines] == [
        ("outside.failed", "essai", "broken")
    ]
    assert "DUPONT" not in caplog.text


def test_jobs_take_turns(service: Service):
    """Five a second, whatever the number of processes: the turns are in the cache."""
    before = time.monotonic()
    for _ in range(6):
        outside.wait_for_turn(service)
    assert time.monotonic() - before >= 4 / outside.PACE
