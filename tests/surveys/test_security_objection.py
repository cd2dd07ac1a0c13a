"""Writing to former pupils: « ne plus m’écrire » holds for the campaigns that follow (P-08); who wrote is kept (S-30)."""

from datetime import date

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core import jobs
from core.models import AuditEvent, OutboxMessage
from surveys import campaigns
from tests.conftest import Cast
from tests.factories import LeaverCampaignFactory
from tests.surveys.leavers_scene import YEAR, links_sent, promotion


@pytest.mark.parametrize("after_all", [False, True])
def test_who_objects_at_six_months_is_not_written_to_at_twelve(cast: Cast, client: Client, after_all: bool) -> None:
    scene = promotion(cast.school)
    student = scene.leaver(email="lina@exemple.example")
    scene.leaver(email="noa@exemple.example", phone="")
    with time_machine.travel("2026-02-16T10:00:00+01:00", tick=False):
        campaigns.send(scene.campaign, again=False, now=timezone.now())
        page = links_sent()[[one.recipient for one in OutboxMessage.objects.order_by("pk")].index(student.email)]
        client.post(page, {"etape": "refus"})
        if after_all:
            client.post(page, {"etape": "situation", "situation": "emploi"})
    OutboxMessage.objects.all().delete()
    later = LeaverCampaignFactory(school=cast.school, leaving_year=YEAR, term_months=12, opened_date=date(2026, 9, 1))
    with time_machine.travel("2026-09-02T10:00:00+02:00", tick=False):
        lina = next(one for one in campaigns.people(later) if one.student == student)
        assert lina.is_open is after_all
        campaigns.send(later, again=False, now=timezone.now())
    written = set(OutboxMessage.objects.values_list("recipient", flat=True))
    assert written == {"noa@exemple.example"} | ({"lina@exemple.example"} if after_all else set())


def test_the_journal_keeps_who_wrote_to_a_whole_promotion(as_bde: Client, cast: Cast) -> None:
    """The messages leave by a job: it is a person who asked for them (S-30)."""
    scene = promotion(cast.school)
    scene.leaver()
    as_bde.post(reverse("surveys:campaign_send", args=[cast.school.uai, scene.campaign.public_id]))
    jobs.run_waiting()
    event = AuditEvent.objects.get(verb="surveys.leavers_written")
    assert (event.actor, event.payload["messages"]) == (cast.bde.user, 1)
