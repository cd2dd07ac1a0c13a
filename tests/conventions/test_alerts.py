"""Alerts: 180, 90 and 30 days before an end or a notice; once each, the latest only after a machine that was off."""

from datetime import date, timedelta

import pytest
import time_machine
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from bdeplatform.celery import CLOCK
from conventions import alerts, tasks
from conventions.rules import alerts as rules
from core import jobs
from core.models import Job, OutboxMessage
from schools import todo
from tests.factories import AgreementFactory, AgreementReviewFactory, MembershipFactory

TODAY = date(2026, 11, 25)
DAY = timedelta(days=1)
DAYS = st.dates(min_value=date(2020, 1, 1), max_value=date(2035, 12, 31))


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel("2026-11-25 10:00:00+01:00", tick=False):
        yield


# ----------------------------------------------------------------------------------------------------------------- rules


@given(DAYS, st.integers(-50, 400))
def test_the_step_is_the_smallest_that_is_not_passed(today, left):
    step = rules.step_on(today, today + left * DAY)
    assert (step is None) == (left < 0 or left > 180)
    if step is not None:
        assert left <= step and all(other < left for other in rules.STEPS if other < step)


@given(st.sets(st.integers(0, 260), min_size=1, max_size=30))
def test_whatever_the_days_the_machine_runs_each_step_is_told_once_and_in_order(run_on):
    end = TODAY + 250 * DAY
    sent: list[int] = []
    for day in sorted(run_on):
        step = rules.is_due(TODAY + day * DAY, end, sent)
        if step is not None:
            sent.append(step)
    assert sent == sorted(set(sent), reverse=True)
    for step in sent:
        assert any(0 <= 250 - day <= step for day in run_on)
    if any(0 <= 250 - day <= 30 for day in run_on):
        assert 30 in sent


@given(today=DAYS, end=DAYS, months=st.none() | st.integers(1, 36), notice=st.none() | st.integers(0, 200))
def test_a_tacit_deadline_is_ahead_and_before_the_end_of_its_term(today, end, months, notice):
    found = rules.deadline(today, end=end, tacit=True, months=months, notice_days=notice)
    if found is None:  # a notice longer than a term
        assert notice and notice >= 28 * (months or 12)
        return
    assert found.is_notice and found.day >= today
    assert found.day == found.ends - timedelta(days=notice or 0)
    assert found.ends >= end


@given(today=DAYS, end=DAYS)
def test_without_tacit_renewal_the_deadline_is_the_end(today, end):
    found = rules.deadline(today, end=end, tacit=False, months=12, notice_days=60)
    assert (found is None) == (end < today)
    assert found is None or (found.day == end and not found.is_notice)


def test_no_end_no_deadline():
    assert rules.deadline(TODAY, end=None, tacit=True, months=None, notice_days=30) is None


# --------------------------------------------------------------------------------------------------------------- messages


def ending(cast, days, **values):
    return AgreementFactory(school=cast.school, signed_date=date(2024, 1, 1), end_date=TODAY + days * DAY, **values)


def texts():
    return [
        message.body.replace("\xa0", " ").replace("\u202f", " ") for message in OutboxMessage.objects.order_by("pk")
    ]


def test_one_message_a_person_and_none_twice(cast):
    other = MembershipFactory(school=cast.school, role="ddfpt")
    ending(cast, 170, title="Convention A")
    ending(cast, 20, title="Convention B")
    ending(cast, 85, title="Convention C", referent=other)
    ending(cast, 300, title="Convention lointaine")
    AgreementReviewFactory(
        school=cast.school, agreement=ending(cast, 500, title="Convention D"), planned_date=TODAY + 3 * DAY
    )
    assert alerts.tell(cast.school, TODAY) == 2
    by_person = {message.recipient: message.body for message in OutboxMessage.objects.all()}
    assert set(by_person) == {cast.bde.email, other.email}
    assert all(name in by_person[cast.bde.email] for name in ("Convention A", "Convention B", "Convention D"))
    assert "Convention C" in by_person[other.email] and "Convention A" not in by_person[other.email]
    assert "lointaine" not in "".join(texts()) and "http" in texts()[0]
    assert not any(name in message.subject for message in OutboxMessage.objects.all() for name in ("Convention A",))
    for days in (0, 1, 5):
        assert alerts.tell(cast.school, TODAY + days * DAY) == 0
    assert alerts.tell(cast.school, TODAY + 80 * DAY) == 2  # A at 90 days, C at 30 days; the bureau and the referent


