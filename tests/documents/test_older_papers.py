"""Papers issued before the circuit of signatures keep what they were: the migration that says so."""

from datetime import UTC, datetime
from importlib import import_module

import pytest
from django.apps import apps

from tests.documents.signing import paper, row
from tests.factories import DocumentFactory

pytestmark = pytest.mark.django_db
WHEN = datetime(2026, 3, 4, 8, 30, tzinfo=UTC)


def fill() -> None:
    import_module("documents.migrations.0005_papers_issued_before").fill(apps, None)


def test_complete_void_and_waiting_papers_are_told_apart(cast):
    complete, void, waiting = (paper(cast.school, "tuteur", "chef_etablissement") for _ in range(3))
    complete.signatures.update(status="signee_papier", date=WHEN)
    void.signatures.update(status="annulee")
    waiting.signatures.filter(role="tuteur").update(status="signee_papier", date=WHEN)
    unsigned = DocumentFactory(school=cast.school)
    fill()
    for one in (complete, void, waiting, unsigned):
        one.refresh_from_db()
    assert (complete.completed_at, complete.voided_at) == (WHEN, None)
    assert void.completed_at is None
    assert void.voided_at is not None
    assert (waiting.completed_at, waiting.voided_at) == (None, None)
    assert (unsigned.completed_at, unsigned.voided_at) == (None, None)
    assert (row(waiting, "tuteur").turn, row(waiting, "chef_etablissement").turn) == (1, 2)


def test_what_is_already_said_stays(cast):
    one = paper(cast.school, "tuteur")
    one.signatures.update(status="signee_papier", date=WHEN)
    said = datetime(2026, 5, 1, tzinfo=UTC)
    type(one)._base_manager.filter(pk=one.pk).update(completed_at=said)
    fill()
    one.refresh_from_db()
    assert one.completed_at == said


def test_a_signature_without_date_counts_from_the_issue(cast):
    one = paper(cast.school, "tuteur")
    one.signatures.update(status="signee_papier", date=None)
    fill()
    one.refresh_from_db()
    assert one.completed_at == one.issued_at
