"""What supervisors read: states and counts, and nothing about anyone."""

import uuid
from collections import namedtuple
from datetime import timedelta

import pytest
from django.db import OperationalError
from django.utils import timezone

from core import health
from core.models import Job, OutboxMessage

pytestmark = pytest.mark.django_db


def late_job(**changes) -> Job:
    hour_ago = timezone.now() - timedelta(hours=1)
    return Job.objects.create(kind="k", key=str(uuid.uuid4()), **{"created_at": hour_ago, **changes})


def test_the_process_answers_without_signing_in_and_without_the_database(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
    assert "no-store" in answer["Cache-Control"]
    assert client.post("/healthz").status_code in (403, 405)


def test_all_is_well(client):
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json()["status"] == "ok"
    assert {name: check["status"] for name, check in answer.json()["checks"].items()} == {
        "database": "ok",
        "disk": "ok",
        "jobs": "ok",
        "seal": "ok",
    }


def test_a_backlog_is_told_and_pages_are_still_served(client):
    late_job()
    late_job(state="running", claim=uuid.uuid4(), lease_until=timezone.now() - timedelta(hours=1))
    late_job(not_before=timezone.now() + timedelta(hours=1))
    late_job(created_at=timezone.now())
    OutboxMessage.objects.create(
        key="k", recipient="tuteur@exemple.fr", subject="s", created_at=timezone.now() - timedelta(hours=1)
    )
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json()["status"] == "late"
    assert answer.json()["checks"]["jobs"] == {"status": "late", "late": 2, "waiting": 4, "mail_waiting": 1}
    assert "exemple" not in answer.content.decode()


def test_a_full_disk_is_told(client, monkeypatch):
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(health.shutil, "disk_usage", lambda _: usage(10**9, 10**9, 0))
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["checks"]["disk"] == {"status": "failing", "free_mb": 0}


def test_a_database_that_is_gone_is_told_without_its_address(client, monkeypatch):
    def gone():
        raise OperationalError("connection to server at 10.0.0.3, user bde, failed")

    monkeypatch.setattr(health.connection, "cursor", gone)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json() == {
        "status": "failing",
        "checks": {"database": {"status": "failing"}, "disk": answer.json()["checks"]["disk"]},
    }
