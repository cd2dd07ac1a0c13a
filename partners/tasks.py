"""Doorways of the background work of the partner file."""

from contextlib import suppress
from datetime import date as day

from django.utils import timezone

from core import jobs
from core.outside import Unavailable
from partners import documents, doubles, geocoding, merging, offers, register, taxe_mail
from partners.models import Mailing, Partner
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
    return rows.select_related("school", "created_by").get(pk=mailing_id)


@jobs.task(key="partners-doubles:{date}", label="Doublons et fusions")
def tidy_doubles(*, date: str, **_later: object) -> None:
    """Forget the stories of old merges; count each school's probable doubles for the home page."""
    for school in School.objects.order_by("pk"):
        doubles.pairs(school)
    with jobs.closing():
        merging.forget_stories(timezone.now())


@jobs.task(key="sirene-night:{date}", label="Vérification des entreprises dans Sirene")
def check_every_school(*, date: str, **_later: object) -> None:
    """Ask for the checks of each school, one job each; they share the calls that a second allows."""
    with jobs.closing():
        for school in School.objects.filter(is_demo=False).order_by("pk"):
            if register.is_on(school):
                jobs.enqueue(check_school, scope=school.uai, school_id=school.pk, date=day.fromisoformat(date))


@jobs.task(key="sirene:{school_id}:{date}", label="Vérification des entreprises dans Sirene")
def check_school(*, school_id: int, **_later: object) -> jobs.Result:
    """The partners of a school whose SIRET was not checked for 30 days: closed, or opened again."""
    return jobs.Result(register.check_school(School.objects.get(pk=school_id), now=timezone.now()).sentence)


@jobs.task(key="ban-night:{date}", label="Placement des partenaires sur la carte")
def locate_every_school(*, date: str, **_later: object) -> None:
    """Ask for the places of each school's partners, one job each."""
    with jobs.closing():
        for school in School.objects.filter(is_demo=False).order_by("pk"):
            if geocoding.is_on(school):
                jobs.enqueue(locate_school, scope=school.uai, school_id=school.pk, date=day.fromisoformat(date))


@jobs.task(key="ban:{school_id}:{date}", label="Placement des partenaires sur la carte")
def locate_school(*, school_id: int, **_later: object) -> jobs.Result:
    """The partners of a school that have no place yet, or whose address has changed."""
    return jobs.Result(geocoding.locate_school(School.objects.get(pk=school_id), now=timezone.now()).sentence)


@jobs.task(key="ban-partner:{partner_id}", label="Placement d’un partenaire sur la carte", rerun=True)
def locate_partner(*, school_id: int, partner_id: int, **_later: object) -> None:
    """One partner, soon after its record was saved; a service that does not answer is asked again at night."""
    partner = Partner.objects.in_school(school_id).filter(pk=partner_id).select_related("school").first()
    if partner is not None:
        with suppress(Unavailable):
            geocoding.locate_partner(partner, now=timezone.now())
