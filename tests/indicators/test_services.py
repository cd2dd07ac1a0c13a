"""Dated figures: one a day for a school and a year, by hand, on demand and each night."""

from datetime import date

import pytest

from bdeplatform.celery import CLOCK
from core import jobs
from core.models import AuditEvent, Job, JobState
from core.school_year import SchoolYear
from indicators import rules, services, tasks
from indicators.models import Snapshot
from schools.models import School
from tests.factories import SchoolFactory, UserFactory
from tests.indicators.story import Story

YEAR = SchoolYear(2025)


def kept(school: School) -> list[tuple[str, date]]:
    return sorted(Snapshot.objects.in_school(school).values_list("year", "as_of"))


@pytest.mark.django_db
def test_one_snapshot_a_day_replaced_in_place() -> None:
    story = Story().action("a", "2025-10-06")
    by = UserFactory()
    first = services.refresh(story.school(), YEAR, date(2026, 1, 15), by=by)
    second = services.refresh(story.school(), YEAR, date(2026, 1, 15))
    third = services.refresh(story.school(), YEAR, date(2026, 1, 16))
    assert (second.pk, second.created_by) == (first.pk, by)
    assert second.computed_at >= first.computed_at
    assert kept(story.school()) == [("2025-2026", date(2026, 1, 15)), ("2025-2026", date(2026, 1, 16))]
    assert third.figures["indicateurs"][0]["code"] == "I1.1"
    assert AuditEvent.objects.filter(verb="indicators.snapshot_stored", scope=story.school().uai).count() == 3


@pytest.mark.django_db
def test_after_the_year_the_snapshot_is_that_of_its_end() -> None:
    school = SchoolFactory()
    services.refresh(school, YEAR, date(2026, 11, 21))
    services.refresh(school, YEAR, date(2026, 11, 22))
    assert kept(school) == [("2025-2026", date(2026, 8, 31))]


@pytest.mark.django_db
def test_before_the_year_nothing_is_computed_nor_asked() -> None:
    school = SchoolFactory()
    with pytest.raises(rules.TooEarly):
        services.refresh(school, YEAR, date(2025, 8, 31))
    with pytest.raises(rules.TooEarly):
        services.ask_refresh(school, YEAR, date(2025, 8, 31), by=UserFactory())
    assert not Job.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_asking_twice_computes_once_and_shows_how_far_it_is() -> None:
    school, by = SchoolFactory(), UserFactory()
    job = services.ask_refresh(school, YEAR, date(2026, 1, 15), by=by)
    assert services.ask_refresh(school, YEAR, date(2026, 1, 15), by=by).pk == job.pk
    assert (job.scope, job.progress_total) == (school.uai, 84)
    jobs.run_waiting()
    job.refresh_from_db()
    assert (job.state, job.progress_done > 0, job.error) == (JobState.DONE, True, "")
    assert "15/01/2026" in job.message
    (snapshot,) = Snapshot.objects.in_school(school)
    assert (snapshot.as_of, snapshot.created_by) == (date(2026, 1, 15), by)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("night", "years"),
    [
        ("2026-01-15", [("2025-2026", date(2026, 1, 15))]),
        ("2025-11-30", [("2024-2025", date(2025, 8, 31)), ("2025-2026", date(2025, 11, 30))]),
        ("2025-12-01", [("2025-2026", date(2025, 12, 1))]),
    ],
)
def test_each_night_every_school_has_its_figures(night: str, years: list[tuple[str, date]]) -> None:
    schools = [SchoolFactory(), SchoolFactory()]
    jobs.enqueue(tasks.refresh_every_school, once=True, date=date.fromisoformat(night))
    jobs.run_waiting()
    assert [kept(school) for school in schools] == [years, years]
    assert not Job.objects.exclude(state=JobState.DONE).exists()


def test_the_night_is_on_the_clock() -> None:
    assert tasks.refresh_every_school.name in [name for _, name in CLOCK]
    assert "{date}" in tasks.refresh_every_school.key
