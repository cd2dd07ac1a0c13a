"""The background work of PFMP: drawn once, whatever happens to the worker or to the disk."""

import errno
import hashlib
from datetime import date

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from core import jobs
from core.models import Job
from documents import services as papers
from documents.models import Document
from pfmp import services, tasks

pytestmark = pytest.mark.django_db


@pytest.fixture
def document(scene, settings, tmp_path) -> Document:
    settings.MEDIA_ROOT = tmp_path
    return services.issue_convention(scene.placement(), by=scene.teacher.user, now=timezone.now())


def test_a_convention_is_drawn_and_stored_once(document):
    tasks.render_convention(document_id=document.pk)
    document.refresh_from_db()
    with document.file.open("rb") as file:
        assert hashlib.sha256(file.read()).hexdigest() == document.sha256
    name, digest = document.file.name, document.sha256
    tasks.render_convention(document_id=document.pk)
    document.refresh_from_db()
    assert (document.file.name, document.sha256) == (name, digest)
    folder = name.rsplit("/", 1)[0]
    assert len(default_storage.listdir(folder)[1]) == 1


def test_a_full_disk_is_said_in_words_and_leaves_nothing(document, monkeypatch):
    def full(*args: object, **kwargs: object) -> str:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(default_storage, "save", full)
        jobs.run_waiting()
    job = Job.objects.get()
    assert job.state == "failed" and job.error.startswith("Le disque du serveur est plein")
    document.refresh_from_db()
    assert (document.sha256, document.file.name) == ("", "")
    jobs.retry(job)
    jobs.run_waiting()
    document.refresh_from_db()
    assert document.sha256


def test_a_page_offers_to_start_again_after_a_failure(document, scene, client):
    Job.objects.update(state="failed", error="Ce travail n’a pas abouti.", finished_at=timezone.now())
    client.force_login(scene.teacher.user)
    page = client.get(document.get_absolute_url()).content.decode()
    assert "Ce travail n’a pas abouti." in page and "Reprendre" in page


def test_a_worker_that_was_first_wins(document):
    """Two workers at once: one file is kept, the other one is removed."""
    assert papers.store(document, b"%PDF first") is True
    twin = Document.objects.get(pk=document.pk)
    assert papers.store(twin, b"%PDF second") is False
    document.refresh_from_db()
    assert document.sha256 == hashlib.sha256(b"%PDF first").hexdigest()


def test_a_content_of_another_shape_is_refused_in_words(document):
    Document.objects.filter(pk=document.pk).update(content={"schema": 99})
    jobs.run_waiting()
    assert "n’a pas le contenu d’une convention éditée ici" in Job.objects.get().error


def test_the_calendar_moves_what_is_signed(scene):
    """R-CONV-04: a convention that is not signed of all starts nothing."""
    days = {"start_date": date(2026, 2, 2), "end_date": date(2026, 2, 20)}
    signed = scene.placement(student=scene.pupil(), status="convention_signee", **days)
    unsigned = scene.placement(student=scene.pupil(), status="convention_editee", **days)
    coming = scene.placement(student=scene.pupil(), status="convention_signee")
    tasks.follow_calendar(date="2026-02-10")
    assert [status_of(signed), status_of(unsigned), status_of(coming)] == [
        "en_cours", "convention_editee", "convention_signee",
    ]  # fmt: skip
    tasks.follow_calendar(date="2026-02-20")
    assert status_of(signed) == "en_cours"
    tasks.follow_calendar(date="2026-02-21")
    assert status_of(signed) == "termine"


def status_of(placement) -> str:
    placement.refresh_from_db()
    return placement.status
