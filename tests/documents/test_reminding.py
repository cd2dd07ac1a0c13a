"""Writing to those who have to sign: one message a person, never twice, with a working link; colleagues, the clock, two at once."""

import re
from datetime import date, datetime, time, timedelta
from threading import Thread
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from core import jobs, mail
from core.models import OutboxMessage
from documents import circuit, links, reminding, tasks
from documents.enums import LinkChannel, ReminderKind, SignatureMeans, SignatureStatus
from documents.models import Reminder, SigningLink
from documents.reminding import Left
from schools import todo
from tests.documents.parties import NOW, convention, paper, party, row
from tests.factories import DelegationFactory, MembershipFactory, SchoolFactory

pytestmark = pytest.mark.django_db
MANUAL, FIRST, AUTOMATIC = ReminderKind.MANUAL, ReminderKind.FIRST, ReminderKind.AUTOMATIC


@pytest.fixture
def school(db):
    return SchoolFactory(email="accueil@lycee.example")


def sent() -> list[OutboxMessage]:
    return list(OutboxMessage.objects.order_by("pk"))


def urls(message: OutboxMessage) -> list[str]:
    return re.findall(r"https?://\S+", message.body)


def left(outcome) -> set[Left]:
    return {why for _, why in outcome.left}


def first(document, now: datetime = NOW):
    with time_machine.travel(now, tick=False):
        return reminding.send_first([document], by=None, now=now)


# --------------------------------------------------------------------------------------------------- first messages


def test_the_first_message_goes_to_those_whose_turn_it_is_with_a_link_that_opens(school):
    document = convention(school)
    outcome = first(document)
    assert outcome.messages == 2 and left(outcome) == {Left.NOT_YET}
    assert {message.recipient for message in sent()} == {"ines@vasseur.example", "yann@vasseur.example"}
    for message in sent():
        (url,) = urls(message)
        assert links.find(url.rstrip("/").rpartition("/")[2], NOW).is_alive
        assert "\n" not in message.subject and "Vasseur" not in message.subject  # S-23, S-28
        assert message.reply_to == "accueil@lycee.example"
    assert Reminder.objects.in_school(school).filter(kind=FIRST).count() == 2


def test_one_person_with_several_papers_gets_one_message(school):
    papers = [convention(school, n) for n in range(3)]
    outcome = reminding.send_first(papers, by=None, now=NOW)
    assert outcome.messages == 2
    assert all(len(urls(message)) == 3 and message.subject == "3 documents à signer" for message in sent())


def test_asking_again_writes_to_nobody_twice(school):
    document = convention(school)
    first(document)
    again = first(document, NOW + timedelta(hours=1))
    assert again.messages == 0 and Left.TOLD in left(again) and len(sent()) == 2


def test_a_new_paper_of_the_same_day_still_gets_its_first_link(school):
    first(convention(school, 1))
    assert first(convention(school, 2)).messages == 2


def test_a_paper_without_pdf_waits_for_it_then_leaves(school):
    document = convention(school)
    document.sha256 = ""
    document.save()
    until = NOW + timedelta(hours=1)
    with pytest.raises(jobs.Postponed):
        reminding.send_when_ready([document.pk], until=until, by_id=None, now=NOW)
    assert not sent()
    document.sha256 = "a" * 64
    document.save()
    assert "2 messages envoyés" in reminding.send_when_ready(
        [document.pk], until=until, by_id=None, now=NOW
    ).message.replace("\xa0", " ")


def test_who_has_no_address_is_named_to_be_called(school):
    document = paper(school)
    party(document, "tuteur", name="Yann Dupont", phone="06 39 98 00 01")
    outcome = first(document)
    assert [one.name for one in outcome.to_call] == ["Yann Dupont"]
    assert "Yann Dupont : sans adresse électronique" in outcome.sentence.replace("\xa0", " ") and not sent()


@pytest.mark.parametrize("address", ["pas une adresse", "a@b.example\nBcc: x@y.example", "<script>@x", "😀@x"])
def test_what_is_no_address_is_not_written_to(school, address):
    document = paper(school)
    party(document, "tuteur", address)
    assert left(first(document)) == {Left.NO_EMAIL} and not sent()


def test_a_refusal_stops_messages_until_it_is_handled(school):
    document = convention(school)
    circuit.refuse(row(document, "tuteur"), reason="Les dates ne vont pas.", now=NOW)
    assert left(first(document)) >= {Left.REFUSED} and not sent()


