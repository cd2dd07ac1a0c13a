"""Background jobs, without a broker and without a clock to wait for: what is promised, whatever happens."""

import json
import uuid
from datetime import UTC, datetime, time, timedelta
from io import StringIO
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from kombu.exceptions import OperationalError as BrokerAway

from accounts.models import User
from bdeplatform.celery import CLOCK
from core import jobs
from core.jobs import asking
from core.models import Job, JobState, OutboxMessage

pytestmark = pytest.mark.django_db


class World:
    """What the drilled tasks do next, and what they did."""

    def __init__(self) -> None:
        self.calls: list[dict] = []
        self.then = lambda: None


world = World()


@jobs.task(key="try:{thing_id}", label="Essai", max_tries=3)
def attempt(*, thing_id: int, **later: object) -> jobs.Result | None:
    world.calls.append({"thing_id": thing_id, **later})
    return world.then()


@jobs.task(key="refresh:{thing_id}", rerun=True)
def refresh(*, thing_id: int, **_later: object) -> None:
    world.calls.append({"thing_id": thing_id})
    world.then()


@jobs.task(key="nightly:{date}")
def nightly(*, date: str, **_later: object) -> None:
    world.calls.append({"date": date})


@pytest.fixture(autouse=True)
def fresh_world(settings, tmp_path, monkeypatch):
    settings.MEDIA_ROOT = tmp_path
    world.calls.clear()
    world.then = lambda: None
    sent: list[str] = []
    for task in (attempt, refresh, nightly):
        monkeypatch.setattr(task.doorway, "apply_async", lambda kwargs, **_: sent.append(kwargs["job"]))
    monkeypatch.setattr(asking._broker, "rests_until", 0.0)
    return sent


@pytest.fixture
def sent(fresh_world):
    return fresh_world


def raising(error: BaseException):
    def then():
        raise error

    return then


def write_mark(key: str = "mark") -> None:
    OutboxMessage.objects.create(key=key, recipient="a@exemple.fr", subject="s")


# ------------------------------------------------------------------------------------------- asking


def test_the_row_belongs_to_the_callers_transaction(sent, django_capture_on_commit_callbacks):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        jobs.enqueue(attempt, thing_id=1)
        raise ZeroDivisionError
    assert not Job.objects.exists()

    with django_capture_on_commit_callbacks(execute=True):
        job = jobs.enqueue(attempt, thing_id=1, scope="0751234A", total=12)
        assert sent == []
    assert sent == [str(job.public_id)]
    job.refresh_from_db()
    assert (job.state, job.scope, job.progress_total, job.arguments) == ("waiting", "0751234A", 12, {"thing_id": 1})


def test_asking_twice_is_one_job_until_it_is_finished():
    first = jobs.enqueue(attempt, thing_id=1)
    assert jobs.enqueue(attempt, thing_id=1).pk == first.pk
    assert jobs.enqueue(attempt, thing_id=2).pk != first.pk
    jobs.run_waiting()
    again = jobs.enqueue(attempt, thing_id=1)
    assert again.pk != first.pk
    assert [call["thing_id"] for call in world.calls] == [1, 2]


def test_asking_while_it_runs_returns_the_running_job():
    seen = []
    world.then = lambda: seen.append(jobs.enqueue(attempt, thing_id=1).pk) or None
    first = jobs.enqueue(attempt, thing_id=1)
    assert jobs.run_waiting() == 1
    assert seen == [first.pk]


def test_a_refresh_asked_for_while_it_runs_is_done_once_more():
    asked = []

    def then():
        if len(world.calls) == 1:
            asked.extend(jobs.enqueue(refresh, thing_id=1).pk for _ in range(3))

    world.then = then
    first = jobs.enqueue(refresh, thing_id=1, scope="0751234A")
    assert jobs.run_waiting() == 2
    assert len(world.calls) == 2
    assert asked == [first.pk] * 3
    assert set(Job.objects.values_list("state", "scope")) == {("done", "0751234A")}


def test_once_means_never_again_under_this_key():
    first = jobs.enqueue(attempt, thing_id=1, once=True)
    jobs.run_waiting()
    assert jobs.enqueue(attempt, thing_id=1, once=True).pk == first.pk
    assert Job.objects.count() == 1