def test_a_machine_that_was_off_tells_the_latest_only(cast):
    ending(cast, 170)
    assert alerts.tell(cast.school, TODAY) == 1
    assert alerts.tell(cast.school, TODAY + 150 * DAY) == 1
    assert alerts.tell(cast.school, TODAY + 151 * DAY) == 0
    assert OutboxMessage.objects.count() == 2


def test_what_is_renewed_terminated_or_tacit_without_notice_in_reach_is_not_told(cast):
    renewed = ending(cast, 40)
    AgreementFactory(school=cast.school, signed_date=None, stage="projet", renews=renewed)
    ending(cast, 40, terminated_date=TODAY + 10 * DAY)
    ending(cast, 300, tacit_renewal=True, notice_days=60)
    assert alerts.tell(cast.school, TODAY) == 0


def test_a_tacit_renewal_is_told_before_the_last_day_of_notice(cast):
    ending(cast, 100, tacit_renewal=True, notice_days=60, title="Convention tacite")
    assert alerts.tell(cast.school, TODAY) == 1
    assert "prévenez le partenaire au plus tard le 4 janvier 2027" in texts()[0]


@pytest.mark.parametrize("values", [{"role": "bde", "is_active": False}, {"role": "enseignant"}])
def test_a_referent_who_left_or_may_not_open_it_is_not_written_to(cast, values):
    ending(cast, 20, referent=MembershipFactory(school=cast.school, **values))
    alerts.tell(cast.school, TODAY)
    assert [message.recipient for message in OutboxMessage.objects.all()] == [cast.bde.email]


def test_the_clock_asks_for_each_school_and_a_day_gone_by_sends_nothing(cast):
    ending(cast, 20)
    demo = MembershipFactory(school__is_demo=True, role="bde").school  # its addresses are nobody's
    AgreementFactory(school=demo, signed_date=date(2024, 1, 1), end_date=TODAY + 5 * DAY)
    AgreementFactory(school=cast.stranger.school, signed_date=date(2024, 1, 1), end_date=TODAY + 5 * DAY)
    lines = [(at, name) for at, name in CLOCK if name.startswith("conventions.alert")]
    assert len(jobs.ask_daily(lines, timezone.now())) == 1
    jobs.run_waiting()
    recipients = set(OutboxMessage.objects.values_list("recipient", flat=True))
    assert recipients == {cast.bde.email, cast.stranger.email}
    done = Job.objects.filter(kind="conventions.alert_school").values_list("message", flat=True)
    assert [text.replace("\xa0", " ") for text in done] == ["1 message.", "1 message."]
    ending(cast, 10)
    assert "passée" in tasks.alert_school.body(school_id=cast.school.pk, date="2026-11-24").message
    assert OutboxMessage.objects.count() == 2


# ----------------------------------------------------------------------------------------------------------- the work list


def test_the_bureau_finds_them_in_its_work_list_and_others_do_not(cast):
    ending(cast, 20, title="Convention B")
    ending(cast, 100, tacit_renewal=True, notice_days=60, title="Convention tacite")
    AgreementFactory(
        school=cast.school, title="Convention votée", signed_date=None, stage="votee", board_vote_date=TODAY
    )
    AgreementReviewFactory(school=cast.school, agreement=ending(cast, 500), planned_date=TODAY - 3 * DAY)
    titles = [task.title for task in todo.tasks_for(cast.bde, TODAY)]
    for verb in ("Renouveler", "Reconduire ou arrêter", "Faire signer", "Tenir le bilan"):
        assert any(title.startswith(verb) for title in titles), verb
    assert not any("convention avec" in task.title for task in todo.tasks_for(cast.head, TODAY))