def test_replaced_and_signed_papers_are_left_alone(school):
    signed, voided = convention(school, 1), convention(school, 2)
    circuit.note_paper(row(signed, "tuteur"), signed_on=date(2026, 2, 10), by=None, now=NOW)
    circuit.void(voided, by=None, now=NOW)
    outcome = reminding.remind(
        [row(signed, "tuteur"), row(voided, "tuteur"), row(voided, "organisme_accueil")], kind=MANUAL, by=None, now=NOW
    )
    assert left(outcome) == {Left.DONE} and not sent()


# --------------------------------------------------------------------------------------------------------- colleagues


def test_the_head_gets_the_address_of_the_signing_book_and_no_link(school):
    head = MembershipFactory(school=school, role="direction")
    papers = [paper(school, sha256=f"{n:064x}") for n in range(3)]
    for document in papers:
        party(document, "chef_etablissement")
    outcome = reminding.send_first(papers, by=None, now=NOW)
    (message,) = sent()
    assert outcome.messages == 1 and message.recipient == head.email
    assert message.subject == "3 documents à signer" and urls(message)[0].endswith(f"/{school.uai}/documents/a-signer/")
    assert not SigningLink.objects.in_school(school).exists()


def test_a_deputy_is_written_to_when_nobody_of_the_management_has_an_account(school):
    deputy = DelegationFactory(school=school, since=date(2025, 9, 1)).membership
    document = paper(school)
    party(document, "chef_etablissement")
    first(document)
    assert [message.recipient for message in sent()] == [deputy.email]


def test_a_referent_without_account_gets_a_link_like_anybody(school):
    member = MembershipFactory(school=school, role="enseignant")
    with_account, without = paper(school, sha256="1" * 64), paper(school, sha256="2" * 64)
    party(with_account, "enseignant_referent", member.email)
    party(without, "enseignant_referent", "ailleurs@lycee.example")
    reminding.send_first([with_account, without], by=None, now=NOW)
    assert {(message.recipient, "a-signer" in message.body) for message in sent()} == {
        (member.email, True),
        ("ailleurs@lycee.example", False),
    }


def test_a_teacher_who_is_also_a_father_gets_a_message_for_each(school):
    member = MembershipFactory(school=school, role="enseignant")
    document = paper(school)
    party(document, "enseignant_referent", member.email)
    party(document, "responsable_legal", member.email)
    assert first(document).messages == 2
    assert sorted("a-signer" in message.body for message in sent()) == [False, True]


# ------------------------------------------------------------------------------------------------- manual reminders


def test_a_reminder_waits_48_hours_and_carries_a_fresh_link(school):
    document = convention(school)
    first(document)
    signature = row(document, "tuteur")
    soon = reminding.remind([signature], kind=MANUAL, by=None, now=NOW + timedelta(hours=47))
    assert left(soon) == {Left.COOLING} and len(sent()) == 2
    state = reminding.states([signature], NOW + timedelta(hours=47))[signature.pk]
    assert not state.may and state.again == NOW + timedelta(hours=48)
    assert "relance possible le 12 février 2026" in state.sentence.replace("\xa0", " ")
    now = NOW + timedelta(hours=48)
    with time_machine.travel(now, tick=False):
        assert reminding.states([signature], now)[signature.pk].may
        assert reminding.remind([signature], kind=MANUAL, by=None, now=now).messages == 1
    old, new = (urls(message)[0] for message in sent() if message.recipient == "yann@vasseur.example")
    assert old != new and links.find(new.rstrip("/").rpartition("/")[2], now).is_alive


def test_a_reminder_carries_the_other_papers_of_the_same_person(school):
    papers = [convention(school, n) for n in range(3)]
    reminding.send_first(papers, by=None, now=NOW)
    now = NOW + timedelta(days=3)
    outcome = reminding.remind([row(papers[0], "tuteur")], kind=MANUAL, by=None, now=now)
    assert outcome.messages == 1 and len(outcome.reminded) == 3
    assert len(urls(sent()[-1])) == 3 and sent()[-1].recipient == "yann@vasseur.example"


