"""Doorways of the background work of surveys and leavers."""

from datetime import date as day

from django.utils import timezone

from accounts.models import User
from core import jobs
from core.french import plural
from surveys import asking, campaigns
from surveys.models import LeaverCampaign, Survey


def _campaign(campaign_id: int) -> LeaverCampaign:
    rows = LeaverCampaign.objects.across_schools(why="the campaign that the job names")
    return rows.select_related("school").get(pk=campaign_id)


@jobs.task(key="leaver-mail:{campaign_id}:premier", label="Messages aux sortants")
def write_to_leavers(*, campaign_id: int, asked_by: int = 0, **_later: object) -> jobs.Result:
    """A message to each leaver of a campaign who has an address."""
    by = User.objects.filter(pk=asked_by).first()
    return campaigns.send(_campaign(campaign_id), again=False, now=timezone.now(), by=by)


@jobs.task(key="leaver-mail:{campaign_id}:relance", label="Relance des sortants")
def remind_leavers(*, campaign_id: int, asked_by: int = 0, **_later: object) -> jobs.Result:
    """One reminder to those who did not answer."""
    by = User.objects.filter(pk=asked_by).first()
    return campaigns.send(_campaign(campaign_id), again=True, now=timezone.now(), by=by)


def _survey(survey_id: int) -> Survey:
    found = Survey.objects.filter(pk=survey_id).select_related("school").first()
    if found is None:
        raise jobs.Failure("Cette enquête a été supprimée.")
    return found


@jobs.task(key="survey-send:{survey_id}", label="Enquête, par courriel")
def send_survey(*, survey_id: int, asked_by: int = 0, **_later: object) -> jobs.Result:
    """Their own link to everybody that the survey is about."""
    by = User.objects.filter(pk=asked_by).first()
    sent = asking.send_links(_survey(survey_id), by=by, now=timezone.now())
    return jobs.Result(f"{plural(sent, 'message envoyé', 'messages envoyés')}.")


@jobs.task(key="survey-remind:{survey_id}", label="Relance d’une enquête")
def remind_survey(*, survey_id: int, asked_by: int = 0, **_later: object) -> jobs.Result:
    """The one reminder of a survey."""
    by = User.objects.filter(pk=asked_by).first()
    sent = asking.remind(_survey(survey_id), by=by, now=timezone.now())
    return jobs.Result(f"{plural(sent, 'message envoyé', 'messages envoyés')}.")


@jobs.task(key="survey-reminders:{date}", label="Relances des enquêtes")
def remind_every_school(*, date: str, **_later: object) -> None:
    """Each morning: the surveys that end in three days and that nobody reminded."""
    for survey in asking.to_remind(day.fromisoformat(date)):
        jobs.enqueue(remind_survey, scope=survey.school.uai, survey_id=survey.pk)
