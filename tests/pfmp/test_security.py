"""What an attacker tries on the pages of PFMP: old links, other people's links, rows of others, lists read too wide."""

from datetime import date, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.models import OutboxMessage
from pfmp import evaluating, inviting, links, tutoring
from pfmp.enums import LinkPurpose
from pfmp.models import PersonalLink, Placement, TutorEvaluation
from tests.factories import ContactFactory
from tests.pfmp.conftest import Scene

pytestmark = pytest.mark.django_db

SOON = timedelta(days=1)


def token_of(url: str) -> str:
    return url.rstrip("/").rpartition("/")[2]


# ------------------------------------------------------------------------------------------------------ personal links


@pytest.fixture
def stay(scene: Scene) -> Placement:
    scene.tutor.email = "tuteur@dupont.example"
    scene.tutor.save()
    return scene.placement(start_date=date(2026, 2, 2), end_date=date(2026, 2, 27), status="en_cours")


@pytest.mark.parametrize("gone", ["changed", "removed", "deleted"])
def test_a_former_tutor_reads_and_writes_nothing_more(scene: Scene, stay: Placement, client: Client, gone: str) -> None:
    """On every page of the link, its door and its renewal included (S-04)."""
    token = token_of(tutoring.make_link(stay, by=None, now=timezone.now()))
    client.post(reverse("link_open", args=[token]))
    evaluating.write(
        stay, marks={}, attitudes={}, comment="MARQUEUR du suivant", author="Ana", hand_in=True, now=timezone.now()
    )
    successor = ContactFactory(school=scene.school, partner=scene.partner) if gone == "changed" else None
    Placement.objects.in_school(scene.school).filter(pk=stay.pk).update(tutor=successor)
    if gone == "deleted":
        PersonalLink.objects.in_school(scene.school).update(contact=None)
    for name in ("tutor_home", "tutor_days", "tutor_evaluation"):
        page = client.get(reverse(name, args=[token]), follow=True)
        assert page.status_code == 410
        assert "Meziane" not in page.content.decode() and "MARQUEUR" not in page.content.decode()
    client.post(reverse("tutor_evaluation", args=[token]), {"author": "Ancien", "comment": "écrasé", "brouillon": "1"})
    assert TutorEvaluation.objects.in_school(scene.school).get().comment == "MARQUEUR du suivant"
    client.post(reverse("link_open", args=[token]))
    PersonalLink.objects.in_school(scene.school).update(expires_at=timezone.now() - SOON)
    client.post(reverse("link_renew", args=[token]))
    assert PersonalLink.objects.in_school(scene.school).count() == 1


def test_a_stopped_link_that_was_past_its_days_is_not_renewed(scene: Scene, client: Client) -> None:
    """A wrong address is stopped for good: the old message cannot ask for a fresh link (S-18)."""
    scene.student.email = "mauvaise@adresse.example"
    scene.student.save()
    now = timezone.now()
    inviting.send(scene.student, by=None, now=now)
    _, url = links.create(
        LinkPurpose.STUDENT, by=None, now=now, name="Rayan", email=scene.student.email, student=scene.student
    )
    with time_machine.travel(now + links.LIFE + SOON, tick=False):
        assert links.revoke(LinkPurpose.STUDENT, by=None, now=timezone.now(), student=scene.student) == 0
        client.post(reverse("link_renew", args=[token_of(url)]))
    assert PersonalLink.objects.in_school(scene.school).count() == 2


@pytest.mark.parametrize("address", ["juste@adresse.example", ""])
def test_a_fresh_link_goes_to_the_address_on_file_only(scene: Scene, client: Client, address: str) -> None:
    """The address was somebody else's and was corrected, or erased: its holder gets nothing more."""
    scene.student.email = "mauvaise@adresse.example"
    scene.student.save()
    now = timezone.now()
    _, url = links.create(
        LinkPurpose.STUDENT, by=None, now=now, name="Rayan", email=scene.student.email, student=scene.student
    )
    scene.student.email = address
    scene.student.save()
    with time_machine.travel(now + links.LIFE + SOON, tick=False):
        for _ in range(3):  # within ten minutes, one leaves
            client.post(reverse("link_renew", args=[token_of(url)]))
    sent = OutboxMessage.objects.values_list("recipient", flat=True)
    assert list(sent) == ([address] if address else [])