def test_one_message_a_day_whatever_the_path(school):
    one, two = convention(school, 1), convention(school, 2)
    first(one)
    reminding.send_first([two], by=None, now=NOW + timedelta(days=1))
    now = NOW + timedelta(days=2, hours=2)
    assert reminding.remind([row(one, "tuteur")], kind=MANUAL, by=None, now=now).messages == 1
    later = reminding.remind([row(two, "tuteur")], kind=MANUAL, by=None, now=now + timedelta(hours=6))
    assert left(later) <= {Left.TODAY, Left.COOLING} and later.messages == 0


def test_asking_for_someone_who_was_never_written_to_is_a_first_message(school):
    document = convention(school)
    assert reminding.remind([row(document, "tuteur")], kind=MANUAL, by=None, now=NOW).messages == 1
    assert Reminder.objects.in_school(school).get().kind == FIRST
    assert "attend toujours" not in sent()[0].body


# ---------------------------------------------------------------------------------------------- the next, and the clock


def trace() -> circuit.Trace:
    return circuit.Trace(SignatureMeans.MAILED_CODE)


def test_after_each_signature_the_next_group_gets_its_link(school):
    document = paper(school)
    party(document, "organisme_accueil", "ines@vasseur.example", turn=1)
    party(document, "tuteur", "yann@vasseur.example", turn=2)
    first(document)
    with time_machine.travel(NOW, tick=False):
        circuit.sign_online(row(document, "organisme_accueil"), sha256="a" * 64, accepted="Lu.", trace=trace(), now=NOW)
        jobs.run_waiting()
    assert [message.recipient for message in sent()] == ["ines@vasseur.example", "yann@vasseur.example"]


def test_a_paper_that_goes_round_on_paper_sends_nothing(school):
    document = convention(school)
    circuit.note_paper(row(document, "tuteur"), signed_on=date(2026, 2, 10), by=None, now=NOW)
    jobs.run_waiting()
    assert not sent()


def morning(day: date) -> datetime:
    return datetime.combine(day, time(8, 10), ZoneInfo("Europe/Paris"))


def test_the_clock_follows_the_timetable_then_stops(school):
    document = paper(school)
    party(document, "tuteur", "yann@vasseur.example")
    first(document)
    days = []
    for ahead in range(90):
        day = date(2026, 2, 11) + timedelta(days=ahead)
        with time_machine.travel(morning(day), tick=False):
            if reminding.remind_due(school, now=morning(day)).messages:
                days.append(day)
    assert days == [date(2026, 2, 16), date(2026, 2, 20), date(2026, 2, 26), date(2026, 3, 4)]
    assert Reminder.objects.in_school(school).filter(kind=AUTOMATIC).count() == 4


@pytest.mark.parametrize("day", [date(2026, 2, 14), date(2026, 5, 1), date(2026, 5, 14), date(2026, 5, 25)])
def test_nothing_leaves_on_a_week_end_or_a_public_holiday(school, day):
    document = paper(school)
    party(document, "tuteur", "yann@vasseur.example")
    first(document, morning(day - timedelta(days=15)))
    assert reminding.remind_due(school, now=morning(day)).messages == 0


def test_a_link_handed_by_the_bureau_is_reminded_of_too(school):
    document = paper(school)
    signature = party(document, "tuteur", "yann@vasseur.example")
    with time_machine.travel(NOW, tick=False):
        links.create(signature, channel=LinkChannel.COPY, by=None, now=NOW)
    assert reminding.remind_due(school, now=morning(date(2026, 2, 13))).messages == 0
    assert reminding.remind_due(school, now=morning(date(2026, 2, 16))).messages == 1


def test_the_morning_tells_colleagues_of_what_came(school):
    MembershipFactory(school=school, role="direction")
    document = convention(school)
    first(document)
    for role in ("organisme_accueil", "tuteur"):
        circuit.sign_online(row(document, role), sha256=document.sha256, accepted="Lu.", trace=trace(), now=NOW)
    jobs.run_waiting()
    assert len(sent()) == 2  # the head waits for the morning
    assert reminding.remind_due(school, now=morning(date(2026, 2, 11))).messages == 1
    assert sent()[-1].subject == "1 document à signer"
    assert reminding.remind_due(school, now=morning(date(2026, 2, 12))).messages == 0


def test_the_task_of_a_day_gone_does_nothing(school):
    document = convention(school)
    first(document)
    with time_machine.travel(morning(date(2026, 2, 20))):
        tasks.remind_school.body(school_id=school.pk, date="2026-02-19")
        assert len(sent()) == 2
        tasks.remind_every_school.body(date="2026-02-20")
        jobs.run_waiting()
        assert len(sent()) == 4


