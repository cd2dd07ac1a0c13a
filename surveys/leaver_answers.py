"""What a leaver answers, behind their own link, by telephone or typed by the bureau: one row a person and a term."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from core import audit
from core.errors import StaleEdit
from schools import links
from schools.links import LinkState
from schools.models import Student
from schools.services import change_record, create_record
from surveys.enums import AnswerMeans, CallResult, Situation
from surveys.models import LeaverCall, LeaverCampaign, LeaverLink, LeaverOutcome

TRIES = 3


@dataclass(frozen=True)
class Place:
    """Where, in the person's own words: an employer or a school, and what they do or learn there."""

    name: str = ""
    city: str = ""
    job: str = ""

    def __bool__(self) -> bool:
        return bool(self.name or self.city or self.job)


# ------------------------------------------------------------------------------------------------ the link
def find(token: str) -> LeaverLink | None:
    """The link of a token with its campaign and its leaver; None for an unknown one. Changes nothing."""
    return links.find(LeaverLink, token, "campaign__school", "student__school")


def state_of(link: LeaverLink, now: datetime) -> LinkState:
    """A closed campaign has no more to ask."""
    state = links.state_of(link, now)
    return LinkState.OVER if state is LinkState.ALIVE and link.campaign.closed_date is not None else state


# ------------------------------------------------------------------------------------------------ the answer
def note(
    student: Student,
    *,
    leaving_year: str,
    term: int,
    situation: str,
    means: AnswerMeans,
    today: date,
    by: Any,
    place: Place | None = None,
) -> LeaverOutcome:
    """Keep what the person says they do; it takes the place of what was known for that term.

    Without `place`, what was known of it stays as long as the situation does. Two answers at once follow each other.
    Raises ValidationError for a situation that is none.
    """
    if situation not in Situation.values:
        raise ValidationError("Choisissez une des réponses.")
    rows = LeaverOutcome.objects.in_school(student.school_id).filter(student=student, term_months=term)
    for _ in range(TRIES):
        row = rows.first()
        try:
            if row is None:
                fresh = LeaverOutcome(school=student.school, student=student, term_months=term)
                _fill(fresh, leaving_year, situation, means, today, place)
                return create_record(fresh, by=by)[0]
            row.school, row.student = student.school, student
            changed = _fill(row, leaving_year, situation, means, today, place)
            return change_record(row, version=row.version, by=by, changed=changed)
        except (StaleEdit, IntegrityError):
            continue
        except ValidationError:
            if row is not None or not rows.exists():
                raise
    raise ValidationError("Une autre réponse arrive au même instant : recommencez.")


def _fill(
    row: LeaverOutcome, leaving_year: str, situation: str, means: AnswerMeans, today: date, place: Place | None
) -> list[str]:
    if row.situation != situation and place is None:
        place = Place()
    if place is not None and (place.name, place.city) != (row.employer_name, row.employer_city):
        row.partner, row.employer_left_out = None, False
    if place is not None:
        row.employer_name, row.employer_city, row.job_title = place.name, place.city, place.job
    row.leaving_year, row.situation, row.means = leaving_year, situation, means.value
    row.survey_date = today if situation != Situation.NO_ANSWER else None
    return ["situation", "means", "survey_date"] + (["employer_name", "job_title"] if place is not None else [])


def note_by_link(link: LeaverLink, situation: str, *, now: datetime, today: date) -> LeaverOutcome:
    """The first tap of the page."""
    links.opened(link, now)
    if situation == Situation.NO_ANSWER:
        raise ValidationError("Choisis une des réponses.")
    return note(
        link.student,
        leaving_year=link.campaign.leaving_year,
        term=link.campaign.term_months,
        situation=situation,
        means=AnswerMeans.LINK,
        today=today,
        by=None,
    )


def said_of(campaign: LeaverCampaign, student: Student) -> LeaverOutcome | None:
    """What is known of a leaver for the term of a campaign."""
    rows = LeaverOutcome.objects.in_school(campaign.school_id).filter(student=student)
    return rows.filter(term_months=campaign.term_months).first()


def say_where(link: LeaverLink, place: Place, *, today: date) -> None:
    """The second tap: where that is. Nothing to say leaves what was known."""
    known = said_of(link.campaign, link.student)
    if place and known is not None:
        note(
            link.student,
            leaving_year=link.campaign.leaving_year,
            term=link.campaign.term_months,
            situation=known.situation,
            means=AnswerMeans.LINK,
            today=today,
            by=None,
            place=place,
        )


@transaction.atomic
def refuse(link: LeaverLink, *, now: datetime) -> None:
    """« Ne plus m’écrire »: kept as a call that ended so; neither mail nor telephone asks again, nor do later campaigns (P-08)."""
    links.opened(link, now)
    calls = LeaverCall.objects.in_school(link.school_id).filter(campaign=link.campaign, student=link.student)
    if not calls.filter(result=CallResult.REFUSES).exists():
        LeaverCall(
            school=link.school,
            campaign=link.campaign,
            student=link.student,
            called_at=now,
            result=CallResult.REFUSES,
        ).save(force_insert=True)
        audit.record("surveys.leaver_refused", link, by=None)