def test_the_database_itself_refuses_a_second_alive_job():
    job = jobs.enqueue(attempt, thing_id=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        Job.objects.create(kind=job.kind, key=job.key)


@pytest.mark.parametrize("value", [{"name": "Rayan"}, datetime(2026, 11, 21, tzinfo=UTC), 1.5, "x" * 101])
def test_arguments_are_ids_and_dates_only(value):
    with pytest.raises(TypeError):
        jobs.enqueue(attempt, thing_id=1, other=value)


def test_ids_and_dates_reach_the_body_as_json_keeps_them():
    name = uuid.uuid4()
    jobs.enqueue(attempt, thing_id=1, name=name, day=datetime(2026, 11, 21).date(), chosen=[3, 4])  # noqa: DTZ001
    jobs.run_waiting()
    assert world.calls == [{"thing_id": 1, "name": str(name), "day": "2026-11-21", "chosen": [3, 4]}]


def test_a_broker_that_is_away_changes_nothing_but_the_delay(sent, monkeypatch, django_capture_on_commit_callbacks):
    tried = []

    def away(**_):
        tried.append(1)
        raise BrokerAway("no route to redis://secret@host")

    monkeypatch.setattr(attempt.doorway, "apply_async", away)
    with django_capture_on_commit_callbacks(execute=True):
        jobs.enqueue(attempt, thing_id=1)
        jobs.enqueue(attempt, thing_id=2)
    assert len(tried) == 1, "the second one does not wait for the broker again"
    assert set(Job.objects.values_list("state", "sent_at")) == {("waiting", None)}

    monkeypatch.setattr(attempt.doorway, "apply_async", lambda kwargs, **_: sent.append(kwargs["job"]))
    assert jobs.sweep(timezone.now()) == 2
    assert len(sent) == 2


# ------------------------------------------------------------------------------------------- working


def test_a_second_message_does_nothing():
    job = jobs.enqueue(attempt, thing_id=1)
    jobs.run(job.public_id)
    jobs.run(job.public_id)
    assert len(world.calls) == 1
    jobs.run(uuid.uuid4())  # a message whose row was rolled back


def test_a_job_leaves_its_result_with_its_closing():
    world.then = lambda: jobs.Result("25 conventions prêtes.", {"url": "/x/"}, b"%PDF-", "conventions.pdf")
    job = jobs.enqueue(attempt, thing_id=1)
    jobs.run_waiting()
    job.refresh_from_db()
    assert (job.state, job.message, job.result, job.result_name) == (
        "done",
        "25 conventions prêtes.",
        {"url": "/x/"},
        "conventions.pdf",
    )
    with job.result_file.open() as stored:
        assert stored.read() == b"%PDF-"
    assert "conventions" not in job.result_file.name
    assert (job.tries, job.claim, job.lease_until) == (1, None, None)
    assert job.finished_at >= job.started_at


def test_a_worker_that_lost_its_lease_writes_nothing():
    def then():
        Job.objects.update(claim=uuid.uuid4())  # another worker took it
        with jobs.closing(jobs.Result(file=b"x")):
            write_mark()

    world.then = then
    job = jobs.enqueue(attempt, thing_id=1)
    jobs.run_waiting()
    job.refresh_from_db()
    assert job.state == JobState.RUNNING, "the job is the other worker's to close"
    assert not OutboxMessage.objects.exists()
    assert default_storage.listdir("jobs")[1] == []


def test_a_cancelled_job_stops_at_its_next_step_and_writes_nothing():
    steps = []

    def then():
        jobs.progress(1, 3)
        steps.append("one")
        assert jobs.cancel(Job.objects.get())
        jobs.progress(2, 3)
        steps.append("two")

    world.then = then
    job = jobs.enqueue(attempt, thing_id=1)
    jobs.run_waiting()
    job.refresh_from_db()
    assert (job.state, steps) == ("cancelled", ["one"])
    assert not jobs.cancel(job)


def test_an_error_in_the_closing_transaction_takes_back_what_was_written():
    def then():
        with jobs.closing():
            write_mark()
            raise ZeroDivisionError

    world.then = then
    job = jobs.enqueue(attempt, thing_id=1)
    jobs.run_waiting()
    job.refresh_from_db()
    assert job.state == JobState.WAITING
    assert not OutboxMessage.objects.exists()


def test_a_crash_is_tried_again_later_and_then_told_without_its_details():
    world.then = raising(ValueError("Rayan Meziane, rayan@exemple.fr"))
    job = jobs.enqueue(attempt, thing_id=1)
    now = timezone.now()
    for tries, later in enumerate((timedelta(0), timedelta(minutes=1), timedelta(hours=1)), start=1):
        with time_machine.travel(now + later, tick=False):
            assert jobs.run_waiting() == 1
            assert jobs.run_waiting() == 0, "the next try waits for its moment"
        job.refresh_from_db()
        assert job.tries == tries
    assert job.state == JobState.FAILED
    assert job.reference in job.error
    assert "Rayan" not in job.error + job.message
    assert "3 essais" in job.error


def test_a_failure_is_final_and_says_its_sentence():
    world.then = raising(jobs.Failure("La classe n’a plus d’élèves."))
    job = jobs.enqueue(attempt, thing_id=1)
    jobs.run_waiting()
    job.refresh_from_db()
    assert (job.state, job.error, job.tries) == ("failed", "La classe n’a plus d’élèves.", 1)


def test_a_job_that_failed_can_be_asked_for_again():
    world.then = raising(jobs.Failure("Non."))
    job = jobs.enqueue(attempt, thing_id=1, scope="0751234A", total=4)
    jobs.run_waiting()
    world.then = lambda: None
    job.refresh_from_db()
    again = jobs.retry(job)
    assert (again.pk != job.pk, again.scope, again.progress_total) == (True, "0751234A", 4)
    assert jobs.retry(job).pk == again.pk
    jobs.run_waiting()
    again.refresh_from_db()
    assert again.state == JobState.DONE
    assert jobs.retry(again) is again


def test_a_postponed_job_waits_without_losing_a_try():
    now = timezone.now()
    world.then = raising(jobs.Postponed(now + timedelta(hours=5), "L’envoi reprend demain."))
    job = jobs.enqueue(attempt, thing_id=1)
    jobs.run_waiting()
    job.refresh_from_db()
    assert (job.state, job.tries, job.message) == ("waiting", 0, "L’envoi reprend demain.")
    assert jobs.sweep(now + timedelta(hours=4)) == 0
    assert jobs.sweep(now + timedelta(hours=5)) == 1


def test_a_process_that_is_asked_to_stop_gives_its_job_back_at_once():
    world.then = raising(KeyboardInterrupt())
    job = jobs.enqueue(attempt, thing_id=1)
    with pytest.raises(KeyboardInterrupt):
        jobs.run_waiting()
    job.refresh_from_db()
    assert (job.state, job.tries) == ("waiting", 0)


def test_progress_is_seen_while_the_body_works():
    seen = []

    def then():
        jobs.progress(18, 25, "Conventions de 1re MELEC")
        job = Job.objects.get()
        seen.append((job.progress_done, job.progress_total, job.message, job.percent))
        jobs.progress(26, 25)

    world.then = then
    jobs.enqueue(attempt, thing_id=1)
    jobs.run_waiting()
    assert seen == [(18, 25, "Conventions de 1re MELEC", 72)]
    assert Job.objects.get().percent == 100


def test_a_body_called_by_a_command_needs_no_job():
    def then():
        jobs.progress(1, 2)
        with jobs.closing():
            write_mark()

    world.then = then
    attempt(thing_id=1)
    assert OutboxMessage.objects.count() == 1
    assert not Job.objects.exists()


# ------------------------------------------------------------------------------------------- looking after them


def running(lease_until, *, tries=1) -> Job:
    return Job.objects.create(
        kind=attempt.name,
        key=f"try:{uuid.uuid4()}",
        arguments={"thing_id": 1},
        state="running",
        claim=uuid.uuid4(),
        lease_until=lease_until,
        tries=tries,
        sent_at=lease_until - timedelta(seconds=60),
    )


def test_the_sweep_sends_what_is_late_and_only_that(sent):
    now = timezone.now()
    fresh = jobs.enqueue(attempt, thing_id=1)
    stale = jobs.enqueue(attempt, thing_id=2)
    Job.objects.filter(pk=stale.pk).update(sent_at=now - timedelta(seconds=61))
    alive = running(now + timedelta(seconds=30))
    dead = running(now - timedelta(seconds=1))
    set_back = running(now + timedelta(hours=1))  # the clock was an hour ahead
    assert jobs.sweep(now) == 3
    assert set(sent) == {str(stale.public_id), str(dead.public_id), str(set_back.public_id)}
    assert str(alive.public_id) not in sent

    sent.clear()
    assert jobs.sweep(timezone.now(), resend_after=timedelta(0)) >= 2, "a worker that starts replaces lost messages"
    assert str(fresh.public_id) in sent


def test_a_dead_workers_job_is_taken_up():
    dead = running(timezone.now() - timedelta(seconds=1))
    jobs.run(dead.public_id)
    dead.refresh_from_db()
    assert (dead.state, dead.tries) == ("done", 2)


def test_a_job_that_kills_its_workers_is_given_up():
    now = timezone.now()
    deadly = running(now - timedelta(seconds=1), tries=attempt.max_tries)
    assert jobs.sweep(now) == 0
    deadly.refresh_from_db()
    assert (deadly.state, deadly.claim) == ("failed", None)
    assert deadly.reference in deadly.error


def test_a_command_does_what_waits_without_a_worker():
    jobs.enqueue(attempt, thing_id=1)
    jobs.enqueue(attempt, thing_id=2)
    out = StringIO()
    call_command("run_jobs", stdout=out)
    assert json.loads(out.getvalue()) == {"jobs": 2}
    assert len(world.calls) == 2


def test_a_job_of_an_unknown_kind_is_left_alone(sent):
    Job.objects.create(kind="gone.task", key="gone")
    assert jobs.sweep(timezone.now()) == 0
    assert jobs.run_waiting() == 0
    assert jobs.label(Job.objects.get()) == "Travail en arrière-plan"


PARIS = ZoneInfo("Europe/Paris")


@given(
    start=st.sampled_from([datetime(2026, 3, 27, tzinfo=PARIS), datetime(2026, 10, 23, tzinfo=PARIS)]),
    minutes=st.lists(st.integers(0, 5 * 24 * 60), min_size=1, max_size=25),  # in any order: the clock may be set back
    at=st.sampled_from(["00:00", "02:30", "03:10", "23:59"]),
)
@hypothesis_settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_daily_work_is_done_once_for_each_date(start, minutes, at):
    """Whatever the instants at which the clock is looked at, both nights of the change of hour included."""
    Job.objects.all().delete()
    world.calls.clear()
    instants = [start.astimezone(UTC) + timedelta(minutes=count) for count in minutes]
    for now in instants:
        jobs.ask_daily([(at, nightly.name)], now)
        jobs.run_waiting()
    local = [instant.astimezone(PARIS) for instant in instants]
    expected = {moment.date().isoformat() for moment in local if moment.time() >= time.fromisoformat(at)}
    dates = [call["date"] for call in world.calls]
    assert sorted(dates) == sorted(expected)


def test_the_clock_names_tasks_that_take_a_date():
    for at, name in CLOCK:
        assert time.fromisoformat(at)
        assert "{date}" in jobs.named(name).key


def test_result_files_are_kept_seven_days():
    world.then = lambda: jobs.Result(file=b"names", name="classe.pdf")
    job = jobs.enqueue(attempt, thing_id=1)
    jobs.run_waiting()
    job.refresh_from_db()
    path = job.result_file.name
    default_storage.save("jobs/left-by-a-dead-worker", ContentFile(b"half"))
    now = timezone.now()
    assert jobs.remove_old_files(now + timedelta(days=6)) == 0
    assert default_storage.exists(path)
    assert jobs.remove_old_files(now + timedelta(days=8)) == 2
    assert not default_storage.exists(path)
    job.refresh_from_db()
    assert not job.result_file
    assert "7 jours" in job.message
    assert jobs.forget_old(now + timedelta(days=181)) == 1


# ------------------------------------------------------------------------------------------- pages


@pytest.fixture
def head():
    return User.objects.create_user("proviseur@exemple.fr", first_name="Anne", last_name="Roy")


@pytest.fixture
def stranger():
    return User.objects.create_user("autre@exemple.fr", first_name="Luc", last_name="Petit")


@pytest.fixture
def no_rule(monkeypatch):
    monkeypatch.setattr("core.jobs.visibility._rules", [])


def test_only_who_asked_sees_a_job_without_school(head, stranger, no_rule):
    job = jobs.enqueue(attempt, by=head, thing_id=1)
    assert jobs.visible_to(job, head)
    assert not jobs.visible_to(job, stranger)
    head.is_active = False
    assert not jobs.visible_to(job, head)


def test_the_rule_of_the_school_decides_alone(head, stranger, no_rule):
    """A person who left the school no longer sees what they asked for (S-04)."""
    jobs.decide_visibility_with(lambda job, user: job.scope == "0751234A" and user == stranger)
    job = jobs.enqueue(attempt, by=head, scope="0751234A", thing_id=1)
    assert jobs.visible_to(job, stranger)
    assert not jobs.visible_to(job, head)


@pytest.mark.parametrize("name", ["job_progress", "job_file", "job_cancel", "job_retry"])
def test_a_stranger_finds_no_job(client, head, stranger, no_rule, name):
    client.force_login(stranger)
    job = jobs.enqueue(attempt, by=head, thing_id=1)
    method = client.post if name in ("job_cancel", "job_retry") else client.get
    for public_id in (job.public_id, uuid.uuid4()):
        assert method(reverse(f"core:{name}", args=[public_id])).status_code == 404
    assert Job.objects.get().state == JobState.WAITING


def test_the_page_works_without_script_and_the_fragment_polls_until_the_end(client, head, no_rule):
    client.force_login(head)
    job = jobs.enqueue(attempt, by=head, thing_id=1)
    Job.objects.update(progress_done=18, progress_total=25)
    address = reverse("core:job_progress", args=[job.public_id])
    page = client.get(address).content.decode()
    assert "Actualiser cette page" in page
    assert "18 sur 25" in page
    fragment = client.get(address, headers={"HX-Request": "true"})
    assert "<html" not in fragment.content.decode()
    assert f'hx-get="{address}"' in fragment.content.decode()
    assert "HX-Request" in fragment["Vary"]

    world.then = lambda: jobs.Result("25 conventions prêtes.", file=b"%PDF-", name="Élèves 1re.pdf")
    jobs.run_waiting()
    fragment = client.get(address, headers={"HX-Request": "true"}).content.decode()
    assert "hx-get" not in fragment
    assert reverse("core:job_file", args=[job.public_id]) in fragment


def test_the_file_is_an_attachment_that_nobody_keeps(client, head, no_rule):
    client.force_login(head)
    job = jobs.enqueue(attempt, by=head, thing_id=1)
    address = reverse("core:job_file", args=[job.public_id])
    assert client.get(address).status_code == 302, "no file yet: back to the page that says so"
    world.then = lambda: jobs.Result(file=b"<script>", name="Élèves 1re.html")
    jobs.run_waiting()
    answer = client.get(address)
    assert b"".join(answer.streaming_content) == b"<script>"
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''%C3%89l%C3%A8ves")
    assert "no-store" in answer["Cache-Control"]
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_a_job_is_stopped_and_started_again_from_its_page(client, head, no_rule):
    client.force_login(head)
    job = jobs.enqueue(attempt, by=head, thing_id=1)
    assert client.get(reverse("core:job_cancel", args=[job.public_id])).status_code == 405
    page = client.post(reverse("core:job_cancel", args=[job.public_id]), follow=True).content.decode()
    assert Job.objects.get().state == JobState.CANCELLED
    assert "Reprendre" in page
    client.post(reverse("core:job_retry", args=[job.public_id]))
    assert Job.objects.alive().get().asked_by == head
