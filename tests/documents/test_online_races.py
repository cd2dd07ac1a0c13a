"""Several people at the same instant: nothing lost, nothing twice (S-19, S-22). On files or a server: threads need connections."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, connections
from django.utils import timezone

from documents import circuit, codes, links, proof
from documents.enums import LinkChannel, SignatureMeans
from documents.models import SignatureEvent, SigningCode
from tests.documents.signing import last_code, paper, row
from tests.factories import SchoolFactory

pytestmark = pytest.mark.django_db(transaction=True)
TRACE = circuit.Trace(means=SignatureMeans.MAILED_CODE, address="t…@e….fr", ip="127.0.0.1", browser="test")


def at_once(works: list[Callable[[], Any]]) -> list[Any]:
    """Run them in threads that start together; each answer or refusal in its place."""
    answers: list[Any] = [None] * len(works)
    barrier = threading.Barrier(len(works))

    def run(number: int) -> None:
        try:
            if threads:
                barrier.wait(20)
            answers[number] = works[number]()
        except ValidationError as error:
            answers[number] = error
        finally:
            if threads:
                connections.close_all()

    threads = not (connection.vendor == "sqlite" and connection.is_in_memory_db())
    started = [threading.Thread(target=run, args=[number]) for number in range(len(works))]
    for thread in started:  # one shared memory database: threads would share its connection
        thread.start() if threads else thread.run()
    for thread in started if threads else ():
        thread.join()
    return answers


def signing(document: Any, role: str) -> Callable[[], Any]:
    return lambda: circuit.sign_online(
        row(document, role), sha256=document.sha256, accepted="oui", trace=TRACE, now=timezone.now()
    )


def test_twenty_signatures_of_one_person_are_one():
    document = paper(SchoolFactory(), "tuteur", "eleve")
    answers = at_once([signing(document, "tuteur")] * 20)
    assert sum(not isinstance(answer, Exception) for answer in answers) == 1
    assert SignatureEvent.objects.in_school(document.school_id).filter(kind="signature").count() == 1
    assert proof.first_break(document, proof.lines(document)) is None


def test_two_people_at_once_a_hundred_times_are_both_kept():
    school = SchoolFactory()
    for _ in range(100):
        document = paper(school, "tuteur", "eleve")
        answers = at_once([signing(document, "tuteur"), signing(document, "eleve")])
        assert not [answer for answer in answers if isinstance(answer, Exception)]
        document.refresh_from_db()
        lines = proof.lines(document)
        assert [line.kind for line in lines] == ["signature", "signature", "complet"]
        assert document.completed_at is not None and proof.first_break(document, lines) is None


def test_a_change_during_a_signature_leaves_no_signature_on_the_old_version():
    school = SchoolFactory()
    for _ in range(10):
        document = paper(school, "tuteur", "eleve")
        at_once([signing(document, "tuteur"), lambda document=document: circuit.void(document, by=None)])
        assert row(document, "tuteur").status == "annulee"
        assert not links.may_link(row(document, "tuteur"), row(document, "tuteur").document, now=timezone.now())


def test_tries_sent_together_are_five_and_a_code_serves_once():
    document = paper(SchoolFactory(), "tuteur")
    link = links.create(row(document, "tuteur"), channel=LinkChannel.COPY, by=None, now=timezone.now())[0]
    codes.send(link, now=timezone.now())
    digits = last_code()
    wrong = f"{(int(digits) + 1) % 1_000_000:06d}"

    def trying(typed: str) -> Callable[[], codes.Outcome]:
        return lambda: codes.check(
            typed, now=timezone.now(), target=document.sha256, link=link, school_id=document.school_id
        )

    at_once([trying(wrong)] * 12)
    assert SigningCode.objects.in_school(document.school_id).get().tries == codes.TRIES
    assert not trying(digits)()
    codes.send(link, now=timezone.now())
    answers = at_once([trying(last_code())] * 4)
    assert sum(bool(answer) for answer in answers) == 1


def test_codes_asked_for_together_keep_to_the_pace():
    document = paper(SchoolFactory(), "tuteur")
    link = links.create(row(document, "tuteur"), channel=LinkChannel.COPY, by=None, now=timezone.now())[0]
    at_once([lambda: codes.send(link, now=timezone.now())] * 10)
    kept = SigningCode.objects.in_school(document.school_id)
    assert kept.count() == codes.AN_HOUR
    assert kept.filter(used_at=None, expires_at__gt=timezone.now()).count() == 1