# ------------------------------------------------------------------------------------------------ killed, and two at once


def test_a_worker_killed_halfway_and_run_again_sends_nothing_twice(school, monkeypatch):
    papers = [convention(school, n) for n in range(2)]
    reminding.send_first(papers, by=None, now=NOW)
    now = morning(date(2026, 2, 16))
    real, calls = mail.send_later, []

    def killed(**words):
        calls.append(words["to"])
        if len(calls) == 2:
            raise SystemExit("killed")
        return real(**words)

    monkeypatch.setattr(mail, "send_later", killed)
    with pytest.raises(SystemExit):
        reminding.remind_due(school, now=now)
    assert len(sent()) == 3
    monkeypatch.setattr(mail, "send_later", real)
    reminding.remind_due(school, now=now)
    reminding.remind_due(school, now=now)
    assert (
        sorted(message.recipient for message in sent()) == ["ines@vasseur.example"] * 2 + ["yann@vasseur.example"] * 2
    )
    assert Reminder.objects.in_school(school).filter(kind=AUTOMATIC).count() == 4
    keys = list(SigningLink.objects.in_school(school).values_list("signature", flat=True))
    assert len(keys) == 8  # two links for each of four signatures: none was made in vain


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_send_one_message_a_person():
    school = SchoolFactory()
    papers = [convention(school, n) for n in range(3)]
    errors: list[BaseException] = []

    def work() -> None:
        try:
            reminding.send_first(papers, by=None, now=NOW)
            reminding.remind_due(school, now=morning(date(2026, 2, 16)))
        except BaseException as error:  # told to the test
            errors.append(error)
        finally:
            connections.close_all()

    workers = [Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    connection.close()
    assert not errors
    assert len(sent()) == 4  # two people: a first message and a reminder each
    for kind in (FIRST, AUTOMATIC):
        assert Reminder.objects.in_school(school).filter(kind=kind).count() == 6


def test_reminding_costs_no_query_a_paper_before_anything_is_sent(school, django_assert_max_num_queries):
    papers = [convention(school, n) for n in range(12)]
    reminding.send_first(papers, by=None, now=NOW)
    rows = [row(document, "tuteur") for document in papers]
    with django_assert_max_num_queries(8):
        states = reminding.states(rows, NOW)
    assert len(states) == 12 and not any(state.may for state in states.values())


def test_a_signature_that_is_no_longer_awaited_kills_the_links(school):
    document = convention(school)
    first(document)
    circuit.note_paper(row(document, "tuteur"), signed_on=date(2026, 2, 10), by=None, now=NOW)
    assert row(document, "tuteur").status == SignatureStatus.ON_PAPER
    assert reminding.remind_due(school, now=morning(date(2026, 2, 16))).messages == 1  # the host only


# ------------------------------------------------------------------------------------------------------- the work list


def titles(member, now: datetime) -> dict[str, str]:
    with time_machine.travel(now, tick=False):
        return {task.title.replace("\xa0", " "): task.text for task in todo.tasks_for(member, now.date())}


def test_the_work_list_says_whom_to_call_and_which_links_died(cast):
    document = convention(cast.school)
    party(document, "eleve", name="Rayan Meziane", phone="06 39 98 00 01")
    assert "1 personne à appeler pour sa signature" not in titles(cast.bde, NOW)  # it goes round on paper
    first(document)
    told = titles(cast.bde, NOW)
    assert "Rayan Meziane (06 39 98 00 01)" in told["1 personne à appeler pour sa signature"]
    assert not any("expir" in title for title in told)
    late = titles(cast.bde, NOW + timedelta(days=22))
    assert "Yann Dupont" in late["2 liens expirés avant la signature"]
    assert not any("appeler" in title or "expir" in title for title in titles(cast.teacher, NOW + timedelta(days=22)))


def test_telling_whom_to_call_costs_no_query_a_signer(cast):
    def asked(count: int) -> int:
        for number in range(count):
            document = convention(cast.school, number)
            party(document, "responsable_legal", name="Anne Meziane")
            first(document)
        with CaptureQueriesContext(connection) as queries:
            assert reminding.to_call(cast.school, NOW)
        return len(queries)

    assert asked(1) == asked(6)
