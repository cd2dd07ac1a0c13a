"""Doorways of the background work of the partner file."""

from datetime import date as day

from django.utils import timezone

from core import jobs
from partners import documents, offers, taxe_mail
from partners.models import Mailing
from schools.models import School


@jobs.task(key="partners-proposals:{date}", label="Offres proposées anciennes")
def forget_proposals(*, date: str, **_later: object) -> None:
    """Delete the proposals that were decided three months ago."""
    with jobs.closing():
        offers.forget_old(timezone.now())


@jobs.task(key="thanks-letters:{batch}", label="Lettres de remerciement")
def render_thanks(
    *, school_id: int, contribution_ids: list[int], form: str, today: str, **_later: object
) -> jobs.Result:
    """Letters of thanks as one file: to print, or a ZIP."""
    school = School.objects.get(pk=school_id)
    return documents.render_letters(school, contribution_ids, form=form, today=day.fromisoformat(today))


@jobs.task(key="taxe-mailing:{mailing_id}", label="Courriels de la taxe d’apprentissage")
def send_taxe_messages(*, mailing_id: int, approach_ids: list[int], **_later: object) -> jobs.Result:
    """Requests or reminders, one message to each partner."""
    return taxe_mail.send_requests(_mailing(mailing_id), approach_ids)


@jobs.task(key="thanks-mailing:{mailing_id}", label="Courriels de remerciement")
def send_thanks(*, mailing_id: int, contribution_ids: list[int], **_later: object) -> jobs.Result:
    """Thanks, one message to each partner."""
    return taxe_mail.send_thanks(_mailing(mailing_id), contribution_ids)


def _mailing(mailing_id: int) -> Mailing:
    rows = Mailing.objects.across_schools(why="the mailing that the job names")
    return rows.select_related("school").get(pk=mailing_id)
