"""The outbox: one message to one person, written with what it announces, sent once."""

from datetime import timedelta
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected

import pytest
import time_machine
from django.core import mail as django_mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import IntegrityError, transaction
from django.utils import timezone

from core import jobs, mail
from core.models import Job, JobState, OutboxMessage, OutboxState

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_broker(monkeypatch):
    monkeypatch.setattr(mail.deliver.doorway, "apply_async", lambda **_: None)


def write(key: str = "reminder:1:2026-11-21", **changes) -> OutboxMessage:
    message = {"to": "tuteur@exemple.fr", "subject": "Une convention attend", "body": "Bonjour,", **changes}
    return mail.send_later(key=key, **message)


def test_a_message_leaves_after_its_transaction_and_its_text_is_erased():
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        write()
        raise ZeroDivisionError
    assert jobs.run_waiting() == 0

    message = write()
    assert django_mail.outbox == []
    assert jobs.run_waiting() == 1
    [sent] = django_mail.outbox
    assert (sent.to, sent.cc, sent.bcc, sent.subject, sent.body) == (
        ["tuteur@exemple.fr"],
        [],
        [],
        "Une convention attend",
        "Bonjour,",
    )
    message.refresh_from_db()
    assert (message.state, message.body, message.tries) == ("sent", "", 1)
    assert message.sent_at


@pytest.mark.parametrize(
    ("given", "answers_go_to"),
    [("bde@lycee.fr", ["bde@lycee.fr"]), ("", []), ("pas une adresse", []), ("a@b.fr\nBcc: tous@b.fr", [])],
)
def test_an_answer_goes_to_who_wrote_when_that_is_an_address(given: str, answers_go_to: list[str]):
    write(reply_to=given)
    jobs.run_waiting()
    assert django_mail.outbox[0].reply_to == answers_go_to


def test_the_same_key_is_one_message():
    first = write()
    assert write(subject="Autre objet").pk == first.pk
    jobs.run_waiting()
    assert write().pk == first.pk
    jobs.run_waiting()
    assert len(django_mail.outbox) == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"to": "a@exemple.fr\nBcc: b@exemple.fr"},
        {"to": "a@exemple.fr\r"},
        {"to": "a@exemple.fr, b@exemple.fr"},
        {"to": "a@exemple.fr;b@exemple.fr"},
        {"to": "Anne Roy <a@exemple.fr>"},
        {"to": ""},
        {"subject": "Une convention\nBcc: b@exemple.fr"},
        {"subject": "Une convention\r\n\r\nTexte"},
        {"subject": "Une convention\u2028attend"},
    ],
)
def test_line_breaks_and_several_people_are_refused(changes):
    with pytest.raises(mail.Unsendable):
        write(**changes)
    assert not OutboxMessage.objects.exists()
    assert not Job.objects.exists()


@pytest.mark.parametrize("field", ["recipient", "subject"])
def test_the_database_refuses_line_breaks_too(field):
    message = write()
    with pytest.raises(IntegrityError), transaction.atomic():
        OutboxMessage.objects.filter(pk=message.pk).update(**{field: "a\nb"})


def test_the_cap_puts_the_rest_off_to_tomorrow_but_not_urgent_mail(settings):
    settings.MAIL_DAILY_CAP = 2
    noon = timezone.localtime().replace(hour=12, minute=0)
    with time_machine.travel(noon, tick=False):
        for number in range(4):
            write(key=f"reminder:{number}")
        write(key="code:1", urgent=True)
        jobs.run_waiting()
        assert len(django_mail.outbox) == 3
        waiting = Job.objects.filter(state=JobState.WAITING)
        assert [timezone.localtime(job.not_before).strftime("%H:%M") for job in waiting] == ["00:00", "00:00"]
        assert all("reprend demain" in job.message for job in waiting)
    with time_machine.travel(noon + timedelta(days=1), tick=False):
        jobs.run_waiting()
    assert len(django_mail.outbox) == 5


def test_a_server_that_is_away_is_tried_again_under_the_same_identifier(monkeypatch):
    identifiers = []

    def away(self, messages):
        identifiers.append(messages[0].extra_headers["Message-ID"])
        raise SMTPServerDisconnected("Connection unexpectedly closed")

    message = write()
    now = timezone.now()
    with monkeypatch.context() as patch:
        patch.setattr(EmailBackend, "send_messages", away)
        for hours in range(mail.deliver.max_tries - 1):
            with time_machine.travel(now + timedelta(hours=7 * hours), tick=False):
                jobs.run_waiting()
        message.refresh_from_db()
        assert message.state == OutboxState.WAITING
        with time_machine.travel(now + timedelta(days=10), tick=False):
            jobs.run_waiting()
    message.refresh_from_db()
    assert message.state == OutboxState.FAILED
    assert len(identifiers) == mail.deliver.max_tries
    assert len(set(identifiers)) == 1
    assert str(message.public_id) in identifiers[0]


def test_a_refused_address_is_not_tried_again_and_not_quoted(monkeypatch):
    def refuse(self, messages):
        raise SMTPRecipientsRefused({"tuteur@exemple.fr": (550, b"unknown")})

    monkeypatch.setattr(EmailBackend, "send_messages", refuse)
    message = write()
    jobs.run_waiting()
    message.refresh_from_db()
    job = Job.objects.get()
    assert (message.state, message.body, job.state) == ("failed", "", "failed")
    assert "tuteur" not in job.error


def test_old_messages_are_forgotten():
    write()
    now = timezone.now()
    assert mail.forget_old(now + timedelta(days=179)) == 0
    assert mail.forget_old(now + timedelta(days=181)) == 1
