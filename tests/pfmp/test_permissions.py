"""Who sees and signs what."""

import pytest
from django.utils import timezone

from documents.enums import SignatureRole
from documents.permissions import visible_documents
from partners.permissions import visible_contacts
from pfmp import permissions, services
from schools.permissions import may_see_contacts, visible_students
from tests.factories import (
    ClassFactory,
    ContactFactory,
    DocumentFactory,
    PeriodFactory,
    PlacementFactory,
    StudentFactory,
)

pytestmark = pytest.mark.django_db


def elsewhere(scene, **changes):
    """A placement of a class that the teacher does not teach."""
    period = PeriodFactory(school=scene.school, school_class=ClassFactory(school=scene.school))
    contact = ContactFactory(school=scene.school)
    return PlacementFactory(
        school=scene.school, period=period, student=StudentFactory(school=scene.school), partner=contact.partner,
        tutor=contact, **changes,
    )  # fmt: skip


def test_a_teacher_sees_their_classes_and_what_they_follow(scene):
    other = elsewhere(scene)
    followed = elsewhere(scene, referent_email=scene.teacher.email.upper())
    seen = set(permissions.visible_placements(scene.teacher))
    assert followed in seen and other not in seen
    assert set(permissions.visible_periods(scene.teacher)) == {scene.period, followed.period}
    assert followed.student in set(visible_students(scene.teacher)) and other.student not in set(
        visible_students(scene.teacher)
    )
    assert followed.tutor in set(visible_contacts(scene.teacher)) and other.tutor not in set(
        visible_contacts(scene.teacher)
    )
    assert may_see_contacts(scene.teacher, followed.student)
    assert not may_see_contacts(scene.teacher, scene.student)  # taught, but neither followed nor as head teacher
    assert set(permissions.visible_placements(scene.cast.bde)) >= {other, followed}
    assert not permissions.visible_placements(scene.cast.reader).exists()


def test_papers_follow_the_placements(scene):
    mine = services.issue_convention(scene.placement(), by=scene.teacher.user, now=timezone.now())
    theirs = DocumentFactory(school=scene.school, subject_id=elsewhere(scene).dossier_id)
    assert set(visible_documents(scene.teacher)) == {mine}
    assert not visible_documents(scene.cast.reader).exists()
    assert set(visible_documents(scene.cast.office)) == {mine, theirs}


@pytest.mark.parametrize(
    ("who", "head", "others"),
    [
        ("bde", True, True),
        ("ddfpt", True, True),
        ("teacher", False, True),
        ("head", True, False),
        ("office", False, False),
    ],
)
def test_who_notes_which_signature(scene, who, head, others):
    member = getattr(scene.cast, who)
    document = services.issue_convention(scene.placement(), by=scene.teacher.user, now=timezone.now())
    assert bool(permissions.may_note_signature(member, document, SignatureRole.HEAD)) is head
    for role in (SignatureRole.HOST, SignatureRole.TUTOR, SignatureRole.GUARDIAN, SignatureRole.REFERENT):
        assert bool(permissions.may_note_signature(member, document, role)) is others
