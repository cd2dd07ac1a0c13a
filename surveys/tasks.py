"""Doorways of the background work of surveys and leavers."""

from django.utils import timezone

from core import jobs
from surveys import campaigns
from surveys.models import LeaverCampaign


def _campaign(campaign_id: int) -> LeaverCampaign:
    rows = LeaverCampaign.objects.across_schools(why="the campaign that the job names")
    return rows.select_related("school").get(pk=campaign_id)


@jobs.task(key="leaver-mail:{campaign_id}:premier", label="Messages aux sortants")
def write_to_leavers(*, campaign_id: int, **_later: object) -> jobs.Result:
    """A message to each leaver of a campaign who has an address."""
    return campaigns.send(_campaign(campaign_id), again=False, now=timezone.now())


@jobs.task(key="leaver-mail:{campaign_id}:relance", label="Relance des sortants")
def remind_leavers(*, campaign_id: int, **_later: object) -> jobs.Result:
    """One reminder to those who did not answer."""
    return campaigns.send(_campaign(campaign_id), again=True, now=timezone.now())
